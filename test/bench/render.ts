/** Speed of the render node without the edge: engine and finishing of one ten-second clip, as a multiple of real time. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const prompts = [
  'a basketball bounces off the rim, hits the backboard and drops in, at sunset',
  'a little red sailboat rides high waves in a storm at dusk, watercolour',
  'fireworks over a city at night, neon',
] as const;
const seconds = 10;

export interface RenderBench {
  readonly rows: readonly {
    readonly prompt: string;
    readonly wallSeconds: number;
    readonly realTime: number;
    readonly peakMegabytes: number;
    readonly fileMegabytes: number;
  }[];
}

/** Peak resident memory of a process, MB, as the kernel counts it. */
async function peakMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

async function renderOnce(
  root: string,
  prompt: string,
  out: string,
): Promise<{ wallSeconds: number; peakMegabytes: number }> {
  const started = performance.now();
  const child = spawn(
    process.execPath,
    ['gpu-backend/src/render-once.ts', prompt, out, '--seconds', String(seconds), '--seed', '7'],
    { cwd: root, stdio: 'ignore' },
  );
  let peak = 0;
  const watch = setInterval(async () => {
    if (child.pid !== undefined) peak = Math.max(peak, await peakMemory(child.pid));
  }, 100);
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  clearInterval(watch);
  if (code !== 0) throw new Error(`render-once ended with ${code}`);
  return { wallSeconds: (performance.now() - started) / 1000, peakMegabytes: peak };
}

export async function benchRender(root: string): Promise<RenderBench> {
  const scratch = await mkdtemp(join(tmpdir(), 'kinora-bench-'));
  try {
    const rows = [];
    for (const [index, prompt] of prompts.entries()) {
      const out = join(scratch, `${index}.mp4`);
      const { wallSeconds, peakMegabytes } = await renderOnce(root, prompt, out);
      rows.push({
        prompt,
        wallSeconds,
        realTime: seconds / wallSeconds,
        peakMegabytes,
        fileMegabytes: (await readFile(out)).length / 1e6,
      });
    }
    return { rows };
  } finally {
    await rm(scratch, { recursive: true });
  }
}
