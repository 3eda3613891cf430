/** Withdrawing consent: what the real Cameo object, consent log and gates do, and what a crash or a crowd does to them. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { consentLogOf } from '#durable-objects/consent/gate.ts';
import { createId } from '#durable-objects/shared/id.ts';
import { cameoKey, capabilities, grantKey } from '#schemas/consent.ts';
import type { Id } from '#schemas/ids.ts';
import { evict } from '../support/evict.ts';
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
  request,
  withEnv,
} from './cameo-fixtures.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const person = (targetId: Id<'acc'>) => ({ scope: 'account', targetId, carrying: none }) as const;
/** Entries of the log on one key. */
function entries(key: string): Promise<number> {
  return runInDurableObject(
    consentLogOf(env),
    (_, { storage }) =>
      storage.sql.exec<{ n: number }>('SELECT COUNT(*) AS n FROM entries WHERE key = ?', key).one().n,
  );
}

const down = (): Promise<never> => Promise.reject(new Error('the log is down'));
const logIsDown = { CONSENT_LOG: { getByName: () => ({ revoke: down }) } };

describe('revoking', () => {
  test('everything: one entry, jobs told, contracts ended, nothing new; consent again opens the next epoch', async () => {
    const { cameo, cameoId, accountId } = await likeness({ level: 'everyone' });
    const [maker, friend] = [newAccount(), newAccount()];
    const contract = await contractWith(cameo, friend);
    const { asked } = await castIn(cameo, maker);
    const reserved = request(maker);
    must(await cameo.authorize(reserved));
    expect(must(await cameo.preview({ scope: 'all', existing: 'unlist', targetId: null }))).toEqual({
      keys: [cameoKey(cameoId, 1)],
      generations: 2,
      grants: 1,
      people: 2,
    });
    const done = must(await cameo.revoke({ ...everything, existing: 'unlist', requestId: 'once' }));
    expect(done.entries).toMatchObject([
      { key: cameoKey(cameoId, 1), denies: ['list', 'remix', 'download', 'cast'] },
    ]);
    expect([...done.generationIds].sort()).toEqual([asked.generationId, reserved.generationId].sort());
    expect(await cameo.revoke({ ...everything, existing: 'unlist', requestId: 'once' })).toEqual({
      ok: true,
      value: done,
    });
    denied(
      await cameo.revoke({ ...everything, existing: 'delete', requestId: 'once' }),
      'idempotency_mismatch',
    );
    expect([await allows([cameoId, 1], 'list'), await allows([cameoId, 1], 'serve')]).toEqual([false, true]);
    expect(must(await cameo.read())).toMatchObject({
      status: 'revoked',
      level: 'nobody',
      counts: { grants: 0 },
    });
    for (const makerId of [maker, friend, accountId]) {
      denied(await cameo.authorize(request(makerId, { mutual: true })), 'consent_denied');
      denied(await cameo.admitRemix({ makerId, mutual: true, texts: [] }), 'consent_denied');
    }
    denied(await cameo.authorize(asked), 'consent_denied');
    // A weaker wish changes nothing, a stronger one adds to it.
    expect(must(await cameo.revoke({ ...everything, existing: 'keep', requestId: 'two' }))).toMatchObject({
      existing: 'unlist',
      entries: done.entries,
    });
    must(await cameo.update({ level: 'everyone' }));
    expect(must(await cameo.read())).toMatchObject({ status: 'enrolled', epoch: 2 });
    expect(must(await cameo.authorize(request(maker))).keys).toContain(cameoKey(cameoId, 2));
    expect(must(await cameo.authorize(request(friend))).grantId).not.toBe(contract.id);
    expect([await allows([cameoId, 1], 'cast'), await allows([cameoId, 2], 'cast')]).toEqual([false, true]);
    const all = must(await cameo.revoke({ ...everything, existing: 'delete', requestId: 'three' }));
    expect(all.entries.map(({ key }) => key).sort()).toEqual([cameoKey(cameoId, 1), cameoKey(cameoId, 2)]);
    expect(await allows([cameoId, 1], 'serve')).toBe(false);
  });

  test('a person: every grant they hold, and the level does not bring them back; a contract made afterwards does', async () => {
    const { cameo, accountId } = await likeness({ level: 'everyone' });
    const [maker, other] = [newAccount(), newAccount()];
    const contract = await contractWith(cameo, maker, { uses: 1 });
    await castIn(cameo, maker);
    const standing = (await castIn(cameo, maker)).permit.grantId;
    if (standing === null) throw new Error('no standing permission');
    const untouched = await castIn(cameo, other);
    const done = must(await cameo.revoke({ ...person(maker), existing: 'delete', requestId: 'p' }));
    expect(done.entries.map(({ key }) => key).sort()).toEqual(
      [grantKey(contract.id), grantKey(standing)].sort(),
    );
    expect(done.generationIds).toHaveLength(2);
    expect(await allows(standing, 'serve')).toBe(false);
    denied(await cameo.authorize(request(maker, { mutual: true })), 'consent_denied');
    must(await cameo.authorize(request(other)));
    expect(
      must(await cameo.admitPublication({ generationId: untouched.asked.generationId, texts: [] })),
    ).toBeUndefined();
    await contractWith(cameo, maker);
    expect(must(await cameo.authorize(request(maker))).grantId).not.toBe(contract.id);
    denied(await cameo.revoke({ ...person(accountId), existing: 'keep', requestId: 'me' }), 'conflict');
  });

  test('a person who never cast: there is an entry to point to, and they stay out', async () => {
    const { cameo } = await likeness({ level: 'everyone' });
    const stranger = newAccount();
    const done = must(await cameo.revoke({ ...person(stranger), existing: 'keep', requestId: 'p' }));
    expect(done.entries).toHaveLength(1);
    denied(await cameo.authorize(request(stranger)), 'consent_denied');
    const again = must(await cameo.revoke({ ...person(stranger), existing: 'keep', requestId: 'q' }));
    expect(again.entries).toEqual(done.entries);
  });

  test('a clip: only one that carries the likeness; a job that is being made is stopped', async () => {
    const { cameo } = await likeness({ level: 'everyone' });
    const { asked } = await castIn(cameo, newAccount());
    const clip = (targetId: Id<'clip'>, requestId: string) =>
      cameo.revoke({ scope: 'clip', targetId, existing: 'delete', requestId, carrying: none });
    denied(await clip(createId('clip', Date.now()), 'a'), 'not_found');
    const done = must(await clip(asked.clipId, 'b'));
    expect(done).toMatchObject({
      entries: [{ key: `clip:${asked.clipId}` }],
      generationIds: [asked.generationId],
    });
    expect(await cameo.appearances({ before: null, limit: 1 })).toMatchObject([{ withdrawn: true }]);
  });

  test('a thousand at once are one entry and one answer', async () => {
    const { cameo, cameoId } = await likeness({ level: 'everyone' });
    const answers = await Promise.all(
      Array.from({ length: 1000 }, (_, index) =>
        cameo.revoke({ ...everything, existing: 'delete', requestId: `r${index}` }),
      ),
    );
    const ids = new Set(
      answers.map((answer) =>
        must(answer)
          .entries.map(({ id }) => id)
          .join(),
      ),
    );
    expect(ids.size).toBe(1);
    expect(await entries(cameoKey(cameoId, 1))).toBe(1);
  });
});

