/** Colours as numbers. Pure. */

const channels = (hex: string) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));

/**
 * A colour between two, linear in sRGB.
 * @param share 0 is all `from`, 1 is all `to`
 * @returns `#rrggbb`
 */
export function mixColors(from: string, to: string, share: number): string {
  const other = channels(to);
  const mixed = channels(from).map((value, index) => {
    const channel = Math.round(value + ((other[index] ?? value) - value) * share);
    return Math.min(255, Math.max(0, channel)).toString(16).padStart(2, '0');
  });
  return `#${mixed.join('')}`;
}
