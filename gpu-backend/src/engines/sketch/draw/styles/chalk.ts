/** Chalk on a school board. */
import { type Hex, luma, mix } from '../../color.ts';
import { createStyle, mapPalette } from '../style.ts';

const board = (hex: Hex): Hex => mix('#22332c', '#3d5248', luma(hex) * 0.8);

export const chalk = createStyle('chalk', {
  grade: (p) => ({
    ...mapPalette(p, board),
    disc: '#f6f0d8',
    light: '#f7f4e8',
    shade: '#142019',
    accents: p.accents,
  }),
  color: (hex) => mix(hex, '#e9ede4', 0.3),
  shading: 'hatch',
  fill: 0.35,
  outline: 3.4,
  outlineColor: (fill) => mix(fill, '#f7f6ee', 0.6),
  wobble: 0.9,
  boilFps: 5,
  texture: 'board',
  textureStrength: 1,
  vignette: 0.35,
  bloom: 0.15,
});
