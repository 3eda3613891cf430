/** Black-and-white film: hard light, deep shade, grain. */
import { fromRgb, type Hex, luma } from '../../color.ts';
import { createStyle, mapPalette } from '../style.ts';

const silver = (hex: Hex): Hex => {
  const l = luma(hex);
  const v = 255 * (l * l * (3 - 2 * l) * 0.92 + 0.03);
  return fromRgb(v, v * 0.995, v * 0.97);
};

export const noir = createStyle('noir', {
  grade: (p) => mapPalette(p, (c) => silver(c)),
  color: silver,
  shading: 'soft',
  texture: 'film',
  textureStrength: 1,
  vignette: 0.75,
  bloom: 0.9,
});
