/**
 * A process of its own for work that strangers' files may break or that holds a core for seconds. Invariants: started by the first
 * request and ended when nobody has asked for a while; one request at a time, the others wait; whatever happens to a request, what it was
 * doing does not go on. Called by inspector.ts and policy/watcher.ts.
 */
import { type ChildProcess, fork } from 'node:child_process';

/** What a process answers: the outcome, or the name of what was thrown (a message could quote what was in the file). */
export type FromChild<Outcome> =
  | { readonly kind: 'outcome'; readonly outcome: Outcome }
  | { readonly kind: 'failed'; readonly error: string };

/** Why no answer came. `broke`: the process died over it, as decoders do of some files. `failed`: a fault of ours. `late`: out of time. */
export type ChildFaultKind = 'broke' | 'failed' | 'late';

export class ChildFault extends Error {
  override readonly name = 'ChildFault';
  readonly kind: ChildFaultKind;

  constructor(kind: ChildFaultKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

export interface Child<Request, Outcome> {
  /** @throws ChildFault, or the signal's reason when it aborts. */
  ask(request: Request, options: { signal: AbortSignal; withinMs: number }): Promise<Outcome>;
  /** Ends the process. */
  close(): void;
}

/**
 * @param entry the process's program; answers each message with a `FromChild`
 * @param idleMs how long it waits for another request
 */
export function createChild<Request extends object, Outcome>(
  entry: URL,
  idleMs: number,
): Child<Request, Outcome> {
  let child: ChildProcess | undefined;
  let resting: NodeJS.Timeout | undefined;
  let turn: Promise<unknown> = Promise.resolve();
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
      // Frames travel as bytes.
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    return child;
  };
  const answer = async (
    request: Request,
    { signal, withinMs }: { signal: AbortSignal; withinMs: number },
  ): Promise<Outcome> => {
    signal.throwIfAborted();
    clearTimeout(resting);
    const worker = running();
    try {
      const until = AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(withinMs))]);
      return await answerOf<Outcome>(worker, request, until, signal);
    } catch (error) {
      // Whatever it was doing, it must not go on doing it.
      close();
      throw error;
    } finally {
      if (child) {
        resting = setTimeout(close, idleMs);
        resting.unref();
      }
    }
  };
  return {
    close,
    ask(request, options) {
      const result = turn.then(() => answer(request, options));
      turn = result.catch(() => undefined);
      return result;
    },
  };
}

function answerOf<Outcome>(
  worker: ChildProcess,
  request: object,
  until: AbortSignal,
  stop: AbortSignal,
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const done = (settle: () => void): void => {
      worker.off('message', onMessage);
      worker.off('exit', onExit);
      worker.off('error', onExit);
      until.removeEventListener('abort', onAbort);
      settle();
    };
    const onMessage = (message: FromChild<Outcome>): void =>
      done(() =>
        message.kind === 'outcome'
          ? resolve(message.outcome)
          : reject(new ChildFault('failed', `the process threw ${message.error}`)),
      );
    const onExit = (): void => done(() => reject(new ChildFault('broke', 'the process ended')));
    const onAbort = (): void =>
      done(() => reject(stop.aborted ? stop.reason : new ChildFault('late', 'it took too long')));
    worker.on('message', onMessage);
    worker.on('exit', onExit);
    worker.on('error', onExit);
    until.addEventListener('abort', onAbort, { once: true });
    if (until.aborted) onAbort();
    else worker.send(request, (error) => error && onExit());
  });
}

/** The other end, for the process's program: answers one request after the other, ends with its parent. */
export function answerParent<Request, Outcome>(work: (request: Request) => Promise<Outcome>): void {
  const say = (message: FromChild<Outcome>): void => {
    process.send?.(message);
  };
  process.on('disconnect', () => process.exit(0));
  process.on('message', (request: Request) => {
    work(request).then(
      (outcome) => say({ kind: 'outcome', outcome }),
      (error: unknown) => say({ kind: 'failed', error: error instanceof Error ? error.name : typeof error }),
    );
  });
}
