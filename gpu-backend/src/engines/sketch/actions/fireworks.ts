/** Shells are fired, slow down as they climb, and burst at the top. Called through registry.ts. */
import { accent, isPortrait } from '../scene/scene.ts';
import type { Action } from './action.ts';
import { addGround, addOnlookers } from './common.ts';

export const fireworks: Action = {
  build(stage, random) {
    const { scene } = stage;
    addGround(stage);
    const top = isPortrait(scene) ? 12.5 : 7.2;
    const wide = isPortrait(scene) ? 7.6 : 12.5;
    const every = scene.tone === 'calm' ? 0.95 : 0.55;
    let n = 0;
    for (let at = 0.35; at < scene.seconds - 1; at += every * random.range(0.55, 1.3)) {
      const i = n++;
      const color = accent(scene, i);
      const x = random.range(-0.36, 0.34) * wide;
      const height = top * random.range(0.6, isPortrait(scene) ? 0.95 : 0.84);
      const size = random.range(1, 1.75);
      const drift = random.range(-0.6, 0.6);
      stage.at(at, () => {
        const shell = stage.add({
          name: 'rocket',
          mode: 'dynamic',
          shape: { kind: 'circle', radius: 0.09 },
          x,
          y: 0.12,
          material: 'paper',
          density: 60,
          silent: true,
          groups: { member: 2, meets: 2 },
          look: { sprite: 'shell', color },
        });
        const speed = Math.sqrt(2 * scene.gravity * height);
        stage.launch(shell, drift, speed);
        stage.events.push({
          time: stage.time,
          kind: 'launch',
          materials: ['paper', 'air'],
          impulse: 2.2,
          size: 0.3,
          x,
          y: 0.2,
          names: ['rocket', 'air'],
        });
        const fuse = stage.time + (speed / scene.gravity) * 0.94;
        let done = false;
        let lastSpark = 0;
        stage.each((time) => {
          if (done) return;
          const p = shell.rigid.translation();
          if (time - lastSpark > 0.05) {
            lastSpark = time;
            stage.effects.push({
              kind: 'sparks',
              time,
              x: p.x,
              y: p.y,
              strength: 0.32,
              color: '#ffd9a0',
              direction: -Math.PI / 2,
            });
          }
          if (time < fuse) return;
          done = true;
          stage.remove(shell);
          stage.effects.push(
            { kind: 'burst', time, x: p.x, y: p.y, strength: size, color },
            { kind: 'flash', time, x: p.x, y: p.y, strength: size, color },
          );
          if (size > 1.2)
            stage.effects.push({
              kind: 'burst',
              time: time + 0.06,
              x: p.x,
              y: p.y,
              strength: size * 0.55,
              color: accent(scene, i + 2),
            });
          stage.events.push({
            time,
            kind: 'burst',
            materials: ['paper', 'air'],
            impulse: 24 * size,
            size: 1.6 * size,
            x: p.x,
            y: p.y,
            names: ['firework', 'air'],
          });
          if (stage.highlight === 0 && time > 1.8) stage.highlight = time + 0.3;
        });
      });
    }
    addOnlookers(stage, [-1.4, 1.4, 0, -2.6], isPortrait(scene) ? 1.7 : 1.5);
    return { frame: { x: -wide / 2, y: -0.3, width: wide, height: top } };
  },
};
