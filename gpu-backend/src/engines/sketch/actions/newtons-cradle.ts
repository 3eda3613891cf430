/** Steel balls on rigid hangers hand their swing from one end to the other: restitution near one, a hair's gap between them. Called through registry.ts. */
import { accent, subjectOf } from '../scene/scene.ts';
import type { Action } from './action.ts';
import { addGround, addOnlookers, hold } from './common.ts';

const length = 2.9;
const release = 0.9;

export const newtonsCradle: Action = {
  build(stage, random) {
    const { scene } = stage;
    addGround(stage, 0, 'table');
    const named = subjectOf(scene, 'ball', 'fruit');
    const count = Math.max(3, Math.min(7, named?.count ?? 5));
    const radius = count > 5 ? 0.3 : 0.36;
    const pitch = 2 * radius + 0.016;
    const topY = radius + 0.75 + length;
    const raised = count > 4 && random.chance(0.4) ? 2 : 1;
    const half = (count * pitch) / 2 + 1.25;
    for (const side of [-1, 1]) {
      stage.add({
        name: 'post',
        mode: 'kinematic',
        shape: { kind: 'none', width: 0.16, height: topY },
        x: side * half,
        y: topY / 2,
        material: 'wood',
        look: { sprite: 'post', color: '#8a5f3c', layer: -2 },
      });
    }
    const bar = stage.add({
      name: 'bar',
      mode: 'fixed',
      shape: { kind: 'box', halfWidth: half + 0.2, halfHeight: 0.12, round: 0.05 },
      x: 0,
      y: topY,
      material: 'wood',
      look: { sprite: 'plank', color: '#9c6a42', layer: 2 },
    });
    const swing = 0.82;
    let held = true;
    const balls = Array.from({ length: count }, (_, i) => {
      const home = (i - (count - 1) / 2) * pitch;
      const angle = i < raised ? -swing : 0;
      const x = home + Math.sin(angle) * length;
      const y = topY - Math.cos(angle) * length;
      const body = stage.add({
        name: 'ball',
        mode: 'dynamic',
        shape: { kind: 'circle', radius },
        x,
        y,
        angle,
        material: 'metal',
        restitution: 1,
        friction: 0,
        look: {
          sprite: named && named.kind !== 'ball' ? named.kind : 'steel-ball',
          color: named?.color ?? (i < raised ? accent(scene, 0) : '#b9c2d0'),
        },
      });
      stage.hinge(bar, body, [home, 0], [0, length]);
      stage.ropes.push({
        from: { body: body.id, x: 0, y: radius * 0.9 },
        to: { x: home, y: topY },
        color: '#d9d2c4',
        width: 0.03,
        layer: -1,
      });
      return { body, x, y };
    });
    stage.each(() => {
      if (held) for (const { body, x, y } of balls.slice(0, raised)) hold(stage, body, x, y);
    });
    stage.at(release, () => {
      held = false;
    });
    stage.highlight = release + 1.35;
    addOnlookers(stage, [-half - 0.9, half + 0.9], 1.3);
    return { frame: { x: -half - 1.3, y: -0.3, width: 2 * half + 2.6, height: topY + 0.7 }, shake: 0 };
  },
};
