/** The unread badge over a connection that breaks, comes late, and says nonsense: never wrong for long, silent once stopped. */
import { beforeEach, describe, expect, test } from 'vitest';
import { readInboxEvent } from '../../web/src/api/inbox.ts';
import { followInbox, type InboxDeps, reconnectMs } from '../../web/src/inbox/live.ts';

type Handlers = Parameters<InboxDeps['openSocket']>[0];

let sockets: { handlers: Handlers; closed: boolean }[] = [];
let timers: { task: () => void; milliseconds: number; cancelled: boolean }[] = [];
let unreadThere = 0;
let reports: [number, boolean][] = [];

const deps: InboxDeps = {
  fetchUnread: async () => unreadThere,
  openSocket: (handlers) => {
    const socket = { handlers, closed: false };
    sockets.push(socket);
    return () => {
      socket.closed = true;
    };
  },
  delay: (task, milliseconds) => {
    const timer = { task, milliseconds, cancelled: false };
    timers.push(timer);
    return () => {
      timer.cancelled = true;
    };
  },
};
const follow = () => followInbox((count, arrived) => reports.push([count, arrived]), deps);
const last = () => {
  const socket = sockets.at(-1);
  if (!socket) throw new Error('no socket was opened');
  return socket.handlers;
};
const unread = (count: number) => JSON.stringify({ type: 'unread', unread: count });
const settle = () => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  sockets = [];
  timers = [];
  reports = [];
  unreadThere = 0;
});

describe('following', () => {
  test('the first count is what was there; more is an arrival, less was read elsewhere', () => {
    follow();
    last().onOpen();
    for (const count of [2, 3, 1, 1, 2]) last().onMessage(unread(count));
    expect(reports).toEqual([
      [2, false],
      [3, true],
      [1, false],
      [1, false],
      [2, true],
    ]);
  });

  test('what arrived while the connection was down is found, and the wait grows until it is open again', async () => {
    follow();
    last().onOpen();
    last().onMessage(unread(0));
    unreadThere = 4;
    for (let loss = 0; loss < reconnectMs.length + 2; loss++) {
      last().onClose();
      await settle();
      timers.at(-1)?.task();
    }
    expect(reports.slice(0, 3)).toEqual([
      [0, false],
      [4, true],
      [4, false],
    ]);
    expect(timers.map((timer) => timer.milliseconds)).toEqual([...reconnectMs, 30_000, 30_000]);
    last().onOpen();
    last().onClose();
    expect(timers.at(-1)?.milliseconds).toBe(reconnectMs[0]);
  });

  test('after stop nothing is reported, opened or waited for', async () => {
    const stop = follow();
    last().onOpen();
    last().onClose();
    stop();
    stop();
    await settle();
    last().onMessage(unread(9));
    for (const timer of timers) timer.task();
    expect(reports).toEqual([]);
    expect(sockets).toHaveLength(1);
    expect(sockets[0]?.closed).toBe(true);
    expect(timers.every((timer) => timer.cancelled)).toBe(true);
  });

  test('a list that cannot be read is no report', async () => {
    followInbox((count, arrived) => reports.push([count, arrived]), {
      ...deps,
      fetchUnread: async () => {
        throw new Error('offline');
      },
    });
    last().onClose();
    await settle();
    expect(reports).toEqual([]);
  });
});

test.each([
  ['{"type":"unread","unread":3}', 3],
  ['{"type":"item","item":{},"unread":1}', 1],
  ['{"type":"unread","unread":-1}', null],
  ['{"type":"unread"}', null],
  ['pong', null],
  [new ArrayBuffer(2), null],
])('message %j says %j', (data, count) => expect(readInboxEvent(data)).toBe(count));
