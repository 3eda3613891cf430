/** Characters hop across the land, over whatever lies in the way: each hop is one push of the legs. Called through registry.ts. */
import type { StageBody } from '../physics/stage.ts';
import { accent, isPortrait, type Subject } from '../scene/scene.ts';
import type { Action } from './action.ts';
import { addGround, characterSpec, characters, colorOf } from './common.ts';

const companions = ['cat', 'rabbit', 'fox', 'bear', 'frog', 'chick', 'person'] as const;

export const hopping: Action = {
  build(stage, random) {
    const { scene } = stage;
    addGround(stage);
    const named = characters(scene, 4);
    const cast: Subject[] = named.length > 0 ? named : [{ kind: random.pick(companions), class: 'creature' }];
    const pull = Math.sqrt(scene.gravity / 9.81);
    const lively = scene.tone === 'melancholy' || scene.tone === 'calm' ? 0.82 : 1;
    const hoppers: StageBody[] = cast.map((subject, i) => {
      const height =
        (subject.kind === 'mouse' || subject.kind === 'chick'
          ? 0.85
          : subject.kind === 'elephant' || subject.kind === 'dinosaur'
            ? 1.6
            : 1.25) * (i === 0 ? 1 : 0.82);
      return stage.add({
        ...characterSpec(scene, subject, -1.2 - i * 1.25, height, i),
        restitution: 0,
        friction: 0.9,
      });
    });
    const obstacleKinds =
      scene.setting === 'city' || scene.setting === 'street'
        ? ['crate', 'block']
        : scene.setting === 'room'
          ? ['book', 'block']
          : ['moon', 'space', 'desert', 'mountain'].includes(scene.setting)
            ? ['boulder']
            : ['log', 'boulder'];
    const reach = 2.4 * (scene.seconds + 2) * lively;
    for (let x = 1.6; x < reach; x += random.range(2.6, 4.2)) {
      const kind = random.pick(obstacleKinds as [string, ...string[]]);
      const half = random.range(0.16, 0.26);
      stage.add({
        name: kind,
        mode: 'dynamic',
        shape:
          kind === 'log' || kind === 'boulder'
            ? { kind: 'circle', radius: half }
            : { kind: 'box', halfWidth: half, halfHeight: half, round: 0.03 },
        x,
        y: half,
        material: kind === 'boulder' ? 'stone' : 'wood',
        density: 160,
        angularDamping: 4,
        look: {
          sprite: kind,
          color:
            kind === 'log'
              ? '#8a5f3c'
              : colorOf(
                  scene,
                  undefined,
                  Math.floor(x),
                  kind === 'block' || kind === 'book' ? undefined : kind,
                ),
          accent: accent(scene, 2),
          detail: 'K',
        },
      });
    }
    const rest = hoppers.map((_, i) => 0.5 + i * 0.22);
    stage.each((time) => {
      for (const [i, body] of hoppers.entries()) {
        const v = body.rigid.linvel();
        const ready = time > (rest[i] ?? 0) && Math.abs(v.y) < 0.08 && stage.touching(body);
        if (!ready) continue;
        const big = random.chance(0.3);
        const up = (big ? 5.2 : 3.9) * pull * lively;
        const along = (big ? 2.6 : 2.3) * lively * (scene.gravity < 5 ? 0.6 : 1);
        stage.kick(body, (along - v.x) * body.mass, up * body.mass);
        rest[i] = time + (2 * up) / scene.gravity + random.range(0.05, 0.16);
        const p = body.rigid.translation();
        stage.events.push({
          time,
          kind: 'launch',
          materials: ['flesh', 'air'],
          impulse: body.mass * 0.6,
          size: body.size,
          x: p.x,
          y: p.y,
          names: [body.spec.name, 'hop'],
        });
        if (stage.highlight === 0 && big && time > 1.5) stage.highlight = time + up / scene.gravity;
      }
    });
    const wide = isPortrait(scene) ? 4.6 : 7.5;
    return {
      frame: { x: -wide * 0.55, y: -0.3, width: wide, height: 3.6 },
      follow: hoppers.slice(0, 1),
      followBy: [1, 0.2],
    };
  },
};
