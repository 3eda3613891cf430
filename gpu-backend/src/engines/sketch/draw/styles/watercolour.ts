/** Transparent washes with darker edges on rough paper. */
import { mix, shift } from '../../color.ts';
import { createStyle, mapPalette } from '../style.ts';

export const watercolour = createStyle('watercolour', {
  grade: (p) => mapPalette(p, (c) => mix(c, '#fdf8ee', 0.2)),
  color: (hex) => shift(mix(hex, '#fdf8ee', 0.08), 0, 1.08),
  shading: 'wash',
  fill: 0.93,
  outline: 1.6,
  outlineColor: (fill) => mix(shift(fill, 0, 1.25, 0.62), '#4a3f5c', 0.15),
  wobble: 0.6,
  texture: 'canvas',
  textureStrength: 0.9,
  vignette: 0.1,
  bloom: 0.4,
});
