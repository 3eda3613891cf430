import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createId } from '#durable-objects/shared/id.ts';
import { cameoKey, grantKey } from '#schemas/consent.ts';
import { defaultDenied } from '#schemas/likeness.ts';
import {
  alarmLater,
  allows,
  castIn,
  contractWith,
  denied,
  everything,
  likeness,
  must,
  newAccount,
  none,
  noticesOf,
  request,
  withEnv,
} from './cameo-fixtures.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('enrolment and policy', () => {
  test('a likeness is its owner’s alone until they say otherwise', async () => {
    const cameo = env.CAMEO.getByName(newAccount());
    denied(await cameo.read(), 'not_found');
    denied(await cameo.update({ level: 'everyone' }), 'not_found');
    const { accountId, cameo: enrolled } = await likeness();
    expect(must(await enrolled.read())).toMatchObject({
      status: 'enrolled',
      level: 'only-me',
      epoch: 1,
      verification: 'demo',
      rules: { words: [], denied: defaultDenied },
      counts: { people: 0, grants: 0 },
    });
    denied(await enrolled.authorize(request(newAccount(), { mutual: true })), 'consent_denied');
    const own = must(await enrolled.authorize(request(accountId)));
    expect(own).toMatchObject({ grantId: null, handle: 'bo', displayName: 'Bo' });
    expect(own.keys).toHaveLength(1);
    must(await enrolled.update({ level: 'nobody' }));
    denied(await enrolled.authorize(request(accountId)), 'consent_denied');
  });

  test('an enrolment is applied once; one begun before a deletion is not applied at all', async () => {
    const accountId = newAccount();
    const cameo = env.CAMEO.getByName(accountId);
    const before = createId('enr', Date.now() - 1000);
    const input = { accountId, verification: 'recording', portrait: null, voice: null } as const;
    const first = must(await cameo.enrol({ ...input, enrolmentId: createId('enr', Date.now() - 2000) }));
    must(await cameo.erase({ requestId: 'one', carrying: none }));
    expect(must(await cameo.read())).toMatchObject({ status: 'none', verification: null, portrait: null });
    const late = `likeness/${first.id}/portrait.jpg`;
    await env.MEDIA.put(late, 'taken before, arrived after');
    denied(await cameo.enrol({ ...input, enrolmentId: before }), 'conflict');
    await vi.waitFor(async () => expect(await env.MEDIA.head(late)).toBeNull());
    denied(await cameo.update({ level: 'everyone' }), 'conflict');
    const after = createId('enr', Date.now() + 5);
    const again = must(await cameo.enrol({ ...input, enrolmentId: after }));
    expect(again).toMatchObject({ id: first.id, status: 'enrolled', level: 'only-me', epoch: 2 });
    expect(must(await cameo.enrol({ ...input, enrolmentId: after }))).toEqual(again);
  });

  test('levels: mutuals and everyone get a standing permission each, one per person and epoch', async () => {
    const { cameo, cameoId } = await likeness({ level: 'mutuals' });
    const [friend, other] = [newAccount(), newAccount()];
    denied(await cameo.authorize(request(other)), 'consent_denied');
    const first = must(await cameo.authorize(request(friend, { mutual: true })));
    const second = must(await cameo.authorize(request(friend, { mutual: true })));
    expect(first.grantId).not.toBeNull();
    expect(second.grantId).toBe(first.grantId);
    expect(first.keys).toEqual([cameoKey(cameoId, 1), grantKey(first.grantId ?? 'grant_')]);
    must(await cameo.update({ level: 'everyone' }));
    const third = must(await cameo.authorize(request(other)));
    expect(third.grantId).not.toBe(first.grantId);
    denied(await cameo.revokeGrant(third.grantId ?? 'grant_'), 'not_found');
    expect(must(await cameo.read()).counts).toEqual({ people: 2, grants: 0 });
  });

  test('the voice leaves only if it is lent', async () => {
    const { cameo } = await likeness({ level: 'everyone', lendVoice: false });
    expect(must(await cameo.authorize(request(newAccount()))).voice).toBeNull();
    must(await cameo.update({ lendVoice: true }));
    expect(must(await cameo.authorize(request(newAccount()))).voice).toMatchObject({
      pitchHz: expect.any(Number),
    });
  });
});