describe('struck', () => {
  test('the log is down: nothing new is allowed at once, the alarm finishes it, the receipt is there when asked again', async () => {
    const { cameo, cameoId } = await likeness({ level: 'everyone' });
    const maker = newAccount();
    const wish = { ...everything, existing: 'delete', requestId: 'r' } as const;
    const lost = await withEnv(cameo, logIsDown, (instance) => instance.revoke(wish));
    denied(lost, 'consent_unavailable');
    denied(await cameo.authorize(request(maker)), 'consent_denied');
    expect(await entries(cameoKey(cameoId, 1))).toBe(0);
    await evict(cameo);
    await alarmLater(cameo, 60_000);
    // Asked of the log: a clock that jumps by a minute is beyond what its gates promise to bear.
    expect(await consentLogOf(env).latest([cameoKey(cameoId, 1)])).toMatchObject({
      denies: [...capabilities],
    });
    expect(must(await cameo.revoke(wish)).entries).toHaveLength(1);
    expect(await entries(cameoKey(cameoId, 1))).toBe(1);
  });

  test('the log’s answer is lost: asking again makes no second entry', async () => {
    const { cameo, cameoId } = await likeness();
    const real = consentLogOf(env);
    const deaf = {
      CONSENT_LOG: {
        getByName: () => ({
          revoke: async (one: Parameters<typeof real.revoke>[0]) => {
            await real.revoke(one);
            return down();
          },
        }),
      },
    };
    const wish = { requestId: 'r', carrying: none };
    denied(await withEnv(cameo, deaf, (instance) => instance.erase(wish)), 'consent_unavailable');
    await evict(cameo);
    const receipt = must(await cameo.erase(wish));
    expect(await entries(cameoKey(cameoId, 1))).toBe(1);
    expect(receipt.entries).toMatchObject([{ key: cameoKey(cameoId, 1) }]);
  });

  test('a job opened after the revocation is told to stop', async () => {
    const { cameo } = await likeness({ level: 'everyone' });
    const asked = request(newAccount());
    must(await cameo.authorize(asked));
    await cameo.release(asked.generationId);
    must(await cameo.revoke({ ...everything, existing: 'keep', requestId: 'r' }));
    const withdrawn = vi.fn(async () => {});
    await withEnv(
      cameo,
      { GENERATION: { getByName: () => ({ consentWithdrawn: withdrawn }) } },
      async (instance) => {
        await instance.generationChanged(asked.generationId, 'queued');
        await vi.waitFor(() => expect(withdrawn).toHaveBeenCalled());
      },
    );
  });

  test('erasing leaves nothing of the person in the object and has the rest erased once the entry stands', async () => {
    const { cameo, cameoId, accountId } = await likeness({
      level: 'everyone',
      rules: { words: ['secret'], denied: [] },
    });
    await env.MEDIA.put(`likeness/${cameoId}/portrait.jpg`, 'jpeg');
    const create = vi.fn(async () => ({}));
    const done = await withEnv(cameo, { ERASE: { create } }, async (instance) => {
      const receipt = must(await instance.erase({ requestId: 'r', carrying: none }));
      await vi.waitFor(() => expect(create).toHaveBeenCalled());
      return receipt;
    });
    expect(create).toHaveBeenCalledWith({
      id: expect.stringContaining(cameoId),
      params: {
        subject: cameoId,
        ownerId: accountId,
        revocationId: done.entries[0]?.id,
        objectKeys: [`likeness/${cameoId}/portrait.jpg`],
        generationIds: [],
      },
    });
    const stored = await runInDurableObject(cameo, (_, { storage }) =>
      storage.sql.exec<{ state: string }>('SELECT state FROM cameo').one(),
    );
    expect(JSON.parse(stored.state)).toMatchObject({ portrait: null, voice: null, verification: null });
    expect(stored.state).not.toContain('secret');
    expect(must(await cameo.read())).toMatchObject({ status: 'none', level: 'nobody' });
  });
});

