/** Something heavy falls on one end of a plank, somebody light flies off the other. Called through registry.ts. */
import { accent, isPortrait, subjectOf } from '../scene/scene.ts';
import type { Action } from './action.ts';
import {
  aboveFrame,
  addGround,
  addOnlookers,
  ballKind,
  characterSpec,
  characters,
  colorOf,
} from './common.ts';
import { confetti } from './flourish.ts';

export const seeSaw: Action = {
  build(stage, random) {
    const { scene } = stage;
    addGround(stage);
    const frame = { x: -2.1 - 1.5, y: -0.3, width: 4.2 + 2.6, height: isPortrait(scene) ? 7.4 : 5.2 };
    const pivotY = 0.62;
    const half = 2.1;
    const fulcrum = stage.add({
      name: 'fulcrum',
      mode: 'fixed',
      shape: {
        kind: 'polygon',
        points: [
          [-0.4, -pivotY],
          [0.4, -pivotY],
          [0, -0.04],
        ],
      },
      x: 0,
      y: pivotY,
      material: 'wood',
      look: { sprite: 'fulcrum', color: accent(scene, 3), layer: 0.5 },
    });
    const tilt = Math.asin((pivotY - 0.1) / half);
    const plank = stage.add({
      name: 'plank',
      mode: 'dynamic',
      shape: { kind: 'box', halfWidth: half, halfHeight: 0.075, round: 0.03 },
      x: 0,
      y: pivotY,
      angle: tilt,
      material: 'wood',
      density: 26,
      angularDamping: 0.6,
      look: { sprite: 'plank', color: '#c48d55', layer: 0.6 },
    });
    stage.hinge(fulcrum, plank, [0, 0], [0, 0]);
    const [flyer] = characters(scene, 1);
    const fruit = subjectOf(scene, 'fruit', 'ball', 'thing');
    const height = 0.95;
    const x = -half + 0.42;
    const seatY = pivotY + Math.sin(tilt) * x + 0.09;
    const light = stage.add(
      flyer || !fruit
        ? {
            ...characterSpec(
              scene,
              flyer ?? { kind: random.pick(['cat', 'chick', 'frog', 'mouse']), class: 'creature' },
              x,
              height,
              1,
            ),
            y: seatY + height / 2 + 0.02,
            density: 34,
            friction: 1,
          }
        : {
            name: fruit.kind,
            mode: 'dynamic',
            shape: { kind: 'circle', radius: 0.34 },
            x,
            y: seatY + 0.36,
            material: 'rubber',
            restitution: 0.5,
            look: { sprite: fruit.kind, color: colorOf(scene, fruit, 0), layer: 1 },
          },
    );
    const kind = ballKind(scene, random.pick(['boulder', 'bowling-ball', 'watermelon']));
    const radius = 0.5;
    stage.at(1.1, () => {
      stage.add({
        name: kind.name,
        mode: 'dynamic',
        shape: { kind: 'circle', radius },
        x: half - 0.45,
        y: aboveFrame(scene, frame) + 0.7,
        material: kind.material === 'rubber' ? 'stone' : kind.material,
        density: 80,
        restitution: 0.1,
        look: { sprite: kind.sprite, color: kind.color, layer: 1 },
      });
    });
    let top = 0;
    let launched = false;
    stage.each((time) => {
      const p = light.rigid.translation();
      const v = light.rigid.linvel();
      if (!launched && v.y > 2.5) {
        launched = true;
        stage.events.push({
          time,
          kind: 'launch',
          materials: ['flesh', 'air'],
          impulse: light.mass * v.y * 0.2,
          size: light.size,
          x: p.x,
          y: p.y,
          names: [light.spec.name, 'air'],
        });
      }
      if (launched && p.y > top) {
        top = p.y;
        if (v.y < 0.6 && stage.highlight === 0) {
          stage.highlight = time;
          confetti(stage, time, p.x, p.y + 0.4, random.fork('confetti'));
        }
      }
    });
    for (let i = 0; i < 5; i++) {
      stage.add({
        name: 'cushion',
        mode: 'dynamic',
        shape: { kind: 'box', halfWidth: 0.42, halfHeight: 0.2, round: 0.14 },
        x: -half - 0.35 - (i % 2) * 0.86,
        y: 0.2 + Math.floor(i / 2) * 0.41,
        material: 'fabric',
        look: { sprite: 'cushion', color: accent(scene, i) },
      });
    }
    addOnlookers(stage, [half + 1.1, -half - 2], 1.2, 1);
    return {
      frame,
      shake: 0.5,
      follow: [light],
      followBy: [0.15, 0.5],
    };
  },
};