describe('rules', () => {
  test('name the rule and the span; a contract can allow a class, never `sexual`', async () => {
    const { cameo } = await likeness({
      level: 'everyone',
      rules: { words: ['pineapple'], denied: ['political'] },
    });
    const maker = newAccount();
    const texts = [
      { field: 'prompt', text: 'a quiet street' },
      { field: 'dialogue.0', text: 'Today: VOTE for me!' },
    ];
    expect(await cameo.authorize(request(maker, { texts }))).toMatchObject({
      ok: false,
      error: {
        code: 'cameo_rule',
        details: {
          kind: 'class',
          rule: 'political',
          field: 'dialogue.0',
          start: 7,
          end: 15,
          text: 'VOTE for',
        },
      },
    });
    const fruit = [{ field: 'prompt', text: 'eating Pineäpple pizza' }];
    expect(await cameo.authorize(request(maker, { texts: fruit }))).toMatchObject({
      error: { code: 'cameo_rule', details: { kind: 'word', rule: 'pineapple', text: 'Pineäpple' } },
    });
    await contractWith(cameo, maker, { allow: ['political', 'sexual'] });
    must(await cameo.authorize(request(maker, { texts })));
    const sexual = [{ field: 'prompt', text: 'a naked man' }];
    denied(await cameo.authorize(request(maker, { texts: sexual })), 'cameo_rule');
    must(await cameo.update({ rules: { words: [], denied: [] } }));
    denied(await cameo.authorize(request(maker, { texts: sexual })), 'cameo_rule');
    denied(await cameo.admitRemix({ makerId: maker, mutual: false, texts: sexual }), 'cameo_rule');
    must(await cameo.admitRemix({ makerId: maker, mutual: false, texts: fruit }));
  });
});

describe('contracts', () => {
  test('ten uses are ten, whoever asks at once; what is not made gives its use back', async () => {
    const { cameo } = await likeness({ level: 'approved' });
    const maker = newAccount();
    const contract = await contractWith(cameo, maker, { uses: 10 });
    const asked = Array.from({ length: 1000 }, () => request(maker));
    const answers = await Promise.all(asked.map((one) => cameo.authorize(one)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(10);
    for (const answer of answers) if (!answer.ok) expect(answer.error.code).toBe('consent_denied');
    const used = async () => (await cameo.grants({ before: null, limit: 10 }))[0]?.used;
    expect(await used()).toBe(10);
    const [first, second, third] = asked.filter((_, index) => answers[index]?.ok);
    if (first === undefined || second === undefined || third === undefined) throw new Error('ten were given');
    // Asking again about the same generation takes nothing and gives the same permit.
    expect(await cameo.authorize(first)).toEqual(answers[asked.indexOf(first)]);
    await cameo.release(first.generationId);
    await cameo.release(first.generationId);
    expect(await used()).toBe(9);
    await cameo.generationChanged(second.generationId, 'queued');
    await cameo.release(second.generationId);
    expect(await used()).toBe(9);
    await cameo.generationChanged(second.generationId, 'failed');
    expect(await used()).toBe(8);
    await cameo.generationChanged(third.generationId, 'queued');
    await cameo.generationChanged(third.generationId, 'ready');
    await cameo.generationChanged(third.generationId, 'cancelled');
    expect(await used()).toBe(8);
    expect((await cameo.grants({ before: null, limit: 10 }))[0]).toMatchObject({ id: contract.id, uses: 10 });
  });

  test('a reservation nobody opens is given back; one opened too late stands only if there is still a use', async () => {
    const { cameo, accountId } = await likeness({ level: 'approved' });
    const maker = newAccount();
    await contractWith(cameo, maker, { uses: 1 });
    const late = request(maker);
    must(await cameo.authorize(late));
    denied(await cameo.authorize(request(maker)), 'consent_denied');
    await alarmLater(cameo, 121_000);
    expect(await cameo.appearances({ before: null, limit: 10 })).toEqual([]);
    const next = await castIn(cameo, maker);
    const withdrawn = vi.fn(async () => {});
    await withEnv(
      cameo,
      { GENERATION: { getByName: () => ({ consentWithdrawn: withdrawn }) } },
      async (instance) => {
        await instance.generationChanged(late.generationId, 'queued');
        await vi.waitFor(() => expect(withdrawn).toHaveBeenCalled());
      },
    );
    const records = await cameo.appearances({ before: null, limit: 10 });
    expect(records.map(({ generationId, withdrawn: gone }) => [generationId, gone])).toEqual(
      expect.arrayContaining([
        [late.generationId, true],
        [next.asked.generationId, false],
      ]),
    );
    await vi.waitFor(async () =>
      expect((await noticesOf(accountId)).map(({ kind }) => kind)).toContain('cast'),
    );
  });

  test('a contract ends at its time, and cannot be made for a time that has passed', async () => {
    const { cameo } = await likeness({ level: 'approved' });
    const maker = newAccount();
    denied(
      await cameo.createGrant(maker, {
        purpose: 'x',
        uses: null,
        until: new Date(Date.now() - 1000).toISOString(),
        reviewBeforeGeneration: false,
        reviewBeforePublication: false,
        allow: [],
      }),
      'bad_request',
    );
    await contractWith(cameo, maker, { until: new Date(Date.now() + 60_000).toISOString() });
    must(await cameo.authorize(request(maker)));
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 });
    denied(await cameo.authorize(request(maker)), 'consent_denied');
  });

  test('the level is a ceiling; a first contract opens “only me”, a second does not wake the first', async () => {
    const { cameo } = await likeness();
    const [ada, bo] = [newAccount(), newAccount()];
    await contractWith(cameo, ada);
    expect(must(await cameo.read())).toMatchObject({ level: 'approved', counts: { grants: 1 } });
    must(await cameo.update({ level: 'only-me' }));
    denied(await cameo.authorize(request(ada)), 'consent_denied');
    const terms = {
      purpose: 'x',
      uses: null,
      until: null,
      reviewBeforeGeneration: false,
      reviewBeforePublication: false,
      allow: [],
    };
    denied(await cameo.createGrant(bo, terms), 'conflict');
    must(await cameo.update({ level: 'nobody' }));
    denied(await cameo.createGrant(bo, terms), 'conflict');
    must(await cameo.update({ level: 'approved' }));
    must(await cameo.authorize(request(ada)));
  });

  test('ending one denies its key, stops its jobs and tells its holder; clips made under it stay', async () => {
    const { cameo } = await likeness({ level: 'approved' });
    const maker = newAccount();
    const contract = await contractWith(cameo, maker);
    await castIn(cameo, maker);
    const receipt = must(await cameo.revokeGrant(contract.id));
    expect(receipt).toMatchObject({ key: grantKey(contract.id), denies: ['remix', 'cast'] });
    expect(await cameo.revokeGrant(contract.id)).toEqual({ ok: true, value: receipt });
    expect([await allows(contract.id, 'cast'), await allows(contract.id, 'serve')]).toEqual([false, true]);
    denied(await cameo.authorize(request(maker)), 'consent_denied');
    expect(await cameo.appearances({ before: null, limit: 1 })).toMatchObject([{ withdrawn: true }]);
    await vi.waitFor(async () =>
      expect((await noticesOf(maker)).map(({ kind }) => kind).sort()).toEqual([
        'grant-given',
        'grant-revoked',
      ]),
    );
  });
});

