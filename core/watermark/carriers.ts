/**
 * What a key means: for every coefficient of the band whether it belongs to the sync template or to a coded bit, and with which
 * sign. Every bit and the template get the same share of every block and every frequency, so that no crop and no filter takes one
 * bit away. Called by embed.ts and decode.ts.
 */
import { band, blockCount, coefficientCount } from './block-dct.ts';
import { KeyStream } from './keystream.ts';
import { codedBits } from './payload-code.ts';

/** Role of a coefficient that carries the template. */
export const templateRole = codedBits;
/** One in so many coefficients. */
const templateEvery = 4;

export interface Carriers {
  /** 0 … 191: the coded bit; 192: the template. */
  readonly role: Uint8Array;
  /** ±1. */
  readonly sign: Float32Array;
}

/** @param key 32 secret bytes. @throws RangeError for another length. */
export function deriveCarriers(key: Uint8Array): Carriers {
  const layout = new KeyStream(key, 'layout');
  const signs = new KeyStream(key, 'signs');
  const role = new Uint8Array(coefficientCount);
  const sign = new Float32Array(coefficientCount);
  let bits: number[] = [];
  // Frequency outside, blocks inside: a run of bits covers neighbouring frequencies of all blocks.
  for (let i = 0; i < band.length; i += templateEvery) {
    for (const block of layout.permutation(blockCount)) {
      const group = Math.min(templateEvery, band.length - i);
      const forTemplate = layout.below(templateEvery);
      for (let j = 0; j < group; j++) {
        const at = block * band.length + i + j;
        sign[at] = signs.sign();
        if (j === forTemplate) {
          role[at] = templateRole;
          continue;
        }
        if (bits.length === 0) bits = layout.permutation(codedBits);
        role[at] = bits.pop() ?? 0;
      }
    }
  }
  return { role, sign };
}
