/**
 * Shows what the sketch engine makes of a prompt without rendering a clip: a contact sheet of frames as PNG.
 *
 *   node scripts/sketch-preview.ts "a red car jumps a ramp in the desert" out.png [--style ink] [--size 1280x720] [--seed 7]
 *     [--seconds 10] [--frames 6] [--time] [--parent "prompt of the remixed clip"]
 *
 * `--style` is simply added to the prompt; `--time` prints milliseconds per frame over the whole clip.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createCanvas } from '@napi-rs/canvas';
import { frameSizeSchema } from '#schemas/engine.ts';
import { Painter } from '../gpu-backend/src/engines/sketch/draw/painter.ts';
import { perform } from '../gpu-backend/src/engines/sketch/physics/perform.ts';
import { loadPhysics } from '../gpu-backend/src/engines/sketch/physics/stage.ts';
import { readScene } from '../gpu-backend/src/engines/sketch/scene/read-scene.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    style: { type: 'string' },
    size: { type: 'string', default: '720x1280' },
    seed: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '10' },
    frames: { type: 'string', default: '6' },
    parent: { type: 'string' },
    time: { type: 'boolean', default: false },
  },
});
const [prompt, out] = positionals;
if (!prompt || !out) {
  console.error(
    'usage: node scripts/sketch-preview.ts "prompt" out.png [--style ink] [--size 1280x720] [--seed 7] [--seconds 10] [--frames 6] [--time]',
  );
  process.exit(2);
}
const seed = Number(values.seed);
const size = frameSizeSchema.parse(values.size);
await loadPhysics();
const started = performance.now();
const scene = readScene({
  prompt: values.style ? `${prompt}, ${values.style}` : prompt,
  seed,
  seconds: Number(values.seconds),
  size,
  dialogue: [],
  ...(values.parent && { parent: { prompt: values.parent, seed } }),
});
const acted = perform(scene);
const simulated = performance.now();
const painter = new Painter(acted);
const prepared = performance.now();
const count = Number(values.frames);
const shrink = size === '720x1280' ? 2 : 2.4;
const columns = Math.min(count, size === '720x1280' ? 6 : 3);
const w = Math.round(scene.width / shrink);
const h = Math.round(scene.height / shrink);
const sheet = createCanvas(columns * w, Math.ceil(count / columns) * h);
for (let i = 0; i < count; i++) {
  painter.draw(Math.floor(((i + 0.5) / count) * painter.frameCount));
  sheet.getContext('2d').drawImage(painter.canvas, (i % columns) * w, Math.floor(i / columns) * h, w, h);
}
writeFileSync(out, sheet.toBuffer('image/png'));
console.log(scene.summary);
console.log(
  `simulated in ${Math.round(simulated - started)} ms, painted the place in ${Math.round(prepared - simulated)} ms`,
);
if (values.time) {
  const from = performance.now();
  for (let f = 0; f < painter.frameCount; f++) {
    painter.draw(f);
    painter.canvas.data();
    await new Promise((resolve) => setImmediate(resolve));
  }
  console.log(`${((performance.now() - from) / painter.frameCount).toFixed(2)} ms a frame`);
}
