/**
 * Being cast over HTTP, on the real objects: who may be cast, what a refusal says and does not say, and that nothing stays reserved for a
 * generation that is not made. No render node takes the jobs; the workflow runs as far as the queue.
 */
import { env } from 'cloudflare:workers';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ErrorEnvelope } from '#schemas/errors.ts';
import type { CreateGrant } from '#schemas/http/cameo.ts';
import type { Generation } from '#schemas/http/generations.ts';
import type { Id } from '#schemas/ids.ts';
import { type Person, person } from '../support/api-actors.ts';
import { enrol, revokeAll } from '../support/api-likeness.ts';
import { engine } from '../support/engine.ts';
import { eventually, leaseRequest, newId } from '../support/objects.ts';
import { follow } from './clip-fixtures.ts';

const blind = { ...engine, name: 'blind', biometricsAllowed: false };
const queue = env.RENDER_QUEUE.getByName('main');
const nobody = { ...engine, name: 'nobody' };

let alice: Person;
let bo: Person;
const made: { by: Person; id: string }[] = [];

beforeAll(async () => {
  // Offers the engines and takes no job.
  await queue.lease('node-offer', leaseRequest({ engines: [engine, blind, nobody] }));
});
beforeEach(async () => {
  [alice, bo] = await Promise.all([person({ tier: 'pro' }), person()]);
});
afterAll(async () => {
  for (const { by, id } of made) await by.browser.send('DELETE', `/api/v1/generations/${id}`);
});

async function ask(by: Person, body: object, key?: string) {
  const answer = await by.browser.send(
    'POST',
    '/api/v1/generations',
    { prompt: 'a ball bounces', seconds: 2, ...body },
    key === undefined ? {} : { 'idempotency-key': key },
  );
  const generation = answer.status === 202 ? (answer.body as Generation) : null;
  if (generation !== null) made.push({ by, id: generation.id });
  return { answer, generation, refusal: generation === null ? (answer.body as ErrorEnvelope).error : null };
}

async function admit(by: Person, body: object, key?: string): Promise<Generation> {
  const { generation, answer } = await ask(by, body, key);
  if (generation === null) throw new Error(JSON.stringify(answer.body));
  return generation;
}

const terms: Omit<CreateGrant, 'handle'> = {
  purpose: 'a birthday film',
  uses: 2,
  until: null,
  reviewBeforeGeneration: false,
  reviewBeforePublication: false,
  allow: [],
};

async function grant(from: Person, to: Person, change: Partial<typeof terms> = {}) {
  const granted = await env.CAMEO.getByName(from.id).createGrant(to.id, { ...terms, ...change });
  if (!granted.ok) throw new Error(granted.error.code);
  return granted.value;
}

async function usesOf(of: Person, grantId: Id<'grant'>): Promise<number> {
  const grants = await env.CAMEO.getByName(of.id).grants({ before: null, limit: 50 });
  const found = grants.find(({ id }) => id === grantId);
  if (found === undefined) throw new Error('no such contract');
  return found.used;
}

const credits = (of: Person) => env.ACCOUNT.getByName(of.id).credits();

describe('who may be cast', () => {
  test('somebody unknown, somebody without a likeness and somebody who does not agree are told in the same words', async () => {
    const dora = await person();
    await enrol(dora.id, { level: 'approved' });
    const said = [];
    for (const handle of ['nobody-of-this-name', bo.handle, dora.handle]) {
      const { refusal: told } = await ask(alice, { cameos: [handle] });
      expect(told).toMatchObject({ code: 'consent_denied', details: { cameo: handle } });
      said.push(told?.message.replace(handle, '…'));
    }
    expect(new Set(said).size).toBe(1);
    expect(await credits(alice)).toMatchObject({ held: 0, used: 0 });
  });

  test('oneself, by a contract, because of a mutual follow; each once, and each is written into the admission', async () => {
    const [cai, eve] = await Promise.all([person(), person()]);
    await Promise.all([
      enrol(alice.id, { level: 'only-me' }),
      enrol(bo.id),
      enrol(cai.id, { level: 'mutuals' }),
    ]);
    await enrol(eve.id, { level: 'approved' });
    await grant(eve, alice);
    expect((await ask(alice, { cameos: [cai.handle] })).refusal?.code).toBe('consent_denied');
    await follow(alice.id, cai.id);
    expect((await ask(alice, { cameos: [cai.handle] })).refusal?.code).toBe('consent_denied');
    await follow(cai.id, alice.id);
    const handles = [alice.handle, bo.handle, cai.handle, eve.handle];
    const { id } = await admit(alice, { cameos: [...handles, bo.handle] });
    const admission = await env.GENERATION.getByName(id).admission();
    if (!admission.ok) throw new Error(admission.error.code);
    const { cast } = admission.value;
    expect(cast.map(({ handle }) => handle)).toEqual(handles);
    expect(cast.map(({ keys }) => keys.length)).toEqual([1, 2, 2, 2]);
  });

  test('the job a node gets shows portrait and voice, and names no account', async () => {
    await Promise.all([enrol(alice.id, { lendVoice: false }), enrol(bo.id)]);
    const { id } = await admit(alice, {
      cameos: [alice.handle, bo.handle],
      engine: 'nobody',
      prompt: 'a kite',
    });
    const job = await eventually('the job', () =>
      queue.lease('node-cast', leaseRequest({ engines: [{ ...engine, name: 'nobody' }] })),
    );
    expect(job.jobId).toBe(id);
    expect(job.spec.cast.map(({ handle, voice }) => [handle, voice === null])).toEqual([
      [alice.handle, true],
      [bo.handle, false],
    ]);
    expect(JSON.stringify(job.spec)).not.toContain('acc_');
  });

  test('an engine that may not see likenesses takes no cast, and a node without permission no such job', async () => {
    await enrol(bo.id);
    expect((await ask(alice, { cameos: [bo.handle], engine: 'blind' })).refusal).toMatchObject({
      code: 'capability_missing',
      details: { field: 'cameos', engine: 'blind' },
    });
    await admit(alice, { cameos: [bo.handle], prompt: 'only for those who may see' });
    await scheduler.wait(200);
    const unsighted = { ...engine, biometricsAllowed: false };
    const taken = await queue.lease('node-unsighted', leaseRequest({ engines: [unsighted] }));
    expect(taken?.spec.cast ?? []).toEqual([]);
  });
});

