/**
 * Colours as `#rrggbb`, mixed and shifted without any drawing library. Called by scene/palette.ts and everything in draw/.
 */

/** `#rrggbb`. */
export type Hex = `#${string}`;

/** A colour that a schema has validated as `#rrggbb`. */
export function asHex(color: string): Hex {
  return color as Hex;
}
type Rgb = readonly [number, number, number];

/** Channels 0..255. */
export function toRgb(hex: Hex): Rgb {
  const n = Number.parseInt(hex.slice(1, 7), 16);
  return [(n >> 16) & 255, (n >> 8) & 255, n & 255];
}

export function fromRgb(r: number, g: number, b: number): Hex {
  const clamp = (v: number): number => Math.max(0, Math.min(255, Math.round(v)));
  return `#${((clamp(r) << 16) | (clamp(g) << 8) | clamp(b)).toString(16).padStart(6, '0')}`;
}

/** Linear mix in sRGB; `amount` 0 gives a, 1 gives b. */
export function mix(a: Hex, b: Hex, amount: number): Hex {
  const [r1, g1, b1] = toRgb(a);
  const [r2, g2, b2] = toRgb(b);
  return fromRgb(r1 + (r2 - r1) * amount, g1 + (g2 - g1) * amount, b1 + (b2 - b1) * amount);
}

/** CSS colour with transparency. */
export function alpha(hex: Hex, opacity: number): string {
  const [r, g, b] = toRgb(hex);
  return `rgba(${r},${g},${b},${opacity.toFixed(3)})`;
}

/** Hue 0..360, saturation and lightness 0..1. */
export function hsl(hue: number, saturation: number, lightness: number): Hex {
  const h = (((hue % 360) + 360) % 360) / 30;
  const s = Math.max(0, Math.min(1, saturation));
  const l = Math.max(0, Math.min(1, lightness));
  const a = s * Math.min(l, 1 - l);
  const f = (n: number): number => {
    const k = (n + h) % 12;
    return 255 * (l - a * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
  };
  return fromRgb(f(0), f(8), f(4));
}

export function toHsl(hex: Hex): [hue: number, saturation: number, lightness: number] {
  const [r, g, b] = toRgb(hex).map((v) => v / 255) as [number, number, number];
  const max = Math.max(r, g, b);
  const min = Math.min(r, g, b);
  const l = (max + min) / 2;
  const d = max - min;
  if (d === 0) return [0, 0, l];
  const s = d / (1 - Math.abs(2 * l - 1));
  const h = max === r ? ((g - b) / d + 6) % 6 : max === g ? (b - r) / d + 2 : (r - g) / d + 4;
  return [h * 60, s, l];
}

/** Moves hue by degrees and scales saturation and lightness. */
export function shift(hex: Hex, hueBy: number, saturationTimes = 1, lightnessTimes = 1): Hex {
  const [h, s, l] = toHsl(hex);
  return hsl(h + hueBy, s * saturationTimes, l * lightnessTimes);
}

export function lighten(hex: Hex, amount: number): Hex {
  return mix(hex, '#ffffff', amount);
}

export function darken(hex: Hex, amount: number): Hex {
  return mix(hex, '#0b0a1e', amount);
}

/** Perceived lightness 0..1 (Rec. 709 weights on gamma-coded channels). */
export function luma(hex: Hex): number {
  const [r, g, b] = toRgb(hex);
  return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
}
