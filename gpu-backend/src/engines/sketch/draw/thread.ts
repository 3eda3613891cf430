/**
 * The drawing thread's entry: reads, simulates, then draws one frame for every buffer it is lent. Started by frame-stream.ts
 * with the scene's spec as worker data; it ends when it is terminated or has drawn everything.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { perform } from '../physics/perform.ts';
import { loadPhysics } from '../physics/stage.ts';
import { reportOf } from '../report.ts';
import { readScene } from '../scene/read-scene.ts';
import type { FromThread, SceneSpec, ToThread } from './messages.ts';
import { Painter } from './painter.ts';
import { loadPortraits } from './portraits.ts';

const port = parentPort;
if (!port) throw new Error('The drawing thread must be started as a worker.');
const say = (message: FromThread, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const waiting: ArrayBuffer[] = [];
let wake: (() => void) | undefined;
port.on('message', (message: ToThread) => {
  waiting.push(message.buffer);
  wake?.();
});

async function nextBuffer(): Promise<ArrayBuffer> {
  for (;;) {
    const buffer = waiting.shift();
    if (buffer) return buffer;
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
}

async function main(spec: SceneSpec): Promise<void> {
  await loadPhysics();
  say({ type: 'stage', stage: 'reading', progress: 0 });
  const scene = readScene(spec);
  say({ type: 'stage', stage: 'simulating', progress: 0 });
  const performance = perform(scene);
  say({ type: 'stage', stage: 'simulating', progress: 1 });
  const report = reportOf(performance);
  say({
    type: 'ready',
    log: performance.log,
    mood: scene.mood,
    dialogue: scene.dialogue,
    seed: scene.seed,
    report,
  });
  const painter = new Painter(performance, await loadPortraits(scene.people));
  for (let index = 0; index < painter.frameCount; index++) {
    const buffer = await nextBuffer();
    // A turn of the event loop lets the last frame's copy of the pixels be freed; without it memory grows by a frame each time.
    await nextTurn();
    painter.draw(index);
    new Uint8Array(buffer).set(painter.canvas.data());
    say({ type: 'frame', index, buffer }, [buffer]);
  }
  port?.close();
}

main(workerData as SceneSpec).catch((error: unknown) => {
  say({ type: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  port.close();
});
