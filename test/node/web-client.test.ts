/** The typed client against a real HTTP server: what people are told when something is refused, slow or unreachable. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { ApiError, parseRetryAfter, request, withQuery } from '../../web/src/api/client.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;
let handler: Handler = (_request, response) => response.end('{}');
let hits: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[] = [];
const server = createServer(async (incoming, response) => {
  let body = '';
  for await (const chunk of incoming) body += String(chunk);
  hits.push({ method: incoming.method ?? '', url: incoming.url ?? '', headers: incoming.headers, body });
  handler(incoming, response, body);
});
let origin = '';
const nodeFetch = globalThis.fetch;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // The app uses paths; a page resolves them against its own origin.
  vi.stubGlobal('fetch', (path: string, init?: RequestInit) => nodeFetch(origin + path, init));
});
afterEach(() => {
  hits = [];
});
afterAll(async () => {
  vi.unstubAllGlobals();
  await new Promise((resolve) => server.close(resolve));
});

const refuse =
  (status: number, code: string, headers: Record<string, string> = {}): Handler =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ error: { code, message: `because ${code}`, requestId: 'req_1' } }));
  };
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => {
      throw new Error('was expected to fail');
    },
    (error: unknown) => {
      if (!(error instanceof ApiError)) throw error;
      return error;
    },
  );

describe('requests', () => {
  test('carry JSON and the idempotency key', async () => {
    handler = (_request, response) => response.end('{"ok":true}');
    expect(await request('POST', '/generations', { body: { prompt: 'x' }, idempotencyKey: 'k1' })).toEqual({
      ok: true,
    });
    expect(hits[0]).toMatchObject({ method: 'POST', url: '/api/v1/generations', body: '{"prompt":"x"}' });
    expect(hits[0]?.headers).toMatchObject({ 'idempotency-key': 'k1', 'content-type': 'application/json' });
  });

  test('204 is undefined', async () => {
    handler = (_request, response) => response.writeHead(204).end();
    expect(await request('DELETE', '/clips/x/comments/y')).toBeUndefined();
  });

  test('a refusal keeps code, sentence, request id and waiting time', async () => {
    handler = refuse(429, 'rate_limited', { 'retry-after': '7' });
    const error = await failureOf(request('POST', '/generations', { body: {} }));
    expect(error).toMatchObject({
      code: 'rate_limited',
      status: 429,
      message: 'because rate_limited',
      requestId: 'req_1',
      retryAfter: 7,
    });
    expect(hits).toHaveLength(1);
  });

  test('an answer that is not ours still becomes a sentence', async () => {
    handler = (_request, response) =>
      response.writeHead(502, { 'x-request-id': 'req_9' }).end('<html>bad gateway');
    const error = await failureOf(request('POST', '/x', { body: {} }));
    expect(error).toMatchObject({ code: 'internal', status: 502, requestId: 'req_9' });
    expect(error.message).toContain('502');
  });

  test('a read is tried again after 503, a write is not', async () => {
    let count = 0;
    handler = (incoming, response, body) => {
      count += 1;
      if (count === 1) refuse(503, 'consent_unavailable')(incoming, response, body);
      else response.end('{"items":[]}');
    };
    expect(await request('GET', '/feed')).toEqual({ items: [] });
    handler = refuse(503, 'engine_unavailable');
    hits = [];
    await failureOf(request('POST', '/generations', { body: {} }));
    expect(hits).toHaveLength(1);
  });

  test('nobody answering is a network error with something to do', async () => {
    handler = (incoming) => incoming.socket.destroy();
    const error = await failureOf(request('POST', '/x', { body: {} }));
    expect(error).toMatchObject({ code: 'network', status: 0 });
    expect(error.message).toMatch(/connection/);
  });

  test('an abort is not shown as a fault', async () => {
    handler = () => {};
    const controller = new AbortController();
    const promise = request('GET', '/slow', { signal: controller.signal });
    controller.abort();
    await expect(promise).rejects.toMatchObject({ name: 'AbortError' });
  });
});

test('Retry-After: seconds, a date, nonsense', () => {
  const now = Date.UTC(2026, 10, 22);
  expect(parseRetryAfter('12', now)).toBe(12);
  expect(parseRetryAfter(new Date(now + 4200).toUTCString(), now)).toBe(4);
  expect(parseRetryAfter(new Date(now - 9000).toUTCString(), now)).toBe(0);
  expect(parseRetryAfter('soon', now)).toBeNull();
  expect(parseRetryAfter(null, now)).toBeNull();
});

test('queries leave out what is not set and escape the rest', () => {
  expect(withQuery('/feed', { mode: 'recent', cursor: null, limit: 4 })).toBe('/feed?mode=recent&limit=4');
  expect(withQuery('/x', { cursor: 'a b&c' })).toBe('/x?cursor=a+b%26c');
  expect(withQuery('/x', {})).toBe('/x');
});
