/** Coloured pencil on white paper: hatched fills, loose graphite lines redrawn eight times a second. */
import { mix } from '../../color.ts';
import { createStyle, mapPalette } from '../style.ts';

export const pencil = createStyle('pencil', {
  grade: (p) => ({ ...mapPalette(p, (c) => mix(c, '#fbf7ee', 0.42)), shade: mix(p.shade, '#6d6a7a', 0.4) }),
  color: (hex) => mix(hex, '#fbf7ee', 0.18),
  shading: 'hatch',
  outline: 2.8,
  outlineColor: (fill) => mix('#3a3742', fill, 0.18),
  wobble: 1,
  boilFps: 6,
  texture: 'paper',
  textureStrength: 0.9,
  vignette: 0.12,
  bloom: 0.2,
});