describe('rules', () => {
  test.each([
    ['the prompt', { prompt: 'a slice of Pineapple' }, 'prompt', 11],
    ['a line', { dialogue: ['hello', 'pineapple!'] }, 'dialogue.1.text', 0],
    ['a speaker', { dialogue: [{ speaker: 'Pineapple', text: 'hi' }] }, 'dialogue.0.speaker', 0],
    ['a sound', { soundCues: ['squashed pineapple'] }, 'soundCues.0.sound', 9],
  ])('%s is checked, and the place is named', async (_, body, field, start) => {
    await enrol(bo.id, { rules: { words: ['pineapple'], denied: ['sexual'] } });
    const { refusal: told } = await ask(alice, { cameos: [bo.handle], ...body });
    expect(told).toMatchObject({ code: 'cameo_rule', details: { field, start, cameo: bo.handle } });
    expect((await admit(alice, { cameos: [bo.handle] })).status).toBe('queued');
  });
});

describe('nothing stays reserved', () => {
  let grantId: Id<'grant'>;
  beforeEach(async () => {
    await enrol(bo.id, { level: 'approved' });
    grantId = (await grant(bo, alice)).id;
  });

  test('when somebody else refuses, when credits are missing, when a key is denied', async () => {
    expect((await ask(alice, { cameos: [bo.handle, 'nobody-of-this-name'] })).refusal?.code).toBe(
      'consent_denied',
    );
    const cai = await person();
    await enrol(cai.id, { level: 'nobody' });
    expect((await ask(alice, { cameos: [bo.handle, cai.handle] })).refusal?.code).toBe('consent_denied');
    expect(await usesOf(bo, grantId)).toBe(0);
    const poor = await person();
    const theirs = await grant(bo, poor);
    for (let clip = 0; clip < 15; clip += 1) {
      const { refusal: told } = await ask(poor, { cameos: clip === 14 ? [bo.handle] : [], seconds: 20 });
      if (clip === 14) expect(['rate_limited', 'credits_insufficient']).toContain(told?.code);
    }
    expect(await usesOf(bo, theirs.id)).toBe(0);
    await env.CONSENT_LOG.getByName('log-0').revoke({
      key: `grant:${grantId}`,
      denies: ['cast'],
      idempotencyKey: crypto.randomUUID(),
    });
    expect((await ask(alice, { cameos: [bo.handle] })).refusal?.code).toBe('consent_denied');
    expect(await usesOf(bo, grantId)).toBe(0);
  });

  test('a repeated request uses a contract once, also the last use of it and also at the same time', async () => {
    const [first, second] = await Promise.all([
      admit(alice, { cameos: [bo.handle] }, 'same'),
      admit(alice, { cameos: [bo.handle] }, 'same'),
    ]);
    expect(second.id).toBe(first.id);
    await vi.waitFor(async () => expect(await usesOf(bo, grantId)).toBe(1), 5_000);
    await admit(alice, { cameos: [bo.handle] }, 'another');
    expect((await ask(alice, { cameos: [bo.handle] }, 'a-third')).refusal?.code).toBe('consent_denied');
    expect((await admit(alice, { cameos: [bo.handle] }, 'another')).id).not.toBe(first.id);
    expect((await admit(alice, { cameos: [bo.handle] }, 'same')).id).toBe(first.id);
    expect((await ask(alice, { cameos: [bo.handle], seconds: 3 }, 'same')).refusal?.code).toBe(
      'idempotency_mismatch',
    );
    expect(await usesOf(bo, grantId)).toBe(2);
  });

  test('a cancelled generation gives its use back', async () => {
    const { id } = await admit(alice, { cameos: [bo.handle] });
    expect(await usesOf(bo, grantId)).toBe(1);
    await alice.browser.send('DELETE', `/api/v1/generations/${id}`);
    await vi.waitFor(async () => expect(await usesOf(bo, grantId)).toBe(0), 10_000);
  });
});

