/** Cameos over HTTP: what a person can do about their own likeness, and what nobody can do about somebody else's. */
import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { createId } from '#durable-objects/shared/id.ts';
import {
  type Cameo,
  type Castable,
  cameoReceiptSchema,
  cameoSchema,
  type Grant,
  grantSchema,
} from '#schemas/http/cameo.ts';
import type { Page } from '#schemas/http/common.ts';
import type { Result } from '#schemas/result.ts';
import { createApp } from '#workers/api/app.ts';
import { freshHandle, type Person, person, publishedClip, stranger, suspend } from '../support/api-actors.ts';
import { type Answer, Browser, refusal } from '../support/api-browser.ts';
import { castIn, must, request } from './cameo-fixtures.ts';

const codeFrom = (result: Result<unknown>) => (result.ok ? 'ok' : result.error.code);
const ownCameo = (who: Person) => env.CAMEO.getByName(who.id);

async function enrolled(level?: string): Promise<Person> {
  const who = await person();
  const answer = await who.browser.post('/api/v1/local/cameo', level === undefined ? {} : { level });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return who;
}

const revoke = (who: Person, body: unknown, key?: string) =>
  who.browser.send(
    'POST',
    '/api/v1/cameo/revocations',
    body,
    key === undefined ? {} : { 'Idempotency-Key': key },
  );
const everything = { scope: 'all', existing: 'delete' };

/** People this person is offered, by why; projections take a moment. */
async function offered(who: Person, query = ''): Promise<Map<string, string>> {
  const answer = await who.browser.get(`/api/v1/cameo/castable?query=${encodeURIComponent(query)}&limit=50`);
  const { items } = answer.body as { items: Castable[] };
  return new Map(items.map(({ account, because }) => [account.handle, because]));
}
const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 20_000, interval: 50 });

async function grant(from: Person, to: Person, more: Record<string, unknown> = {}): Promise<Grant> {
  const answer = await from.browser.post('/api/v1/cameo/grants', {
    handle: to.handle,
    purpose: 'a film',
    ...more,
  });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return grantSchema.parse(answer.body);
}

function receiptOf(answer: Answer) {
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return cameoReceiptSchema.parse(answer.body);
}

describe('my likeness', () => {
  it('is not there, is enrolled, changed, deleted, and enrolled again', async () => {
    const ada = await person();
    expect(refusal(await ada.browser.get('/api/v1/cameo'))).toBe('404 not_found');
    expect(refusal(await ada.browser.send('PATCH', '/api/v1/cameo', { level: 'everyone' }))).toBe(
      '404 not_found',
    );
    expect(refusal(await ada.browser.send('DELETE', '/api/v1/cameo'))).toBe('404 not_found');
    expect(refusal(await revoke(ada, everything))).toBe('404 not_found');
    const made = cameoSchema.parse((await ada.browser.post('/api/v1/local/cameo', {})).body);
    expect(made).toMatchObject({ status: 'enrolled', level: 'only-me', verification: 'demo', epoch: 1 });
    expect(made.portrait?.kind).toBe('drawn');
    expect((await ada.browser.post('/api/v1/local/cameo', {})).body).toEqual(made);
    expect((await ada.browser.get('/api/v1/cameo')).body).toEqual(made);
    const changed = await ada.browser.send('PATCH', '/api/v1/cameo', {
      level: 'mutuals',
      rules: { words: ['pineapple'], denied: [] },
      reviewBeforePublication: true,
    });
    expect(changed.body).toMatchObject({
      level: 'mutuals',
      rules: { words: ['pineapple'], denied: ['sexual'] },
      reviewBeforePublication: true,
    });
    const receipt = receiptOf(await ada.browser.send('DELETE', '/api/v1/cameo'));
    expect(receipt).toMatchObject({
      scope: 'all',
      existing: 'delete',
      denies: ['serve', 'list', 'remix', 'download', 'cast'],
    });
    expect((await stranger().get(new URL(receipt.url).pathname)).status).toBe(200);
    expect((await ada.browser.get('/api/v1/cameo')).body).toMatchObject({ status: 'none', portrait: null });
    expect(receiptOf(await ada.browser.send('DELETE', '/api/v1/cameo')).id).toBe(receipt.id);
    expect((await ada.browser.post('/api/v1/local/cameo', {})).body).toMatchObject({
      status: 'enrolled',
      epoch: 2,
    });
  });

  it('looks the same every time for a handle, and different for another', async () => {
    const [ada, bo] = [await enrolled(), await enrolled()];
    const portrait = async (who: Person) => ((await who.browser.get('/api/v1/cameo')).body as Cameo).portrait;
    expect(await portrait(ada)).not.toEqual(await portrait(bo));
  });
});

