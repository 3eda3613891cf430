/**
 * Follows one generation until it ends: a WebSocket for every change, and polling once a second whenever the socket is not open.
 * Invariant: `onChange` never goes back in time (an older record than the last one is dropped) and is not called after `stop`.
 * Called by the studio and the drafts list; the clock and the wire come in as `deps`, so it runs in plain Node.
 */
import type { Generation, GenerationEvent } from '#schemas/http/generations.ts';
import { isFinal } from './limits.ts';

export interface SocketHandlers {
  onOpen(): void;
  onMessage(data: unknown): void;
  /** Also called when it never opened. */
  onClose(): void;
}

export interface LiveDeps {
  fetchGeneration(id: string): Promise<Generation>;
  /** Opens the live socket; the returned function closes it. */
  openSocket(id: string, handlers: SocketHandlers): () => void;
  /** Runs `task` after `milliseconds`; the returned function takes it back. */
  delay(task: () => void, milliseconds: number): () => void;
}

export interface LiveObserver {
  onChange(generation: Generation): void;
  /** A read failed. Following goes on unless the record is gone (404). */
  onError(error: unknown): void;
}

export const pollEveryMs = 1000;
const reconnectMs = [1000, 2000, 4000, 8000];

/**
 * Starts following.
 * @returns stop function; safe to call more than once
 */
export function followGeneration(id: string, observer: LiveObserver, deps: LiveDeps): () => void {
  let stopped = false;
  let last: Generation | null = null;
  let closeSocket: (() => void) | null = null;
  let open = false;
  let polling = false;
  let failures = 0;
  const pending = new Set<() => void>();

  const after = (task: () => void, milliseconds: number) => {
    const cancel = deps.delay(() => {
      pending.delete(cancel);
      if (!stopped) task();
    }, milliseconds);
    pending.add(cancel);
  };
  const stop = () => {
    stopped = true;
    for (const cancel of pending) cancel();
    pending.clear();
    closeSocket?.();
    closeSocket = null;
  };
  const take = (generation: Generation) => {
    if (stopped || (last && (isFinal(last.status) || generation.updatedAt < last.updatedAt))) return;
    // Stages overlap at their seams; within one attempt the bar only moves forward.
    const floor = last && last.attempt === generation.attempt ? last.progress : 0;
    last = { ...generation, progress: Math.max(floor, generation.progress) };
    observer.onChange(last);
    if (isFinal(generation.status)) stop();
  };
  const poll = async () => {
    try {
      take(await deps.fetchGeneration(id));
    } catch (error) {
      if (!stopped) observer.onError(error);
      if (isGone(error)) stop();
    }
    if (!stopped && !open) after(poll, pollEveryMs);
    else polling = false;
  };
  const startPolling = () => {
    if (polling) return Promise.resolve();
    polling = true;
    return poll();
  };
  const connect = () => {
    closeSocket = deps.openSocket(id, {
      onOpen() {
        open = true;
        failures = 0;
      },
      onMessage(data) {
        const generation = readEvent(data);
        if (generation) take(generation);
      },
      onClose() {
        open = false;
        if (stopped) return;
        after(connect, reconnectMs[Math.min(failures, reconnectMs.length - 1)] ?? 8000);
        failures += 1;
        void startPolling();
      },
    });
  };

  void startPolling().then(() => {
    if (!stopped) connect();
  });
  return stop;
}

/** The record inside a live message, or null for anything else. */
export function readEvent(data: unknown): Generation | null {
  if (typeof data !== 'string') return null;
  try {
    const event = JSON.parse(data) as Partial<GenerationEvent>;
    return event.type === 'generation' && event.generation ? event.generation : null;
  } catch {
    return null;
  }
}

function isGone(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'status' in error &&
    (error.status === 404 || error.status === 410)
  );
}
