/** The picture and the engine round it: same words same bytes, other words another picture, frames in order, cancel at once. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { EngineContext } from '../../gpu-backend/src/engines/engine.ts';
import { Painter } from '../../gpu-backend/src/engines/sketch/draw/painter.ts';
import { sketchEngine } from '../../gpu-backend/src/engines/sketch/index.ts';
import { perform } from '../../gpu-backend/src/engines/sketch/physics/perform.ts';
import { loadPhysics } from '../../gpu-backend/src/engines/sketch/physics/stage.ts';
import { readScene } from '../../gpu-backend/src/engines/sketch/scene/read-scene.ts';
import { settingNames, styleNames } from '../../gpu-backend/src/engines/sketch/scene/scene.ts';
import { engineCapabilitySchema, type RenderSpec, renderSpecSchema } from '../../schemas/engine.ts';

beforeAll(loadPhysics);

function frame(prompt: string, at: number, size: '720x1280' | '1280x720' = '720x1280', seed = 3): Buffer {
  const painter = new Painter(perform(readScene({ prompt, seed, seconds: 2, size, dialogue: [] })));
  painter.draw(Math.floor(at * (painter.frameCount - 1)));
  return Buffer.from(painter.canvas.data());
}

/** Mean absolute difference of the colour channels, 0..255. */
function difference(a: Buffer, b: Buffer): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 4)
    for (let k = 0; k < 3; k++) sum += Math.abs((a[i + k] ?? 0) - (b[i + k] ?? 0));
  return sum / (a.length * 0.75);
}

describe('the picture', () => {
  it('is the same, byte for byte, for the same prompt and seed', () => {
    for (const prompt of [
      'a tower of blocks, clay',
      'a cat hops in the rain, pencil sketch',
      'fireworks, neon',
    ]) {
      expect(Buffer.compare(frame(prompt, 0.7), frame(prompt, 0.7))).toBe(0);
    }
  });

  it('does not depend on which frames were drawn before', () => {
    const painter = new Painter(
      perform(
        readScene({ prompt: 'balls bounce, clay', seed: 1, seconds: 2, size: '720x1280', dialogue: [] }),
      ),
    );
    for (let f = 0; f <= 40; f++) painter.draw(f);
    const walked = Buffer.from(painter.canvas.data());
    const fresh = new Painter(
      perform(
        readScene({ prompt: 'balls bounce, clay', seed: 1, seconds: 2, size: '720x1280', dialogue: [] }),
      ),
    );
    fresh.draw(40);
    expect(Buffer.compare(walked, Buffer.from(fresh.canvas.data()))).toBe(0);
  });

  it('is another one for other words: action, place, style, hour', () => {
    const prompts = [
      'a basketball shot in the gym',
      'dominoes in a room',
      'a boat at sea at night',
      'a boat at sea at noon, ink',
      'a cat hops in the forest',
      'a whale swims',
      'a rocket in the desert',
      'a snowman',
    ];
    const frames = prompts.map((p) => frame(p, 0.5));
    for (const [i, a] of frames.entries()) {
      for (const b of frames.slice(i + 1)) expect(difference(a, b)).toBeGreaterThan(6);
    }
  });

  it('fills the frame, opaque, in every style and place and both sizes', () => {
    const scenes = [
      ...styleNames.map((s) => `balls bounce on the beach, ${s === 'watercolour' ? 'watercolor' : s}`),
      ...settingNames.map((s) => `a robot dances, ${s}`),
    ];
    for (const [i, prompt] of scenes.entries()) {
      const pixels = frame(prompt, 0.6, i % 2 ? '1280x720' : '720x1280');
      expect(pixels.length).toBe(720 * 1280 * 4);
      let open = 0;
      const tones = new Set<number>();
      for (let p = 0; p < pixels.length; p += 4 * 97) {
        if (pixels[p + 3] !== 255) open++;
        tones.add(
          ((pixels[p] ?? 0) >> 4) * 256 + ((pixels[p + 1] ?? 0) >> 4) * 16 + ((pixels[p + 2] ?? 0) >> 4),
        );
      }
      expect(open).toBe(0);
      expect(tones.size).toBeGreaterThan(12);
    }
  });

  it('moves', () => {
    for (const prompt of ['a boat at sea', 'juggling', 'lanterns'])
      expect(difference(frame(prompt, 0.2), frame(prompt, 0.9))).toBeGreaterThan(0.4);
  });
});

function spec(changes: Partial<RenderSpec> = {}): RenderSpec {
  return renderSpecSchema.parse({
    engine: 'sketch',
    prompt: 'a ball bounces in the park',
    seed: 5,
    seconds: 2,
    size: '720x1280',
    dialogue: [],
    soundCues: [],
    creatorHandle: 'ada',
    ...changes,
  });
}
function context(
  signal = new AbortController().signal,
): EngineContext & { readonly said: [string, number][] } {
  const said: [string, number][] = [];
  return {
    signal,
    workDir: '/nowhere',
    portraits: new Map(),
    report: (stage, progress) => void said.push([stage, progress]),
    said,
  };
}