describe('without a camera', () => {
  it('does not exist outside the local environment, whoever asks and whatever the body', async () => {
    const ada = await person();
    const app = createApp();
    const vars = { ...env, ENVIRONMENT: 'production', ORIGIN: 'https://kinora.example' };
    const production = new Browser(
      async (incoming) => app.fetch(incoming, vars, createExecutionContext()),
      'https://kinora.example',
    );
    production.token = ada.token;
    for (const body of [{}, { level: 'everyone' }, { level: 'nonsense' }, 'not json']) {
      expect(refusal(await production.post('/api/v1/local/cameo', body))).toBe('404 not_found');
    }
    expect(codeFrom(await ownCameo(ada).read())).toBe('not_found');
  });

  it('needs somebody, and refuses what it does not know', async () => {
    expect(refusal(await stranger().post('/api/v1/local/cameo', {}))).toBe('401 unauthenticated');
    const ada = await person();
    expect(refusal(await ada.browser.post('/api/v1/local/cameo', { level: 'all' }))).toBe('400 bad_request');
  });
});

describe('people I may cast', () => {
  let me: Person;
  beforeAll(async () => {
    me = await enrolled('only-me');
  });

  it('are me, those with a contract, mutuals and everyone who allows it; nobody else, by whatever query', async () => {
    const [open, closed, nobody, mutual, oneWay, contract, asleep] = await Promise.all([
      enrolled('everyone'),
      enrolled('only-me'),
      enrolled('nobody'),
      enrolled('mutuals'),
      enrolled('mutuals'),
      enrolled('approved'),
      enrolled('approved'),
    ]);
    const follow = (from: Person, to: Person) =>
      from.browser.send('PUT', `/api/v1/accounts/${to.handle}/follow`);
    await Promise.all([follow(me, mutual), follow(mutual, me), follow(me, oneWay)]);
    await grant(contract, me, { reviewBeforeGeneration: true });
    await grant(asleep, me);
    await asleep.browser.send('PATCH', '/api/v1/cameo', { level: 'only-me' });
    await eventually(async () => {
      const people = await offered(me);
      expect(people.get(me.handle)).toBe('me');
      expect(people.get(open.handle)).toBe('everyone');
      expect(people.get(mutual.handle)).toBe('mutual');
      expect(people.get(contract.handle)).toBe('grant');
      for (const other of [closed, nobody, oneWay, asleep]) expect(people.has(other.handle)).toBe(false);
    });
    for (const hidden of [closed, nobody, oneWay, asleep]) {
      expect((await offered(me, hidden.handle)).size).toBe(0);
    }
    expect([...(await offered(me, `@${contract.handle.slice(0, -2).toUpperCase()}`)).keys()]).toContain(
      contract.handle,
    );
    expect([...(await offered(me)).keys()][0]).toBe(me.handle);
    for (const wildcard of ['%25', '_', '*']) {
      const answer = await me.browser.get(`/api/v1/cameo/castable?query=${wildcard}`);
      expect(refusal(answer)).toBe('400 bad_request');
    }
  });

  it('are not those who revoked me or were suspended', async () => {
    const [open, banned, me2] = [await enrolled('everyone'), await enrolled('everyone'), await person()];
    await eventually(async () => {
      const people = await offered(me2);
      expect(people.has(open.handle) && people.has(banned.handle)).toBe(true);
    });
    await suspend(banned.id);
    expect((await offered(me2)).has(banned.handle)).toBe(false);
    receiptOf(await revoke(open, { scope: 'account', target: `@${me2.handle}`, existing: 'keep' }));
    await eventually(async () => expect((await offered(me2)).has(open.handle)).toBe(false));
    expect((await offered(me)).has(open.handle)).toBe(true);
    await grant(open, me2);
    await eventually(async () => expect((await offered(me2)).get(open.handle)).toBe('grant'));
  });
});

