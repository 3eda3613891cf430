/**
 * A shot at the hoop. Success: off the rim and the backboard and in; a miss rebounds. Both are found by trying launches in the
 * real simulation. Called through registry.ts.
 */

import { isPortrait, type Scene } from '../scene/scene.ts';
import type { Action } from './action.ts';
import { addGround, ballKind, characterSpec, characters, hold, throwTo } from './common.ts';
import { confetti } from './flourish.ts';

const ballRadius = 0.27;
const rimWidth = 1.02;
const rimFront = 1.15;
const boardX = rimFront + rimWidth + 0.22;
const release = 1.1;

const rimHeight = (scene: Scene): number => (isPortrait(scene) ? 4.7 : 3.5) * (scene.gravity < 5 ? 1.15 : 1);
const hand = (): readonly [number, number] => [-2.05, 1.75];

export const basketball: Action = {
  trialSeconds: 9,
  *attempts(scene, random) {
    const height = rimHeight(scene);
    const turn = random.next();
    // Aim and apex spread evenly over all shots that reach the hoop (additive recurrence with the plastic number).
    for (let i = 0; i < 170; i++) {
      const u = (turn + i * 0.7548776662) % 1;
      const v = (turn * 1.7 + i * 0.569840291) % 1;
      yield [rimFront - 0.25 + u * (boardX - rimFront + 0.35), height + 0.7 + v * 1.9];
    }
  },
  build(stage, random, [aim = rimFront + rimWidth / 2, apex = 6]) {
    const { scene } = stage;
    const height = rimHeight(scene);
    addGround(stage, 0, 'floor');
    const kind = ballKind(scene, 'basketball');
    const metal = {
      mode: 'fixed' as const,
      material: 'metal' as const,
      restitution: 0.55,
      look: { sprite: 'rim-point', color: '#e8502a' as const, layer: 2, hidden: true },
    };
    const front = stage.add({
      ...metal,
      name: 'rim',
      shape: { kind: 'circle', radius: 0.045 },
      x: rimFront,
      y: height,
    });
    const back = stage.add({
      ...metal,
      name: 'rim',
      shape: { kind: 'circle', radius: 0.045 },
      x: rimFront + rimWidth,
      y: height,
    });
    const board = stage.add({
      name: 'backboard',
      mode: 'fixed',
      shape: { kind: 'box', halfWidth: 0.07, halfHeight: 0.85 },
      x: boardX,
      y: height + 0.62,
      material: 'glass',
      restitution: 0.6,
      look: { sprite: 'backboard', color: '#f4f2ec', accent: '#e8502a', layer: -2 },
    });
    stage.add({
      name: 'pole',
      mode: 'kinematic',
      shape: { kind: 'none', width: 0.9, height },
      x: boardX + 0.42,
      y: height / 2 + 0.3,
      material: 'metal',
      look: { sprite: 'hoop-pole', color: scene.palette.structure, layer: -3 },
    });
    stage.add({
      name: 'net',
      mode: 'kinematic',
      shape: { kind: 'none', width: rimWidth, height: 0.95 },
      x: rimFront + rimWidth / 2,
      y: height - 0.45,
      material: 'fabric',
      look: { sprite: 'net', color: '#f7f3ea', accent: '#e8502a', layer: 3 },
    });

    const [shooter = { kind: 'person', class: 'creature' as const }] = characters(scene, 1);
    const [hx, hy] = hand();
    const spec = characterSpec(scene, shooter, hx - 0.5, 1.5, 1);
    const thrower = stage.add({
      ...spec,
      groups: { member: 2, meets: 2 },
      silent: true,
      look: { ...spec.look, layer: -1 },
    });

    let held = true;
    const ball = stage.add({
      name: kind.name === 'basketball' ? 'ball' : kind.name,
      mode: 'dynamic',
      shape: { kind: 'circle', radius: ballRadius },
      x: hx,
      y: hy,
      material: kind.material,
      restitution: 0.74,
      angularDamping: 0.3,
      look: { sprite: kind.sprite, color: kind.color, layer: 1 },
    });
    stage.each((time) => {
      if (!held) return;
      const dip = Math.sin(Math.min(1, Math.max(0, (time - release + 0.7) / 0.7)) * Math.PI) * 0.35;
      hold(stage, ball, hx, hy - dip);
    });
    stage.at(release - 0.12, () =>
      stage.kick(thrower, 0, thrower.mass * 2.2 * Math.sqrt(scene.gravity / 9.81)),
    );
    stage.at(release, () => {
      held = false;
      const p = ball.rigid.translation();
      const { vx, vy } = throwTo([p.x, p.y], [aim, height + ballRadius * 0.4], apex, scene.gravity);
      stage.launch(ball, vx, vy);
      stage.kick(ball, 0, 0, ball.mass * ballRadius * ballRadius * 2.5);
      stage.events.push({
        time: release,
        kind: 'launch',
        materials: ['flesh', kind.material],
        impulse: ball.mass * vy * 0.2,
        size: 0.5,
        x: p.x,
        y: p.y,
        names: [shooter.kind, 'ball'],
      });
    });

    const seen = { rim: false, board: false, scored: false, settled: false };
    let above = false;
    stage.each((time) => {
      if (held) return;
      const p = ball.rigid.translation();
      const v = ball.rigid.linvel();
      if (stage.heard(ball, front) || stage.heard(ball, back)) seen.rim = true;
      if (stage.heard(ball, board)) seen.board = true;
      const inside = p.x > rimFront && p.x < rimFront + rimWidth;
      if (p.y > height) above = inside;
      // The net brakes: drag while the ball is inside it.
      if (inside && above && p.y < height && p.y > height - 0.8) {
        stage.push(
          ball,
          -v.x * ball.mass * 4 - (p.x - rimFront - rimWidth / 2) * ball.mass * 20,
          v.y < -1.5 ? -v.y * ball.mass * 3.5 : 0,
        );
        if (!seen.scored && p.y < height - 0.3) {
          seen.scored = true;
          stage.highlight = time;
          stage.events.push({
            time,
            kind: 'impact',
            materials: ['rubber', 'fabric'],
            impulse: ball.mass * 1.2,
            size: 0.6,
            x: p.x,
            y: p.y,
            names: ['ball', 'net'],
          });
          confetti(stage, time, rimFront + rimWidth / 2, height + 0.2, random.fork('confetti'));
          stage.at(time + 0.25, () =>
            stage.kick(thrower, 0, thrower.mass * 3 * Math.sqrt(scene.gravity / 9.81)),
          );
        }
      }
      if (v.y < 0 && p.y < height - 1) seen.settled = true;
      if (seen.board && stage.highlight === 0) stage.highlight = time;
    });
    return {
      frame: { x: -3.25, y: -0.35, width: boardX + 1.0 + 3.25, height: height + 2.2 },
      follow: [ball],
      followBy: [0.12, 0.25],
      shake: 0.1,
      settled: () => seen.settled,
      judge() {
        if (scene.outcome === 'miss')
          return seen.scored ? 0 : seen.rim && seen.board ? 1 : seen.rim ? 0.8 : 0.2;
        return (seen.scored ? 0.6 : 0) + (seen.rim ? 0.2 : 0) + (seen.board ? 0.2 : 0);
      },
    };
  },
};
