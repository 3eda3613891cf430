/**
 * Forty bits as 192 coded ones and back: CRC-16, then a convolutional code of constraint length 9 and rate 1/3, decoded softly by
 * Viterbi's algorithm. A word that is not exactly right is not returned: the CRC decides, and the caller's gates beside it.
 * Called by embed.ts and decode.ts.
 */
import type { WatermarkId } from '#schemas/provenance.ts';

export const codedBits = 192;
const idBits = 40;
const crcBits = 16;
const memory = 8;
const infoBits = idBits + crcBits;
const states = 1 << memory;
/** Generators 557, 663, 711 (octal), free distance 18. @see Larsen 1973; TIA/EIA-95 §7.1.3.1.3 uses the same. */
const generators = [0o557, 0o663, 0o711] as const;

/** For each 9-bit register its three coded bits, as ±1. */
const outputs = new Float32Array(2 * states * 3);
for (let register = 0; register < 2 * states; register++) {
  generators.forEach((generator, i) => {
    let ones = register & generator;
    let parity = 0;
    for (; ones; ones &= ones - 1) parity ^= 1;
    outputs[3 * register + i] = parity ? -1 : 1;
  });
}

/** CRC-16/CCITT-FALSE over bits, most significant first. */
function crc16(bits: ArrayLike<number>, count: number): number {
  let crc = 0xffff;
  for (let i = 0; i < count; i++) {
    const top = ((crc >> 15) & 1) ^ (bits[i] ?? 0);
    crc = (crc << 1) & 0xffff;
    if (top) crc ^= 0x1021;
  }
  return crc;
}

/** @returns 192 values, +1 or −1. @throws RangeError when the id is not ten hex digits. */
export function encodePayload(id: WatermarkId): Float32Array {
  if (!/^[0-9a-f]{10}$/.test(id)) throw new RangeError('a watermark id is ten lower-case hex digits');
  const value = BigInt(`0x${id}`);
  const bits = new Uint8Array(infoBits + memory);
  for (let i = 0; i < idBits; i++) bits[i] = Number((value >> BigInt(idBits - 1 - i)) & 1n);
  const crc = crc16(bits, idBits);
  for (let i = 0; i < crcBits; i++) bits[idBits + i] = (crc >> (crcBits - 1 - i)) & 1;
  const coded = new Float32Array(codedBits);
  let state = 0;
  bits.forEach((bit, step) => {
    const register = (bit << memory) | state;
    coded.set(outputs.subarray(3 * register, 3 * register + 3), 3 * step);
    state = register >> 1;
  });
  return coded;
}

export interface DecodedPayload {
  readonly id: WatermarkId;
  /** Cosine between what was received and the decoded code word; noise decodes at .55 ± .02. */
  readonly correlation: number;
}

const decisions = new Uint8Array((infoBits + memory) * states);

/** @param soft 192 values on any scale, the sign being the bit. @returns null when the CRC does not hold. */
export function decodePayload(soft: Float32Array): DecodedPayload | null {
  const steps = infoBits + memory;
  let metrics = new Float32Array(states).fill(-1e30);
  let next = new Float32Array(states);
  metrics[0] = 0;
  for (let step = 0; step < steps; step++) {
    const a = soft[3 * step] ?? 0;
    const b = soft[3 * step + 1] ?? 0;
    const c = soft[3 * step + 2] ?? 0;
    for (let to = 0; to < states; to++) {
      // `to` is register >> 1: its two predecessors differ in the register's lowest bit.
      const even = to << 1;
      const metricEven =
        (metrics[even & (states - 1)] ?? 0) +
        a * (outputs[3 * even] ?? 0) +
        b * (outputs[3 * even + 1] ?? 0) +
        c * (outputs[3 * even + 2] ?? 0);
      const odd = even | 1;
      const metricOdd =
        (metrics[odd & (states - 1)] ?? 0) +
        a * (outputs[3 * odd] ?? 0) +
        b * (outputs[3 * odd + 1] ?? 0) +
        c * (outputs[3 * odd + 2] ?? 0);
      const takeOdd = metricOdd > metricEven;
      next[to] = takeOdd ? metricOdd : metricEven;
      decisions[step * states + to] = takeOdd ? 1 : 0;
    }
    [metrics, next] = [next, metrics];
  }
  const bits = new Uint8Array(steps);
  let state = 0;
  for (let step = steps - 1; step >= 0; step--) {
    bits[step] = state >> (memory - 1);
    state = ((state << 1) & (states - 1)) | (decisions[step * states + state] ?? 0);
  }
  let energy = 0;
  for (const value of soft) energy += value * value;
  if (!(energy > 0)) return null;
  let crc = 0;
  for (let i = 0; i < crcBits; i++) crc = (crc << 1) | (bits[idBits + i] ?? 0);
  if (crc !== crc16(bits, idBits)) return null;
  let value = 0n;
  for (let i = 0; i < idBits; i++) value = (value << 1n) | BigInt(bits[i] ?? 0);
  return {
    id: value.toString(16).padStart(10, '0'),
    correlation: (metrics[0] ?? 0) / Math.sqrt(energy * codedBits),
  };
}
