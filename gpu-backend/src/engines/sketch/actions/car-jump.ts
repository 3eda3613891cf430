/** A vehicle takes a ramp and lands on the other side; the push that makes it is found by trying. Called through registry.ts. */
import { subjectOf } from '../scene/scene.ts';
import type { Action } from './action.ts';
import { addGround, characters, colorOf } from './common.ts';
import { addVehicle } from './vehicle.ts';

const rampLength = 3.4;
const rampHeight = 1.25;
const start = -8.5;

export const carJump: Action = {
  trialSeconds: 9,
  *attempts(scene) {
    const pull = Math.sqrt(scene.gravity / 9.81);
    for (const speed of [9.5, 10, 9, 10.5, 8.5, 11, 11.5, 8, 12, 12.5]) yield [speed * pull];
  },
  build(stage, random, [speed = 9]) {
    const { scene } = stage;
    addGround(stage, 0, 'road');
    const gap = 5.2;
    const landing = rampLength + gap;
    const wood = '#b98550';
    for (const [x0, points] of [
      [
        0,
        [
          [0, 0],
          [rampLength * 0.5, rampHeight * 0.38],
          [rampLength, rampHeight],
          [rampLength, 0],
        ],
      ],
      [
        landing,
        [
          [0, 0],
          [0, rampHeight * 0.86],
          [rampLength * 0.55, rampHeight * 0.34],
          [rampLength * 1.3, 0],
        ],
      ],
    ] as const) {
      stage.add({
        name: 'ramp',
        mode: 'fixed',
        // Both ramps are convex from above only in parts, so each is two wedges.
        shape: {
          kind: 'compound',
          parts: [
            {
              shape: {
                kind: 'polygon',
                points:
                  x0 === 0
                    ? [points[0], points[1], [points[1][0], 0]]
                    : [points[0], points[1], points[2], [points[2][0], 0]],
              },
              x: 0,
              y: 0,
              angle: 0,
            },
            {
              shape: {
                kind: 'polygon',
                points:
                  x0 === 0
                    ? [[points[1][0], 0], points[1], points[2], points[3]]
                    : [[points[2][0], 0], points[2], points[3]],
              },
              x: 0,
              y: 0,
              angle: 0,
            },
          ],
        },
        x: x0,
        y: 0,
        material: 'wood',
        friction: 0.9,
        look: { sprite: 'none', color: wood, hidden: true },
      });
      stage.solids.push({ points: points.map(([x, y]) => [x + x0, y] as const), color: wood, kind: 'wood' });
    }
    for (let i = 0; i < 6; i++) {
      stage.add({
        name: 'crate',
        mode: 'dynamic',
        shape: { kind: 'box', halfWidth: 0.34, halfHeight: 0.34, round: 0.02 },
        x: rampLength + 1.1 + (i % 3) * 0.86,
        y: 0.34 + Math.floor(i / 3) * 0.69,
        material: 'wood',
        look: {
          sprite: random.chance(0.5) ? 'crate' : 'barrel',
          color: random.chance(0.5) ? '#c08a4e' : colorOf(scene, undefined, i),
        },
      });
    }
    const rider = characters(scene, 1)[0]?.kind ?? '';
    const { body, wheels } = addVehicle(stage, subjectOf(scene, 'vehicle'), start, rider);
    const mass = body.mass + wheels.reduce((m, w) => m + w.mass, 0);
    let flying = false;
    let landedAt = -1;
    stage.each((time) => {
      const p = body.rigid.translation();
      const v = body.rigid.linvel();
      const onGround = wheels.some((w) => stage.touching(w));
      if (time > 0.7 && p.x < rampLength && onGround)
        stage.push(body, mass * Math.max(0, Math.min(7, (speed - v.x) * 2.6)), 0);
      if (p.x > rampLength && !flying && !onGround) {
        flying = true;
        stage.highlight = time + 0.35;
        stage.events.push({
          time,
          kind: 'launch',
          materials: ['metal', 'air'],
          impulse: mass * 0.2,
          size: 1.6,
          x: p.x,
          y: p.y,
          names: [body.spec.name, 'air'],
        });
      }
      // The driver leans: a small torque towards level while in the air.
      if (flying && landedAt < 0)
        stage.push(
          body,
          0,
          0,
          -body.rigid.rotation() * body.mass * 3.2 - body.rigid.angvel() * body.mass * 1.1,
        );
      if (flying && landedAt < 0 && onGround && p.x > landing - 0.5) landedAt = time;
      if (landedAt > 0) stage.push(body, -v.x * mass * 0.75, 0);
      stage.level(
        'engine',
        'engine',
        'metal',
        time < 0.2 ? 0.2 : Math.min(1, 0.3 + Math.abs(v.x) * 0.06 + (flying && landedAt < 0 ? 0.2 : 0)),
        body,
      );
      stage.level('roll', 'roll', 'rubber', onGround ? Math.min(1, Math.abs(v.x) / 14) : 0, body);
      if (onGround && Math.abs(v.x) > 2 && Math.round(time / stage.dt) % 24 === 0) {
        const back = wheels[0]?.rigid.translation() ?? p;
        stage.effects.push({
          kind: 'smoke',
          time,
          x: back.x - 0.3,
          y: back.y - 0.2,
          strength: 0.5,
          color: '#d9cdb8',
          direction: 2.6,
        });
      }
    });
    return {
      frame: { x: -2.9, y: -0.3, width: 6.2, height: 3.6 },
      follow: [body],
      followBy: [1, 0.5],
      shake: 0.5,
      settled: () => landedAt > 0 && stage.time > landedAt + 0.9,
      judge() {
        const p = body.rigid.translation();
        const upright = Math.abs(body.rigid.rotation()) < 0.45;
        // Landed on the ramp and rolled on, not stopped by its edge.
        const over = landedAt > 0 && p.x > landing + 1.6;
        return (
          (upright ? 0.5 : 0) + (over ? 0.5 : Math.max(0, Math.min(0.4, (p.x - rampLength) / (gap * 3))))
        );
      },
    };
  },
};
