/** A likeness in the scene: recognisable whatever the action, speaking when its lines are said, and gone without a trace when it is taken out. */

import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCanvas } from '@napi-rs/canvas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RenderSpec } from '#schemas/engine.ts';
import { renderSpecSchema } from '#schemas/engine.ts';
import type { DrawnPortrait } from '#schemas/likeness.ts';
import { Painter } from '../../gpu-backend/src/engines/sketch/draw/painter.ts';
import { loadPortraits } from '../../gpu-backend/src/engines/sketch/draw/portraits.ts';
import { perform } from '../../gpu-backend/src/engines/sketch/physics/perform.ts';
import { loadPhysics } from '../../gpu-backend/src/engines/sketch/physics/stage.ts';
import {
  castSubjects,
  peopleOf,
  type SceneCast,
  speakerIndex,
} from '../../gpu-backend/src/engines/sketch/scene/cast.ts';
import { readScene } from '../../gpu-backend/src/engines/sketch/scene/read-scene.ts';
import { styleNames } from '../../gpu-backend/src/engines/sketch/scene/scene.ts';
import { findVoice } from '../../gpu-backend/src/engines/sketch/sound/render-sound.ts';
import { speechShots } from '../../gpu-backend/src/engines/sketch/sound/speech.ts';

const mika: DrawnPortrait = {
  kind: 'drawn',
  skin: '#f1c9a4',
  hair: 'curly',
  hairColor: '#5a2f1c',
  eyes: '#3c6b4f',
  glasses: 'round',
  beard: 'none',
  shirt: '#e2644f',
};
const sol: DrawnPortrait = {
  ...mika,
  skin: '#6b412a',
  hair: 'mohawk',
  hairColor: '#d0487e',
  glasses: 'none',
  beard: 'full',
};
const cast = (...portraits: SceneCast[number]['portrait'][]): SceneCast =>
  portraits.map((portrait, i) => ({
    handle: ['mika', 'sol'][i] ?? `p${i}`,
    displayName: ['Mika', 'Sol'][i] ?? 'P',
    portrait,
  }));

function spec(prompt: string, dialogue: RenderSpec['dialogue'] = []): RenderSpec {
  return renderSpecSchema.parse({
    engine: 'sketch',
    prompt,
    seed: 7,
    seconds: 4,
    size: '720x1280',
    dialogue,
    soundCues: [],
    creatorHandle: 'ada',
  });
}

async function stage(
  prompt: string,
  people: SceneCast,
  more: { standIns?: number; dialogue?: RenderSpec['dialogue'] } = {},
) {
  const scene = readScene({ ...spec(prompt, more.dialogue), cast: people, standIns: more.standIns ?? 0 });
  const performance = perform(scene);
  const painter = new Painter(performance, await loadPortraits(scene.people));
  const frame = (index: number): Buffer => {
    painter.draw(index);
    return Buffer.from(painter.canvas.data());
  };
  return { scene, performance, frame };
}

/** Pixels that differ by more than a shade, and the box they lie in. */
function difference(a: Buffer, b: Buffer, width = 720) {
  let [count, left, right, top, bottom] = [0, width, 0, 1e9, 0];
  for (let i = 0; i < a.length; i += 4) {
    const delta =
      Math.abs((a[i] ?? 0) - (b[i] ?? 0)) +
      Math.abs((a[i + 1] ?? 0) - (b[i + 1] ?? 0)) +
      Math.abs((a[i + 2] ?? 0) - (b[i + 2] ?? 0));
    if (delta < 40) continue;
    const [x, y] = [(i / 4) % width, Math.floor(i / 4 / width)];
    count += 1;
    [left, right, top, bottom] = [
      Math.min(left, x),
      Math.max(right, x),
      Math.min(top, y),
      Math.max(bottom, y),
    ];
  }
  return { count, left, height: bottom - top };
}

