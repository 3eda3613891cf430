/**
 * Looks for the mark in frames. `first` tries the placements that cost nothing (as is, mirrored, without black bars) and fits a Worker;
 * `deep` also searches for crops, scales, rotations and perspective. No id leaves here unless the chance of its being false is below
 * 10⁻⁹. Called by the edge's recovery, the render node's inspection and the verify page.
 */
import type { WatermarkId } from '#schemas/provenance.ts';
import { contentWindow, framedWindows } from './bars.ts';
import { gridSize } from './block-dct.ts';
import { deriveCarriers } from './carriers.ts';
import { falsePositiveExponent, falsePositiveTarget, type Reading, read } from './decode.ts';
import { DeepSearch } from './deep.ts';
import type { LumaFrame } from './frame.ts';
import { GridSampler, type Window } from './grid.ts';
import { mirror, type Transform, windowTransform } from './pose.ts';
import { whiten } from './whiten.ts';

/** Where the received picture lies in the marked one. */
export interface Pose {
  /** Row-major 3×3: unit square of the marked picture → unit square of the received one (mirrored back, if it was mirrored). */
  readonly transform: Transform;
  readonly mirrored: boolean;
}

export interface DetectOptions {
  /** `first`: milliseconds a frame. `deep`: about a second for one frame, a few for a clip. */
  readonly effort: 'first' | 'deep';
}

export interface Detection {
  readonly id: WatermarkId;
  /** 0 … 1, growing with the odds against chance: .45 is the bar of one in 10⁹, 1 is one in 10²⁰. */
  readonly confidence: number;
  readonly pose: Pose;
  /** How many frames were looked at. */
  readonly frames: number;
}

/**
 * @param frames of one picture or clip, in order, all of one size
 * @param key 32 secret bytes the mark was embedded with
 * @returns null when there is no mark that can be vouched for
 * @throws RangeError for a key of another length, or frames of different sizes
 */
export async function detectFrames(
  frames: AsyncIterable<LumaFrame> | Iterable<LumaFrame>,
  key: Uint8Array,
  { effort }: DetectOptions,
): Promise<Detection | null> {
  const carriers = deriveCarriers(key);
  const views: View[] = [];
  let deep: DeepSearch | null = null;
  let size: { width: number; height: number } | null = null;
  let count = 0;
  let reads = 0;
  const look = (): Detection | null => {
    for (const view of views) {
      for (const mirrored of [false, true]) {
        const samples = mirrored ? mirror(view.sum, gridSize) : view.sum;
        reads += 1;
        // Two placements a view, and the sums of all earlier looks.
        const accepted = accept(
          read(samples, carriers),
          reads,
          reads,
          { transform: view.transform, mirrored },
          count,
        );
        if (accepted) return accepted;
      }
    }
    return null;
  };
  for await (const frame of frames) {
    const { width, height } = frame;
    if (frame.data.length < width * height || width < 16 || height < 16)
      throw new RangeError(`no picture of ${width}×${height}`);
    size ??= { width, height };
    if (width !== size.width || height !== size.height) throw new RangeError('the frames differ in size');
    if (count === 0) {
      views.push(new View(size, { x: 0, y: 0, width, height }));
      const window = contentWindow(frame);
      for (const inner of [window, ...framedWindows(width, height)])
        if (inner) views.push(new View(size, inner));
      if (effort === 'deep') deep = new DeepSearch(carriers, size, window);
    }
    if (count < viewFrames) for (const view of views) view.add(frame);
    deep?.add(frame);
    count += 1;
    // After 1, 2, 4, 8 … frames: each look is a chance to be wrong.
    if ((count & (count - 1)) === 0) {
      const found = look();
      if (found) return found;
    }
  }
  if (count === 0) return null;
  if ((count & (count - 1)) !== 0) {
    const found = look();
    if (found) return found;
  }
  for (const { reading, pose, poses, reads: searched } of deep?.readings() ?? []) {
    const accepted = accept(reading, poses, searched, pose, count);
    if (accepted) return accepted;
  }
  return null;
}

/** After so many frames the views that need no search have seen enough. */
const viewFrames = 48;

/** One placement that needs no search, summed over frames. */
class View {
  readonly #sampler: GridSampler;
  readonly transform: Transform;
  readonly sum = new Float32Array(gridSize * gridSize);

  constructor({ width, height }: { width: number; height: number }, window: Window) {
    this.#sampler = new GridSampler(width, height, gridSize, window);
    this.transform = windowTransform(window, width, height);
  }

  add(frame: LumaFrame): void {
    const { samples } = whiten(this.#sampler.sample(frame));
    for (let i = 0; i < samples.length; i++) this.sum[i] = (this.sum[i] ?? 0) + (samples[i] ?? 0);
  }
}

function accept(
  reading: Reading,
  poses: number,
  reads: number,
  pose: Pose,
  frames: number,
): Detection | null {
  const exponent = falsePositiveExponent(reading, poses, reads);
  // Half of the chance to be wrong belongs to the first look, half to the search.
  if (reading.id === null || exponent > Math.log10(falsePositiveTarget / 2)) return null;
  return { id: reading.id, confidence: Math.min(1, -exponent / 20), pose, frames };
}
