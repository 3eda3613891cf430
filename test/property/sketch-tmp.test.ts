/**
 * K-03 for the sketch engine, proved on its own log: over prompts and seeds nothing teleports, energy does not grow beyond the
 * work that was booked, contacts are where bodies touch, and the same prompt and seed give the same clip.
 */
import RAPIER from '@dimforge/rapier2d-deterministic-compat';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { perform } from '../../gpu-backend/src/engines/sketch/physics/perform.ts';
import type { Performance, Shape } from '../../gpu-backend/src/engines/sketch/physics/performance.ts';
import { loadPhysics } from '../../gpu-backend/src/engines/sketch/physics/stage.ts';
import { readScene } from '../../gpu-backend/src/engines/sketch/scene/read-scene.ts';

const prompts = [
  'a basketball bounces off the rim and drops in',
  'the basketball misses',
  'twenty dominoes in a room',
  "a Newton's cradle",
  'a truck jumps a ramp in the snow',
  'juggling five balls',
  'a tower of bricks collapses',
  'a sailboat in a storm',
  'a see-saw catapults a pig',
  'a marble run',
  'two balloons lift a dog in the wind',
  'a snowman',
  'fireworks',
  'bowling',
  'a wrecking ball hits a wall',
  'a rain of fruit',
  'a rabbit hops on the moon',
  'a rocket launch',
  'lanterns',
  'bouncing balls',
  'fish swim underwater',
  'seven hot air balloons',
  'a motorcycle jumps in the city',
  'it rains cats',
  'three penguins dance',
  'leaves fall in autumn',
  'a football on the beach',
] as const;

const runs = fc.record({
  prompt: fc.constantFrom(...prompts),
  seed: fc.integer({ min: 0, max: 0xffff_ffff }),
  seconds: fc.constantFrom(4, 7),
  size: fc.constantFrom('720x1280' as const, '1280x720' as const),
});
/** A fixed seed: a failure is found again; other slices are tried by changing it. */
const settings = { seed: 4242, numRuns: 400 };

const act = (run: {
  prompt: string;
  seed: number;
  seconds: number;
  size: '720x1280' | '1280x720';
}): Performance => perform(readScene({ ...run, dialogue: [] }));

beforeAll(loadPhysics);

describe('the physics of a sketch', () => {
  it('moves every body along a continuous path, within the speed limit', () => {
    fc.assert(
      fc.property(runs, (run) => {
        const { log, speedLimit } = act(run);
        const dt = 1 / (log.fps * log.samplesPerFrame);
        for (const body of log.bodies) {
          for (let s = body.from + 1; s <= body.to; s++) {
            const step = Math.hypot(at(body, s, 0) - at(body, s - 1, 0), at(body, s, 1) - at(body, s - 1, 1));
            const turn = Math.abs(at(body, s, 2) - at(body, s - 1, 2));
            if (!(step <= speedLimit * dt) || !(turn < Math.PI / 2))
              throw new Error(`${body.name} jumps ${step} m at sample ${s}`);
            if (body.mode === 'fixed' && step > 0) throw new Error(`${body.name} is fixed and moves`);
          }
        }
      }),
      settings,
    );
  });

  it('gains no energy but by booked work', () => {
    fc.assert(
      fc.property(runs, (run) => {
        const { log } = act(run);
        let lowest = Number.POSITIVE_INFINITY;
        let growth = 0;
        let most = Number.NEGATIVE_INFINITY;
        let least = Number.POSITIVE_INFINITY;
        for (let s = 0; s < log.energy.length; s++) {
          const energy = log.energy[s] ?? Number.NaN;
          const own = energy - (log.work[s] ?? Number.NaN);
          growth = Math.max(growth, own - lowest);
          lowest = Math.min(lowest, own);
          most = Math.max(most, energy);
          least = Math.min(least, energy);
        }
        expect(growth).toBeLessThan(0.015 * (most - least) + 1);
      }),
      settings,
    );
  });

  it('hears a contact only where two bodies of those names touch', () => {
    fc.assert(
      fc.property(runs, (run) => {
        const performance = act(run);
        const { log } = performance;
        for (const contact of log.contacts) {
          expect(contact.time).toBeGreaterThanOrEqual(0);
          expect(contact.time).toBeLessThan(run.seconds);
          expect(contact.impulse).toBeGreaterThan(0);
          if (contact.kind !== 'impact') continue;
          const gap = closest(performance, contact.names, contact.time);
          if (!(gap < 0.07))
            throw new Error(`${contact.names.join(' and ')} are ${gap} m apart at ${contact.time} s`);
        }
      }),
      settings,
    );
  });

  it('gives the same clip for the same prompt and seed', () => {
    fc.assert(
      fc.property(runs, (run) => {
        const one = act(run);
        const two = act(run);
        expect(two.log.contacts).toEqual(one.log.contacts);
        for (const [i, body] of one.log.bodies.entries()) {
          const other = two.log.bodies[i];
          if (!other || Buffer.compare(bytes(body.poses), bytes(other.poses)) !== 0)
            throw new Error(`${body.name} moves differently`);
        }
      }),
      { ...settings, numRuns: 30 },
    );
  });
});

