/** Three balls of snow and a hat drop on each other; offsets that hold are found by trying. Called through registry.ts. */

import type { Shape } from '../physics/performance.ts';
import { accent, subjectNamed } from '../scene/scene.ts';
import type { Action } from './action.ts';
import { addGround, addOnlookers, colorOf } from './common.ts';
import { confetti } from './flourish.ts';

/** Packed snow is not round: fourteen flats let one ball sit on the other. */
function snowBall(radius: number): Shape {
  const n = 14;
  return {
    kind: 'polygon',
    points: Array.from(
      { length: n },
      (_, i) =>
        [
          Math.sin(((i + 0.5) / n) * 2 * Math.PI) * radius,
          Math.cos(((i + 0.5) / n) * 2 * Math.PI) * radius,
        ] as const,
    ),
  };
}

export const snowman: Action = {
  trialSeconds: 6,
  *attempts(_scene, random) {
    yield [0, 0, 0];
    for (let i = 0; i < 12; i++)
      yield [random.range(-0.05, 0.05), random.range(-0.05, 0.05), random.range(-0.04, 0.04)];
  },
  build(stage, random, [a = 0, b = 0, c = 0]) {
    const { scene } = stage;
    addGround(stage);
    const named = subjectNamed(scene, 'snowball');
    const color = colorOf(scene, named, 0, 'snowball');
    const radii = [0.82, 0.58, 0.42] as const;
    const common = {
      mode: 'dynamic' as const,
      material: 'snow' as const,
      angularDamping: 6,
      linearDamping: 0.1,
      friction: 1,
    };
    const parts = radii.map((radius, i) => {
      const offset = [a, b, c][i] ?? 0;
      const below = radii.slice(0, i).reduce((h, r) => h + 2 * r, 0);
      return { radius, offset, y: i === 0 ? radius : below + radius + 2.2, at: i === 0 ? 0 : 0.5 + i * 1.25 };
    });
    const settled: ReturnType<typeof stage.add>[] = [];
    for (const [i, p] of parts.entries()) {
      stage.at(p.at, () => {
        settled.push(
          stage.add({
            ...common,
            name: i === 2 ? 'head' : 'snowball',
            shape: snowBall(p.radius),
            x: p.offset,
            y: p.y,
            density: 35 - i * 6,
            look: {
              sprite: i === 2 ? 'snow-head' : i === 1 ? 'snow-body' : 'snowball',
              color,
              accent: accent(scene, 0),
            },
          }),
        );
      });
    }
    stage.at(4.1, () => {
      settled.push(
        stage.add({
          ...common,
          name: 'hat',
          material: 'fabric',
          shape: { kind: 'box', halfWidth: 0.36, halfHeight: 0.22, round: 0.03 },
          x: c,
          y: 6,
          density: 12,
          look: { sprite: 'top-hat', color: '#2f2b3a', accent: accent(scene, 0) },
        }),
      );
      stage.highlight = 5.1;
    });
    stage.at(5, () => {
      const head = settled[2];
      if (head && head.rigid.translation().y > 2.2) confetti(stage, 5, 0, 4.4, random.fork('confetti'));
    });
    addOnlookers(stage, [-1.75, 1.75, -2.6], 1.25);
    return {
      frame: { x: -2.7, y: -0.3, width: 5.3, height: 5.2 },
      judge() {
        const heights = settled.map((s) => s.rigid.translation());
        const [base, middle, head] = heights;
        if (!base || !middle || !head) return 0;
        const stands = middle.y > 1.7 && head.y > 2.5 && Math.abs(head.x) < 0.3;
        return stands ? 1 : head.y > 1.8 ? 0.5 : 0.1;
      },
    };
  },
};
