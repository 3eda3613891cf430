/** Balloons rise; whoever holds their strings is lifted with them. Called through registry.ts. */

import type { StageBody } from '../physics/stage.ts';
import { accent, isPortrait, subjectNamed } from '../scene/scene.ts';
import type { Action } from './action.ts';
import { addGround, characterSpec, characters } from './common.ts';
import { rise } from './rising.ts';

export const balloons: Action = {
  build(stage, random) {
    const { scene } = stage;
    addGround(stage);
    const hot = subjectNamed(scene, 'hot-air-balloon');
    const named = subjectNamed(scene, 'balloon') ?? hot;
    const count = Math.max(1, Math.min(18, named?.count ?? (hot ? 3 : 7)));
    const [passenger] = characters(scene, 1);
    const release = 0.7;
    const flock: { body: StageBody; lift: number; area: number; phase: number; from: number }[] = [];
    for (let i = 0; i < count; i++) {
      const big = hot !== undefined;
      const radius = big ? random.range(0.75, 1.15) : random.range(0.34, 0.46);
      // Apart from each other: balloons that began inside one another would be thrown apart.
      const columns = Math.min(count, big || passenger ? 3 : 5);
      const pitch = big ? 2.36 : 1;
      const x = ((i % columns) - (columns - 1) / 2) * pitch + random.range(-0.02, 0.02);
      const y =
        (passenger && !big ? 2.6 : big ? 2.1 : 1.1) + Math.floor(i / columns) * pitch * 1.06 + (i % 2) * 0.03;
      const color = named?.color ?? accent(scene, i);
      const body = stage.add({
        name: big ? 'hot air balloon' : 'balloon',
        mode: 'dynamic',
        shape: { kind: 'circle', radius },
        x,
        y,
        material: 'rubber',
        density: 6,
        restitution: 0.5,
        angularDamping: 1,
        look: {
          sprite: big ? 'hot-air-balloon' : 'balloon',
          color,
          accent: accent(scene, i + 1),
          detail: big && i === 0 && passenger ? passenger.kind : '',
        },
      });
      if (!big && !passenger)
        stage.ropes.push({
          from: { body: body.id, x: 0, y: -radius },
          to: { body: body.id, x: random.range(-0.12, 0.12), y: -radius - 1.05 },
          color: '#f3ead8',
          width: 0.022,
          layer: -1,
        });
      flock.push({
        body,
        lift: random.range(1.16, 1.3),
        area: radius * radius * (big ? 9 : 13),
        phase: random.range(0, 6),
        from: passenger && !big ? 0 : release + random.range(0, 1.6) * (i / count),
      });
    }
    let rider: StageBody | undefined;
    if (passenger && !hot) {
      const height = 1.15;
      const spec = characterSpec(scene, passenger, 0, height, 2);
      rider = stage.add({ ...spec, density: 8, linearDamping: 0.2, look: { ...spec.look, layer: 1 } });
      for (const { body } of flock) {
        const distance =
          Math.hypot(body.spec.x - 0.2 * height, body.spec.y - 0.36 - rider.spec.y - 0.1 * height) + 0.03;
        stage.tether(body, rider, [0, -0.36], [0.2 * height, height * 0.1], distance);
        stage.ropes.push({
          from: { body: body.id, x: 0, y: -0.38 },
          to: { body: rider.id, x: 0.3 * height, y: -height * 0.1 },
          color: '#f3ead8',
          width: 0.022,
          slack: distance,
          layer: 0.9,
        });
      }
    }
    const load = rider
      ? (rider.mass * scene.gravity * 1.12) / flock.reduce((m, f) => m + f.body.mass * scene.gravity, 0)
      : 0;
    const holds = flock.map((f) => ({ x: f.body.spec.x, y: f.body.spec.y }));
    stage.each((time) => {
      for (const [i, f] of flock.entries()) {
        const place = holds[i];
        if (time < f.from && place && !rider) {
          // Held by its string: pulled up by its lift, back by the hand.
          const p = f.body.rigid.translation();
          const v = f.body.rigid.linvel();
          stage.push(
            f.body,
            (place.x + Math.sin(time * 1.7 + f.phase) * 0.05 - p.x) * f.body.mass * 30 -
              v.x * f.body.mass * 4,
            f.body.mass * scene.gravity + (place.y - p.y) * f.body.mass * 30 - v.y * f.body.mass * 4,
          );
          continue;
        }
        const lift = rider ? (time < release ? 1.05 : f.lift * 0.2 + 0.95 + load) : f.lift;
        rise(stage, f.body, lift, f.area, time, f.phase);
      }
      if (rider) {
        stage.air(rider, 1.4);
        if (stage.highlight === 0 && rider.rigid.translation().y > 2.2) stage.highlight = time;
      }
      stage.level('wind', 'wind', 'air', 0.18 + Math.abs(scene.wind) * 0.05);
    });
    if (!rider) stage.highlight = Math.min(scene.seconds * 0.55, release + 2.6);
    const wide = hot ? 6.4 : 5;
    return {
      frame: { x: -wide / 2, y: -0.3, width: wide, height: isPortrait(scene) ? 7 : 4.4 },
      follow: rider ? [rider] : flock.map((f) => f.body),
      followBy: [0.5, 0.85],
    };
  },
};
