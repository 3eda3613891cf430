/** A tower of blocks brought down by something round. Called through registry.ts. */

import { accent, isPortrait, subjectNamed } from '../scene/scene.ts';
import type { Action } from './action.ts';
import { addGround, addOnlookers, ballKind, colorOf, throwTo } from './common.ts';

const letters = 'KINORASKETCHPLAYBLOCKS';

export const towerCollapse: Action = {
  build(stage, random) {
    const { scene } = stage;
    addGround(stage);
    const subject = subjectNamed(scene, 'brick', 'crate', 'book');
    const sprite =
      subject?.kind ??
      (scene.setting === 'room' || scene.tone === 'playful'
        ? 'block'
        : scene.setting === 'castle'
          ? 'stone-block'
          : random.pick(['block', 'crate', 'brick']));
    const material =
      sprite === 'brick' || sprite === 'stone-block' ? 'stone' : sprite === 'book' ? 'paper' : 'wood';
    const size = 0.52;
    const columns = isPortrait(scene) ? 3 : 4;
    const rows = isPortrait(scene) ? 10 : 7;
    const left = 0.4;
    let n = 0;
    for (let row = 0; row < rows; row++) {
      // Every third row is bridged by long pieces, so the tower holds until it is hit.
      const long = row % 3 === 2;
      const halfWidth = long ? (columns * size) / 2 : size / 2 - 0.006;
      const pieces = long ? 1 : columns;
      for (let i = 0; i < pieces; i++) {
        const halfHeight = long ? 0.11 : size / 2;
        const below = Math.floor(row / 3);
        const y = (row - below) * size + below * 0.22 + halfHeight;
        stage.add({
          name: sprite === 'stone-block' ? 'stone' : sprite,
          mode: 'dynamic',
          shape: { kind: 'box', halfWidth, halfHeight, round: 0.02 },
          x: left + (long ? (columns * size) / 2 : (i + 0.5) * size),
          y,
          material,
          density: material === 'stone' ? 90 : 45,
          friction: 0.5,
          look: {
            sprite: long ? 'plank' : sprite,
            color: long
              ? '#c08a4e'
              : (subject?.color ??
                (sprite === 'block' || sprite === 'book'
                  ? accent(scene, n + row)
                  : colorOf(scene, subject, 0, sprite === 'stone-block' ? 'boulder' : sprite))),
            detail: letters[n % letters.length] ?? 'K',
          },
        });
        if (!long) n++;
      }
    }
    const top = (rows - Math.floor(rows / 3)) * size + Math.floor(rows / 3) * 0.22;
    const kind = ballKind(scene, scene.setting === 'room' ? 'beach-ball' : 'boulder');
    const radius = 0.46;
    const from: readonly [number, number] = [left - 5.2, 1.2];
    const aim = top * random.range(0.5, 0.64);
    const shot = throwTo(from, [left, aim], aim + 0.28, scene.gravity);
    stage.at(1.5, () => {
      stage.add({
        name: kind.name,
        mode: 'dynamic',
        shape: { kind: 'circle', radius },
        x: from[0],
        y: from[1],
        material: kind.material,
        density: 260,
        velocity: [shot.vx * 1.05, shot.vy],
        spin: -3,
        look: { sprite: kind.sprite, color: kind.color, layer: 1 },
      });
      stage.highlight = 1.5 + shot.flight + 0.35;
    });
    addOnlookers(stage, [left + columns * size + 1.6, -1.6, left + columns * size + 2.6], 1.25);
    return {
      frame: { x: -1.6, y: -0.3, width: columns * size + 3.8, height: top + 1.2 },
      shake: 1,
    };
  },
};
