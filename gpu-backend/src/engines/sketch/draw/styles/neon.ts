/** Light tubes in the dark: glowing lines, hardly any fill. */
import { type Hex, hsl, luma, mix, shift, toHsl } from '../../color.ts';
import { createStyle, mapPalette } from '../style.ts';

const dark = (hex: Hex): Hex => {
  const [h, s, l] = toHsl(hex);
  return hsl(h * 0.5 + 265 * 0.5, Math.max(0.5, s), 0.04 + l * 0.13);
};
const bright = (hex: Hex): Hex => {
  const [h, s] = toHsl(hex);
  return hsl(s < 0.12 ? 195 : h, 0.95, 0.62);
};

export const neon = createStyle('neon', {
  grade: (p) => ({
    ...mapPalette(p, dark),
    skyTop: '#06030f',
    skyMiddle: '#160a35',
    skyLow: mix('#4a1466', bright(p.accents[0]), 0.22),
    disc: bright(p.accents[1]),
    light: '#b8f2ff',
    shade: '#05020c',
    haze: '#3a1466',
    accents: [
      bright(p.accents[0]),
      bright(p.accents[1]),
      bright(p.accents[2]),
      bright(p.accents[3]),
      bright(p.accents[4]),
    ],
  }),
  color: (hex) => (luma(hex) < 0.16 ? hex : bright(hex)),
  shading: 'none',
  fill: 0.16,
  outline: 4.2,
  outlineColor: (fill) => (luma(fill) < 0.2 ? shift(fill, 0, 1.4, 2.6) : fill),
  glow: 1,
  texture: 'scanlines',
  textureStrength: 0.5,
  vignette: 0.5,
  bloom: 1,
});
