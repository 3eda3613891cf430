/** Marbles roll down a zigzag of rails into a cup, ringing pegs on the way. Called through registry.ts. */
import { accent, isPortrait, subjectOf } from '../scene/scene.ts';
import type { Action } from './action.ts';
import { aboveFrame, addGround, addOnlookers, ballKind } from './common.ts';

export const marbleRun: Action = {
  build(stage, random) {
    const { scene } = stage;
    addGround(stage, 0, 'floor');
    const tall = isPortrait(scene);
    const levels = tall ? 4 : 3;
    const half = tall ? 1.75 : 2.2;
    const rise = tall ? 1.72 : 1.5;
    const slope = tall ? 0.28 : 0.2;
    const base = 1.35;
    const frame = { x: -half - 0.95, y: -0.3, width: 2 * half + 1.9, height: base + levels * rise + 0.9 };
    const rail = { material: 'wood' as const, friction: 0.35, restitution: 0.2 };
    for (let i = 0; i < levels; i++) {
      const way = (levels - i) % 2 === 0 ? 1 : -1;
      const y = base + i * rise;
      stage.add({
        name: 'rail',
        mode: 'fixed',
        shape: { kind: 'box', halfWidth: half, halfHeight: 0.08, round: 0.05 },
        x: -way * 0.42,
        y,
        angle: -way * slope,
        ...rail,
        look: { sprite: 'plank', color: accent(scene, i), layer: -0.4 },
      });
      stage.add({
        name: 'bumper',
        mode: 'fixed',
        shape: { kind: 'box', halfWidth: 0.07, halfHeight: 0.5, round: 0.05 },
        x: way * (half + 0.52),
        y: y - rise * 0.1,
        ...rail,
        restitution: 0.45,
        look: { sprite: 'plank-upright', color: accent(scene, i + 2), layer: -0.4 },
      });
      if (i > 0 && i < levels - 1 && random.chance(0.6)) {
        stage.add({
          name: 'bell',
          mode: 'fixed',
          shape: { kind: 'circle', radius: 0.1 },
          x: random.range(-half * 0.4, half * 0.4),
          y: y + 0.2 + 0.62,
          material: 'metal',
          restitution: 0.6,
          look: { sprite: 'bell', color: '#f2c14e', layer: -0.3 },
        });
      }
    }
    // The last rail slopes to the side where the cup stands.
    const cupX = levels % 2 === 0 ? half + 0.1 : -half - 0.1;
    for (const [dx, y, w, h] of [
      [-0.72, 0.42, 0.06, 0.42],
      [0.72, 0.42, 0.06, 0.42],
      [0, 0.06, 0.78, 0.06],
    ] as const) {
      stage.add({
        name: 'cup',
        mode: 'fixed',
        shape: { kind: 'box', halfWidth: w, halfHeight: h, round: 0.04 },
        x: cupX * 0.72 + dx,
        y,
        material: 'metal',
        restitution: 0.3,
        look: { sprite: h > w ? 'plank-upright' : 'plank', color: accent(scene, 1), layer: 2 },
      });
    }
    const kind = ballKind(scene, 'marble');
    const named = subjectOf(scene, 'ball', 'fruit');
    const count = Math.max(1, Math.min(9, named?.count ?? 5));
    // The top rail falls to the left, so marbles come in over its right end.
    const startX = half - 0.25;
    const marbles = Array.from({ length: count }, (_, i) => ({
      i,
      at: 0.4 + i * (Math.min(4.5, scene.seconds * 0.42) / count),
    }));
    for (const { i, at } of marbles) {
      stage.at(at, () => {
        const radius = 0.17 + 0.02 * (i % 3);
        const ball = stage.add({
          name: kind.name,
          mode: 'dynamic',
          shape: { kind: 'circle', radius },
          x: startX + random.range(0, 0.12),
          y: aboveFrame(scene, frame) + 0.4,
          material: kind.material,
          restitution: 0.35,
          friction: 0.5,
          look: {
            sprite: kind.sprite,
            color: named?.color ?? (kind.sprite === 'marble' ? accent(scene, i) : kind.color),
            layer: 0.5,
          },
        });
        stage.each(() =>
          stage.level(
            `roll${i}`,
            'roll',
            kind.material,
            stage.touching(ball) ? Math.min(0.9, Math.abs(ball.rigid.angvel()) / 22) : 0,
            ball,
          ),
        );
      });
    }
    stage.highlight = Math.min(scene.seconds * 0.5, 3.6);
    addOnlookers(stage, [-cupX * 0.8, -cupX * 0.35], 0.95);
    return { frame };
  },
};
