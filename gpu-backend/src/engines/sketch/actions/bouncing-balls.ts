/** Balls dropped on steps and ground, each as lively as its rubber. Called through registry.ts. */
import { accent, isPortrait, subjectOf } from '../scene/scene.ts';
import type { Action } from './action.ts';
import { aboveFrame, addGround, addOnlookers, ballKind } from './common.ts';

export const bouncingBalls: Action = {
  build(stage, random) {
    const { scene } = stage;
    const frame = { x: -2.8, y: -0.3, width: 5.6, height: 5 };
    addGround(stage);
    const kind = ballKind(scene, random.pick(['beach-ball', 'ball', 'football', 'tennis-ball']));
    const named = subjectOf(scene, 'ball', 'fruit');
    const count = Math.max(1, Math.min(16, named?.count ?? 5));
    for (const [i, x] of [-1.5, 1.3].entries()) {
      stage.add({
        name: 'step',
        mode: 'fixed',
        shape: { kind: 'box', halfWidth: 0.75, halfHeight: 0.25 + i * 0.28, round: 0.06 },
        x,
        y: 0.25 + i * 0.28,
        material: 'wood',
        look: { sprite: 'crate', color: i === 0 ? scene.palette.structure : accent(scene, 3), detail: '' },
      });
    }
    for (let i = 0; i < count; i++) {
      const radius = count === 1 ? 0.5 : random.range(0.24, 0.44);
      const x = i < 3 ? -1.7 + i * 1.5 + random.range(-0.2, 0.2) : random.range(-2.1, 1.9);
      const y = random.range(3.2, isPortrait(scene) ? 6.5 : 4.6);
      const drop = i < 3 ? 0 : (i - 2) * (Math.min(5, scene.seconds * 0.5) / count);
      stage.at(drop, () => {
        stage.add({
          name: kind.name,
          mode: 'dynamic',
          shape: { kind: 'circle', radius },
          x,
          y: i < 3 ? y + i * 0.2 : aboveFrame(scene, frame) + 0.6,
          material: kind.material,
          restitution: random.range(0.74, 0.86),
          velocity: [random.range(-0.9, 0.9), random.range(-1, 0.5)],
          spin: random.range(-4, 4),
          look: {
            sprite: kind.sprite,
            color: named?.color ?? (i === 0 || kind.sprite === 'football' ? kind.color : accent(scene, i)),
          },
        });
      });
    }
    for (const side of [-1, 1]) {
      stage.add({
        name: 'wall',
        mode: 'fixed',
        shape: { kind: 'box', halfWidth: 0.1, halfHeight: 20 },
        x: side * 3,
        y: 19,
        material: 'plastic',
        silent: true,
        look: { sprite: 'none', color: '#000000', hidden: true },
      });
    }
    stage.highlight = Math.min(scene.seconds * 0.4, 2.4);
    addOnlookers(stage, [-2.2, 2.2, 0.1], 1.2);
    return { frame };
  },
};
