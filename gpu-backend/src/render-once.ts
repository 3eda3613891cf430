/**
 * Renders one prompt to a file without an edge, for people who write engines or look at results:
 * `node gpu-backend/src/render-once.ts "prompt" out.mp4 [--seconds 10] [--size 720x1280] [--seed 1] [--engine sketch] [--handle you]`.
 * Prints how long it took as a multiple of real time.
 */
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, extname, join, resolve } from 'node:path';
import { stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { renderSpecSchema } from '#schemas/engine.ts';
import { loadEngines } from './engines/registry.ts';
import { finish } from './finishing/finish.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '10' },
    size: { type: 'string', default: '720x1280' },
    seed: { type: 'string', default: '1' },
    engine: { type: 'string', default: 'sketch' },
    handle: { type: 'string', default: 'you' },
    sound: { type: 'string', multiple: true, default: [] },
    line: { type: 'string', multiple: true, default: [] },
  },
});
const [prompt, out] = positionals;
const spec = renderSpecSchema.safeParse({
  engine: values.engine,
  prompt,
  seed: Number(values.seed),
  seconds: Number(values.seconds),
  size: values.size,
  dialogue: values.line.map((text) => ({ text })),
  soundCues: values.sound.map((sound) => ({ sound })),
  creatorHandle: values.handle,
});
if (!spec.success || out === undefined) {
  stderr.write(
    'Usage: node gpu-backend/src/render-once.ts "prompt" out.mp4 [--seconds 10] [--size 720x1280] [--seed 1] [--sound bell] [--line "Hello"]\n',
  );
  if (!spec.success)
    stderr.write(`${spec.error.issues.map((i) => `  ${i.path.join('.')}: ${i.message}`).join('\n')}\n`);
  process.exit(2);
}
const { engines, failures } = await loadEngines([spec.data.engine]);
const engine = engines[0];
if (!engine) {
  stderr.write(
    `${failures.map(({ error }) => (error instanceof Error ? error.message : String(error))).join('\n')}\n`,
  );
  process.exit(1);
}
const workDir = await mkdtemp(join(tmpdir(), 'kinora-render-'));
const abort = new AbortController();
process.once('SIGINT', () => abort.abort(new Error('interrupted')));
let peak = 0;
const watch = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage().rss);
}, 50);
const startedAt = performance.now();
try {
  let shown = '';
  const report = (stage: string, progress: number): void => {
    const line = `${stage} ${Math.floor(progress * 100)} %`;
    if (stdout.isTTY && line !== shown) stdout.write(`\r${line.padEnd(24)}`);
    shown = line;
  };
  const output = await engine.render(spec.data, {
    signal: abort.signal,
    workDir,
    portraits: new Map(),
    report,
  });
  const media = await finish(output, {
    handle: spec.data.creatorHandle,
    outDir: workDir,
    signal: abort.signal,
    report,
  });
  const seconds = (performance.now() - startedAt) / 1000;
  const target = resolve(out);
  await mkdir(dirname(target), { recursive: true });
  await copyFile(media.files['video.mp4'], target);
  await copyFile(
    media.files['poster.jpg'],
    target.slice(0, target.length - extname(target).length).concat('.jpg'),
  );
  stdout.write(
    `${stdout.isTTY ? '\r' : ''}${output.report.summary}\n${target}: ${media.width}×${media.height}, ${media.durationMs / 1000} s, ${media.loudness} LUFS, ` +
      `made in ${seconds.toFixed(1)} s (${(media.durationMs / 1000 / seconds).toFixed(2)} × real time), peak ${Math.round(peak / 1e6)} MB\n`,
  );
} finally {
  clearInterval(watch);
  await rm(workDir, { recursive: true, force: true });
}
process.exit(0);
