/** A growing row of dominoes set off by a rolling ball; the last opens a gift. Called through registry.ts. */

import type { StageBody } from '../physics/stage.ts';
import { accent, subjectNamed } from '../scene/scene.ts';
import type { Action } from './action.ts';
import { addGround, addOnlookers, ballKind, colorOf } from './common.ts';
import { confetti } from './flourish.ts';

export const dominoes: Action = {
  build(stage, random) {
    const { scene } = stage;
    addGround(stage, 0, 'floor');
    const asked = subjectNamed(scene, 'domino');
    const count = Math.max(5, Math.min(28, asked?.count ?? (scene.seconds > 7 ? 17 : 12)));
    const growth = count > 18 ? 1.025 : 1.065;
    const pieces: StageBody[] = [];
    let x = 0;
    let height = 0.78;
    for (let i = 0; i < count; i++) {
      pieces.push(
        stage.add({
          name: 'domino',
          mode: 'dynamic',
          shape: { kind: 'box', halfWidth: height * 0.085, halfHeight: height / 2, round: height * 0.02 },
          x,
          y: height / 2,
          material: 'wood',
          friction: 0.35,
          restitution: 0.05,
          look: { sprite: 'domino', color: asked?.color ?? accent(scene, i), detail: String(1 + (i % 6)) },
        }),
      );
      x += height * 0.56;
      height *= growth;
    }
    const kind = ballKind(scene, 'marble');
    const radius = 0.28;
    const ball = stage.add({
      name: kind.name,
      mode: 'dynamic',
      shape: { kind: 'circle', radius },
      x: -3.4,
      y: radius,
      material: kind.material,
      restitution: 0.2,
      velocity: [1.9 * Math.sqrt(scene.gravity / 9.81) + 0.4, 0],
      spin: -1.9 / radius,
      look: { sprite: kind.sprite, color: kind.color, layer: 1 },
    });
    stage.each(() => {
      if (stage.time < 3)
        stage.level('roll', 'roll', kind.material, Math.abs(ball.rigid.angvel()) / 12, ball);
    });
    const gift = stage.add({
      name: 'gift',
      mode: 'dynamic',
      shape: { kind: 'box', halfWidth: 0.5, halfHeight: 0.42, round: 0.04 },
      x: x + height * 0.32,
      y: 0.42,
      material: 'paper',
      density: 40,
      look: {
        sprite: 'gift',
        color: colorOf(scene, subjectNamed(scene, 'gift'), 0, 'gift'),
        accent: accent(scene, 1),
      },
    });
    const last = pieces.at(-1);
    let opened = false;
    stage.each((time) => {
      if (opened || !last || !stage.touching(last, gift)) return;
      opened = true;
      stage.highlight = Math.max(0.5, time - 0.2);
      const p = gift.rigid.translation();
      stage.events.push({
        time,
        kind: 'burst',
        materials: ['paper', 'air'],
        impulse: 6,
        size: 0.8,
        x: p.x,
        y: p.y,
        names: ['gift', 'confetti'],
      });
      confetti(stage, time, p.x, p.y + 0.4, random.fork('confetti'));
    });
    addOnlookers(stage, [x + 2.2, -1.3, x + 3.2], 1.3);
    // The camera follows the front of the wave: an unseen marker that stands at the last domino that fell.
    const marker = stage.add({
      name: 'front',
      mode: 'kinematic',
      shape: { kind: 'none', width: 0.1, height: 0.1 },
      x: 0.6,
      y: 0.5,
      material: 'air',
      look: { sprite: 'none', color: '#000000', hidden: true },
    });
    stage.each(() => {
      const fallen = pieces.findLast((p) => Math.abs(p.rigid.rotation()) > 0.12);
      const ahead = fallen ? fallen.spec.x + 0.6 : Math.max(0.6, ball.rigid.translation().x + 1.6);
      const now = marker.rigid.translation().x;
      stage.place(marker, now + Math.max(0, Math.min(0.04, ahead - now)), 0.5);
    });
    return {
      frame: { x: -2.1, y: -0.3, width: 5.4, height: 3 },
      follow: [marker],
      followBy: [1, 0],
      shake: 0.15,
    };
  },
};