let folder = '';
beforeAll(async () => {
  await loadPhysics();
  folder = await mkdtemp(join(tmpdir(), 'kinora-cast-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('somebody who is cast', () => {
  it.each([
    'a person juggles balls in a park',
    'a cat and a dog play basketball',
    'dominoes fall in a room',
    'marbles race down a marble run',
    'a sailboat on the sea',
    'a red car jumps a ramp',
    'fish swim under water',
    'a wrecking ball hits a tower',
    'fireworks over a city at night',
  ])('can be told from somebody else: %s', async (prompt) => {
    const [one, other] = await Promise.all([stage(prompt, cast(mika)), stage(prompt, cast(sol))]);
    const seen = difference(one.frame(60), other.frame(60));
    // A face of at least 110 × 90 pixels differs in hair, skin, glasses and beard.
    expect(seen.count).toBeGreaterThan(3_000);
    expect(seen.height).toBeGreaterThan(110);
    expect(one.performance.log.bodies.length).toBe(other.performance.log.bodies.length);
  });

  it.each(styleNames.map((style) => [style]))('and in %s', async (style) => {
    const prompt = `a person juggles in a park, ${style}`;
    const [one, other] = await Promise.all([stage(prompt, cast(mika)), stage(prompt, cast(sol))]);
    expect(difference(one.frame(30), other.frame(30)).count).toBeGreaterThan(1_500);
  });

  it('moves the mouth while their line is said, and only they do', async () => {
    const people = cast(mika, sol);
    const silent = await stage('dominoes fall in a room', people);
    const frames = Array.from({ length: 24 }, (_, i) => 30 + i * 2);
    const movedBy = async (speaker: string) => {
      const dialogue = [{ speaker, text: 'Look at that everybody here we go again' }];
      const speaking = await stage('dominoes fall in a room', people, { dialogue });
      return frames
        .map((i) => difference(speaking.frame(i), silent.frame(i)))
        .filter(({ count }) => count > 40);
    };
    const [byMika, bySol, byNobody] = [
      await movedBy('@mika'),
      await movedBy('@sol'),
      await movedBy('narrator'),
    ];
    expect(byMika.length).toBeGreaterThan(8);
    expect(bySol.length).toBeGreaterThan(8);
    expect(byNobody).toEqual([]);
    // Their mouths do not move in the same place.
    const leftmost = (moved: readonly { left: number }[]) => Math.min(...moved.map(({ left }) => left));
    expect(leftmost(byMika)).not.toBe(leftmost(bySol));
  });

  it('is named in the summary and in the captions', async () => {
    const { scene } = await stage('a cat hops across a meadow', cast(mika));
    expect(scene.summary).toContain('Mika (@mika)');
    expect(scene.summary).not.toContain('cat');
  });

  it('may be a photograph', async () => {
    const path = join(folder, 'photo.jpg');
    const canvas = createCanvas(512, 512);
    const ctx = canvas.getContext('2d');
    ctx.fillStyle = '#12c245';
    ctx.fillRect(0, 0, 512, 512);
    writeFileSync(path, canvas.toBuffer('image/jpeg'));
    const { frame } = await stage('dominoes fall in a room', cast({ kind: 'photo', path }));
    const pixels = frame(40);
    let green = 0;
    for (let i = 0; i < pixels.length; i += 4)
      if ((pixels[i + 1] ?? 0) > 150 && (pixels[i] ?? 0) < 90 && (pixels[i + 2] ?? 0) < 130) green += 1;
    expect(green).toBeGreaterThan(8_000);
  });

  it('a photograph that cannot be read fails the job instead of leaving the face out', async () => {
    await expect(
      stage('dominoes fall', cast({ kind: 'photo', path: join(folder, 'none.jpg') })),
    ).rejects.toThrow();
  });
});

describe('without them', () => {
  it('nothing of the scene changes when nobody is cast', () => {
    const subjects = [{ kind: 'cat', class: 'creature', count: 2 }] as const;
    expect(castSubjects(subjects, [], 0)).toBe(subjects);
  });

  it('a stand-in takes the place; the same things move the same way', async () => {
    const prompt = 'a person juggles balls in a park';
    const [with_, without] = await Promise.all([
      stage(prompt, cast(mika)),
      stage(prompt, [], { standIns: 1 }),
    ]);
    expect(without.performance.log.bodies.map(({ poses }) => Array.from(poses))).toEqual(
      with_.performance.log.bodies.map(({ poses }) => Array.from(poses)),
    );
    expect(difference(with_.frame(40), without.frame(40)).count).toBeGreaterThan(2_000);
  });
});

describe('who says a line', () => {
  const people = peopleOf(cast(mika, sol));
  it.each([
    ['@sol', 1],
    ['Mika', 0],
    [' SOL ', 1],
    [undefined, 0],
    ['the narrator', -1],
  ] as const)('%s', (speaker, index) => expect(speakerIndex(speaker, people)).toBe(index));
});

/** Median fundamental frequency by autocorrelation over voiced frames. */
function pitchOf(samples: Float32Array, rate: number): number {
  const found: number[] = [];
  const window = Math.round(rate * 0.04);
  for (let start = 0; start + 2 * window < samples.length; start += window) {
    let energy = 0;
    for (let i = 0; i < window; i++) energy += (samples[start + i] ?? 0) ** 2;
    if (energy / window < 2e-3) continue;
    let [best, lag] = [0.7, 0];
    for (let l = Math.floor(rate / 400); l < Math.floor(rate / 65); l++) {
      let [cross, other] = [0, 1e-9];
      for (let i = 0; i < window; i++) {
        cross += (samples[start + i] ?? 0) * (samples[start + i + l] ?? 0);
        other += (samples[start + i + l] ?? 0) ** 2;
      }
      const score = cross / Math.sqrt(energy * other);
      if (score > best * 1.02) [best, lag] = [score, l];
    }
    if (lag > 0) found.push(rate / lag);
  }
  found.sort((a, b) => a - b);
  return found[found.length >> 1] ?? 0;
}

describe('a lent voice', async () => {
  const voice = await findVoice();
  it.skipIf(voice === undefined).each([95, 130, 180, 240])('speaks at about %i Hz', async (pitchHz) => {
    const text = 'the morning light is over the meadow and we are moving along';
    const [shot] = await speechShots([
      { text, start: 0, end: 8, voice: { pitchHz, brightness: 0.5, rate: 4 } },
    ]);
    const samples = shot?.render();
    if (!(samples instanceof Float32Array)) throw new Error('no speech');
    expect(pitchOf(samples, 48_000)).toBeGreaterThan(pitchHz * 0.85);
    expect(pitchOf(samples, 48_000)).toBeLessThan(pitchHz * 1.15);
  });
});
