/**
 * Results as the measured part of docs/watermark.md and its plots. Called by run.ts.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { AttackResult, ScreenshotResult } from './measure.ts';
import { type Bar, barChart } from './plot.ts';
import type { UnmarkedResult } from './unmarked.ts';

export interface ClipResult {
  readonly clip: string;
  readonly about: string;
  readonly natural: boolean;
  readonly size: string;
  readonly psnr: number;
  readonly worstPsnr: number;
  readonly ssim: number;
  readonly embedMilliseconds: number;
  readonly firstMilliseconds: number;
  readonly kilobits: number;
  readonly plainKilobits: number;
  readonly attacks: readonly AttackResult[];
  readonly screenshots: readonly ScreenshotResult[];
}

export interface Results {
  readonly seed: string;
  readonly command: string;
  clips: ClipResult[];
  unmarked: UnmarkedResult | null;
}

const share = (right: number, of: number): number | null => (of === 0 ? null : right / of);
const cell = (right: number, of: number): string => (of === 0 ? '–' : `${right}/${of}`);
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

interface Row {
  readonly name: string;
  readonly whole: readonly [number, number];
  readonly two: readonly [number, number];
  readonly frame: readonly [number, number];
}

function attackRows(clips: readonly ClipResult[]): Row[] {
  const names = [...new Set(clips.flatMap((clip) => clip.attacks.map(({ attack }) => attack)))];
  return names.map((name) => {
    const of = clips.flatMap((clip) => clip.attacks.filter(({ attack }) => attack === name));
    return {
      name,
      whole: [of.filter(({ whole }) => whole === 'right').length, of.length],
      two: [of.filter(({ twoSeconds }) => twoSeconds === 'right').length, of.length],
      frame: [sum(of.map(({ frames }) => frames.right)), sum(of.map(({ frames }) => frames.of))],
    };
  });
}

function screenshotRows(clips: readonly ClipResult[]): { name: string; right: number; of: number }[] {
  const names = [...new Set(clips.flatMap((clip) => clip.screenshots.map(({ screenshot }) => screenshot)))];
  return names.map((name) => {
    const of = clips.flatMap((clip) => clip.screenshots.filter(({ screenshot }) => screenshot === name));
    return { name, right: sum(of.map(({ right }) => right)), of: sum(of.map(({ of: n }) => n)) };
  });
}

function total(rows: readonly Row[], part: 'whole' | 'two' | 'frame'): string {
  const right = sum(rows.map((row) => row[part][0]));
  const of = sum(rows.map((row) => row[part][1]));
  return of === 0 ? '–' : `${right}/${of} = ${((100 * right) / of).toFixed(1)} %`;
}

/** Markdown of everything measured. */
export function asMarkdown({ seed, command, clips, unmarked }: Results): string {
  const natural = clips.filter((clip) => clip.natural);
  const rows = attackRows(clips);
  const naturalRows = attackRows(natural);
  const wrong = sum(
    clips.flatMap((clip) => [
      ...clip.attacks.map(
        ({ whole, twoSeconds, frames }) =>
          Number(whole === 'wrong') + Number(twoSeconds === 'wrong') + frames.wrong,
      ),
      ...clip.screenshots.map((shot) => shot.wrong),
    ]),
  );
  const shots = screenshotRows(clips);
  const naturalShots = screenshotRows(natural);
  return `Written by \`${command}\` on ${new Date().toISOString().slice(0, 10)}, seed \`${seed}\`: ${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), Node ${process.versions.node}.
PSNR and SSIM are of luma, marked frames against the frames before, ahead of any encoder. No VMAF: no tool for it comes with the packages used here.

| clip | what | size | PSNR dB (worst frame) | SSIM | embedding ms a frame | first look ms | kb/s unmarked → marked | whole clip | 2 s |
|---|---|---|---|---|---|---|---|---|---|
${clips
  .map((clip) => {
    const own = attackRows([clip]);
    return `| ${clip.clip} | ${clip.about} | ${clip.size} | ${clip.psnr.toFixed(1)} (${clip.worstPsnr.toFixed(1)}) | ${clip.ssim.toFixed(4)} | ${clip.embedMilliseconds.toFixed(1)} | ${clip.firstMilliseconds.toFixed(1)} | ${clip.plainKilobits.toFixed(0)} → ${clip.kilobits.toFixed(0)} | ${total(own, 'whole')} | ${total(own, 'two')} |`;
  })
  .join('\n')}

All clips: whole ${total(rows, 'whole')}, two seconds ${total(rows, 'two')}. Without the two drawn to be hard: whole ${total(naturalRows, 'whole')}, two seconds ${total(naturalRows, 'two')}. Wrong identifiers returned: ${wrong}.

![Recovery by attack](images/watermark-attacks.svg)

| attack, after finishing's own encoder | whole clip | 2 s | one frame |
|---|---|---|---|
${rows.map((row) => `| ${row.name} | ${cell(...row.whole)} | ${cell(...row.two)} | ${cell(...row.frame)} |`).join('\n')}

![Recovery from one screenshot](images/watermark-screenshots.svg)

| one delivered frame as a picture | all clips | without the two drawn to be hard |
|---|---|---|
${shots.map((row) => `| ${row.name} | ${cell(row.right, row.of)} | ${cell(...of(naturalShots, row.name))} |`).join('\n')}
${
  unmarked === null
    ? ''
    : `
Unmarked pictures, each with a key of its own: ${unmarked.first.found} false in ${unmarked.first.windows.toLocaleString('en')} windows at the first look, ${unmarked.deep.found} false in ${unmarked.deep.windows.toLocaleString('en')} searched deeply.
`
}`;
}

function of(rows: readonly { name: string; right: number; of: number }[], name: string): [number, number] {
  const row = rows.find((other) => other.name === name);
  return [row?.right ?? 0, row?.of ?? 0];
}

const marker = { begin: '<!-- measured: begin -->', end: '<!-- measured: end -->' };

/** Writes the plots and the measured part of docs/watermark.md. */
export async function writeReport(root: string, results: Results): Promise<void> {
  const rows = attackRows(results.clips);
  const bars = rows.map(
    ({ name, whole, two, frame }): Bar => ({
      label: name,
      shares: [share(...whole), share(...two), share(...frame)],
    }),
  );
  const shots = screenshotRows(results.clips).map(
    ({ name, right, of: n }): Bar => ({ label: name, shares: [share(right, n)] }),
  );
  const images = join(root, 'docs/images');
  await writeFile(
    join(images, 'watermark-attacks.svg'),
    barChart('Exact identifier recovered', ['whole clip', 'two seconds', 'one frame'], bars),
  );
  await writeFile(
    join(images, 'watermark-screenshots.svg'),
    barChart('Exact identifier recovered from one frame', ['one picture'], shots),
  );
  const path = join(root, 'docs/watermark.md');
  const text = await readFile(path, 'utf8');
  const [before, rest] = text.split(marker.begin);
  const after = rest?.split(marker.end)[1];
  if (before === undefined || after === undefined) throw new Error(`${path} has lost its markers`);
  await writeFile(path, `${before}${marker.begin}\n${asMarkdown(results)}\n${marker.end}${after}`);
}
