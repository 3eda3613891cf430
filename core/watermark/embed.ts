/**
 * Writes an id into frames. What a frame already says by chance is measured first and only what is missing is added (informed
 * embedding), where the eye lets it pass, as strongly as the budget of the frame allows and no stronger. Frames come in order and
 * are changed in place. Called by gpu-backend/src/finishing/watermark.ts and the bench.
 */
import type { WatermarkId } from '#schemas/provenance.ts';
import {
  band,
  blockCount,
  blockSize,
  blocksAcross,
  coefficientCount,
  forwardBand,
  gridSize,
  inverseBand,
} from './block-dct.ts';
import { deriveCarriers, templateRole } from './carriers.ts';
import { ChangeWriter } from './change-writer.ts';
import { FrameReader } from './frame-reader.ts';
import { visibilityMask } from './mask.ts';
import { codedBits, encodePayload } from './payload-code.ts';
import { flattenBand, highPassResponse, isCut, whiten } from './whiten.ts';

export interface FrameFormat {
  readonly width: number;
  readonly height: number;
  /** Frames a second: how fast the mark may follow the picture. */
  readonly fps: number;
}

export interface EmbedStats {
  /** Mean square change the frame was given, grey levels squared, before rounding. */
  readonly distortion: number;
  /** How far every bit was brought, as a share of the level of the host in each coefficient; below 0 the frame alone cannot be read. */
  readonly margin: number;
}

export interface Embedder {
  /**
   * Changes a frame in place: RGBA (`width·height·4` bytes; all three colours move alike) or a luma plane (`width·height`).
   * @param index counts up by one; after a jump the mark starts afresh
   * @throws RangeError for a buffer of another length
   */
  embed(frame: Uint8Array | Uint8ClampedArray, index: number): EmbedStats;
}

/** Highest mean square change of a frame, grey levels squared: 42.6 dB. */
const maxDistortion = 3.57;
/** Highest loss of structural similarity as predicted from local contrast; what is measured is about half of it. */
const maxLoss = 0.0125;
/** The mark falls with frequency to this power: low waves survive more, high ones meet less of the picture. */
const tilt = 0.2;
/** Share of the last frame's projections kept for the next, at 30 frames a second: what flickers is not coded. */
const smoothing = 0.7;
/** Even what already says the right thing is pushed this share of the margin: codecs will take some away. */
const leastPush = 0.4;
/** The template is brought this much further than the bits, since it must be found before they can be read. */
const templateMargin = 1.4;

const cells = gridSize * gridSize;
const perBlock = blockSize * blockSize;
/** The bits, then the template once per block, so that every part of the picture can be found by itself. */
const projections = codedBits + blockCount;
const blockOfCell = Uint8Array.from(
  { length: cells },
  (_, i) =>
    Math.floor(Math.floor(i / gridSize) / blockSize) * blocksAcross + Math.floor((i % gridSize) / blockSize),
);
const shape = Float32Array.from(band, ({ radius }) => (8 / radius) ** tilt);

/**
 * @param key 32 secret bytes, the same for embedding and detection
 * @param id ten hex digits
 * @throws RangeError when key, id or format are not usable
 */
export function createEmbedder(key: Uint8Array, id: WatermarkId, format: FrameFormat): Embedder {
  const { width, height } = format;
  if (!(width >= 64 && height >= 64 && width * height <= 4096 * 4096))
    throw new RangeError(`frames of ${width}×${height} cannot carry the mark`);
  return new InformedEmbedder(key, id, format);
}

class InformedEmbedder implements Embedder {
  readonly #format: FrameFormat;
  readonly #reader: FrameReader;
  readonly #writer: ChangeWriter;
  readonly #projectionOf = new Uint8Array(coefficientCount);
  /** The sign every coefficient should have, now that the bits are known. */
  readonly #target = new Float32Array(coefficientCount);
  readonly #detail = new Float32Array(cells);
  readonly #mask = new Float32Array(cells);
  readonly #pattern = new Float32Array(cells);
  readonly #coefficients = new Float32Array(coefficientCount);
  readonly #smoothed = new Float32Array(projections);
  #grid = new Float32Array(cells);
  #previous = new Float32Array(cells);
  #expected: number | null = null;

  constructor(key: Uint8Array, id: WatermarkId, format: FrameFormat) {
    this.#format = format;
    this.#reader = new FrameReader(format.width, format.height);
    this.#writer = new ChangeWriter(format.width, format.height);
    const carriers = deriveCarriers(key);
    const coded = encodePayload(id);
    for (let at = 0; at < coefficientCount; at++) {
      const role = carriers.role[at] ?? 0;
      const isTemplate = role === templateRole;
      this.#projectionOf[at] = isTemplate ? codedBits + Math.floor(at / band.length) : role;
      this.#target[at] = (carriers.sign[at] ?? 0) * (isTemplate ? 1 : (coded[role] ?? 0));
    }
  }

