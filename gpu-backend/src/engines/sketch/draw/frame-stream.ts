/**
 * Frames from a drawing thread, pulled: memory is a ring of three buffers, the thread ends with the stream, on abort and on
 * error. Called by ../index.ts.
 */
import { Worker } from 'node:worker_threads';
import { parseFrameSize } from '#schemas/engine.ts';
import type { EngineContext } from '../../engine.ts';
import { EngineError } from '../../engine-error.ts';
import type { FromThread, SceneSpec, ToThread } from './messages.ts';

/** Frames in flight: one being encoded, one ready, one being drawn. */
const ring = 3;

type Ready = Extract<FromThread, { type: 'ready' }>;

export interface DrawingThread {
  readonly ready: Ready;
  /** May be iterated once. Ends the thread when done or returned early. */
  readonly frames: AsyncIterable<Uint8ClampedArray>;
}

/**
 * Starts the thread and waits until the scene is simulated.
 * @throws the signal's reason when aborted, EngineError `engine_failed` when the thread fails
 */
export async function startDrawing(
  spec: SceneSpec,
  context: Pick<EngineContext, 'signal' | 'report'>,
): Promise<DrawingThread> {
  const { signal } = context;
  signal.throwIfAborted();
  const worker = new Worker(new URL('./thread.ts', import.meta.url), { workerData: spec });
  const inbox: Extract<FromThread, { type: 'frame' }>[] = [];
  let ready: Ready | undefined;
  let failure: unknown;
  let wake: (() => void) | undefined;
  const stop = (reason: unknown): void => {
    failure ??= reason;
    wake?.();
    void worker.terminate();
  };
  const onAbort = (): void => stop(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  worker.on('message', (message: FromThread) => {
    if (message.type === 'stage') context.report(message.stage, message.progress);
    else if (message.type === 'ready') ready = message;
    else if (message.type === 'frame') inbox.push(message);
    else
      stop(
        new EngineError('engine_failed', 'The sketch engine failed while drawing.', {
          cause: new Error(message.message),
        }),
      );
    wake?.();
  });
  worker.on('error', (error) =>
    stop(new EngineError('engine_failed', 'The drawing thread of the sketch engine died.', { cause: error })),
  );
  worker.on('exit', () => {
    failure ??= new EngineError('engine_failed', 'The drawing thread of the sketch engine ended early.');
    wake?.();
  });

  const until = async <T>(get: () => T | undefined): Promise<T> => {
    for (;;) {
      const value = get();
      if (value !== undefined) return value;
      if (failure !== undefined) {
        signal.removeEventListener('abort', onAbort);
        throw failure;
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };

  const { width, height } = parseFrameSize(spec.size);
  const bytes = width * height * 4;
  const lend = (buffer: ArrayBuffer): void =>
    worker.postMessage({ type: 'buffer', buffer } satisfies ToThread, [buffer]);

  async function* frames(count: number): AsyncGenerator<Uint8ClampedArray> {
    try {
      for (let i = 0; i < Math.min(ring, count); i++) lend(new ArrayBuffer(bytes));
      for (let index = 0; index < count; index++) {
        const { buffer } = await until(() => inbox.shift());
        signal.throwIfAborted();
        context.report('drawing', (index + 1) / count);
        yield new Uint8ClampedArray(buffer);
        // A consumer that passed the buffer on has detached it; the thread then gets a fresh one.
        if (index + ring < count) lend(buffer.byteLength === bytes ? buffer : new ArrayBuffer(bytes));
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      failure ??= new Error('The stream of frames has ended.');
      await worker.terminate();
    }
  }

  const first = await until(() => ready);
  return { ready: first, frames: frames(first.log.frameCount) };
}
