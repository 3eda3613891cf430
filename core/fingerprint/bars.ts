/**
 * Finds bars that were put around a picture, with or without words on them. Invariant: a bar is what keeps one colour through the whole film and
 * ends in one straight edge; a flat sky or a dark scene is no bar. Called by `fingerprint-frames.ts`, once for a film.
 */
import type { LumaPicture } from './picture.ts';

/** What is left when the bars are cut off, in shares of the picture. */
export interface Inner {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Samples this near to the bar's colour, 0..255, are the bar's: what an encoder makes of one colour. */
const near = 6;
/** A line is a bar's when this share of it has the colour, always; the rest may be words. */
const minShare = 0.35;
/** The outermost line and those next to the picture are plain: words do not touch the edges of their bar. */
const plainShare = 0.9;
/** How much the picture's first line differs from the bar's last one, sample by sample over the whole film: a fading sky does not. */
const minStep = 12;
const minPairStep = 2;
/** Never more than this is cut from one side. */
const maxBar = 0.45;
/** Less than this is the picture's own edge, or a rounding of the encoder. */
const minBar = 0.012;

interface Span {
  readonly from: number;
  readonly to: number;
}

/** @param frames reduced, all of one size */
export function innerOf(frames: readonly LumaPicture[]): Inner {
  const first = frames[0];
  if (first === undefined) return { left: 0, top: 0, right: 1, bottom: 1 };
  const { width, height } = first;
  const across: Span = { from: 0, to: width };
  const [top, bottom] = pair(
    barFrom(frames, height, across, (line) => ({ at: line * width, step: 1 })),
    barFrom(frames, height, across, (line) => ({ at: (height - 1 - line) * width, step: 1 })),
    height,
  );
  // Where bars lie above and below, a column crosses them: it is judged by the rows between.
  const between: Span = { from: top, to: height - bottom };
  const [left, right] = pair(
    barFrom(frames, width, between, (line) => ({ at: line, step: width })),
    barFrom(frames, width, between, (line) => ({ at: width - 1 - line, step: width })),
    width,
  );
  return { left: left / width, top: top / height, right: 1 - right / width, bottom: 1 - bottom / height };
}

interface Bar {
  readonly lines: number;
  /** What the picture's first line differs by, 0..255. */
  readonly step: number;
}

/** Each by itself with a sharp edge; both together, alike and opposite each other, with a faint one: a night scene between black bars. */
function pair(one: Bar, other: Bar, size: number): [number, number] {
  const alike =
    one.lines > 0 && other.lines > 0 && Math.abs(one.lines - other.lines) <= Math.max(1, size / 100);
  const least = alike ? minPairStep : minStep;
  return [one.step >= least ? one.lines : 0, other.step >= least ? other.lines : 0];
}

/** What may be a bar at one edge. @param place where line `n` from the edge begins, and the distance of its samples */
function barFrom(
  frames: readonly LumaPicture[],
  lines: number,
  span: Span,
  place: (line: number) => Line,
): Bar {
  const none: Bar = { lines: 0, step: 0 };
  const limit = Math.floor(lines * maxBar);
  const color = commonest(frames[0], place(0), span);
  const has = (line: number, share: number) =>
    frames.every((frame) => shareOf(frame, place(line), span, color) >= share);
  if (!has(0, plainShare)) return none;
  let bar = 1;
  while (bar < limit && has(bar, minShare)) bar++;
  if (bar === limit || bar < lines * minBar) return none;
  // The last line of the bar may be half bar, half picture, and so may the first one behind it.
  if (!has(Math.max(0, bar - 2), plainShare)) return none;
  const steps = frames.map((frame) => stepBetween(frame, place(Math.max(0, bar - 2)), place(bar + 1), span));
  return { lines: bar, step: steps.reduce((sum, step) => sum + step, 0) / steps.length };
}

interface Line {
  readonly at: number;
  readonly step: number;
}

function shareOf({ luma }: LumaPicture, { at, step }: Line, { from, to }: Span, color: number): number {
  let count = 0;
  for (let i = from; i < to; i++) if (Math.abs((luma[at + i * step] ?? 0) - color) <= near) count++;
  return count / (to - from);
}

function stepBetween({ luma }: LumaPicture, one: Line, other: Line, { from, to }: Span): number {
  let sum = 0;
  for (let i = from; i < to; i++) {
    sum += Math.abs((luma[one.at + i * one.step] ?? 0) - (luma[other.at + i * other.step] ?? 0));
  }
  return sum / (to - from);
}

function commonest(frame: LumaPicture | undefined, { at, step }: Line, { from, to }: Span): number {
  const counts = new Uint32Array(256);
  for (let i = from; i < to; i++) {
    const value = frame?.luma[at + i * step] ?? 0;
    counts[value] = (counts[value] ?? 0) + 1;
  }
  return counts.indexOf(Math.max(...counts));
}
