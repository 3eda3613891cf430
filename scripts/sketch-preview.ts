/**
 * Shows what the sketch engine makes of a prompt without rendering a clip: a contact sheet of frames as PNG.
 *
 *   node scripts/sketch-preview.ts "a red car jumps a ramp in the desert" out.png [--style ink] [--size 1280x720] [--seed 7]
 *     [--seconds 10] [--frames 6] [--time] [--parent "prompt of the remixed clip"] [--cast 2] [--photo face.jpg] [--line "What is said"]
 *
 * `--style` is simply added to the prompt; `--time` prints milliseconds per frame over the whole clip.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createCanvas } from '@napi-rs/canvas';
import { frameSizeSchema } from '#schemas/engine.ts';
import type { DrawnPortrait } from '#schemas/likeness.ts';
import { Painter } from '../gpu-backend/src/engines/sketch/draw/painter.ts';
import { loadPortraits } from '../gpu-backend/src/engines/sketch/draw/portraits.ts';
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
    cast: { type: 'string', default: '0' },
    photo: { type: 'string' },
    line: { type: 'string' },
    time: { type: 'boolean', default: false },
  },
});
/** As different as parameters allow. */
const portraits = [
  {
    kind: 'drawn',
    skin: '#f1c9a4',
    hair: 'curly',
    hairColor: '#5a2f1c',
    eyes: '#3c6b4f',
    glasses: 'round',
    beard: 'none',
    shirt: '#e2644f',
  },
  {
    kind: 'drawn',
    skin: '#8a5637',
    hair: 'short',
    hairColor: '#1d1518',
    eyes: '#4a2f20',
    glasses: 'none',
    beard: 'full',
    shirt: '#3f7fb8',
  },
  {
    kind: 'drawn',
    skin: '#e3ae83',
    hair: 'long',
    hairColor: '#c98a3a',
    eyes: '#4f7fae',
    glasses: 'none',
    beard: 'none',
    shirt: '#7a58b0',
  },
  {
    kind: 'drawn',
    skin: '#6b412a',
    hair: 'braids',
    hairColor: '#20161a',
    eyes: '#33211a',
    glasses: 'square',
    beard: 'none',
    shirt: '#f0b33f',
  },
  {
    kind: 'drawn',
    skin: '#f6d8bd',
    hair: 'bun',
    hairColor: '#8f8a92',
    eyes: '#5b7a8c',
    glasses: 'none',
    beard: 'none',
    shirt: '#4fa38a',
  },
  {
    kind: 'drawn',
    skin: '#c98f66',
    hair: 'mohawk',
    hairColor: '#d0487e',
    eyes: '#2f4a3a',
    glasses: 'none',
    beard: 'stubble',
    shirt: '#2f2f3a',
  },
  {
    kind: 'drawn',
    skin: '#dba27a',
    hair: 'bob',
    hairColor: '#2a2026',
    eyes: '#5a3a24',
    glasses: 'none',
    beard: 'none',
    shirt: '#d94f6b',
  },
  {
    kind: 'drawn',
    skin: '#efc39c',
    hair: 'none',
    hairColor: '#a8602f',
    eyes: '#3f5f8a',
    glasses: 'square',
    beard: 'moustache',
    shirt: '#5a8a3f',
  },
] as const satisfies readonly DrawnPortrait[];
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
  dialogue: values.line === undefined ? [] : [{ text: values.line }],
  cast: Array.from({ length: Number(values.cast) }, (_, i) => ({
    handle: `person-${i}`,
    displayName: `Person ${i}`,
    portrait:
      values.photo === undefined
        ? (portraits[i % portraits.length] ?? portraits[0])
        : { kind: 'photo' as const, path: values.photo },
  })),
  ...(values.parent && { parent: { prompt: values.parent, seed } }),
});
const acted = perform(scene);
const simulated = performance.now();
const painter = new Painter(acted, await loadPortraits(scene.people));
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