describe('contracts', () => {
  it('are seen by both sides and ended by one; a holder can neither widen, end nor copy one', async () => {
    const [ada, bo] = [await enrolled(), await enrolled()];
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const made = await grant(ada, bo, { uses: 2, until, allow: ['romantic', 'sexual'] });
    expect(made).toMatchObject({ uses: 2, used: 0, until, allow: ['romantic'], status: 'active' });
    expect(made.grantor.handle).toBe(ada.handle);
    const given = await ada.browser.get('/api/v1/cameo/grants?direction=given');
    expect((given.body as Page<Grant>).items).toEqual([made]);
    await eventually(async () => {
      const received = await bo.browser.get('/api/v1/cameo/grants?direction=received');
      expect((received.body as Page<Grant>).items).toEqual([made]);
    });
    expect(
      ((await bo.browser.get('/api/v1/cameo/grants?direction=given')).body as Page<Grant>).items,
    ).toEqual([]);
    // Somebody else's contract is not there for anybody else, the holder included.
    expect(refusal(await bo.browser.send('DELETE', `/api/v1/cameo/grants/${made.id}`))).toBe('404 not_found');
    for (const method of ['PATCH', 'PUT', 'POST']) {
      const answer = await bo.browser.send(method, `/api/v1/cameo/grants/${made.id}`, { uses: null });
      expect(refusal(answer)).toBe('405 method_not_allowed');
    }
    expect(refusal(await bo.browser.post('/api/v1/cameo/grants', { handle: bo.handle, purpose: 'me' }))).toBe(
      '409 conflict',
    );
    expect(
      refusal(await ada.browser.send('DELETE', `/api/v1/cameo/grants/${createId('grant', Date.now())}`)),
    ).toBe('404 not_found');
    const ended = await ada.browser.send('DELETE', `/api/v1/cameo/grants/${made.id}`);
    expect(ended.body).toMatchObject({ key: `grant:${made.id}`, denies: ['remix', 'cast'] });
    expect((await ada.browser.send('DELETE', `/api/v1/cameo/grants/${made.id}`)).body).toEqual(ended.body);
    expect(codeFrom(await ownCameo(ada).authorize(request(bo.id)))).toBe('consent_denied');
  });

  it('page by page, and refuse what cannot be', async () => {
    const ada = await enrolled();
    const others = [await person(), await person(), await person()];
    const made: string[] = [];
    for (const other of others) {
      const level = made.length === 1 ? { level: 'approved' } : null;
      if (level !== null) await ada.browser.send('PATCH', '/api/v1/cameo', level);
      made.unshift((await grant(ada, other)).id);
    }
    const first = (await ada.browser.get('/api/v1/cameo/grants?limit=2')).body as Page<Grant>;
    const next = (await ada.browser.get(`/api/v1/cameo/grants?limit=2&cursor=${first.nextCursor}`))
      .body as Page<Grant>;
    expect([...first.items, ...next.items].map(({ id }) => id)).toEqual(made);
    expect(next.nextCursor).toBeNull();
    const post = (body: unknown) => ada.browser.post('/api/v1/cameo/grants', body);
    const [other] = others;
    const handle = other?.handle ?? '';
    expect(refusal(await post({ handle: freshHandle(), purpose: 'x' }))).toBe('404 not_found');
    expect(refusal(await post({ handle: ada.handle, purpose: 'x' }))).toBe('409 conflict');
    expect(refusal(await post({ handle, purpose: '' }))).toBe('400 bad_request');
    expect(refusal(await post({ handle, purpose: 'x', uses: 0 }))).toBe('400 bad_request');
    expect(refusal(await post({ handle, purpose: 'x', until: '2020-01-01T00:00:00Z' }))).toBe(
      '400 bad_request',
    );
    expect(refusal(await post({ handle, purpose: 'x', allow: ['anything'] }))).toBe('400 bad_request');
    expect(refusal(await ada.browser.get('/api/v1/cameo/grants?direction=all'))).toBe('400 bad_request');
  });
});

