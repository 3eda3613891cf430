/** Every sprite by name; unknown names draw a plain ball or block by the body's shape. Called by sprite-cache.ts. */
import type { Shape } from '../../physics/performance.ts';
import * as aloft from './aloft.ts';
import * as balls from './balls.ts';
import * as blocks from './blocks.ts';
import * as boats from './boats.ts';
import { character } from './character.ts';
import * as court from './court.ts';
import * as fruit from './fruit.ts';
import * as props from './props.ts';
import * as seaLife from './sea-life.ts';
import type { Sprite } from './sprite.ts';
import * as vehicles from './vehicles.ts';

const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);

/** An exported `beachBall` draws the looks named `beach-ball`. */
const sprites: ReadonlyMap<string, Sprite> = new Map<string, Sprite>(
  [aloft, balls, blocks, boats, court, fruit, props, seaLife, vehicles, { character }].flatMap((module) =>
    Object.entries(module).map(([name, sprite]): [string, Sprite] => [kebab(name), sprite]),
  ),
);

export function spriteOf(name: string, shape: Shape): Sprite {
  return sprites.get(name) ?? (shape.kind === 'circle' ? balls.ball : blocks.block);
}
