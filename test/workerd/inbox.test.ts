/** The inbox, as an object and over HTTP: every notice once, nothing lost out of order, bounded, live, and nobody else's business. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { InboxObject } from '#durable-objects/inbox/inbox-object.ts';
import type { NotifyInput } from '#durable-objects/inbox/rpc.ts';
import { createId } from '#durable-objects/shared/id.ts';
import { type InboxEvent, inboxEventSchema, inboxKinds, inboxSchema } from '#schemas/http/inbox.ts';
import type { Id } from '#schemas/ids.ts';
import { person, stranger } from '../support/api-actors.ts';
import { refusal } from '../support/api-browser.ts';
import { evict } from '../support/evict.ts';
import { eventually } from '../support/objects.ts';

type Inbox = DurableObjectStub<InboxObject>;

const inboxOf = (accountId: Id<'acc'> = createId('acc', Date.now())): Inbox => env.INBOX.getByName(accountId);

let keys = 0;
function notice(change: Partial<NotifyInput> = {}): NotifyInput {
  keys += 1;
  return {
    dedupeKey: `test:${keys}`,
    kind: 'cast',
    actorId: null,
    clipId: null,
    generationId: null,
    grantId: null,
    reviewId: null,
    text: `notice ${keys}`,
    ...change,
  };
}

async function all(inbox: Inbox) {
  return (await inbox.list({ before: null, limit: 2_000 })).items;
}

describe('what is kept', () => {
  test('newest first, page by page, whatever came within the same millisecond', async () => {
    const inbox = inboxOf();
    const texts = Array.from({ length: 45 }, (_, n) => `number ${n}`);
    for (const text of texts) await inbox.notify(notice({ text }));
    const seen: string[] = [];
    let before: Id<'ntf'> | null = null;
    do {
      const { items }: Awaited<ReturnType<Inbox['list']>> = await inbox.list({ before, limit: 10 });
      seen.push(...items.map((item) => item.text));
      before = items.at(-1)?.id ?? null;
    } while (before !== null);
    expect(seen).toEqual([...texts].reverse());
  });

  test('the same notice twice is one item, also after it was dropped', async () => {
    const inbox = inboxOf();
    const first = notice();
    await Promise.all([inbox.notify(first), inbox.notify(first), inbox.notify({ ...first, text: 'again' })]);
    expect((await all(inbox)).map(({ text }) => text)).toEqual([first.text]);
    await runInDurableObject(inbox, (_, { storage }) => {
      storage.sql.exec('DELETE FROM items');
    });
    await inbox.notify(first);
    expect(await all(inbox)).toEqual([]);
  });

  test('at most a thousand: what was read goes first, the oldest first, then what was not', async () => {
    const inbox = inboxOf();
    for (let n = 0; n < 1_000; n += 1) await inbox.notify(notice({ text: `${n}` }));
    const items = await all(inbox);
    const read = [items.at(-500), items.at(-400)].flatMap((item) => item?.id ?? []);
    await inbox.markRead(read);
    const oldest = items.at(-1)?.id;
    await inbox.notify(notice());
    await inbox.notify(notice());
    const afterRead = new Set((await all(inbox)).map(({ id }) => id));
    expect(afterRead.size).toBe(1_000);
    expect(read.filter((id) => afterRead.has(id))).toEqual([]);
    expect(oldest !== undefined && afterRead.has(oldest)).toBe(true);
    await inbox.notify(notice());
    const afterUnread = await all(inbox);
    expect(afterUnread).toHaveLength(1_000);
    expect(afterUnread.some(({ id }) => id === oldest)).toBe(false);
  });

  test('a page goes on after an item that has gone', async () => {
    const inbox = inboxOf();
    for (let n = 0; n < 5; n += 1) await inbox.notify(notice({ text: `${n}` }));
    const middle = (await all(inbox))[2]?.id ?? null;
    await runInDurableObject(inbox, (_, { storage }) => {
      storage.sql.exec('DELETE FROM items WHERE id = ?', middle);
    });
    const { items } = await inbox.list({ before: middle, limit: 10 });
    expect(items.map(({ text }) => text)).toEqual(['1', '0']);
  });

  test('random use agrees with a list that is kept in memory, evictions included', async () => {
    const command = fc.oneof(
      { weight: 6, arbitrary: fc.record({ do: fc.constant('notify' as const), key: fc.nat(30) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('read' as const), nth: fc.nat(20) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('read-all' as const) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('evict' as const) }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 40 }), async (commands) => {
        const inbox = inboxOf();
        const model: { key: string; read: boolean }[] = [];
        for (const step of commands) {
          if (step.do === 'notify') {
            const key = `k${step.key}`;
            await inbox.notify(notice({ dedupeKey: key, text: key }));
            if (!model.some((item) => item.key === key)) model.unshift({ key, read: false });
          } else if (step.do === 'read') {
            const [target] = (await all(inbox)).slice(step.nth, step.nth + 1);
            const unknown = createId('ntf', Date.now());
            await inbox.markRead(target === undefined ? [unknown] : [target.id, unknown]);
            const item = model[step.nth];
            if (item !== undefined) item.read = true;
          } else if (step.do === 'read-all') {
            await inbox.markRead('all');
            for (const item of model) item.read = true;
          } else await evict(inbox);
          const { items, unread } = await inbox.list({ before: null, limit: 100 });
          expect(items.map(({ text, readAt }) => ({ key: text, read: readAt !== null }))).toEqual(model);
          expect(unread).toBe(model.filter(({ read }) => !read).length);
        }
      }),
      { seed: 20261122, numRuns: 25 },
    );
  });
});

async function connect(response: Promise<Response>) {
  const { webSocket, status } = await response;
  if (webSocket === null) throw new Error(`no WebSocket: ${status}`);
  webSocket.accept();
  const events: InboxEvent[] = [];
  const other: unknown[] = [];
  const closed: number[] = [];
  webSocket.addEventListener('message', ({ data }) => {
    if (data === 'pong') other.push(data);
    else events.push(inboxEventSchema.parse(JSON.parse(String(data))));
  });
  webSocket.addEventListener('close', ({ code }) => closed.push(code));
  const until = (unread: number) =>
    eventually(`${unread} unread`, async () => (events.at(-1)?.unread === unread ? true : null));
  return { socket: webSocket, events, other, closed, until };
}

const upgrade = (inbox: Inbox) =>
  connect(inbox.fetch('http://inbox/live', { headers: { upgrade: 'websocket' } }));

describe('live', () => {
  test('the count at connect, when something comes, and when it is read elsewhere', async () => {
    const inbox = inboxOf();
    await inbox.notify(notice());
    const live = await upgrade(inbox);
    await live.until(1);
    await inbox.notify(notice());
    await live.until(2);
    await inbox.markRead('all');
    await live.until(0);
    live.socket.close(1000);
  });

  test('a hundred at once are a few messages, and the last count arrives', async () => {
    const inbox = inboxOf();
    const live = await upgrade(inbox);
    for (let n = 0; n < 100; n += 1) await inbox.notify(notice());
    await live.until(100);
    expect(live.events.length).toBeLessThan(60);
    live.socket.close(1000);
  });

  test('what is sent says how many, and nothing of what', async () => {
    const inbox = inboxOf();
    const live = await upgrade(inbox);
    await inbox.notify(notice({ text: 'a sentence for the owner of this inbox' }));
    await live.until(1);
    expect(live.events.map((event) => Object.keys(event).sort())).toEqual(
      live.events.map(() => ['type', 'unread']),
    );
    live.socket.close(1000);
  });

  test('the connection outlives an eviction, and ping does not need the object', async () => {
    const inbox = inboxOf();
    const live = await upgrade(inbox);
    await live.until(0);
    await evict(inbox);
    await inbox.notify(notice());
    await live.until(1);
    live.socket.send('ping');
    await eventually('the pong', async () => (live.other.length > 0 ? true : null));
    live.socket.close(1000);
  });

  test('one person has a few dozen connections at most: the oldest makes room', async () => {
    const inbox = inboxOf();
    const first = await upgrade(inbox);
    const others = [];
    for (let n = 0; n < 32; n += 1) others.push(await upgrade(inbox));
    await eventually('the first to be closed', async () => (first.closed.includes(1008) ? true : null));
    await inbox.notify(notice());
    await others.at(-1)?.until(1);
    for (const { socket } of others) socket.close(1000);
  });
});

describe('over HTTP', () => {
  test('a page names who did it, counts what is unread, and marks it read', async () => {
    const [me, maker] = [await person(), await person()];
    const inbox = inboxOf(me.id);
    const clipId = createId('clip', Date.now());
    await inbox.notify(notice({ actorId: maker.id, clipId, text: 'You were cast.' }));
    await inbox.notify(notice({ kind: 'enrolment-accepted' }));
    await inbox.notify(notice({ kind: 'grant-revoked', actorId: createId('acc', Date.now()) }));
    const answer = await me.browser.get('/api/v1/inbox');
    const page = inboxSchema.parse(answer.body);
    expect(page).toEqual(answer.body);
    expect(page.unread).toBe(3);
    expect(page.items.map(({ actor }) => actor?.handle ?? null)).toEqual([null, null, maker.handle]);
    expect(page.items[2]).toMatchObject({ clipId, kind: 'cast', text: 'You were cast.', readAt: null });

    const read = await me.browser.post('/api/v1/inbox/read', { ids: [page.items[2]?.id] });
    expect(read.body).toEqual({ unread: 2 });
    expect((await me.browser.post('/api/v1/inbox/read', { ids: 'all' })).body).toEqual({ unread: 0 });
    const after = inboxSchema.parse((await me.browser.get('/api/v1/inbox')).body);
    expect(after.items.every(({ readAt }) => readAt !== null)).toBe(true);
  });

  test('pages do not overlap and end', async () => {
    const me = await person();
    for (let n = 0; n < 7; n += 1) await inboxOf(me.id).notify(notice({ text: `${n}` }));
    const texts: string[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? '' : `&cursor=${cursor}`;
      const page = inboxSchema.parse((await me.browser.get(`/api/v1/inbox?limit=3${query}`)).body);
      texts.push(...page.items.map(({ text }) => text));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(texts).toEqual(['6', '5', '4', '3', '2', '1', '0']);
    expect(refusal(await me.browser.get('/api/v1/inbox?cursor=anything'))).toBe('400 cursor_invalid');
  });

  test('everybody has their own: somebody else’s ids change nothing', async () => {
    const [me, other] = [await person(), await person()];
    await inboxOf(me.id).notify(notice());
    const [mine] = await all(inboxOf(me.id));
    expect((await other.browser.post('/api/v1/inbox/read', { ids: [mine?.id] })).body).toEqual({ unread: 0 });
    expect(inboxSchema.parse((await other.browser.get('/api/v1/inbox')).body).items).toEqual([]);
    expect(inboxSchema.parse((await me.browser.get('/api/v1/inbox')).body).unread).toBe(1);
  });

  test('the live connection wants a session, a WebSocket and our own pages', async () => {
    const me = await person();
    expect(refusal(await stranger().get('/api/v1/inbox/live'))).toBe('401 unauthenticated');
    expect(refusal(await me.browser.get('/api/v1/inbox/live'))).toBe('400 bad_request');
    const foreign = await me.browser.send('GET', '/api/v1/inbox/live', undefined, {
      Upgrade: 'websocket',
      Origin: 'https://evil.example',
    });
    expect(refusal(foreign)).toBe('403 forbidden');
  });

  test('every kind of notice has a place in the contract', async () => {
    const me = await person();
    for (const kind of inboxKinds) await inboxOf(me.id).notify(notice({ kind }));
    const page = inboxSchema.parse((await me.browser.get('/api/v1/inbox?limit=50')).body);
    expect(page.items.map(({ kind }) => kind)).toEqual([...inboxKinds].reverse());
  });
});
