/** What must be seen to happen when a prompt asks for it, read from the physics log alone. */
import { beforeAll, describe, expect, it } from 'vitest';
import { perform } from '../../gpu-backend/src/engines/sketch/physics/perform.ts';
import type { Performance } from '../../gpu-backend/src/engines/sketch/physics/performance.ts';
import { loadPhysics } from '../../gpu-backend/src/engines/sketch/physics/stage.ts';
import { readScene } from '../../gpu-backend/src/engines/sketch/scene/read-scene.ts';
import type { BodyTrack } from '../../gpu-backend/src/engines/sketch/simulation-log.ts';

beforeAll(loadPhysics);

function play(
  prompt: string,
  seed = 3,
  seconds = 10,
  size: '720x1280' | '1280x720' = '720x1280',
): Performance {
  return perform(readScene({ prompt, seed, seconds, size, dialogue: [] }));
}
function body(p: Performance, name: string, index = 0): BodyTrack {
  const found = p.log.bodies.filter((b) => b.name === name)[index];
  if (!found) throw new Error(`no ${name} on stage`);
  return found;
}
const poseAt = (b: BodyTrack, sample: number): [x: number, y: number, angle: number] => [
  b.poses[sample * 3] ?? Number.NaN,
  b.poses[sample * 3 + 1] ?? Number.NaN,
  b.poses[sample * 3 + 2] ?? Number.NaN,
];
const lastPose = (p: Performance, b: BodyTrack): [number, number, number] =>
  poseAt(b, p.log.energy.length - 1);
const heard = (p: Performance, a: string, b: string): number =>
  p.log.contacts.filter((c) => c.names.includes(a) && c.names.includes(b)).length;

