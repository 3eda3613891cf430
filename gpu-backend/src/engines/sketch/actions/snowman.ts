/** Three balls of snow and a hat drop on each other; offsets that hold are found by trying. Called through registry.ts. */

import type { Shape } from '../physics/performance.ts';
import { accent, subjectNamed } from '../scene/scene.ts';
import type { Action } from './action.ts';
import { aboveFrame, addGround, addOnlookers, colorOf } from './common.ts';
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
    const frame = { x: -2.7, y: -0.3, width: 5.3, height: 5.2 };
    const sky = aboveFrame(scene, frame) + 0.7;
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
      return { radius, offset, y: i === 0 ? radius : sky, at: i === 0 ? 0 : 0.2 + (i - 1) * 1.3 };
    });
    const settled: ReturnType<typeof stage.add>[] = [];
    // Loose snow comes down no faster than about four metres a second, and the ground is kind to it.
    stage.each(() => {
      for (const piece of settled) stage.air(piece, (piece.mass * scene.gravity) / (0.6 * 18), 0);
    });
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
    stage.at(2.9, () => {
      settled.push(
        stage.add({
          ...common,
          name: 'hat',
          material: 'fabric',
          shape: { kind: 'box', halfWidth: 0.36, halfHeight: 0.22, round: 0.03 },
          x: c,
          y: sky,
          density: 12,
          look: { sprite: 'top-hat', color: '#2f2b3a', accent: accent(scene, 0) },
        }),
      );
      stage.highlight = 5.6;
    });
    stage.at(5.4, () => {
      const head = settled[2];
      if (head && head.rigid.translation().y > 2.2) confetti(stage, 5.4, 0, 4.4, random.fork('confetti'));
    });
    addOnlookers(stage, [-1.75, 1.75, -2.6], 1.25);
    return {
      frame,
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