describe('revocations', () => {
  it('are counted before, answered with a receipt, and the same again for the same key', async () => {
    const [ada, bo] = [await enrolled('everyone'), await person()];
    await castIn(ownCameo(ada), bo.id);
    const preview = await ada.browser.post('/api/v1/cameo/revocations/preview', everything);
    expect(preview.body).toEqual({
      scope: 'all',
      existing: 'delete',
      clips: 0,
      drafts: 0,
      remixes: 0,
      generations: 1,
      grants: 0,
      people: 1,
    });
    expect((await ada.browser.get('/api/v1/cameo')).body).toMatchObject({ status: 'enrolled' });
    const receipt = receiptOf(await revoke(ada, everything, 'once'));
    expect(receipt.stopped).toEqual({ clips: 0, remixes: 0, generations: 1, clipIds: [] });
    expect(receipt.entries).toHaveLength(1);
    expect(receipt.entries[0]?.waitedMs).toBeGreaterThanOrEqual(0);
    expect((await revoke(ada, everything, 'once')).body).toEqual(receipt);
    expect(refusal(await revoke(ada, { ...everything, existing: 'keep' }, 'once'))).toBe(
      '422 idempotency_mismatch',
    );
    expect(
      refusal(await revoke(ada, { scope: 'account', target: bo.handle, existing: 'delete' }, 'once')),
    ).toBe('422 idempotency_mismatch');
    // The same key is another request for another person.
    expect(refusal(await revoke(bo, everything, 'once'))).toBe('404 not_found');
  });

  it('are about one’s own likeness: other people, their clips and made-up ids are not there', async () => {
    const [ada, bo] = [await enrolled('everyone'), await enrolled('everyone')];
    const clip = await publishedClip(bo);
    for (const target of [clip, createId('clip', Date.now()), 'clip_short', `cameo:${clip}`, '../..']) {
      const body = { scope: 'clip', target, existing: 'delete' };
      expect(refusal(await revoke(ada, body))).toBe('404 not_found');
      expect(refusal(await ada.browser.post('/api/v1/cameo/revocations/preview', body))).toBe(
        '404 not_found',
      );
    }
    for (const target of [freshHandle(), createId('acc', Date.now())]) {
      expect(refusal(await revoke(ada, { scope: 'account', target, existing: 'keep' }))).toBe(
        '404 not_found',
      );
    }
    expect(refusal(await revoke(ada, { scope: 'account', target: ada.handle, existing: 'keep' }))).toBe(
      '409 conflict',
    );
    expect(refusal(await revoke(ada, { scope: 'all', target: clip, existing: 'keep' }))).toBe(
      '400 bad_request',
    );
    expect(refusal(await revoke(ada, { scope: 'clip', existing: 'keep' }))).toBe('400 bad_request');
    expect(refusal(await revoke(ada, everything, 'a b'))).toBe('400 bad_request');
    expect((await stranger().get(`/api/v1/clips/${clip}`)).status).toBe(200);
    expect((await bo.browser.get('/api/v1/cameo')).body).toMatchObject({ status: 'enrolled' });
  });

  it('a person who withdrew may still read and revoke, never be cast; a suspended one may do nothing', async () => {
    const ada = await enrolled('everyone');
    receiptOf(await revoke(ada, { ...everything, existing: 'keep' }));
    expect((await ada.browser.get('/api/v1/cameo')).body).toMatchObject({
      status: 'revoked',
      level: 'nobody',
    });
    expect(codeFrom(await ownCameo(ada).authorize(request(ada.id)))).toBe('consent_denied');
    expect(receiptOf(await revoke(ada, everything)).denies).toContain('serve');
    expect((await ada.browser.get('/api/v1/cameo/grants')).status).toBe(200);
    await suspend(ada.id);
    expect(refusal(await ada.browser.get('/api/v1/cameo'))).toBe('401 unauthenticated');
    expect(refusal(await revoke(ada, everything))).toBe('401 unauthenticated');
  });
});

