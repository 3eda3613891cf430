/** Comic ink: firm dark outline over two flat tones. */
import { shift } from '../../color.ts';
import { createStyle } from '../style.ts';

export const ink = createStyle('ink', {
  shading: 'cel',
  color: (hex) => shift(hex, 0, 1.12, 1.02),
  outline: 5,
  outlineColor: () => '#1c1826',
  wobble: 0.3,
  texture: 'print',
  textureStrength: 0.5,
  vignette: 0.2,
  bloom: 0.3,
});
