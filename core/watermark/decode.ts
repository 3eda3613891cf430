/**
 * Reads a whitened grid that lies as it was embedded: how sure the template is, and what the bits say. Nothing is returned as an id
 * unless template, CRC and code word together are beyond chance. Called by detect.ts and search.ts.
 */
import type { WatermarkId } from '#schemas/provenance.ts';
import { coefficientCount, forwardBand } from './block-dct.ts';
import { type Carriers, templateRole } from './carriers.ts';
import { codedBits, decodePayload } from './payload-code.ts';
import { flattenBand } from './whiten.ts';

export interface Reading {
  /** Template correlation in standard deviations; a picture without the mark has a standard normal here. */
  readonly template: number;
  readonly id: WatermarkId | null;
  /** Cosine with the decoded word, 0 when the CRC failed. */
  readonly correlation: number;
}

const coefficients = new Float32Array(coefficientCount);

/** Template correlation and soft bits of whitened samples on the 192 grid. */
export function project(samples: Float32Array, carriers: Carriers): { template: number; soft: Float32Array } {
  forwardBand(samples, coefficients);
  flattenBand(coefficients);
  const soft = new Float32Array(codedBits);
  let sum = 0;
  let squares = 0;
  for (let at = 0; at < coefficientCount; at++) {
    const value = coefficients[at] ?? 0;
    const role = carriers.role[at] ?? 0;
    const signed = value * (carriers.sign[at] ?? 0);
    if (role === templateRole) {
      sum += signed;
      squares += value * value;
    } else soft[role] = (soft[role] ?? 0) + signed;
  }
  return { template: squares > 0 ? sum / Math.sqrt(squares) : 0, soft };
}

const leastTemplate = 2.5;

/** Template and bits of whitened samples on the 192 grid. */
export function read(samples: Float32Array, carriers: Carriers): Reading {
  const { template, soft } = project(samples, carriers);
  // What shows so little of the template is not a marked picture lying as assumed; decoding is the dear part.
  const decoded = template < leastTemplate ? null : decodePayload(soft);
  return { template, id: decoded?.id ?? null, correlation: decoded?.correlation ?? 0 };
}

/** Words decoded from noise have a cosine with it of .551 ± .0155 (20,000 Gaussian vectors); taken wider here. */
const noise = { mean: 0.555, spread: 0.017 };
/** At most so likely is an id that was never embedded, for everything looked at in one call. */
export const falsePositiveTarget = 1e-9;

/**
 * Upper bound, as a decimal logarithm, on the chance that pictures without the mark give a reading like this one. Over random signs the
 * template sum is at most 3.18 times as often beyond t as a normal variable, whatever the picture is (Pinelis 2012, "An asymptotically
 * Gaussian bound on the Rademacher tails"), for each of `poses`; the signs of the bits are independent of it, so each of `reads` words
 * passes the CRC with 2⁻¹⁶ exactly; the cosine's tail is taken as Gaussian.
 * @param poses placements the template was looked for in. @param reads words decoded
 */
export function falsePositiveExponent(reading: Reading, poses: number, reads: number): number {
  if (reading.id === null) return 0;
  const t = Math.max(1, reading.template);
  const tail = Math.log(3.18 / Math.sqrt(2 * Math.PI)) - Math.log(t) - t ** 2 / 2;
  const template = Math.min(0, Math.log(poses) + tail);
  const crc = Math.log(reads) - 16 * Math.LN2;
  const excess = Math.max(0, (reading.correlation - noise.mean) / noise.spread);
  return Math.min(0, template + crc - excess ** 2 / 2) / Math.LN10;
}
