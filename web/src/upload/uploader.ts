/**
 * Sends one file in parts. Invariant: what the server has is never sent again, not after a fault, a pause or a reload; at most three parts are
 * under way; the whole is called complete only when the server says so. No DOM: everything it touches comes in as `deps`. Called by sendings.ts.
 */
import { type Signal, signal } from '@preact/signals';
import type { CreateUpload, Upload } from '#schemas/http/uploads.ts';
import { type ApiError, asApiError } from '../api/client.ts';
import { maxTries, mayRetry, retryDelay } from './retry.ts';

export const parallelParts = 3;

export interface UploaderDeps {
  create(body: CreateUpload): Promise<Upload>;
  get(id: string): Promise<Upload>;
  putPart(
    id: string,
    part: number,
    bytes: Blob,
    digest: string,
    onProgress: (done: number) => void,
    signal: AbortSignal,
  ): Promise<unknown>;
  complete(id: string): Promise<Upload>;
  remove(id: string): Promise<unknown>;
  sha256(bytes: ArrayBuffer): Promise<ArrayBuffer>;
  /** Resolves after so many milliseconds, or at once when `signal` fires. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** 0..1 */
  chance(): number;
  /** Which upload this very file belongs to, across reloads. */
  recall(): string | null;
  remember(id: string | null): void;
}

/**
 * `paused` by the person · `interrupted` the connection is gone, `resume` goes on where it stopped · `sent` the server has everything and
 * checks it · `failed` it will not work like this · `cancelled`.
 */
export type SendPhase =
  | 'starting'
  | 'sending'
  | 'paused'
  | 'interrupted'
  | 'completing'
  | 'sent'
  | 'failed'
  | 'cancelled';

export interface SendState {
  readonly phase: SendPhase;
  readonly upload: Upload | null;
  /** Bytes that are there or on their way. */
  readonly bytes: number;
  readonly error: ApiError | null;
}

export interface Uploader {
  readonly file: Pick<File, 'name' | 'size'>;
  readonly state: Signal<SendState>;
  pause(): void;
  resume(): void;
  cancel(): Promise<void>;
  /** Settles when nothing is under way any more. */
  readonly idle: () => Promise<void>;
}

const base64 = (bytes: ArrayBuffer) => btoa(String.fromCharCode(...new Uint8Array(bytes)));