  embed(frame: Uint8Array | Uint8ClampedArray, index: number): EmbedStats {
    const { width, height } = this.#format;
    const channels = frame.length === width * height ? 1 : 4;
    if (frame.length !== width * height * channels)
      throw new RangeError(`${frame.length} bytes are no frame of ${width}×${height}`);
    const follows = index === this.#expected;
    this.#expected = index + 1;
    [this.#grid, this.#previous] = [this.#previous, this.#grid];
    const grid = this.#grid;
    this.#reader.read(frame, channels, grid, this.#detail);
    const { samples, contrast } = whiten(grid);
    visibilityMask({ grid, detail: this.#detail, previous: follows ? this.#previous : null }, this.#mask);
    forwardBand(samples, this.#coefficients);
    const divisor = flattenBand(this.#coefficients);
    const sums = this.#measure(contrast, divisor);
    const keep = follows ? smoothing ** (30 / this.#format.fps) : 0;
    for (let p = 0; p < projections; p++)
      this.#smoothed[p] = keep * (this.#smoothed[p] ?? 0) + (1 - keep) * (sums.value[p] ?? 0);
    const { pushes, distortion, margin } = this.#spend(sums);
    this.#shapePattern(pushes);
    this.#writer.add(frame, channels, this.#pattern);
    return { distortion, margin };
  }

  /** What the frame says now, and for each projection what a unit of push gains and costs. */
  #measure(contrast: Float32Array, divisor: Float32Array): Sums {
    // Per block: how far one grey level of the mask moves the whitened picture, and what it costs.
    const reach = new Float64Array(blockCount);
    const cost = new Float64Array(blockCount);
    const loss = new Float64Array(blockCount);
    for (let i = 0; i < cells; i++) {
      const block = blockOfCell[i] ?? 0;
      const m = this.#mask[i] ?? 0;
      const c = contrast[i] ?? 1;
      reach[block] = (reach[block] ?? 0) + m / c;
      cost[block] = (cost[block] ?? 0) + m * m;
      // SSIM loses σn² / (2σ² + C₂) where noise of variance σn² is added to a picture of variance σ².
      loss[block] = (loss[block] ?? 0) + (m * m) / (2 * (c * c + (this.#detail[i] ?? 0) ** 2) + 58.5);
    }
    const sums: Sums = {
      value: new Float64Array(projections),
      members: new Float64Array(projections),
      gain: new Float64Array(projections),
      energy: new Float64Array(projections),
      loss: new Float64Array(projections),
    };
    for (let at = 0; at < coefficientCount; at++) {
      const block = Math.floor(at / band.length);
      const i = at - block * band.length;
      const p = this.#projectionOf[at] ?? 0;
      const now = this.#coefficients[at] ?? 0;
      const target = this.#target[at] ?? 0;
      sums.value[p] = (sums.value[p] ?? 0) + target * now;
      sums.members[p] = (sums.members[p] ?? 0) + 1;
      if (isCut(now) && now * target > 0) continue;
      const s = shape[i] ?? 0;
      const moved = ((reach[block] ?? 0) / perBlock) * (highPassResponse[i] ?? 1);
      sums.gain[p] = (sums.gain[p] ?? 0) + (s * moved) / (divisor[i] ?? 1);
      sums.energy[p] = (sums.energy[p] ?? 0) + (s * s * (cost[block] ?? 0)) / perBlock / cells;
      sums.loss[p] = (sums.loss[p] ?? 0) + (s * s * (loss[block] ?? 0)) / perBlock / cells;
    }
    return sums;
  }

  /** The widest margin the budget allows, by bisection, and the push it takes in every projection. */
  #spend({ members, gain, energy, loss }: Sums): {
    pushes: Float64Array;
    distortion: number;
    margin: number;
  } {
    const pushes = new Float64Array(projections);
    const price = (margin: number): { distortion: number; lost: number } => {
      let distortion = 0;
      let lost = 0;
      for (let p = 0; p < projections; p++) {
        const wanted = margin * (members[p] ?? 0) * (p < codedBits ? 1 : templateMargin);
        const missing = Math.max(0, leastPush * wanted, wanted - (this.#smoothed[p] ?? 0));
        const push = missing / Math.max(1e-6, gain[p] ?? 0);
        pushes[p] = push;
        distortion += push * push * (energy[p] ?? 0);
        lost += push * push * (loss[p] ?? 0);
      }
      return { distortion, lost };
    };
    const affordable = (asked: number): boolean => {
      const { distortion, lost } = price(asked);
      return distortion <= maxDistortion && lost <= maxLoss;
    };
    // Where the picture shouts (a wall of lettering), not even silence is affordable: then only the worst bits are brought nearer.
    let [margin, tooMuch] = affordable(0) ? [0, 4] : [-8, 0];
    for (let step = 0; step < 24; step++) {
      const middle = (margin + tooMuch) / 2;
      if (affordable(middle)) margin = middle;
      else tooMuch = middle;
    }
    const { distortion } = price(margin);
    return { pushes, distortion, margin };
  }

  #shapePattern(pushes: Float64Array): void {
    const coefficients = this.#coefficients;
    for (let at = 0; at < coefficientCount; at++) {
      const now = coefficients[at] ?? 0;
      const target = this.#target[at] ?? 0;
      // A large coefficient that agrees needs nothing; one that disagrees is brought back with the rest.
      coefficients[at] =
        isCut(now) && now * target > 0
          ? 0
          : target * (shape[at % band.length] ?? 0) * (pushes[this.#projectionOf[at] ?? 0] ?? 0);
    }
    inverseBand(coefficients, this.#pattern);
    for (let i = 0; i < cells; i++) this.#pattern[i] = (this.#pattern[i] ?? 0) * (this.#mask[i] ?? 0);
  }
}

/** One number per projection. */
interface Sums {
  readonly value: Float64Array;
  readonly members: Float64Array;
  readonly gain: Float64Array;
  readonly energy: Float64Array;
  readonly loss: Float64Array;
}
