/** A heavy ball down the lane into the pins. Called through registry.ts. */
import { accent } from '../scene/scene.ts';
import type { Action } from './action.ts';
import { addGround, ballKind, characterSpec, characters, hold } from './common.ts';
import { confetti } from './flourish.ts';

const release = 1;

export const bowling: Action = {
  build(stage, random) {
    const { scene } = stage;
    addGround(stage, 0, 'lane');
    const pins = Array.from({ length: 6 }, (_, i) =>
      stage.add({
        name: 'pin',
        mode: 'dynamic',
        shape: {
          kind: 'compound',
          parts: [
            {
              shape: { kind: 'box', halfWidth: 0.1, halfHeight: 0.24, round: 0.03 },
              x: 0,
              y: -0.26,
              angle: 0,
            },
            { shape: { kind: 'circle', radius: 0.17 }, x: 0, y: -0.16, angle: 0 },
            { shape: { kind: 'box', halfWidth: 0.08, halfHeight: 0.2 }, x: 0, y: 0.15, angle: 0 },
            { shape: { kind: 'circle', radius: 0.13 }, x: 0, y: 0.36, angle: 0 },
          ],
        },
        x: 2.1 + i * 0.5,
        y: 0.5,
        material: 'wood',
        density: 30,
        restitution: 0.5,
        friction: 0.5,
        // Every other pin stands behind: two rows in depth that pass each other, as pins do.
        groups: { member: i % 2 ? 8 : 16, meets: i % 2 ? 0x000b : 0x0013 },
        look: { sprite: 'pin', color: '#f8f4ea', accent: accent(scene, 0), layer: i % 2 ? -0.2 : 0.2 },
      }),
    );
    const [bowler = { kind: 'person', class: 'creature' as const }] = characters(scene, 1);
    const spec = characterSpec(scene, bowler, -3.35, 1.5, 1);
    stage.add({ ...spec, groups: { member: 2, meets: 2 }, silent: true, look: { ...spec.look, layer: -1 } });
    const kind = ballKind(scene, 'bowling-ball');
    const radius = 0.31;
    const speed = 7.6;
    const ball = stage.add({
      name: kind.name === 'bowling ball' ? 'ball' : kind.name,
      mode: 'dynamic',
      shape: { kind: 'circle', radius },
      x: -2.7,
      y: radius + 0.3,
      material: kind.material,
      density: 170,
      restitution: 0.15,
      friction: 0.3,
      groups: { member: 1, meets: 0x0019 },
      look: { sprite: kind.sprite, color: kind.color, layer: 1 },
    });
    let held = true;
    stage.each((time) => {
      // The arm swings back, then forward, and lets go.
      if (held) hold(stage, ball, -2.7 - 0.5 * Math.sin(Math.min(1, time / release) * Math.PI), radius + 0.3);
    });
    stage.at(release, () => {
      held = false;
      stage.launch(ball, speed, -0.4);
      const { x, y } = ball.rigid.translation();
      stage.events.push({
        time: release,
        kind: 'launch',
        materials: ['flesh', kind.material],
        impulse: ball.mass * 0.4,
        size: 0.7,
        x,
        y,
        names: [bowler.kind, 'ball'],
      });
    });
    stage.add({
      name: 'wall',
      mode: 'fixed',
      shape: { kind: 'box', halfWidth: 0.12, halfHeight: 1.2, round: 0.05 },
      x: 7.6,
      y: 1.2,
      material: 'fabric',
      look: { sprite: 'plank-upright', color: scene.palette.structure },
    });
    let struck = false;
    stage.each((time) => {
      const x = ball.rigid.translation().x;
      stage.level(
        'roll',
        'roll',
        kind.material,
        stage.touching(ball) ? Math.min(1, Math.abs(ball.rigid.angvel()) / 16) : 0,
        ball,
      );
      if (!struck && x > 1.5) {
        struck = true;
        stage.highlight = time + 0.45;
      }
    });
    stage.at(3.6, () => {
      const down = pins.filter((p) => Math.abs(p.rigid.rotation()) > 0.5).length;
      if (down >= 4) confetti(stage, 3.6, 3, 2, random.fork('confetti'));
    });
    return {
      frame: { x: -2.4, y: -0.3, width: 5.6, height: 3.4 },
      follow: [ball],
      followBy: [0.55, 0],
      shake: 0.4,
    };
  },
};
