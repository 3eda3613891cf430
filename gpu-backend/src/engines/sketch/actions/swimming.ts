/** Swimmers push themselves through water that carries their weight and brakes them. Called through registry.ts. */
import type { StageBody } from '../physics/stage.ts';
import { accent, isPortrait, type Subject } from '../scene/scene.ts';
import type { Action } from './action.ts';
import { addGround, colorOf } from './common.ts';

const sizes: Readonly<Record<string, readonly [number, number]>> = {
  fish: [0.5, 0.3],
  whale: [1.5, 0.72],
  shark: [1.3, 0.42],
  jellyfish: [0.5, 0.55],
  octopus: [0.62, 0.6],
  turtle: [0.72, 0.42],
  submarine: [1.3, 0.56],
};

export const swimming: Action = {
  build(stage, random) {
    const { scene } = stage;
    addGround(stage, 0, 'sea floor');
    const named = scene.subjects.filter((s) => sizes[s.kind] || s.class === 'creature');
    const lead: Subject = named[0] ?? {
      kind: random.pick(['turtle', 'whale', 'octopus', 'submarine', 'jellyfish']),
      class: 'creature',
    };
    const cast: Subject[] = [lead, ...named.slice(1)].flatMap((s) =>
      Array.from({ length: Math.min(8, s.count ?? 1) }, () => s),
    );
    const wide = isPortrait(scene) ? 5 : 8;
    const top = isPortrait(scene) ? 8 : 4.8;
    const swimmers: { body: StageBody; speed: number; depth: number; phase: number; beat: number }[] = [];
    const add = (
      subject: Subject,
      x: number,
      depth: number,
      scale: number,
      speed: number,
      layer: number,
    ): void => {
      const [halfWidth, halfHeight] = sizes[subject.kind] ?? [0.5, 0.62];
      const known = sizes[subject.kind] !== undefined;
      swimmers.push({
        body: stage.add({
          name: subject.name ?? subject.kind,
          mode: 'dynamic',
          shape: {
            kind: 'box',
            halfWidth: halfWidth * scale,
            halfHeight: halfHeight * scale,
            round: Math.min(halfWidth, halfHeight) * scale * 0.6,
          },
          x,
          y: depth,
          material: 'flesh',
          density: 60,
          linearDamping: 0.4,
          angularDamping: 3,
          groups: layer < 0 ? { member: 2, meets: 2 } : { member: 1, meets: 1 },
          silent: layer < 0,
          look: {
            sprite: known ? subject.kind : 'character',
            ...(known ? {} : { detail: subject.kind }),
            color: colorOf(scene, subject, swimmers.length),
            accent: accent(scene, swimmers.length + 1),
            layer,
          },
        }),
        speed,
        depth,
        phase: random.range(0, 6.28),
        beat: random.range(1.5, 2.4) / scale,
      });
    };
    for (const [i, subject] of cast.entries())
      add(
        subject,
        -0.6 - i * 1.1,
        top * (0.5 - 0.1 * (i % 3) + 0.09 * i),
        i === 0 ? 1.15 : 0.9,
        0.85 - i * 0.03,
        1,
      );
    const shoal = 10;
    for (let i = 0; i < shoal; i++) {
      add(
        { kind: 'fish', class: 'creature', color: accent(scene, 1 + (i % 2)) },
        random.range(-3, 4),
        top * random.range(0.3, 0.85),
        random.range(0.32, 0.55),
        random.range(0.5, 1),
        -1,
      );
    }
    let lastBubbles = -1;
    stage.each((time) => {
      for (const s of swimmers) {
        const v = s.body.rigid.linvel();
        const p = s.body.rigid.translation();
        const m = s.body.mass;
        const stroke = Math.max(0, Math.sin(time * s.beat * Math.PI + s.phase));
        const depth = s.depth + Math.sin(time * 0.6 + s.phase) * 0.5;
        stage.push(
          s.body,
          m * (stroke * 2.4 * s.speed - v.x * 1.1 + 0.3),
          m * (scene.gravity + (depth - p.y) * 1.4 - v.y * 1.6),
        );
        const pitch = Math.max(-0.4, Math.min(0.4, v.y * 0.4));
        stage.push(
          s.body,
          0,
          0,
          m * s.body.size * s.body.size * ((pitch - s.body.rigid.rotation()) * 9 - s.body.rigid.angvel() * 2),
        );
      }
      const hero = swimmers[0];
      if (hero && time - lastBubbles > 0.55) {
        lastBubbles = time;
        const p = hero.body.rigid.translation();
        stage.effects.push({
          kind: 'bubbles',
          time,
          x: p.x + hero.body.size * 0.35,
          y: p.y + 0.2,
          strength: 1,
          color: '#dffcff',
        });
        if (Math.round(time / 0.55) % 3 === 0)
          stage.events.push({
            time,
            kind: 'splash',
            materials: ['air', 'water'],
            impulse: 0.8,
            size: 0.3,
            x: p.x,
            y: p.y,
            names: ['bubbles', 'water'],
          });
      }
      stage.level('water', 'water', 'water', 0.25);
    });
    stage.highlight = scene.seconds * 0.45;
    return {
      frame: { x: -wide / 2, y: 0.2, width: wide, height: top - 0.6 },
      follow: swimmers.slice(0, 1).map((s) => s.body),
      followBy: [0.85, 0.2],
    };
  },
};
