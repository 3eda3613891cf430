/** Modelling clay under a studio lamp: rounded light, soft bounce, stop-motion cadence of the surface. */
import { mix, shift } from '../../color.ts';
import { createStyle, mapPalette } from '../style.ts';

export const clay = createStyle('clay', {
  grade: (p) => mapPalette(p, (c) => shift(mix(c, '#e8c9a8', 0.06), 0, 1.04)),
  color: (hex) => shift(hex, 0, 0.98, 1),
  shading: 'clay',
  boilFps: 8,
  texture: 'film',
  textureStrength: 0.35,
  vignette: 0.42,
  bloom: 0.5,
});