/** Starts to send at once. Never throws: what happens is in `state`. */
export function startUpload(
  file: Blob & Pick<File, 'name'>,
  mediaType: CreateUpload['mediaType'],
  deps: UploaderDeps,
): Uploader {
  const state = signal<SendState>({ phase: 'starting', upload: null, bytes: 0, error: null });
  const set = (change: Partial<SendState>) => {
    state.value = { ...state.peek(), ...change };
  };
  let stop = new AbortController();
  let running: Promise<void> = Promise.resolve();

  /** The upload to go on with, or a new one. Null if the remembered one has everything already. */
  const open = async (): Promise<Upload> => {
    const known = state.peek().upload?.id ?? deps.recall();
    if (known !== null) {
      const found = await deps.get(known).catch((error: unknown) => {
        const refusal = asApiError(error);
        if (refusal.status === 404 || refusal.status === 410 || refusal.status === 400) return null;
        throw refusal;
      });
      if (found && found.size === file.size && found.status !== 'expired' && found.status !== 'failed')
        return found;
    }
    const fresh = await deps.create({ fileName: file.name, size: file.size, mediaType });
    deps.remember(fresh.id);
    return fresh;
  };

  const sendPart = async (upload: Upload, part: number, onBytes: (bytes: number) => void) => {
    const start = (part - 1) * upload.partSize;
    const blob = file.slice(start, Math.min(file.size, start + upload.partSize), 'application/octet-stream');
    const digest = base64(await deps.sha256(await blob.arrayBuffer()));
    for (let tries = 1; ; tries += 1) {
      stop.signal.throwIfAborted();
      try {
        await deps.putPart(upload.id, part, blob, digest, (done) => onBytes(done * blob.size), stop.signal);
        return onBytes(blob.size);
      } catch (error) {
        stop.signal.throwIfAborted();
        const refusal = asApiError(error);
        if (!mayRetry(refusal) || tries >= maxTries) throw refusal;
        onBytes(0);
        await deps.wait(retryDelay(tries, deps.chance(), refusal.retryAfter), stop.signal);
      }
    }
  };

  const sendParts = async (upload: Upload) => {
    const count = Math.ceil(upload.size / upload.partSize);
    const there = new Set(upload.parts);
    const left = Array.from({ length: count }, (_, index) => index + 1).filter((part) => !there.has(part));
    const sizeOf = (part: number) => Math.min(upload.partSize, upload.size - (part - 1) * upload.partSize);
    const bytes = new Map<number, number>([...there].map((part) => [part, sizeOf(part)]));
    const report = () => set({ bytes: [...bytes.values()].reduce((sum, value) => sum + value, 0) });
    report();
    const lane = async () => {
      for (let part = left.shift(); part !== undefined; part = left.shift()) {
        const current = part;
        await sendPart(upload, current, (sent) => {
          bytes.set(current, sent);
          report();
        });
      }
    };
    // The first part that cannot be sent stops the others; all of them have ended before anybody hears of it.
    const lanes = await Promise.allSettled(
      Array.from({ length: Math.min(parallelParts, left.length) }, () =>
        lane().catch((error: unknown) => {
          stop.abort();
          throw error;
        }),
      ),
    );
    const failed = lanes.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    // A lane that was only stopped is not the cause.
    const cause = failed.find((error) => !(error instanceof DOMException && error.name === 'AbortError'));
    if (failed.length > 0) throw cause ?? failed[0];
  };

  const complete = async (upload: Upload): Promise<Upload> => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await deps.complete(upload.id);
      } catch (error) {
        const refusal = asApiError(error);
        if (!mayRetry(refusal) || tries >= maxTries) throw refusal;
        await deps.wait(retryDelay(tries, deps.chance(), refusal.retryAfter), stop.signal);
        stop.signal.throwIfAborted();
      }
    }
  };

  const run = async () => {
    stop = new AbortController();
    try {
      let upload = await open();
      // Before anything else: whoever cancels while it was opened must know what to remove.
      set({ upload });
      for (let round = 1; upload.status === 'receiving'; round += 1) {
        stop.signal.throwIfAborted();
        set({ phase: 'sending', upload, error: null });
        await sendParts(upload);
        stop.signal.throwIfAborted();
        set({ phase: 'completing', bytes: file.size });
        try {
          upload = await complete(upload);
        } catch (error) {
          // Parts can be lost between two answers; the server names what it has.
          if (asApiError(error).status !== 409 || round >= 3) throw error;
          upload = await deps.get(upload.id);
        }
      }
      deps.remember(null);
      set({ phase: 'sent', upload, bytes: file.size, error: null });
    } catch (error) {
      const phase = state.peek().phase;
      if (phase === 'paused' || phase === 'cancelled') return;
      const refusal = asApiError(error);
      if (refusal.status === 404 || refusal.status === 410) deps.remember(null);
      set({ phase: mayRetry(refusal) ? 'interrupted' : 'failed', error: refusal });
    }
  };

  running = run();
  return {
    file,
    state,
    pause() {
      const { phase } = state.peek();
      if (phase !== 'starting' && phase !== 'sending') return;
      set({ phase: 'paused' });
      stop.abort();
    },
    resume() {
      const { phase } = state.peek();
      if (phase !== 'paused' && phase !== 'interrupted') return;
      set({ phase: 'starting', error: null });
      running = running.then(run);
    },
    async cancel() {
      const { phase, upload } = state.peek();
      if (phase === 'sent' || phase === 'cancelled') return;
      set({ phase: 'cancelled' });
      stop.abort();
      await running;
      deps.remember(null);
      const id = state.peek().upload?.id ?? upload?.id;
      // It would be erased after a day in any case.
      if (id !== undefined) await deps.remove(id).catch(() => {});
    },
    idle: () => running,
  };
}
