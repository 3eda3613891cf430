/** Every sprite by name; unknown names draw a plain ball or block by the body's shape. Called by sprite-cache.ts. */
import type { Shape } from '../../physics/performance.ts';
import { ball, basketball, beachBall, boulder, bowlingBall, football, marble, snowball, tennisBall, wreckingBall } from './balls.ts';
import { block, book, brick, crate, domino, gift, log, plank, stoneBlock } from './blocks.ts';
import { boat, buoy, duck, paperBoat, sailboat } from './boats.ts';
import { character } from './character.ts';
import { backboard, hoopPole, net } from './court.ts';
import { apple, donut, leaf, lemon, orange, pumpkin, star, strawberry, watermelon } from './fruit.ts';
import type { Sprite } from './sprite.ts';

const sprites: Readonly<Record<string, Sprite>> = {
  ball, basketball, football, 'beach-ball': beachBall, 'tennis-ball': tennisBall, marble, 'bowling-ball': bowlingBall, snowball, boulder, 'wrecking-ball': wreckingBall,
  apple, orange, lemon, watermelon, strawberry, pumpkin, donut, leaf, star,
  block, crate, brick, 'stone-block': stoneBlock, book, domino, plank, gift, log,
  boat, sailboat, 'paper-boat': paperBoat, duck, buoy,
  character, backboard, 'hoop-pole': hoopPole, net,
};

export function spriteOf(name: string, shape: Shape): Sprite {
  return sprites[name] ?? (shape.kind === 'circle' ? ball : block);
}