describe('agreement before it is made', () => {
  async function asked() {
    await enrol(bo.id, { level: 'approved' });
    await grant(bo, alice, { reviewBeforeGeneration: true, uses: null });
    const { id } = await admit(alice, { cameos: [bo.handle] });
    const inbox = env.INBOX.getByName(bo.id);
    const reviewId = await eventually('the question', async () => {
      const { items } = await inbox.list({ before: null, limit: 20 });
      return (
        items.find((item) => item.kind === 'review-generation' && item.generationId === id)?.reviewId ?? null
      );
    });
    return { id: id as Id<'gen'>, reviewId };
  }
  const read = async (id: string) =>
    (await alice.browser.get(`/api/v1/generations/${id}`)).body as Generation;

  test('waits, says so without saying for whom, and is queued once they agree', async () => {
    const { id, reviewId } = await asked();
    const waiting = await read(id);
    expect(waiting).toMatchObject({ status: 'queued', stage: 'waiting', error: { code: 'review_pending' } });
    expect(waiting.error?.message).not.toContain(bo.handle);
    expect(await queue.position(id)).toBeNull();
    await env.CAMEO.getByName(bo.id).decideReview(reviewId, 'approve');
    await eventually('the job', async () => queue.position(id));
    expect((await read(id)).error).toBeUndefined();
  });

  test('ends when they do not: the credits come back and nothing is queued', async () => {
    const { id, reviewId } = await asked();
    await env.CAMEO.getByName(bo.id).decideReview(reviewId, 'refuse');
    await vi.waitFor(async () => {
      expect(await read(id)).toMatchObject({ status: 'failed', error: { code: 'consent_denied' } });
      expect(await credits(alice)).toMatchObject({ held: 0, used: 0 });
    }, 10_000);
    expect((await read(id)).error?.message).not.toContain(bo.handle);
    expect((await queue.outcome(id)).status).toBe('cancelled');
  });

  test('ends when they withdraw everything while they are asked', async () => {
    const { id } = await asked();
    const revoked = await revokeAll(bo.id, 'keep');
    expect(revoked.ok).toBe(true);
    await vi.waitFor(
      async () =>
        expect(await read(id)).toMatchObject({ status: 'cancelled', error: { code: 'consent_denied' } }),
      10_000,
    );
    expect(await credits(alice)).toMatchObject({ used: 0 });
  });
});

test('more people than a clip can hold are refused before anybody is reserved for good', async () => {
  const parent = newId('clip');
  const keys = Array.from({ length: 62 }, () => `cameo:${newId('cam')}#1` as const);
  await env.CLIP.getByName(parent).createDraft({
    clipId: parent,
    generationId: newId('gen'),
    ownerId: alice.id,
    ownerHandle: alice.handle,
    coOwnerIds: [],
    cast: [],
    castKeys: keys,
    prompt: 'a crowd',
    spoken: [],
    seed: 1,
    summary: 'A crowd.',
    engine: { name: 'sketch', version: '1', model: 'm', description: 'd' },
    size: '720x1280',
    durationMs: 2000,
    color: '#000000',
    parent: null,
    media: {
      video: { key: 'v', size: 1, sha256: '0', mediaType: 'video/mp4' },
      poster: { key: 'p', size: 1, sha256: '0', mediaType: 'image/jpeg' },
      manifest: { key: 'm', size: 1, sha256: '0', mediaType: 'application/c2pa' },
      captions: null,
    },
    manifestLabel: 'urn:c2pa:x',
    createdAt: new Date().toISOString(),
  });
  const shown = { caption: '', visibility: 'public', showPrompt: false } as const;
  expect(await env.CLIP.getByName(parent).publish(alice.id, shown)).toMatchObject({ ok: true });
  await enrol(bo.id, { level: 'approved' });
  const { id: grantId } = await grant(bo, alice);
  expect((await ask(alice, { cameos: [bo.handle], remixOf: parent })).refusal?.code).toBe(
    'lineage_too_large',
  );
  expect(await usesOf(bo, grantId)).toBe(0);
});
