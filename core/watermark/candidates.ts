/**
 * The placements a deep search tries, likeliest first: what people do to a clip when they post it again. Offsets need no trying, the
 * correlation finds them. Called by search.ts.
 */

/** Linear part of a map from the marked unit square to the received one, row-major 2×2. */
export type Linear = readonly [number, number, number, number];

/** Width over height of what is made here, and of what editors export. */
const originalAspects = [16 / 9, 9 / 16, 1, 4 / 5, 4 / 3] as const;
/** Neighbouring sizes differ by 2 %: half of that moves the edge of the picture by a quarter wave of the middle of the band. */
const ratio = 1.02;

function sizes(from: number, to: number, factor = ratio): number[] {
  const out: number[] = [];
  for (let s = from; s >= to; s /= factor) out.push(s);
  return out;
}

export interface CandidateGroup {
  readonly linears: readonly Linear[];
  /** How far up or down the picture may have moved, cells of the search canvas. */
  readonly rows: number;
}

const anywhere = 64;

/**
 * @param aspect width over height of the received picture
 * @yields groups; a search may stop after any of them
 */
export function* candidateGroups(aspect: number): Generator<CandidateGroup> {
  // Pixels stay as they are, so what is seen of an original of aspect o is `aspect / o` times as wide as it is tall.
  const shapes = [1];
  for (const original of originalAspects) {
    const shape = aspect / original;
    if (shapes.every((other) => Math.abs(Math.log(other / shape)) > 0.03)) shapes.push(shape);
  }
  /** Turning happens among square pixels, so unit squares are stretched to them and back. */
  const seen = (sx: number, sy: number, degrees = 0): Linear => {
    const angle = (degrees * Math.PI) / 180;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    return [cos / sx, -sin / (aspect * sy), (sin * aspect) / sx, cos / sy];
  };
  // Only the sides cut off, as when a wide clip is made upright.
  const upright = shapes.filter((shape) => shape < 0.97);
  if (upright.length > 0) {
    const linears = upright.flatMap((shape) => [1.012, 1, 0.988].map((s) => seen(s * shape, s)));
    yield { linears, rows: 2 };
  }
  // Cropped: the larger side seen is at most the whole.
  const cropped = shapes.flatMap((shape) =>
    sizes(1.04, 0.4).map((s) => (shape <= 1 ? seen(s * shape, s) : seen(s, s / shape))),
  );
  yield { linears: cropped, rows: anywhere };
  // Turned, as it was or a little larger.
  const angles = [1.6, -1.6, 3.2, -3.2, 4.8, -4.8, 6.4, -6.4, 8, -8];
  const turned = angles.flatMap((degrees) => sizes(1.08, 0.75).map((s) => seen(s, s, degrees)));
  yield { linears: turned, rows: anywhere };
  // Squeezed or widened as well as cropped.
  const coarse = sizes(1, 0.6, 1.035);
  const squeezed = coarse.flatMap((sx) =>
    coarse.flatMap((sy) => (Math.abs(Math.log(sx / sy)) > 0.02 ? [seen(sx, sy)] : [])),
  );
  yield { linears: squeezed, rows: anywhere };
}
