/** Every action by name: the one place that knows them all. Called by physics/perform.ts. */
import type { ActionName } from '../scene/scene.ts';
import type { Action } from './action.ts';
import { balloons } from './balloons.ts';
import { basketball } from './basketball.ts';
import { boat } from './boat.ts';
import { bouncingBalls } from './bouncing-balls.ts';
import { bowling } from './bowling.ts';
import { carJump } from './car-jump.ts';
import { dominoes } from './dominoes.ts';
import { fireworks } from './fireworks.ts';
import { hopping } from './hopping.ts';
import { juggling } from './juggling.ts';
import { lanterns } from './lanterns.ts';
import { marbleRun } from './marble-run.ts';
import { newtonsCradle } from './newtons-cradle.ts';
import { rainOfThings } from './rain-of-things.ts';
import { rocket } from './rocket.ts';
import { seeSaw } from './see-saw.ts';
import { snowman } from './snowman.ts';
import { swimming } from './swimming.ts';
import { towerCollapse } from './tower-collapse.ts';
import { wreckingBall } from './wrecking-ball.ts';

export const actions: Readonly<Record<ActionName, Action>> = {
  basketball,
  dominoes,
  'newtons-cradle': newtonsCradle,
  'car-jump': carJump,
  juggling,
  'tower-collapse': towerCollapse,
  boat,
  'see-saw': seeSaw,
  'marble-run': marbleRun,
  balloons,
  snowman,
  fireworks,
  bowling,
  'wrecking-ball': wreckingBall,
  'rain-of-things': rainOfThings,
  hopping,
  rocket,
  lanterns,
  'bouncing-balls': bouncingBalls,
  swimming,
};
