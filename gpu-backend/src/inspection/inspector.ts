/**
 * Holds the inspection process: started by the first request, kept warm between requests, ended when nobody has asked for a while, so
 * that a node that inspects nothing pays nothing. Called by node/inspect-loop.ts.
 */
import { type ChildProcess, fork } from 'node:child_process';
import type { InspectionOutcome, InspectionRequest } from './inspect.ts';
import type { FromInspection } from './messages.ts';

/** Why no report came. `broke`: the process died over it, as decoders do of some files. `failed`: a fault of ours. `late`: out of time. */
export type InspectionFaultKind = 'broke' | 'failed' | 'late';

export class InspectionFault extends Error {
  override readonly name = 'InspectionFault';
  readonly kind: InspectionFaultKind;

  constructor(kind: InspectionFaultKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

export interface Inspector {
  /** One at a time. @throws InspectionFault, or the signal's reason when it aborts. */
  inspect(
    request: InspectionRequest,
    options: { signal: AbortSignal; withinMs: number },
  ): Promise<InspectionOutcome>;
  /** Ends the process. */
  close(): void;
}

/** How long the process waits for another recording: it holds half a gigabyte meanwhile. */
const idleMs = 60_000;

/** @param entry the process's program; tests bring one that crashes. */
export function createInspector(
  entry: URL = new URL('./process.ts', import.meta.url),
  idle = idleMs,
): Inspector {
  let child: ChildProcess | undefined;
  let resting: NodeJS.Timeout | undefined;
  const close = (): void => {
    clearTimeout(resting);
    child?.kill('SIGKILL');
    child = undefined;
  };
  const running = (): ChildProcess => {
    // Of the node's surroundings it gets what finding programs takes: no keys, no address of the edge.
    const { PATH = '', HOME = '', TMPDIR } = process.env;
    child ??= fork(entry, {
      env: { PATH, HOME, ...(TMPDIR ? { TMPDIR } : {}) },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    return child;
  };
  return {
    close,
    async inspect(request, { signal, withinMs }) {
      signal.throwIfAborted();
      clearTimeout(resting);
      const worker = running();
      try {
        return await answerOf(
          worker,
          request,
          AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(withinMs))]),
          signal,
        );
      } catch (error) {
        // Whatever it was doing, it must not go on doing it.
        close();
        throw error;
      } finally {
        if (child) {
          resting = setTimeout(close, idle);
          resting.unref();
        }
      }
    },
  };
}

function answerOf(
  worker: ChildProcess,
  request: InspectionRequest,
  until: AbortSignal,
  stop: AbortSignal,
): Promise<InspectionOutcome> {
  return new Promise((resolve, reject) => {
    const done = (settle: () => void): void => {
      worker.off('message', onMessage);
      worker.off('exit', onExit);
      worker.off('error', onExit);
      until.removeEventListener('abort', onAbort);
      settle();
    };
    const onMessage = (message: FromInspection): void =>
      done(() =>
        message.kind === 'inspected'
          ? resolve(message.outcome)
          : reject(new InspectionFault('failed', `the inspection threw ${message.error}`)),
      );
    const onExit = (): void =>
      done(() => reject(new InspectionFault('broke', 'the inspection process ended')));
    const onAbort = (): void =>
      done(() =>
        reject(stop.aborted ? stop.reason : new InspectionFault('late', 'the inspection took too long')),
      );
    worker.on('message', onMessage);
    worker.on('exit', onExit);
    worker.on('error', onExit);
    until.addEventListener('abort', onAbort, { once: true });
    if (until.aborted) onAbort();
    else worker.send(request, (error) => error && onExit());
  });
}
