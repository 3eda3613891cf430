/** Following a job: the page sees every change once and in order, over the socket or by polling, and never after it left. */
import { describe, expect, test } from 'vitest';
import type { Generation } from '../../schemas/http/generations.ts';
import {
  followGeneration,
  type LiveDeps,
  pollEveryMs,
  readEvent,
  type SocketHandlers,
} from '../../web/src/api/generation-live.ts';

const record = (tick: number, patch: Partial<Generation> = {}): Generation => ({
  id: 'gen_01jd0000000000000000000000',
  status: 'running',
  stage: 'drawing',
  progress: tick / 100,
  queuePosition: null,
  estimateSeconds: 5,
  prompt: 'a ball',
  seconds: 4,
  size: '720x1280',
  engine: 'sketch',
  seed: 1,
  credits: 4,
  attempt: 1,
  createdAt: '2026-11-22T10:00:00.000Z',
  updatedAt: new Date(Date.UTC(2026, 10, 22, 10, 0, tick)).toISOString(),
  ...patch,
});
const event = (generation: Generation) => JSON.stringify({ type: 'generation', generation });

/** A wire and a clock moved by hand. */
function bench(answers: (Generation | Error)[]) {
  const seen: Generation[] = [];
  const errors: unknown[] = [];
  const sockets: { handlers: SocketHandlers; closed: boolean }[] = [];
  const timers: { at: number; task: () => void }[] = [];
  let now = 0;
  let polls = 0;
  const deps: LiveDeps = {
    fetchGeneration() {
      polls += 1;
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      return answer instanceof Error || !answer ? Promise.reject(answer) : Promise.resolve(answer);
    },
    openSocket(_id, handlers) {
      const socket = { handlers, closed: false };
      sockets.push(socket);
      return () => {
        socket.closed = true;
      };
    },
    delay(task, milliseconds) {
      const timer = { at: now + milliseconds, task };
      timers.push(timer);
      return () => {
        const index = timers.indexOf(timer);
        if (index >= 0) timers.splice(index, 1);
      };
    },
  };
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  const stop = followGeneration(
    'gen_x',
    { onChange: (value) => seen.push(value), onError: (error) => errors.push(error) },
    deps,
  );
  return {
    seen,
    errors,
    sockets,
    stop,
    settle,
    polls: () => polls,
    async pass(milliseconds: number) {
      const end = now + milliseconds;
      for (;;) {
        timers.sort((a, b) => a.at - b.at);
        const next = timers[0];
        if (!next || next.at > end) break;
        timers.shift();
        now = next.at;
        next.task();
        await settle();
      }
      now = end;
    },
  };
}

describe('following a generation', () => {
  test('reads once, then lives on the socket without polling', async () => {
    const b = bench([record(1)]);
    await b.settle();
    b.sockets[0]?.handlers.onOpen();
    b.sockets[0]?.handlers.onMessage(event(record(2)));
    await b.pass(pollEveryMs * 10);
    expect(b.seen.map((value) => value.progress)).toEqual([0.01, 0.02]);
    // One read is already on its way when the socket opens; no more follow.
    expect(b.polls()).toBeLessThanOrEqual(2);
  });

  test('polls every second while the socket does not open', async () => {
    const b = bench([record(1), record(2), record(3), record(4)]);
    await b.settle();
    b.sockets[0]?.handlers.onClose();
    await b.pass(pollEveryMs * 3);
    expect(b.seen.map((value) => value.progress)).toEqual([0.01, 0.02, 0.03, 0.04]);
    expect(b.sockets.length).toBeGreaterThan(1);
  });

  test('polls again after an open socket breaks, in one loop only', async () => {
    const b = bench([record(1)]);
    await b.settle();
    b.sockets[0]?.handlers.onOpen();
    await b.pass(pollEveryMs * 2);
    const before = b.polls();
    b.sockets[0]?.handlers.onClose();
    b.sockets[0]?.handlers.onClose();
    await b.pass(pollEveryMs * 4);
    expect(b.polls() - before).toBeGreaterThanOrEqual(4);
    expect(b.polls() - before).toBeLessThanOrEqual(6);
  });

  test('drops a record older than the last one', async () => {
    const b = bench([record(5)]);
    await b.settle();
    b.sockets[0]?.handlers.onOpen();
    b.sockets[0]?.handlers.onMessage(event(record(3)));
    b.sockets[0]?.handlers.onMessage(event(record(6)));
    expect(b.seen.map((value) => value.progress)).toEqual([0.05, 0.06]);
  });

  test('the bar never moves back within an attempt, and starts over with the next one', async () => {
    const b = bench([record(5)]);
    await b.settle();
    b.sockets[0]?.handlers.onOpen();
    b.sockets[0]?.handlers.onMessage(event(record(6, { progress: 0.01 })));
    b.sockets[0]?.handlers.onMessage(event(record(7, { progress: 0.02, attempt: 2 })));
    expect(b.seen.map((value) => value.progress)).toEqual([0.05, 0.05, 0.02]);
  });

  test('ends with the final record: the socket is closed and nothing follows', async () => {
    const b = bench([record(1)]);
    await b.settle();
    b.sockets[0]?.handlers.onOpen();
    b.sockets[0]?.handlers.onMessage(event(record(9, { status: 'ready', stage: 'done', progress: 1 })));
    b.sockets[0]?.handlers.onMessage(event(record(10)));
    expect(b.sockets[0]?.closed).toBe(true);
    b.sockets[0]?.handlers.onClose();
    const polls = b.polls();
    await b.pass(60_000);
    expect(b.seen.at(-1)?.status).toBe('ready');
    expect(b.polls()).toBe(polls);
    expect(b.sockets).toHaveLength(1);
  });

  test('says that a read failed and goes on', async () => {
    const b = bench([new Error('offline'), record(2)]);
    await b.settle();
    b.sockets[0]?.handlers.onClose();
    await b.pass(pollEveryMs);
    expect(b.errors).toHaveLength(1);
    expect(b.seen.map((value) => value.progress)).toEqual([0.02]);
  });

  test('stops when the job is gone', async () => {
    const b = bench([Object.assign(new Error('gone'), { status: 404 })]);
    await b.settle();
    await b.pass(60_000);
    expect(b.polls()).toBe(1);
    expect(b.sockets).toHaveLength(0);
  });

  test('is silent after stop', async () => {
    const b = bench([record(1)]);
    await b.settle();
    b.stop();
    b.sockets[0]?.handlers.onMessage(event(record(2)));
    await b.pass(60_000);
    expect(b.seen).toHaveLength(1);
  });
});

test.each(['', '{', '[]', '{"type":"other"}', '{"type":"generation"}', 12, null])(
  'a message that is not one: %j',
  (data) => {
    expect(readEvent(data)).toBeNull();
  },
);
