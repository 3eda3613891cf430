/** A ball on a chain, let go, goes through a wall. Called through registry.ts. */
import { isPortrait, subjectNamed } from '../scene/scene.ts';
import type { Action } from './action.ts';
import { addGround, addOnlookers, colorOf, hold } from './common.ts';

export const wreckingBall: Action = {
  build(stage) {
    const { scene } = stage;
    addGround(stage);
    const tall = isPortrait(scene);
    const radius = 0.62;
    const topY = tall ? 8.2 : 6;
    const length = topY - 1.5;
    const pivotX = -0.4;
    const swing = 1.0;
    const release = 1.2;
    const hook = stage.add({
      name: 'crane',
      mode: 'fixed',
      shape: { kind: 'box', halfWidth: 0.12, halfHeight: 0.12 },
      x: pivotX,
      y: topY,
      material: 'metal',
      look: { sprite: 'none', color: '#000000', hidden: true },
    });
    stage.add({
      name: 'crane',
      mode: 'kinematic',
      shape: { kind: 'none', width: 3.4, height: topY + 0.3 },
      x: pivotX - 1.55,
      y: topY / 2 + 0.1,
      material: 'metal',
      look: { sprite: 'crane', color: '#f2b632', layer: -3 },
    });
    const x = pivotX - Math.sin(swing) * length;
    const y = topY - Math.cos(swing) * length;
    const ball = stage.add({
      name: 'wrecking ball',
      mode: 'dynamic',
      shape: { kind: 'circle', radius },
      x,
      y,
      angle: -swing,
      material: 'metal',
      density: 420,
      angularDamping: 0.4,
      look: { sprite: 'wrecking-ball', color: subjectNamed(scene, 'ball')?.color ?? '#4c5162', layer: 1 },
    });
    stage.tether(hook, ball, [0, 0], [0, radius * 0.9], length - radius * 0.9);
    stage.ropes.push({
      from: { x: pivotX, y: topY },
      to: { body: ball.id, x: 0, y: radius * 1.05 },
      color: '#3b3f4d',
      width: 0.09,
      layer: 0.9,
    });
    let held = true;
    stage.each(() => {
      if (held) hold(stage, ball, x, y);
    });
    stage.at(release, () => {
      held = false;
    });
    const subject = subjectNamed(scene, 'brick', 'crate', 'book');
    const sprite = subject?.kind ?? 'brick';
    const columns = 4;
    const rows = tall ? 9 : 7;
    const w = 0.62;
    const h = 0.36;
    for (let row = 0; row < rows; row++) {
      for (let i = 0; i < columns; i++) {
        const shift = row % 2 ? w / 4 : -w / 4;
        stage.add({
          name: sprite,
          mode: 'dynamic',
          shape: { kind: 'box', halfWidth: w / 2 - 0.004, halfHeight: h / 2, round: 0.015 },
          x: 0.95 + i * w + shift,
          y: h / 2 + row * h,
          material: sprite === 'crate' ? 'wood' : sprite === 'book' ? 'paper' : 'stone',
          density: 60,
          friction: 0.65,
          look: { sprite, color: colorOf(scene, subject, row, sprite) },
        });
      }
    }
    stage.highlight = release + Math.PI * 0.5 * Math.sqrt(length / scene.gravity) + 0.25;
    addOnlookers(stage, [4.4, -3.2], 1.3);
    return { frame: { x: -2.9, y: -0.3, width: 6.6, height: tall ? 8.8 : 6.4 }, shake: 1 };
  },
};
