/**
 * Which parts of a frame are hashed. A hash forgives about one and a half per cent of displacement; what an editor cuts away, covers or turns is
 * more, so a bank keeps several views of every frame and a query tries more. Mirroring needs no view: `mirrored` turns a hash. Invariant: the order never changes within one algorithm name
 * (`fingerprintAlgorithm`): stored hashes are told apart by their place. Called by `fingerprint-frames.ts` and `compare.ts`.
 */
import type { Inner } from './bars.ts';
import { type PdqHash, pdqOfSamples } from './pdq.ts';
import type { Region, SummedPicture } from './picture.ts';

interface View {
  readonly name: string;
  /** In shares of the picture without its bars, or of the whole frame; given its width : height. */
  readonly region: (aspect: number) => Region;
  readonly of?: 'frame';
}

const centre = (w: number, h = w, angle = 0): Region => ({ x: 0.5, y: 0.5, w, h, angle });
const corner = (x: 0 | 1, y: 0 | 1, size: number): Region => ({
  x: x === 0 ? size / 2 : 1 - size / 2,
  y: y === 0 ? size / 2 : 1 - size / 2,
  w: size,
  h: size,
});
const plain = (name: string, region: Region): View => ({ name, region: () => region });

/** The largest part of this shape around the middle. */
function shaped(aspect: number, wanted: number): Region {
  return aspect > wanted ? centre(wanted / aspect, 1) : centre(1, aspect / wanted);
}

/** Share of the width and height of the four tiles. */
const tile = 0.62;

function cornersOf(size: number): View[] {
  const share = `${Math.round(100 * size)} %`;
  return [
    plain(`top left ${share}`, corner(0, 0, size)),
    plain(`top right ${share}`, corner(1, 0, size)),
    plain(`bottom left ${share}`, corner(0, 1, size)),
    plain(`bottom right ${share}`, corner(1, 1, size)),
  ];
}

/** Kept of everything that may be looked for. */
export const bankViews: readonly View[] = [
  { ...plain('whole', centre(1)), of: 'frame' },
  plain('inner', centre(1)),
  plain('centre 84 %', centre(0.84)),
  plain('centre 70 %', centre(0.7)),
  ...cornersOf(tile),
  { ...plain('upper 78 %', { x: 0.5, y: 0.39, w: 1, h: 0.78 }), of: 'frame' },
  // A landscape film cut for a telephone, and the other way round.
  { name: 'other way up', region: (aspect) => shaped(aspect, aspect > 1 ? 9 / 16 : 16 / 9) },
  { name: 'square', region: (aspect) => shaped(aspect, 1) },
];

/** Tried besides of what is looked for: sizes between the bank's crops, turned back, corners of what was cut off centre. */
export const queryViews: readonly View[] = [
  plain('centre 94.5 %', centre(0.945)),
  plain('centre 89 %', centre(0.89)),
  plain('turned 2.2', centre(0.84, 0.84, 2.2)),
  plain('turned -2.2', centre(0.84, 0.84, -2.2)),
  plain('turned 4.6', centre(0.84, 0.84, 4.6)),
  plain('turned -4.6', centre(0.84, 0.84, -4.6)),
  ...cornersOf(tile / 0.88),
  ...cornersOf(tile / 0.79),
];

/** Hashes of one frame in the order of the views. */
export function hashViews(picture: SummedPicture, inner: Inner, views: readonly View[]): PdqHash[] {
  const width = inner.right - inner.left;
  const height = inner.bottom - inner.top;
  const aspect = (picture.width * width) / (picture.height * height);
  return views.map((view) => {
    const within = view.region(aspect);
    const region =
      view.of === 'frame'
        ? within
        : {
            ...within,
            x: inner.left + within.x * width,
            y: inner.top + within.y * height,
            w: within.w * width,
            h: within.h * height,
          };
    return pdqOfSamples(picture.sample(region));
  });
}
