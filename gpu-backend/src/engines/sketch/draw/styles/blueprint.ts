/** White lines on blue drafting paper with its grid. */
import { type Hex, luma, mix } from '../../color.ts';
import { createStyle, mapPalette } from '../style.ts';

const blue = (hex: Hex): Hex => mix('#0f3f86', '#2b6cc0', luma(hex) * 0.8);

export const blueprint = createStyle('blueprint', {
  grade: (p) => ({
    ...mapPalette(p, blue),
    skyTop: '#0d3a7d',
    skyMiddle: '#11458f',
    skyLow: '#164f9e',
    disc: '#dbe9ff',
    light: '#eaf3ff',
    shade: '#08244f',
    haze: '#164f9e',
    accents: ['#dff0ff', '#bfe0ff', '#ffffff', '#a9d2ff', '#cfe8ff'],
  }),
  color: (hex) => mix('#124a97', '#3a7cd0', luma(hex) * 0.7),
  shading: 'none',
  fill: 0.55,
  outline: 2.6,
  outlineColor: () => '#e6f2ff',
  wobble: 0.15,
  texture: 'grid',
  textureStrength: 1,
  vignette: 0.3,
  bloom: 0.25,
});
