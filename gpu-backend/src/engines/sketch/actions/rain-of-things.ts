/** Things fall from the sky and pile up. Called through registry.ts. */
import { accent, isPortrait, type Subject } from '../scene/scene.ts';
import type { Action } from './action.ts';
import { aboveFrame, addGround, addOnlookers, characterSpec, colorOf } from './common.ts';

const soft = new Set(['leaf']);
const usual = ['apple', 'orange', 'watermelon', 'strawberry', 'lemon', 'donut'] as const;

export const rainOfThings: Action = {
  build(stage, random) {
    const { scene } = stage;
    addGround(stage);
    const falling: Subject[] = scene.subjects.filter(
      (s) => s.class === 'fruit' || s.class === 'ball' || (s.class === 'thing' && s.kind !== 'umbrella'),
    );
    const creatures = scene.subjects.filter((s) => s.class === 'creature');
    const cast: Subject[] =
      falling.length > 0
        ? falling.flatMap((s) => (s.kind === 'fruit' ? usual.map((kind) => ({ ...s, kind })) : [s]))
        : creatures.length > 0
          ? creatures
          : usual.map((kind) => ({ kind, class: 'fruit' as const }));
    const watchers = falling.length > 0;
    const asked = cast.reduce((n, s) => n + (s.count ?? 0), 0);
    const count = Math.max(3, Math.min(cast[0]?.class === 'creature' ? 16 : 46, asked || 34));
    const wide = isPortrait(scene) ? 5.2 : 9;
    const top = isPortrait(scene) ? 9.5 : 6.6;
    const frame = { x: -wide / 2, y: -0.3, width: wide, height: top - 1 };
    for (let i = 0; i < count; i++) {
      const subject = cast[i % cast.length] ?? { kind: 'apple', class: 'fruit' as const };
      const x =
        i < 5 ? -wide / 2 + 0.7 + (i * (wide - 1.4)) / 4 : random.range(-wide / 2 + 0.4, wide / 2 - 0.5);
      const at = i < 5 ? 0 : (i / count) * scene.seconds * 0.72;
      const y = i < 5 ? random.range(2.5, top) : aboveFrame(scene, frame) + 0.6;
      const spin = random.range(-4, 4);
      const size =
        random.range(0.24, 0.36) * (subject.kind === 'watermelon' || subject.kind === 'pumpkin' ? 1.4 : 1);
      const color =
        subject.kind === 'leaf' && !subject.color ? accent(scene, i % 3) : colorOf(scene, subject, i);
      stage.at(at, () => {
        if (subject.class === 'creature') {
          const height = random.range(0.8, 1.05);
          stage.add({
            ...characterSpec(scene, subject, x, height, i),
            y,
            lockRotation: true,
            restitution: 0.35,
            velocity: [0, -3],
          });
          return;
        }
        const boxy = ['gift', 'crate', 'brick', 'book', 'block'].includes(subject.kind);
        const body = stage.add({
          name: subject.kind,
          mode: 'dynamic',
          shape: soft.has(subject.kind)
            ? { kind: 'box', halfWidth: size * 0.8, halfHeight: size * 0.32 }
            : boxy
              ? { kind: 'box', halfWidth: size, halfHeight: size * 0.9, round: 0.03 }
              : { kind: 'circle', radius: size },
          x,
          y,
          angle: random.range(-3, 3),
          material: soft.has(subject.kind)
            ? 'paper'
            : boxy
              ? 'wood'
              : ['orange', 'lemon', 'ball', 'beach-ball', 'football', 'basketball', 'tennis-ball'].includes(
                    subject.kind,
                  )
                ? 'rubber'
                : subject.kind === 'star'
                  ? 'metal'
                  : 'flesh',
          restitution: subject.kind === 'orange' ? 0.45 : subject.class === 'ball' ? 0.7 : 0.2,
          density: 40,
          velocity: [scene.wind * 0.25, -3.4],
          spin,
          look: { sprite: subject.kind, color, accent: accent(scene, i + 1) },
        });
        stage.each((time) => {
          if (soft.has(subject.kind)) {
            stage.air(body, 4.5);
            stage.push(body, Math.sin(time * 2.3 + i) * body.mass * 2.4, 0);
          } else stage.air(body, 0.1);
        });
      });
    }
    for (const side of [-1, 1]) {
      stage.add({
        name: 'wall',
        mode: 'fixed',
        shape: { kind: 'box', halfWidth: 0.1, halfHeight: 22 },
        x: side * (wide / 2 + 0.5),
        y: 21,
        material: 'plastic',
        silent: true,
        look: { sprite: 'none', color: '#000000', hidden: true },
      });
    }
    stage.highlight = scene.seconds * 0.55;
    if (watchers) addOnlookers(stage, [-1.1, 1.2, 0.1], 1.35);
    return { frame };
  },
};
