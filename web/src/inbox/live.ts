/**
 * The unread count, live: a WebSocket that is opened again whenever it closes, and one read of the list at every loss, so that nothing
 * that happened in between is missed. Invariant: nothing is reported after `stop`. The clock and the wire come in as `deps`, so it
 * runs in plain Node. Called by state/inbox.ts.
 */
import { listInbox, readInboxEvent } from '../api/inbox.ts';

export interface InboxDeps {
  fetchUnread(): Promise<number>;
  openSocket(handlers: { onOpen(): void; onMessage(data: unknown): void; onClose(): void }): () => void;
  /** Runs `task` after `milliseconds`; the returned function takes it back. */
  delay(task: () => void, milliseconds: number): () => void;
}

/** Milliseconds before the next attempt; the last one stands. */
export const reconnectMs = [1000, 2000, 5000, 15_000, 30_000] as const;

/**
 * @param report called with the count, and whether something has arrived since the last call
 * @returns stop function; safe to call more than once
 */
export function followInbox(report: (unread: number, arrived: boolean) => void, deps: InboxDeps): () => void {
  let stopped = false;
  let known: number | null = null;
  let failures = 0;
  let closeSocket: (() => void) | null = null;
  let cancel: (() => void) | null = null;

  const take = (count: number) => {
    if (stopped) return;
    // The first count is what was there; a smaller one means that something was read elsewhere.
    const arrived = known !== null && count > known;
    known = count;
    report(count, arrived);
  };
  const catchUp = () => deps.fetchUnread().then(take, () => {});
  const connect = () => {
    closeSocket = deps.openSocket({
      onOpen() {
        failures = 0;
      },
      onMessage(data) {
        const count = readInboxEvent(data);
        if (count !== null) take(count);
      },
      onClose() {
        if (stopped) return;
        const wait = reconnectMs[Math.min(failures, reconnectMs.length - 1)] ?? 30_000;
        failures += 1;
        void catchUp();
        cancel = deps.delay(() => {
          if (!stopped) connect();
        }, wait);
      },
    });
  };
  connect();
  return () => {
    stopped = true;
    cancel?.();
    closeSocket?.();
    closeSocket = null;
  };
}

export const browserDeps: InboxDeps = {
  fetchUnread: async () => (await listInbox(null, 1)).unread,
  openSocket: (handlers) => {
    const url = new URL('/api/v1/inbox/live', location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(url);
    socket.addEventListener('open', () => handlers.onOpen());
    socket.addEventListener('message', (event) => handlers.onMessage(event.data));
    socket.addEventListener('close', () => handlers.onClose());
    return () => socket.close();
  },
  delay: (task, milliseconds) => {
    const timer = setTimeout(task, milliseconds);
    return () => clearTimeout(timer);
  },
};
