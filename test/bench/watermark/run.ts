/**
 * `npm run bench:watermark`: marks clips, attacks them, reads the mark again, and writes docs/watermark.md and its plots. Options for a
 * slice, which is printed and writes nothing: `--clips bark,neon`, `--attacks crop,rotate` (parts of names; `screenshots`, `unmarked`),
 * `--quick`. `--keep FILE` stores results as they come and skips clips that are in it already, so that a long run can be resumed.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { detectFrames } from '../../../core/watermark/index.ts';
import { attacks, screenshots } from './attacks.ts';
import { attackClip, deliver, type Marked, takeScreenshots, threadMilliseconds } from './measure.ts';
import { decode, lumaOf, sizeOf } from './media.ts';
import { asMarkdown, type ClipResult, type Results, writeReport } from './report.ts';
import { allSources, hasFilm, type Source } from './sources.ts';
import { readUnmarked } from './unmarked.ts';

const { values } = parseArgs({
  options: {
    clips: { type: 'string' },
    attacks: { type: 'string' },
    quick: { type: 'boolean', default: false },
    keep: { type: 'string' },
    seed: { type: 'string', default: 'kinora-watermark-1' },
  },
});
const key = new Uint8Array(createHash('sha256').update(values.seed).digest());
const id = createHash('sha256').update(`${values.seed} id`).digest('hex').slice(0, 10);
const names = (text: string | undefined): string[] | null => text?.split(',') ?? null;
const [clipNames, attackNames] = [names(values.clips), names(values.attacks)];
const wants = (list: string[] | null, name: string): boolean =>
  list === null || list.some((part) => name.includes(part));
const whole = clipNames === null && attackNames === null && !values.quick;
const frames = { singles: 1, screenshots: values.quick ? 2 : 4 };
const windows = values.quick ? 300 : 10_000;

if (!hasFilm) console.log('No film: the test data folder is absent, so only drawn clips are measured.');
const sources = allSources(key).filter(({ name }) => wants(clipNames, name));
const results: Results = {
  seed: values.seed,
  command: 'npm run bench:watermark',
  clips: [],
  unmarked: null,
};
if (values.keep && existsSync(values.keep))
  Object.assign(results, JSON.parse(await readFile(values.keep, 'utf8')));
const store = async (): Promise<void> => {
  if (values.keep) await writeFile(values.keep, JSON.stringify(results, null, 1));
};

/** Median processor time of a quick look at one delivered frame that ends with nothing, which takes longest. */
async function firstLook({ delivery }: Marked): Promise<number> {
  const times: number[] = [];
  for await (const frame of decode(delivery)) {
    const luma = lumaOf(frame);
    frame.free();
    const started = threadMilliseconds();
    await detectFrames([luma], new Uint8Array(32).fill(times.length), { effort: 'first' });
    times.push(threadMilliseconds() - started);
    if (times.length === 15) break;
  }
  return times.sort((a, b) => a - b)[7] ?? 0;
}

async function measureClip(source: Source): Promise<ClipResult> {
  const marked = await deliver(source, key, id);
  const plain = await deliver(source, key, null);
  const seconds = source.frameCount / source.fps;
  const result = {
    clip: source.name,
    about: source.about,
    natural: source.natural,
    size: `${source.width}×${source.height}, ${source.frameCount} at ${source.fps}`,
    psnr: marked.psnr,
    worstPsnr: marked.worstPsnr,
    ssim: marked.ssim,
    embedMilliseconds: marked.embedMilliseconds,
    firstMilliseconds: await firstLook(marked),
    kilobits: marked.kilobits,
    plainKilobits: (sizeOf(plain.delivery) * 8) / 1000 / seconds,
  };
  console.log(
    `${source.name}: ${result.psnr.toFixed(2)} dB, SSIM ${result.ssim.toFixed(4)}, ${result.embedMilliseconds.toFixed(1)} ms a frame`,
  );
  const tried = [];
  for (const attack of attacks) {
    if (attack.only === 'wide' && source.width < source.height) continue;
    if (!wants(attackNames, attack.name)) continue;
    const row = await attackClip(marked, attack, key, id, frames.singles);
    console.log(
      `  ${attack.name.padEnd(24)} whole ${row.whole}, 2 s ${row.twoSeconds}, frames ${row.frames.right}/${row.frames.of}, ${row.milliseconds.toFixed(0)} ms`,
    );
    tried.push(row);
  }
  const shots = wants(attackNames, 'screenshots')
    ? await takeScreenshots(marked, screenshots, key, id, frames.screenshots)
    : [];
  for (const { screenshot, right, of } of shots) console.log(`  ${screenshot.padEnd(24)} ${right}/${of}`);
  return { ...result, attacks: tried, screenshots: shots };
}

for (const source of sources) {
  if (results.clips.some(({ clip }) => clip === source.name)) continue;
  results.clips.push(await measureClip(source));
  await store();
}
if (wants(attackNames, 'unmarked') && results.unmarked === null) {
  results.unmarked = await readUnmarked(sources, key, windows, 200, (done) =>
    console.log(`unmarked windows: ${done}/${windows}`),
  );
  await store();
}
if (whole) {
  await writeReport(join(import.meta.dirname, '../../..'), results);
  console.log('written to docs/watermark.md');
}
console.log(asMarkdown(results));
process.exit(0);
