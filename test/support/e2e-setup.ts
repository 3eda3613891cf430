/**
 * Brings the whole of Kinora up for the browser tests, in a state folder of its own, with a few short clips of the demo library. A running
 * one is used instead when KINORA_E2E_URL names it.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoClips } from '../../scripts/demo/library.ts';
import { seedDemo } from '../../scripts/demo/seed.ts';
import { startStack } from '../../scripts/local-stack.ts';
import { stopChildren } from '../../scripts/processes.ts';
import { startStep } from '../../scripts/terminal.ts';

/** Short, because these tests look at the app and not at the engine; wide and remixed ones are among them. */
const library = demoClips.map((clip) => ({ ...clip, request: { ...clip.request, seconds: 3 } }));

export default async function setup(): Promise<() => Promise<void>> {
  if (process.env.KINORA_E2E_URL !== undefined) return async () => {};
  const state = await mkdtemp(join(tmpdir(), 'kinora-e2e-'));
  const stop = async () => {
    await stopChildren();
    await rm(state, { recursive: true, force: true });
  };
  try {
    const { url } = await startStack({
      root: join(import.meta.dirname, '../..'),
      state,
      port: 18787,
      onStep: startStep,
    });
    await seedDemo({ url, library, onStep: startStep, onFirstClip: () => {} });
    process.env.KINORA_E2E_URL = url;
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}
