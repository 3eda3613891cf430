/**
 * A small engine for tests: a moving gradient with a bar that crosses it, and a tick of sound each second. Real frames and
 * real sound, quick to make; its faults can be chosen.
 */
import type { EngineCapability, RenderSpec } from '#schemas/engine.ts';
import { parseFrameSize } from '#schemas/engine.ts';
import type { Engine, EngineContext, FrameOutput } from '../../gpu-backend/src/engines/engine.ts';

export const testCapability: EngineCapability = {
  name: 'test',
  version: '1',
  description: 'A test picture.',
  models: ['gradient'],
  seconds: { min: 1, max: 20 },
  sizes: ['720x1280', '1280x720'],
  fps: 30,
  audio: true,
  dialogue: 'none',
  soundCues: false,
  imageRef: false,
  videoRef: false,
  audioRef: false,
  cancel: 'step',
  biometricsAllowed: false,
  region: 'local',
  creditsPerSecond: 0,
  digitalSourceType: 'algorithmicMedia',
};

export interface TestEngineOptions {
  /** Runs before each frame; throw or wait here. */
  beforeFrame?(index: number, context: EngineContext): Promise<void> | void;
  /** Pixels of the picture instead of those asked for: small is fast. */
  readonly size?: { readonly width: number; readonly height: number };
  /** Runs when the engine is asked to render. */
  onRender?(spec: RenderSpec, context: EngineContext): Promise<void> | void;
}

/** The output alone, for tests of finishing. */
export function testOutput(
  seconds: number,
  width: number,
  height: number,
  beforeFrame: (index: number) => Promise<void> | void = () => {},
): FrameOutput {
  const [fps, sampleRate] = [30, 48_000 as const];
  const frameCount = Math.round(seconds * fps);
  async function* frames(): AsyncGenerator<Uint8ClampedArray> {
    const pixels = new Uint8ClampedArray(width * height * 4);
    const words = new Uint32Array(pixels.buffer);
    for (let index = 0; index < frameCount; index++) {
      await beforeFrame(index);
      for (let y = 0; y < height; y++) {
        const shade = (((y + index * 4) % height) / height) * 200;
        words.fill(
          (0xff000000 | ((40 + shade) << 16) | (90 << 8) | (220 - shade)) >>> 0,
          y * width,
          (y + 1) * width,
        );
      }
      const bar = Math.floor((index / frameCount) * (width - 8));
      for (let y = 0; y < height; y++) words.fill(0xffffffff, y * width + bar, y * width + bar + 8);
      yield pixels;
    }
  }
  async function* blocks(): AsyncGenerator<Float32Array> {
    const total = Math.round((frameCount / fps) * sampleRate);
    for (let from = 0; from < total; from += 4800) {
      const block = new Float32Array(Math.min(4800, total - from) * 2);
      for (let i = 0; i < block.length / 2; i++) {
        const into = (from + i) % sampleRate;
        const tick = into < 2400 ? Math.sin(into * 0.2) * 0.5 * (1 - into / 2400) : 0;
        const hum = Math.sin((from + i) * 0.03) * 0.02;
        block[2 * i] = block[2 * i + 1] = tick + hum;
      }
      yield block;
    }
  }
  return {
    kind: 'frames',
    width,
    height,
    fps,
    frameCount,
    frames: frames(),
    audio: { sampleRate, blocks: blocks() },
    report: {
      model: 'gradient',
      summary: 'A gradient with a bar.',
      captions: [{ start: 0, end: 1, text: '[tick]' }],
      posterFrame: Math.floor(frameCount / 2),
    },
  };
}

/** An engine around `testOutput`. */
export function testEngine(options: TestEngineOptions = {}): Engine {
  return {
    capability: testCapability,
    async render(spec, context) {
      await options.onRender?.(spec, context);
      context.report('reading', 1);
      const { width, height } = options.size ?? parseFrameSize(spec.size);
      return testOutput(spec.seconds, width, height, async (index) => {
        await options.beforeFrame?.(index, context);
        context.report('drawing', index / (spec.seconds * 30));
      });
    },
  };
}