const bytes = (a: Float32Array): Buffer => Buffer.from(a.buffer, a.byteOffset, a.byteLength);
const at = (body: { poses: Float32Array }, sample: number, k: number): number =>
  body.poses[sample * 3 + k] ?? Number.NaN;

/** Smallest distance between any two bodies of these names around a time, from the log's poses alone. */
function closest(
  { log, cast }: Performance,
  [nameA, nameB]: readonly [string, string],
  time: number,
): number {
  const sample = Math.round(time * log.fps * log.samplesPerFrame);
  let gap = Number.POSITIVE_INFINITY;
  for (const a of log.bodies) {
    if (a.name !== nameA) continue;
    for (const b of log.bodies) {
      if (b.name !== nameB || a.id === b.id) continue;
      for (const s of [sample - 1, sample, sample + 1]) {
        if (s < Math.max(a.from, b.from) || s > Math.min(a.to, b.to)) continue;
        for (const p of parts(cast[a.id]?.shape)) {
          for (const q of parts(cast[b.id]?.shape)) gap = Math.min(gap, distance(p, a, q, b, s));
        }
      }
    }
  }
  return gap;
}

interface Part {
  readonly shape: RAPIER.Shape;
  readonly x: number;
  readonly y: number;
  readonly angle: number;
}

function parts(shape: Shape | undefined): Part[] {
  if (!shape) return [];
  if (shape.kind === 'compound')
    return shape.parts.flatMap((p) => parts(p.shape).map((q) => ({ ...q, x: p.x, y: p.y, angle: p.angle })));
  return [{ shape: solid(shape), x: 0, y: 0, angle: 0 }];
}

function solid(shape: Shape): RAPIER.Shape {
  switch (shape.kind) {
    case 'circle':
      return new RAPIER.Ball(shape.radius);
    case 'box':
      return new RAPIER.Cuboid(shape.halfWidth, shape.halfHeight);
    case 'none':
      return new RAPIER.Cuboid(shape.width / 2, shape.height / 2);
    case 'polygon':
      return new RAPIER.ConvexPolygon(new Float32Array(shape.points.flat()), false);
    default:
      throw new Error(`no distance to a ${shape.kind}`);
  }
}

function distance(
  p: Part,
  a: { poses: Float32Array },
  q: Part,
  b: { poses: Float32Array },
  sample: number,
): number {
  const place = (
    part: Part,
    body: { poses: Float32Array },
  ): { pos: { x: number; y: number }; angle: number } => {
    const turn = at(body, sample, 2);
    return {
      pos: {
        x: at(body, sample, 0) + part.x * Math.cos(turn) - part.y * Math.sin(turn),
        y: at(body, sample, 1) + part.x * Math.sin(turn) + part.y * Math.cos(turn),
      },
      angle: turn + part.angle,
    };
  };
  const one = place(p, a);
  const two = place(q, b);
  const contact = p.shape.contactShape(one.pos, one.angle, q.shape, two.pos, two.angle, 0.5);
  return contact ? contact.distance : Number.POSITIVE_INFINITY;
}
