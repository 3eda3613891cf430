/**
 * A cascade: each ball is carried by a hand as a spring force, thrown so that gravity brings it to the other hand in time, and
 * caught by the same spring. Timing after Shannon's juggling theorem, (F + D)·H = (V + D)·N. Called through registry.ts.
 * @see C. Shannon, Scientific Aspects of Juggling (1981)
 */
import { asHex } from '../color.ts';
import { accent } from '../scene/scene.ts';
import type { Action } from './action.ts';
import { addGround, ballKind, characterSpec, characters, hold } from './common.ts';

export const juggling: Action = {
  build(stage, random) {
    const { scene } = stage;
    addGround(stage);
    const [juggler = { kind: random.pick(['bear', 'person', 'monkey', 'cat']), class: 'creature' as const }] =
      characters(scene, 1);
    const height = 1.9;
    const spec = characterSpec(scene, juggler, 0, height, 2);
    const portrait = scene.people.find(({ kind }) => kind === juggler.kind)?.portrait;
    const human = juggler.kind === 'person' || portrait !== undefined;
    const sleeve =
      portrait?.kind === 'drawn' ? asHex(portrait.shirt) : human ? accent(scene, 3) : spec.look.color;
    const palm = portrait?.kind === 'drawn' ? asHex(portrait.skin) : human ? '#f3c9a5' : spec.look.color;
    const body = stage.add({ ...spec, groups: { member: 2, meets: 2 }, silent: true });
    const kind = ballKind(scene, 'ball');
    const named = scene.subjects.find(
      (s) => s.class === 'ball' || s.class === 'fruit' || s.class === 'thing',
    );
    const count = Math.max(3, Math.min(7, named?.count ?? random.int(3, 5)));
    const slow = Math.sqrt(9.81 / scene.gravity);
    const flight = Math.max(1.08, count * 0.25) * Math.min(1.9, slow);
    const dwell = 0.36;
    const beat = (flight + dwell) / count;
    const handY = height * 0.62;
    const reach = [0.86, 0.5] as const;
    const radius = 0.2;

    /** Where a hand is at a time: it carries inwards in a scoop, throws, and goes back out empty. */
    const handAt = (hand: number, time: number): { x: number; y: number } => {
      const side = hand === 0 ? -1 : 1;
      const cycle = 2 * beat;
      const phase = (((time - start - hand * beat) % cycle) + cycle) % cycle;
      const carrying = phase > cycle - dwell;
      const t = carrying ? (phase - (cycle - dwell)) / dwell : phase / (cycle - dwell);
      const ease = t * t * (3 - 2 * t);
      const x = carrying ? reach[0] + (reach[1] - reach[0]) * ease : reach[1] + (reach[0] - reach[1]) * ease;
      return { x: side * x, y: handY - Math.sin(Math.PI * t) * (carrying ? 0.22 : 0.06) };
    };
    const start = 0.9;
    const hands = [0, 1].map((h) =>
      stage.add({
        name: 'hand',
        mode: 'kinematic',
        shape: { kind: 'none', width: 0.36, height: 0.36 },
        ...handAt(h, 0),
        material: 'flesh',
        look: { sprite: 'hand', color: palm, layer: 2 },
      }),
    );
    stage.ropes.push(
      ...hands.map((h, i) => ({
        from: { body: body.id, x: (i === 0 ? -1 : 1) * height * 0.16, y: -height * 0.12 },
        to: { body: h.id, x: 0, y: 0 },
        color: sleeve,
        width: 0.15,
        slack: 0.75,
        layer: 1.5,
      })),
    );
    const balls = Array.from({ length: count }, (_, i) => {
      const at = handAt(i % 2, 0);
      return {
        event: i,
        held: true,
        body: stage.add({
          name: kind.name,
          mode: 'dynamic',
          shape: { kind: 'circle', radius },
          x: at.x + (i >> 1) * 0.03,
          y: at.y + 0.2 + (i >> 1) * 0.05,
          material: kind.material,
          groups: { member: 4, meets: 0 },
          spin: random.range(-3, 3),
          look: {
            sprite: kind.sprite,
            color: named?.color ?? (kind.sprite === 'ball' ? accent(scene, i) : kind.color),
            layer: 1.8,
          },
        }),
      };
    });
    stage.each((time, dt) => {
      for (const [h, hand] of hands.entries()) stage.place(hand, handAt(h, time).x, handAt(h, time).y);
      for (const ball of balls) {
        const throwAt = start + ball.event * beat;
        if (ball.held && time >= throwAt) {
          ball.held = false;
          const to = (ball.event + count) % 2;
          const p = ball.body.rigid.translation();
          const target = handAt(to, throwAt + flight);
          stage.launch(
            ball.body,
            (target.x - p.x) / flight,
            (target.y + 0.14 - p.y) / flight + (scene.gravity * flight) / 2,
          );
          ball.event += count;
        } else if (!ball.held && time >= start + ball.event * beat - dwell) {
          ball.held = true;
          const p = ball.body.rigid.translation();
          const v = ball.body.rigid.linvel();
          stage.events.push({
            time,
            kind: 'impact',
            materials: [kind.material, 'flesh'],
            impulse: ball.body.mass * Math.hypot(v.x, v.y),
            size: radius * 2,
            x: p.x,
            y: p.y,
            names: [kind.name, 'hand'],
          });
        }
        if (ball.held) {
          const now = handAt(ball.event % 2, time);
          const next = handAt(ball.event % 2, time + dt);
          hold(stage, ball.body, now.x, now.y + 0.14, (next.x - now.x) / dt, (next.y - now.y) / dt);
        }
      }
    });
    const top = handY + (scene.gravity * flight * flight) / 8 + 0.5;
    stage.highlight = start + flight * 1.6;
    return { frame: { x: -1.9, y: -0.3, width: 3.8, height: top + 0.4 } };
  },
};
