/** Sixteen-bit arcade: big square pixels, two tones, no blur. */
import { shift } from '../../color.ts';
import { createStyle } from '../style.ts';

export const pixel = createStyle('pixel', {
  shading: 'cel',
  color: (hex) => shift(hex, 0, 1.2, 1),
  outline: 6,
  outlineColor: (fill) => shift(fill, 12, 1, 0.35),
  pixelSize: 5,
  texture: 'scanlines',
  textureStrength: 0.35,
  vignette: 0.15,
  bloom: 0.4,
});
