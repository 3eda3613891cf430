/**
 * The clips that are marked: cuts of a real film where the test data is at hand, sketch clips from the house engine, and two drawn
 * ones that are hard on purpose (rushing water, end credits). All as RGBA frames, as finishing gets them. Called by run.ts.
 */
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCanvas, Path2D } from '@napi-rs/canvas';
import { KeyStream } from '../../../core/watermark/keystream.ts';
import { loadEngines } from '../../../gpu-backend/src/engines/registry.ts';
import { glyphs } from '../../../gpu-backend/src/finishing/mark-glyphs.ts';
import { renderSpecSchema } from '../../../schemas/engine.ts';
import { decodeFile, filter, rgbaOf } from './media.ts';

export interface Source {
  readonly name: string;
  readonly about: string;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly frameCount: number;
  /** False for a clip drawn to be hard rather than like what is made or uploaded. */
  readonly natural: boolean;
  frames(): AsyncIterable<Uint8Array | Uint8ClampedArray>;
}

const bunny = join(process.env.KINORA_TESTDATA ?? '../shared/testdata', 'video/bunny-10s-720p.mp4');
export const hasFilm = existsSync(bunny);

function film(name: string, about: string, from: number, frameCount: number): Source {
  return {
    name,
    about,
    width: 1280,
    height: 720,
    fps: 24,
    frameCount,
    natural: true,
    async *frames() {
      for await (const frame of filter(decodeFile(bunny, from, frameCount), 'format=rgba', 24)) {
        yield rgbaOf(frame);
        frame.free();
      }
    },
  };
}

function sketch(name: string, prompt: string, size: '720x1280' | '1280x720', seed: number): Source {
  const [width = 0, height = 0] = size.split('x').map(Number);
  const [fps, seconds] = [30, 3];
  return {
    name,
    about: `sketch engine, "${prompt}", seed ${seed}`,
    width,
    height,
    fps,
    frameCount: fps * seconds,
    natural: true,
    async *frames() {
      const { engines } = await loadEngines(['sketch']);
      const engine = engines[0];
      if (!engine) throw new Error('the sketch engine did not load');
      const spec = renderSpecSchema.parse({
        engine: 'sketch',
        prompt,
        seed,
        seconds,
        size,
        dialogue: [],
        soundCues: [],
        creatorHandle: 'bench',
      });
      const output = await engine.render(spec, {
        signal: new AbortController().signal,
        workDir: tmpdir(),
        portraits: new Map(),
        report: () => {},
      });
      if (output.kind !== 'frames' || output.width !== width || output.fps !== fps)
        throw new Error('the sketch engine drew something else');
      yield* output.frames;
    },
  };
}

const small = { width: 320, height: 180 };

/** Foam on moving water: four layers of noise that run and boil, nothing stays for two frames. */
function water(seed: Uint8Array): Source {
  const [width, height, fps, frameCount] = [1280, 720, 30, 90];
  return {
    name: 'rapids',
    about: 'drawn: layered noise that runs and boils, new in every frame',
    width,
    height,
    fps,
    frameCount,
    natural: false,
    async *frames() {
      const draw = new KeyStream(seed, 'rapids');
      const side = 256;
      const noise = Array.from({ length: 4 }, () =>
        Float32Array.from({ length: side * side }, () => draw.below(65536) / 65536),
      );
      const canvas = createCanvas(small.width, small.height);
      const big = createCanvas(width, height);
      const pen = big.getContext('2d');
      const image = canvas.getContext('2d').createImageData(small.width, small.height);
      for (let t = 0; t < frameCount; t++) {
        for (let y = 0, to = 0; y < small.height; y++) {
          for (let x = 0; x < small.width; x++, to += 4) {
            let sum = 0;
            for (let layer = 0; layer < 4; layer++) {
              const scale = [0.06, 0.15, 0.4, 1][layer] ?? 1;
              const bend = 6 * Math.sin(x / 23 + t * 0.4 + layer);
              const u = (x + t * (5 + 3 * layer)) * scale;
              const v = (y + bend + t * (1 + layer)) * scale;
              const [iu, iv] = [Math.floor(u), Math.floor(v)];
              const [fu, fv] = [u - iu, v - iv];
              const at = (a: number, b: number): number =>
                noise[layer]?.[(((iv + b) & (side - 1)) << 8) | ((iu + a) & (side - 1))] ?? 0;
              const top = at(0, 0) * (1 - fu) + at(1, 0) * fu;
              const bottom = at(0, 1) * (1 - fu) + at(1, 1) * fu;
              sum += (top * (1 - fv) + bottom * fv) * ([0.4, 0.3, 0.2, 0.14][layer] ?? 0);
            }
            const foam = Math.max(0, sum - 0.55) * 500;
            image.data[to] = 40 + 90 * sum + foam;
            image.data[to + 1] = 70 + 110 * sum + foam;
            image.data[to + 2] = 90 + 120 * sum + foam;
            image.data[to + 3] = 255;
          }
        }
        canvas.getContext('2d').putImageData(image, 0, 0);
        pen.drawImage(canvas, 0, 0, width, height);
        yield new Uint8ClampedArray(big.data());
      }
    },
  };
}

/** White lettering rolling over black. */
function credits(seed: Uint8Array): Source {
  const [width, height, fps, frameCount] = [1280, 720, 30, 90];
  return {
    name: 'credits',
    about: 'drawn: a wall of rolling white lettering on black',
    width,
    height,
    fps,
    frameCount,
    natural: false,
    async *frames() {
      const draw = new KeyStream(seed, 'credits');
      const letters = Object.keys(glyphs).filter((letter) => /[a-z]/.test(letter));
      const lines = Array.from({ length: 48 }, () =>
        Array.from({ length: 14 + draw.below(22) }, () =>
          draw.below(6) === 0 ? ' ' : (letters[draw.below(letters.length)] ?? 'a'),
        ),
      );
      const canvas = createCanvas(width, height);
      const pen = canvas.getContext('2d');
      for (let t = 0; t < frameCount; t++) {
        pen.resetTransform();
        pen.fillStyle = '#000';
        pen.fillRect(0, 0, width, height);
        pen.strokeStyle = '#f4f4f4';
        pen.lineWidth = 2.6;
        lines.forEach((line, row) => {
          const y = row * 34 - t * 2.4;
          if (y < -40 || y > height + 40) return;
          pen.setTransform(1.15, 0, 0, 1.15, width / 2 - line.length * 9, y);
          for (const letter of line) {
            const glyph = glyphs[letter];
            if (glyph) pen.stroke(new Path2D(glyph.path));
            pen.translate(16, 0);
          }
        });
        yield new Uint8ClampedArray(canvas.data());
      }
    },
  };
}

/** @param seed 32 bytes for the drawn clips */
export function allSources(seed: Uint8Array): Source[] {
  return [
    ...(hasFilm
      ? [
          film('bunny-fall', 'Big Buck Bunny 0 – 3 s: a moving camera, a cut, grass and bark', 0, 72),
          film('bunny-bark', 'Big Buck Bunny 4 – 7 s: bark, grass, leaves; the camera stands still', 96, 72),
          film('bunny-field', 'Big Buck Bunny 7 – 10 s: a cut, grass, sky', 168, 72),
        ]
      : []),
    sketch('sketch-balls', 'A red ball bounces down stairs at sunset', '720x1280', 3),
    sketch('sketch-neon', 'Snow falls over a quiet night city with neon lights', '1280x720', 5),
    water(seed),
    credits(seed),
  ];
}
