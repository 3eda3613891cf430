/** Cut paper in layers: flat sheets, each with a small shadow on the one behind. */
import { shift } from '../../color.ts';
import { createStyle } from '../style.ts';

export const paper = createStyle('paper', {
  shading: 'flat',
  color: (hex) => shift(hex, 0, 1.06),
  cutShadow: 1,
  texture: 'paper',
  textureStrength: 1,
  vignette: 0.3,
  bloom: 0.35,
});
