/** Paper lanterns are let go one after the other and drift up into the dark. Called through registry.ts. */
import { isPortrait, subjectNamed } from '../scene/scene.ts';
import type { Action } from './action.ts';
import { addGround, addOnlookers, colorOf } from './common.ts';
import { rise } from './rising.ts';

export const lanterns: Action = {
  build(stage, random) {
    const { scene } = stage;
    addGround(stage);
    const named = subjectNamed(scene, 'lantern');
    const count = Math.max(3, Math.min(20, named?.count ?? 13));
    for (let i = 0; i < count; i++) {
      const at = i < 4 ? 0 : 0.3 + i * (Math.min(7, scene.seconds * 0.7) / count);
      const size = random.range(0.24, 0.42);
      const x = random.range(-2.3, 2.1);
      const y = i < 4 ? random.range(2.2, 6) : size + 0.005;
      const phase = random.range(0, 6.28);
      const lift = random.range(1.1, 1.24);
      const body = stage.add({
        name: 'lantern',
        mode: 'dynamic',
        shape: { kind: 'box', halfWidth: size * 0.8, halfHeight: size, round: 0.08 },
        x,
        y,
        material: 'paper',
        density: 6,
        angularDamping: 2,
        groups: { member: 2, meets: 1 },
        silent: true,
        look: {
          sprite: 'lantern',
          color: colorOf(scene, named, i, 'lantern'),
          layer: size < 0.3 ? -0.6 : 0.4,
        },
      });
      if (at > 0)
        stage.events.push({
          time: at,
          kind: 'launch',
          materials: ['paper', 'air'],
          impulse: 0.6,
          size: 0.6,
          x,
          y,
          names: ['lantern', 'air'],
        });
      // Until its turn a lantern stands on the ground, lit and not yet warm enough to rise.
      stage.each((time) => rise(stage, body, time < at ? 0.6 : lift, size * size * 16, time, phase));
    }
    stage.highlight = scene.seconds * 0.62;
    addOnlookers(stage, [-1.25, 1.3, -2.1], 1.25);
    return { frame: { x: -2.6, y: -0.3, width: 5.2, height: isPortrait(scene) ? 7.6 : 4.6 } };
  },
};