describe('whoever made what stops', () => {
  const inboxOf = async (accountId: Id<'acc'>) =>
    (await env.INBOX.getByName(accountId).list({ before: null, limit: 50 })).items.filter(
      ({ kind }) => kind === 'clip-stopped',
    );

  test('is told once, by number, and never by whom; who keeps the clips tells nobody', async () => {
    const { cameo } = await likeness({ level: 'everyone' });
    const [maker, other] = [newAccount(), newAccount()];
    for (const by of [maker, maker, other]) {
      const { asked } = await castIn(cameo, by);
      await cameo.generationChanged(asked.generationId, 'ready');
    }
    must(await cameo.revoke({ ...person(other), existing: 'keep', requestId: 'keep' }));
    must(await cameo.revoke({ ...everything, existing: 'delete', requestId: 'stop' }));
    must(await cameo.revoke({ ...everything, existing: 'delete', requestId: 'stop' }));
    await vi.waitFor(async () => {
      expect(await inboxOf(maker)).toMatchObject([{ actorId: null, clipId: null }]);
      expect((await inboxOf(maker))[0]?.text).toContain('2 of your clips');
      expect((await inboxOf(other))[0]?.text).toContain('a clip of yours');
    });
    expect(await inboxOf(other)).toHaveLength(1);
  });
});