describe('the sketch engine', () => {
  it('offers a capability the edge understands and says it is no AI model', () => {
    expect(engineCapabilitySchema.parse(sketchEngine.capability)).toMatchObject({
      name: 'sketch',
      audio: true,
      digitalSourceType: 'algorithmicMedia',
    });
    expect(sketchEngine.capability.description).toMatch(/no AI model/i);
  });

  it('gives exactly the announced frames and sound, and reports its stages', async () => {
    const ctx = context();
    const out = await sketchEngine.render(
      spec({ dialogue: [{ speaker: 'Bo', text: 'There it goes!' }] }),
      ctx,
    );
    if (out.kind !== 'frames') throw new Error('frames expected');
    expect([out.width, out.height, out.fps, out.frameCount]).toEqual([720, 1280, 30, 60]);
    let frames = 0;
    let first: Buffer | undefined;
    let last: Buffer | undefined;
    for await (const f of out.frames) {
      frames++;
      expect(f.length).toBe(720 * 1280 * 4);
      last = Buffer.from(f);
      first ??= last;
    }
    let samples = 0;
    for await (const block of out.audio.blocks) samples += block.length / 2;
    expect(frames).toBe(60);
    expect(samples).toBe(96_000);
    if (!first || !last) throw new Error('no frames');
    expect(difference(first, last)).toBeGreaterThan(0.3);
    expect(new Set(ctx.said.map(([stage]) => stage))).toEqual(new Set(['reading', 'simulating', 'drawing']));
    expect(ctx.said.at(-1)).toEqual(['drawing', 1]);
    expect(out.report.captions.some((c) => c.text === 'Bo: There it goes!')).toBe(true);
    expect(out.report.captions.every((c) => c.start >= 0 && c.end > c.start && c.end <= 2)).toBe(true);
    expect(out.report.posterFrame).toBeLessThan(60);
  });

  it('captions the sounds worth telling where nobody speaks', async () => {
    const out = await sketchEngine.render(
      spec({ prompt: 'a basketball bounces off the rim', seconds: 6 }),
      context(),
    );
    if (out.kind !== 'frames') throw new Error('frames expected');
    expect(out.report.captions.map((c) => c.text)).toContain('[ball hits the rim]');
    for await (const _ of out.frames) break;
  });

  it('draws in the thread what the painter draws here', async () => {
    const out = await sketchEngine.render(spec(), context());
    if (out.kind !== 'frames') throw new Error('frames expected');
    let index = 0;
    let seen: Buffer | undefined;
    for await (const f of out.frames) if (index++ === 25) seen = Buffer.from(f);
    const painter = new Painter(perform(readScene({ ...spec(), cast: [] })));
    painter.draw(25);
    expect(seen && Buffer.compare(seen, Buffer.from(painter.canvas.data()))).toBe(0);
  });

  it('stops within a frame when cancelled, before and while drawing', async () => {
    const early = new AbortController();
    early.abort(new Error('cancelled'));
    await expect(sketchEngine.render(spec(), context(early.signal))).rejects.toThrow('cancelled');
    const control = new AbortController();
    const out = await sketchEngine.render(spec({ seconds: 10 }), context(control.signal));
    if (out.kind !== 'frames') throw new Error('frames expected');
    let after = 0;
    await expect(
      (async () => {
        for await (const _ of out.frames) {
          if (control.signal.aborted) after++;
          if (!control.signal.aborted) control.abort(new Error('cancelled'));
        }
      })(),
    ).rejects.toThrow('cancelled');
    expect(after).toBe(0);
  });

  it('ends its thread when the consumer walks away', async () => {
    const out = await sketchEngine.render(spec(), context());
    if (out.kind !== 'frames') throw new Error('frames expected');
    for await (const _ of out.frames) break;
    let more = 0;
    for await (const _ of out.frames) more++;
    expect(more).toBe(0);
  });

  it('refuses lengths it does not offer', async () => {
    await expect(sketchEngine.render(spec({ seconds: 1 }), context())).rejects.toMatchObject({
      code: 'engine_refused',
    });
    await expect(sketchEngine.render(spec({ seconds: 21 }), context())).rejects.toMatchObject({
      code: 'engine_refused',
    });
  });

  it('uses no clock and no chance of its own', () => {
    for (const file of [
      'random.ts',
      'physics/perform.ts',
      'physics/stage.ts',
      'draw/painter.ts',
      'draw/particles.ts',
      'scene/read-scene.ts',
    ]) {
      const source = readFileSync(
        new URL(`../../gpu-backend/src/engines/sketch/${file}`, import.meta.url),
        'utf8',
      );
      expect(source).not.toMatch(/Math\.random|Date\.|performance\.now/);
    }
  });
});
