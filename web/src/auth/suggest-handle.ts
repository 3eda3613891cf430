/** A handle to start with, so that local sign-in is one click. */

const first = [
  'quiet',
  'amber',
  'swift',
  'paper',
  'silver',
  'north',
  'velvet',
  'bright',
  'lunar',
  'copper',
  'misty',
  'wild',
];
const second = [
  'reel',
  'lens',
  'otter',
  'comet',
  'lantern',
  'finch',
  'harbor',
  'willow',
  'projector',
  'marble',
  'kite',
  'fern',
];

/** @param random numbers in [0, 1), three of them are used */
export function suggestHandle(random: () => number = Math.random): string {
  const pick = (list: readonly string[]) => list[Math.floor(random() * list.length)] ?? 'reel';
  return `${pick(first)}-${pick(second)}-${10 + Math.floor(random() * 90)}`;
}
