/** Every style by name. Called by painter.ts. */
import type { StyleName } from '../../scene/scene.ts';
import type { Style } from '../style.ts';
import { blueprint } from './blueprint.ts';
import { chalk } from './chalk.ts';
import { clay } from './clay.ts';
import { ink } from './ink.ts';
import { neon } from './neon.ts';
import { noir } from './noir.ts';
import { paper } from './paper.ts';
import { pencil } from './pencil.ts';
import { pixel } from './pixel.ts';
import { poster } from './poster.ts';
import { storybook } from './storybook.ts';
import { watercolour } from './watercolour.ts';

export const styles: Readonly<Record<StyleName, Style>> = {
  storybook,
  paper,
  neon,
  ink,
  pencil,
  watercolour,
  clay,
  pixel,
  blueprint,
  noir,
  poster,
  chalk,
};
