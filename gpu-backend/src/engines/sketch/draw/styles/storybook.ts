/** Gouache in a picture book: soft light, warm grain, no outline. */
import { createStyle } from '../style.ts';

export const storybook = createStyle('storybook', { texture: 'canvas', textureStrength: 0.55, bloom: 0.8 });
