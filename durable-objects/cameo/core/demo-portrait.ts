/**
 * A drawn person for an account that has no camera. Invariants: the same handle is always the same person; whatever the handle, every
 * colour can be told from the ones it touches. Never anybody's real likeness. Called by the local enrolment route.
 */
import type { DrawnPortrait, Voice } from '#schemas/likeness.ts';

const skins = ['#f6d7c3', '#efc3a0', '#e0a878', '#c98a5b', '#a86b42', '#84502f', '#5f3822', '#43281a'];
const hairColors = ['#1f1a17', '#3b2417', '#6b3f22', '#9a5b2c', '#c98d3e', '#e3c383', '#a9a6a2', '#b5412f'];
const brightHair = ['#4f7bd9', '#c65a9c', '#3fa38a'];
const eyeColors = ['#3a2a1e', '#5b3d22', '#3f5f3a', '#3e6a8f', '#5d6a75'];
const shirts = ['#3f6fd1', '#d9584a', '#2f9b83', '#e0a32e', '#7b5cc4', '#37474f', '#c75b8c', '#5b8f3a'];
const hairs = ['short', 'long', 'curly', 'bun', 'bob', 'braids', 'short', 'curly', 'mohawk', 'none'] as const;
const beards = ['none', 'none', 'none', 'none', 'stubble', 'full', 'moustache'] as const;
const glassesKinds = ['none', 'none', 'none', 'round', 'square'] as const;

/** FNV-1a (32 bits) of the handle seeds mulberry32; numbers in [0, 1). */
function numbersOf(handle: string): () => number {
  let seed = 0x811c9dc5;
  for (const character of handle) seed = Math.imul(seed ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function pick<T>(choices: readonly T[], number: number): T {
  const choice = choices[Math.floor(number * choices.length)];
  if (choice === undefined) throw new Error('nothing to choose from');
  return choice;
}

/** Relative brightness of `#rrggbb`, 0 … 255 (ITU-R BT.601 weights). */
function brightness(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

const apart = 24;

/** Face, hair and clothes of a handle. */
export function demoPortrait(handle: string): DrawnPortrait {
  const next = numbersOf(handle);
  const skin = pick(skins, next());
  const natural = hairColors.filter((color) => Math.abs(brightness(color) - brightness(skin)) >= apart);
  const hairColor = next() < 0.12 ? pick(brightHair, next()) : pick(natural, next());
  return {
    kind: 'drawn',
    skin,
    hair: pick(hairs, next()),
    hairColor,
    eyes: pick(eyeColors, next()),
    glasses: pick(glassesKinds, next()),
    beard: pick(beards, next()),
    shirt: pick(
      shirts.filter((color) => Math.abs(brightness(color) - brightness(skin)) >= apart),
      next(),
    ),
  };
}

/** A voice that goes with nobody in particular: 85 … 255 Hz, as adults speak. */
export function demoVoice(handle: string): Voice {
  const next = numbersOf(`${handle} speaks`);
  const round = (value: number) => Math.round(value * 100) / 100;
  return {
    pitchHz: round(85 + 170 * next()),
    brightness: round(0.2 + 0.6 * next()),
    rate: round(3.5 + 2.5 * next()),
  };
}
