/** A screen-printed poster: flat colour, long shapes, a little misregistration in the grain. */
import { shift } from '../../color.ts';
import { createStyle } from '../style.ts';

export const poster = createStyle('poster', {
  shading: 'cel',
  color: (hex) => shift(hex, 0, 1.1),
  texture: 'print',
  textureStrength: 0.4,
  vignette: 0.12,
  bloom: 0.25,
});
