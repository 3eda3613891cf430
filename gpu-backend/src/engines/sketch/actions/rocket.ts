/** Countdown, thrust, lift-off: a force at the nozzle larger than the weight. Called through registry.ts. */
import { isPortrait, subjectNamed } from '../scene/scene.ts';
import type { Action } from './action.ts';
import { addGround, addOnlookers, characters, colorOf } from './common.ts';

export const rocket: Action = {
  build(stage, random) {
    const { scene } = stage;
    addGround(stage, 0, 'pad');
    const named = subjectNamed(scene, 'rocket');
    const crew = characters(scene, 1)[0]?.kind ?? '';
    const body = stage.add({
      name: 'rocket',
      mode: 'dynamic',
      shape: { kind: 'box', halfWidth: 0.5, halfHeight: 1.45, round: 0.2 },
      x: 0,
      y: 1.62,
      material: 'metal',
      density: 90,
      angularDamping: 3,
      look: {
        sprite: 'rocket',
        color: colorOf(scene, named, 0, 'rocket'),
        accent: scene.palette.accents[0],
        detail: crew,
        layer: 1,
      },
    });
    stage.add({
      name: 'tower',
      mode: 'kinematic',
      shape: { kind: 'none', width: 1, height: 4.4 },
      x: -1.55,
      y: 2.2,
      material: 'metal',
      look: { sprite: 'gantry', color: '#c2503f', layer: -1 },
    });
    stage.add({
      name: 'pad',
      mode: 'fixed',
      shape: { kind: 'box', halfWidth: 1.1, halfHeight: 0.08 },
      x: 0,
      y: 0.08,
      material: 'metal',
      look: { sprite: 'plank', color: '#6d7282', layer: -0.5 },
    });
    const ignition = 1;
    const liftoff = 2;
    let shown = false;
    stage.each((time) => {
      if (time < ignition) return;
      const power = Math.min(1, (time - ignition) / (liftoff - ignition));
      const thrust =
        body.mass *
        (scene.gravity * power + (time > liftoff ? Math.min(3.4, 1.2 + (time - liftoff) * 0.8) : 0)) *
        (power < 1 ? 0.9 : 1);
      const angle = body.rigid.rotation();
      const p = body.rigid.translation();
      stage.push(
        body,
        -Math.sin(angle) * thrust,
        Math.cos(angle) * thrust,
        -angle * body.mass * 4 - body.rigid.angvel() * body.mass * 2,
      );
      stage.air(body, 0.2, 0);
      stage.level('engine', 'engine', 'metal', 0.35 + 0.65 * power, body);
      const step = Math.round(time / stage.dt);
      const nozzleX = p.x + Math.sin(angle) * 1.6;
      const nozzleY = p.y - Math.cos(angle) * 1.6;
      if (step % 8 === 0)
        stage.effects.push({
          kind: 'flame',
          time,
          x: nozzleX,
          y: nozzleY + 0.1,
          strength: 0.7 + 0.7 * power,
          color: '#ff8a2a',
          direction: -Math.PI / 2,
        });
      if (step % 14 === 0) {
        const low = nozzleY < 3;
        stage.effects.push({
          kind: 'smoke',
          time,
          x: nozzleX + random.range(-0.2, 0.2),
          y: Math.max(0.2, nozzleY - (low ? 0.3 : 0.9)),
          strength: low ? 1.5 : 1,
          color: '#efe6dc',
          direction: low ? (random.chance(0.5) ? 0.15 : Math.PI - 0.15) : -Math.PI / 2,
        });
      }
      if (!shown && time > liftoff && p.y > 2) {
        shown = true;
        stage.highlight = time + 0.5;
        stage.events.push({
          time: liftoff,
          kind: 'launch',
          materials: ['metal', 'air'],
          impulse: body.mass,
          size: 3,
          x: p.x,
          y: p.y,
          names: ['rocket', 'pad'],
        });
      }
    });
    addOnlookers(stage, [1.9, 2.6, -2.5], 1.2);
    return {
      frame: { x: -2.8, y: -0.3, width: 5.6, height: isPortrait(scene) ? 7.4 : 5 },
      follow: [body],
      followBy: [0.2, 0.9],
      shake: 0.3,
    };
  },
};