describe('reviews', () => {
  test('before generation: asked once the job is opened, decided once, carried to the job', async () => {
    const { cameo, accountId } = await likeness({ level: 'approved' });
    const maker = newAccount();
    await contractWith(cameo, maker, { reviewBeforeGeneration: true });
    const asked = request(maker);
    expect(must(await cameo.authorize(asked)).reviewBeforeGeneration).toBe(true);
    const decided = vi.fn(async () => {});
    const reviewId = await withEnv(
      cameo,
      { GENERATION: { getByName: () => ({ reviewDecided: decided }) } },
      async (instance) => {
        await instance.generationChanged(asked.generationId, 'queued');
        const [record] = await instance.appearances({ before: null, limit: 1 });
        const id = record?.review?.id;
        if (id === undefined) throw new Error('nothing was asked');
        expect(record?.review).toMatchObject({ kind: 'before-generation', decision: 'pending' });
        denied(await instance.decideReview(createId('rvw', Date.now()), 'approve'), 'not_found');
        must(await instance.decideReview(id, 'refuse'));
        must(await instance.decideReview(id, 'refuse'));
        denied(await instance.decideReview(id, 'approve'), 'conflict');
        await vi.waitFor(() => expect(decided).toHaveBeenCalledTimes(1));
        return id;
      },
    );
    expect(decided).toHaveBeenCalledWith(accountId, 'refuse');
    await vi.waitFor(async () => {
      expect((await noticesOf(accountId)).map(({ kind }) => kind)).toEqual(['review-generation']);
      expect((await noticesOf(maker)).map(({ kind }) => kind)).toContain('review-refused');
    });
    expect(reviewId).toMatch(/^rvw_/);
  });

  test('before publication: an agreement is to these words and no others', async () => {
    const { cameo } = await likeness({ level: 'everyone', reviewBeforePublication: true });
    const { asked } = await castIn(cameo, newAccount());
    await cameo.generationChanged(asked.generationId, 'ready');
    const publish = (caption: string) =>
      cameo.admitPublication({
        generationId: asked.generationId,
        texts: [...asked.texts, { field: 'caption', text: caption }],
      });
    const waiting = async () => (await cameo.appearances({ before: null, limit: 1 }))[0]?.review;
    denied(await publish('vote for us'), 'cameo_rule');
    denied(await publish('at the sea'), 'review_pending');
    denied(await publish('at the sea'), 'review_pending');
    const first = await waiting();
    denied(await publish('at the lake'), 'review_pending');
    const second = await waiting();
    if (first == null || second == null) throw new Error('nothing was asked');
    expect(second.id).not.toBe(first.id);
    must(await cameo.decideReview(second.id, 'approve'));
    must(await publish('at the lake'));
    denied(await publish('at the sea'), 'consent_denied');
    must(await publish('at the lake'));
    denied(await publish('at the pond'), 'review_pending');
    must(await cameo.revoke({ ...everything, existing: 'keep', requestId: 'r' }));
    denied(await publish('at the lake'), 'consent_denied');
    denied(
      await cameo.admitPublication({ generationId: createId('gen', Date.now()), texts: [] }),
      'consent_denied',
    );
  });
});