describe('reviews', () => {
  it('are decided by the person they were put before, by nobody else', async () => {
    const [ada, bo] = [await enrolled(), await enrolled()];
    await grant(ada, bo, { reviewBeforeGeneration: true });
    await castIn(ownCameo(ada), bo.id, { makerHandle: bo.handle });
    const [record] = await ownCameo(ada).appearances({ before: null, limit: 1 });
    const path = `/api/v1/cameo/reviews/${record?.review?.id}`;
    expect(refusal(await bo.browser.post(path, { decision: 'approve' }))).toBe('404 not_found');
    expect(refusal(await stranger().post(path, { decision: 'approve' }))).toBe('401 unauthenticated');
    expect(refusal(await ada.browser.post(path, { decision: 'maybe' }))).toBe('400 bad_request');
    const unknown = `/api/v1/cameo/reviews/${createId('rvw', Date.now())}`;
    expect(refusal(await ada.browser.post(unknown, { decision: 'approve' }))).toBe('404 not_found');
    expect((await ownCameo(ada).appearances({ before: null, limit: 1 }))[0]?.review?.decision).toBe(
      'pending',
    );
  });
});

describe('a photograph', () => {
  it('is shown to its owner and to people who may cast them now, to nobody else', async () => {
    const [ada, bo, eve] = [await person(), await person(), await person()];
    const cameoId = createId('cam', Date.now());
    const enrolment = { accountId: ada.id, cameoId, verification: 'recording', voice: null } as const;
    const portrait = { kind: 'photo', sha256: 'ab'.repeat(32) } as const;
    must(await ownCameo(ada).enrol({ ...enrolment, enrolmentId: createId('enr', Date.now()), portrait }));
    await env.MEDIA.put(`likeness/${cameoId}/portrait.jpg`, 'a photograph');
    const path = `/media/cameo/${cameoId}/portrait.jpg`;
    await eventually(async () => expect((await ada.browser.get(path)).status).toBe(200));
    await grant(ada, bo);
    await eventually(async () => expect((await bo.browser.get(path)).body).toBe('a photograph'));
    const shown = await bo.browser.get(path);
    expect(shown.headers.get('Cache-Control')).toBe('private, no-cache');
    const again = await bo.browser.send('GET', path, undefined, {
      'If-None-Match': shown.headers.get('ETag') ?? '',
    });
    expect(again.status).toBe(304);
    expect(refusal(await eve.browser.get(path))).toBe('404 not_found');
    expect(refusal(await stranger().get(path))).toBe('401 unauthenticated');
    const other = `/media/cameo/${createId('cam', Date.now())}/portrait.jpg`;
    expect(refusal(await ada.browser.get(other))).toBe('404 not_found');
    receiptOf(await revoke(ada, { ...everything, existing: 'keep' }));
    expect(refusal(await bo.browser.get(path))).toBe('404 not_found');
    expect((await ada.browser.get(path)).status).toBe(200);
  });
});