describe('what the prompt asks for happens', () => {
  it.each([1, 2, 3])('the shot goes off rim and board and through the hoop (seed %i)', (seed) => {
    const p = play('a basketball bounces off the rim, hits the backboard and drops in', seed);
    const net = p.log.contacts.find((c) => c.names.includes('net'));
    expect(net).toBeDefined();
    const before = p.log.contacts.filter((c) => c.time < (net?.time ?? 0));
    expect(before.some((c) => c.names.includes('rim'))).toBe(true);
    expect(before.some((c) => c.names.includes('backboard'))).toBe(true);
    const ball = body(p, 'ball');
    const rims = [body(p, 'rim', 0), body(p, 'rim', 1)].map((r) => poseAt(r, 0));
    const [front, back] = rims;
    const sample = Math.round((net?.time ?? 0) * 240);
    const [x, y] = poseAt(ball, sample);
    expect(x).toBeGreaterThan(front?.[0] ?? 0);
    expect(x).toBeLessThan(back?.[0] ?? 0);
    expect(y).toBeLessThan(front?.[1] ?? 0);
  });

  it('a missed shot hits the rim, rebounds and never passes the hoop', () => {
    for (const seed of [1, 2, 3]) {
      const p = play('the basketball misses the hoop', seed);
      expect(heard(p, 'ball', 'rim') + heard(p, 'ball', 'backboard')).toBeGreaterThan(0);
      expect(heard(p, 'ball', 'net')).toBe(0);
    }
  });

  it('a thrown ball follows the parabola of its gravity', () => {
    for (const [prompt, g] of [
      ['a basketball in the park', 9.81],
      ['a basketball on the moon', 1.62],
    ] as const) {
      const p = play(prompt);
      const ball = body(p, 'ball');
      const first = p.log.contacts.find((c) => c.names.includes('rim') || c.names.includes('backboard'));
      const dt = 1 / 240;
      for (let s = Math.round(1.2 / dt); s < Math.round((first?.time ?? 0) / dt) - 2; s++) {
        const second = poseAt(ball, s + 1)[1] - 2 * poseAt(ball, s)[1] + poseAt(ball, s - 1)[1];
        // Poses are single precision: a micrometre of rounding is 0.06 m/s² here.
        expect(Math.abs(-second / (dt * dt) - g)).toBeLessThan(0.15);
      }
    }
  });

  it('every domino falls, one after the other, and the gift opens', () => {
    const p = play('dominoes in a room');
    const dominoes = p.log.bodies.filter((b) => b.name === 'domino');
    expect(dominoes.length).toBeGreaterThan(9);
    const falls = dominoes.map(
      (d) =>
        Array.from({ length: p.log.energy.length }, (_, s) => s).find(
          (s) => Math.abs(poseAt(d, s)[2]) > 0.08,
        ) ?? Number.NaN,
    );
    for (const [i, at] of falls.entries()) if (i > 0) expect(at).toBeGreaterThan(falls[i - 1] ?? Number.NaN);
    expect(p.log.contacts.some((c) => c.kind === 'burst')).toBe(true);
  });

  it("Newton's cradle hands the swing to the far ball and back, the middle hardly moves", () => {
    const p = play("a Newton's cradle with five balls", 4);
    const balls = p.log.bodies.filter((b) => b.name === 'ball');
    const swing = (b: BodyTrack, from: number, to: number): number =>
      Math.max(...Array.from({ length: to - from }, (_, i) => Math.abs(poseAt(b, from + i)[2])));
    const [far, middle] = [balls[4], balls[2]];
    if (!far || !middle) throw new Error('five balls');
    expect(swing(far, 440, 850)).toBeGreaterThan(0.65);
    expect(swing(middle, 440, 850)).toBeLessThan(0.2);
  });

  it('the car clears the gap and lands on its wheels, on clips of any length', () => {
    for (const [prompt, seconds] of [
      ['a red car jumps a ramp', 10],
      ['a truck jumps a ramp in the snow', 6],
      ['a motorcycle jumps a ramp', 8],
    ] as const) {
      const p = play(prompt, 5, seconds);
      const car = p.log.bodies.find((b) => ['car', 'truck', 'motorcycle'].includes(b.name));
      if (!car) throw new Error('no vehicle');
      const [x, , angle] = lastPose(p, car);
      expect(x).toBeGreaterThan(9);
      expect(Math.abs(angle)).toBeLessThan(0.5);
    }
  });

  it('juggled balls are thrown and caught all the time and none is dropped', () => {
    const p = play('a bear juggling four balls', 9);
    const balls = p.log.bodies.filter((b) => b.name === 'ball');
    expect(balls).toHaveLength(4);
    expect(heard(p, 'ball', 'hand')).toBeGreaterThan(15);
    for (const ball of balls)
      for (let s = 0; s < p.log.energy.length; s += 8) expect(poseAt(ball, s)[1]).toBeGreaterThan(0.6);
  });

  it('the tower comes down', () => {
    const p = play('a tower of bricks collapses');
    const bricks = p.log.bodies.filter((b) => b.name === 'brick');
    const top = (sample: number): number => Math.max(...bricks.map((b) => poseAt(b, sample)[1]));
    expect(top(p.log.energy.length - 1)).toBeLessThan(top(0) * 0.75);
  });

  it('a boat floats: it heaves with the waves and neither sinks nor flies', () => {
    for (const prompt of ['a sailboat in a storm', 'a paper boat on a calm lake']) {
      const p = play(prompt);
      const boat = p.log.bodies[0];
      if (!boat) throw new Error('no boat');
      const heights = Array.from({ length: 300 }, (_, f) => poseAt(boat, f * 8)[1]);
      expect(Math.min(...heights)).toBeGreaterThan(-1.6);
      expect(Math.max(...heights)).toBeLessThan(1.9);
      expect(Math.max(...heights) - Math.min(...heights)).toBeGreaterThan(0.1);
      for (let f = 0; f < 300; f++) expect(Math.abs(poseAt(boat, f * 8)[2])).toBeLessThan(1.2);
    }
  });

  it('marbles reach the bottom', () => {
    for (const size of ['720x1280', '1280x720'] as const) {
      const p = play('a marble run', 2, 12, size);
      const low = p.log.bodies.filter((b) => b.name === 'marble').filter((b) => lastPose(p, b)[1] < 0.9);
      expect(low.length).toBeGreaterThan(1);
    }
  });

  it('the see-saw throws its rider higher than it stood by far', () => {
    const p = play('a see-saw catapults a frog');
    const frog = body(p, 'frog');
    const heights = Array.from({ length: 300 }, (_, f) => poseAt(frog, f * 8)[1]);
    expect(Math.max(...heights)).toBeGreaterThan((heights[0] ?? 0) + 2.5);
  });

  it('the snowman stands with its hat on', () => {
    const p = play('a snowman');
    const [x, y] = lastPose(p, body(p, 'head'));
    const [hatX, hatY] = lastPose(p, body(p, 'hat'));
    expect(y).toBeGreaterThan(2.6);
    expect(hatY).toBeGreaterThan(y);
    expect(Math.abs(hatX - x)).toBeLessThan(0.4);
  });

  it('what is lighter than air rises, also with somebody hanging on', () => {
    const p = play('three balloons lift a cat');
    expect(lastPose(p, body(p, 'cat'))[1]).toBeGreaterThan(2);
    const rocket = play('a rocket launch');
    expect(lastPose(rocket, body(rocket, 'rocket'))[1]).toBeGreaterThan(10);
  });

  it('most pins fall and most of the wall breaks', () => {
    const p = play('bowling');
    expect(
      p.log.bodies.filter((b) => b.name === 'pin' && Math.abs(lastPose(p, b)[2]) > 0.6).length,
    ).toBeGreaterThan(3);
    const w = play('a wrecking ball hits a wall');
    expect(
      w.log.bodies.filter((b) => b.name === 'brick' && Math.abs(poseAt(b, 0)[0] - lastPose(w, b)[0]) > 0.3)
        .length,
    ).toBeGreaterThan(8);
  });

  it('things are heard all through: every action makes sound', () => {
    for (const prompt of [
      'fireworks',
      'a rain of apples',
      'a fox hops in the forest',
      'lanterns at night',
      'bouncing balls',
      'fish swim',
    ]) {
      expect(play(prompt).log.contacts.length + play(prompt).log.continuous.length).toBeGreaterThan(1);
    }
  });
});
