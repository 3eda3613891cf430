/** The real clip object against the real consent log: struck between the intent, the append and the answer, it ends where it should. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ClipObject } from '#durable-objects/clip/clip-object.ts';
import type { DraftInput } from '#durable-objects/clip/rpc.ts';
import { askGate, homeRegion } from '#durable-objects/consent/gate.ts';
import type { ConsentLogRpc } from '#durable-objects/consent/rpc.ts';
import { createId } from '#durable-objects/shared/id.ts';
import { accountKey, capabilities, clipKey } from '#schemas/consent.ts';
import type { Id } from '#schemas/ids.ts';
import { clips } from '#schemas/tables.ts';
import { evict } from '../support/evict.ts';
import { createAccount, db, draftInput } from './clip-fixtures.ts';

const consentLog = () => env.CONSENT_LOG.getByName('log-0');
const clipOf = (input: DraftInput) => env.CLIP.getByName(input.clipId);
const publication = { caption: 'look', visibility: 'public', showPrompt: false } as const;

let owner: Id<'acc'>;
beforeEach(async () => {
  owner = await createAccount();
});
afterEach(() => {
  vi.restoreAllMocks();
});

async function drafted(more: Partial<DraftInput> = {}) {
  const input = draftInput(owner, more);
  const clip = clipOf(input);
  expect(await clip.createDraft(input)).toMatchObject({ ok: true });
  return { input, clip };
}

/** Runs `act` on the object while its calls to the consent log go through `log`. Logged faults are expected. */
function withLog<T>(
  clip: DurableObjectStub<ClipObject>,
  log: (real: DurableObjectStub<ConsentLogRpc & Rpc.DurableObjectBranded>) => Partial<ConsentLogRpc>,
  act: (instance: ClipObject) => Promise<T>,
): Promise<T> {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  return runInDurableObject(clip, async (instance) => {
    const real = consentLog();
    Object.defineProperty(instance, 'env', {
      value: { ...env, CONSENT_LOG: { getByName: () => log(real) } },
      configurable: true,
    });
    return act(instance);
  });
}

const down = (): Promise<never> => Promise.reject(new Error('the log is down'));

/** The alarm, as it would run some time later. The clock stays: leases of the consent log are counted by it. */
async function alarmLater(clip: DurableObjectStub<ClipObject>): Promise<void> {
  await runInDurableObject(clip, (_, { storage }) => storage.sql.exec('UPDATE wakes SET due_at = 0'));
  await runDurableObjectAlarm(clip);
}

async function entryCount(key: string): Promise<number> {
  return runInDurableObject(
    consentLog(),
    (_, state) =>
      state.storage.sql.exec<{ n: number }>('SELECT COUNT(*) AS n FROM entries WHERE key = ?', key).one().n,
  );
}

describe('life cycle', () => {
  test('draft, publish, change, delete: D1 follows, the receipt is the log’s, the objects are erased', async () => {
    const { input, clip } = await drafted();
    const { video, poster, manifest } = input.media;
    for (const { key } of [video, poster, manifest]) await env.MEDIA.put(key, 'abc');
    const published = await clip.publish(owner, publication);
    expect(published).toMatchObject({ ok: true, value: { status: 'published', version: 2 } });
    expect(await clip.publish(owner, publication)).toEqual(published);
    expect(await clip.publish(owner, { ...publication, caption: 'other' })).toMatchObject({
      ok: true,
      value: { version: 3 },
    });
    await vi.waitFor(async () => {
      const row = await db().select().from(clips).where(eq(clips.id, input.clipId)).get();
      expect(row).toMatchObject({ status: 'published', caption: 'other', version: 3 });
    }, 10_000);

    const receipt = await clip.withdraw(owner);
    if (!receipt.ok) throw new Error(receipt.error.code);
    expect(await consentLog().entry(receipt.value.id)).toEqual(receipt.value);
    for (const capability of capabilities) {
      expect(await askGate(env, homeRegion, [clipKey(input.clipId)], capability)).toMatchObject({
        allowed: false,
      });
    }
    await evict(clip);
    expect(await clip.withdraw(owner)).toEqual(receipt);
    expect(await clip.read()).toMatchObject({
      ok: true,
      value: { status: 'withdrawn', prompt: '', withdrawnAt: receipt.value.at },
    });
    expect(await clip.publish(owner, publication)).toMatchObject({
      ok: false,
      error: { code: 'clip_deleted' },
    });
    expect(await clip.lock(owner)).toMatchObject({ ok: false, error: { code: 'clip_deleted' } });
    await vi.waitFor(async () => {
      const row = await db().select().from(clips).where(eq(clips.id, input.clipId)).get();
      expect(row).toMatchObject({ status: 'withdrawn', prompt: '', caption: '' });
      for (const { key } of [video, poster, manifest]) expect(await env.MEDIA.head(key)).toBeNull();
    }, 10_000);
  });

  test('a draft can be deleted and is then gone', async () => {
    const { clip } = await drafted();
    expect(await clip.withdraw(owner)).toMatchObject({ ok: true });
    expect(await clip.read()).toMatchObject({ ok: false, error: { code: 'not_found' } });
  });

  test('making the draft again is harmless, by another generation refused', async () => {
    const { input, clip } = await drafted();
    const published = await clip.publish(owner, publication);
    expect(await clip.createDraft(input)).toEqual(published);
    const other = { ...input, generationId: createId('gen', Date.now()) };
    expect(await clip.createDraft(other)).toMatchObject({ ok: false, error: { code: 'conflict' } });
  });

  test('a remix is stopped by the deletion of what it was made from', async () => {
    const parent = await drafted();
    const { input } = await drafted({
      parent: {
        clipId: parent.input.clipId,
        handle: 'maker',
        keys: [clipKey(parent.input.clipId), accountKey(owner)],
        depth: 0,
        rootId: parent.input.clipId,
      },
    });
    const remix = await clipOf(input).read();
    if (!remix.ok) throw new Error(remix.error.code);
    expect(await askGate(env, homeRegion, remix.value.keys, 'serve')).toEqual({ allowed: true });
    await parent.clip.withdraw(owner);
    expect(await askGate(env, homeRegion, remix.value.keys, 'serve')).toEqual({
      allowed: false,
      deniedBy: clipKey(parent.input.clipId),
    });
  });

  test('who has no say is refused and nothing is appended; where there is nothing, not_found', async () => {
    const { input, clip } = await drafted();
    const stranger = createId('acc', Date.now());
    for (const asked of [
      clip.publish(stranger, publication),
      clip.withdraw(stranger),
      clip.lock(stranger),
      clip.unlock(stranger),
    ]) {
      expect(await asked).toMatchObject({ ok: false, error: { code: 'forbidden' } });
    }
    expect(await entryCount(clipKey(input.clipId))).toBe(0);
    const nothing = env.CLIP.getByName(createId('clip', Date.now()));
    for (const asked of [
      nothing.read(),
      nothing.publish(owner, publication),
      nothing.withdraw(owner),
      nothing.lock(owner),
    ]) {
      expect(await asked).toMatchObject({ ok: false, error: { code: 'not_found' } });
    }
  });
});

describe('a deletion that is struck', () => {
  test('before the append: says so, then the alarm finishes it after an eviction', async () => {
    const { input, clip } = await drafted();
    await clip.publish(owner, publication);
    const answer = await withLog(
      clip,
      () => ({ revoke: down }),
      (instance) => instance.withdraw(owner),
    );
    expect(answer).toMatchObject({ ok: false, error: { code: 'consent_unavailable' } });
    expect(await entryCount(clipKey(input.clipId))).toBe(0);
    await evict(clip);
    // The intent alone already shuts the way back.
    expect(await clip.publish(owner, { ...publication, caption: 'again' })).toMatchObject({
      ok: false,
      error: { code: 'clip_deleted' },
    });
    await alarmLater(clip);
    expect(await entryCount(clipKey(input.clipId))).toBe(1);
    expect(await clip.read()).toMatchObject({ ok: true, value: { status: 'withdrawn' } });
    expect(await askGate(env, homeRegion, [clipKey(input.clipId)], 'serve')).toMatchObject({
      allowed: false,
    });
  });

  test('after the append, before its answer: asked again it gives the first receipt', async () => {
    const { input, clip } = await drafted();
    let first: string | null = null;
    const answer = await withLog(
      clip,
      (real) => ({
        revoke: async (request) => {
          first = (await real.revoke(request)).id;
          return down();
        },
      }),
      (instance) => instance.withdraw(owner),
    );
    expect(answer.ok).toBe(false);
    await evict(clip);
    expect(await clip.withdraw(owner)).toMatchObject({ ok: true, value: { id: first } });
    expect(await entryCount(clipKey(input.clipId))).toBe(1);
  });

  test('by other deletions, locks and publications at the same time: one entry, one receipt', async () => {
    const coOwner = createId('acc', Date.now());
    const { input, clip } = await drafted({ coOwnerIds: [coOwner] });
    await clip.publish(owner, publication);
    const [a, b, , c] = await Promise.all([
      clip.withdraw(owner),
      clip.withdraw(coOwner),
      clip.lock(coOwner),
      clip.withdraw(owner),
      clip.publish(owner, { ...publication, caption: 'late' }),
    ]);
    expect(a.ok).toBe(true);
    expect(b).toEqual(a);
    expect(c).toEqual(a);
    expect(await clip.read()).toMatchObject({ ok: true, value: { status: 'withdrawn', caption: '' } });
    const serveDenials = await runInDurableObject(
      consentLog(),
      (_, state) =>
        state.storage.sql
          .exec<{ n: number }>(
            "SELECT COUNT(*) AS n FROM entries WHERE key = ? AND denies LIKE '%serve%'",
            clipKey(input.clipId),
          )
          .one().n,
    );
    expect(serveDenials).toBe(1);
  });
});

describe('a lock', () => {
  test('denies remix and download, not serve; only who locked can unlock; two locks stand apart', async () => {
    const coOwner = createId('acc', Date.now());
    const { input, clip } = await drafted({ coOwnerIds: [coOwner] });
    await clip.publish(owner, publication);
    const allows = async (capability: 'serve' | 'remix' | 'download') =>
      (await askGate(env, homeRegion, [clipKey(input.clipId)], capability)).allowed;

    expect(await clip.lock(coOwner)).toMatchObject({ ok: true, value: { locked: true } });
    expect([await allows('serve'), await allows('remix'), await allows('download')]).toEqual([
      true,
      false,
      false,
    ]);
    expect(await clip.unlock(owner)).toMatchObject({ ok: false, error: { code: 'forbidden' } });
    await clip.lock(owner);
    expect(await clip.unlock(owner)).toMatchObject({ ok: true, value: { locked: true } });
    expect(await allows('remix')).toBe(false);
    expect(await clip.unlock(coOwner)).toMatchObject({ ok: true, value: { locked: false } });
    expect(await allows('remix')).toBe(true);
    // Locking anew is a new denial, not the old answer.
    await clip.lock(coOwner);
    expect(await allows('remix')).toBe(false);
  });

  test('whose answer was lost is applied by the alarm; an unlock that was lost too', async () => {
    const { input, clip } = await drafted();
    const lost = await withLog(
      clip,
      () => ({ revoke: down }),
      (instance) => instance.lock(owner),
    );
    expect(lost).toMatchObject({ ok: false, error: { code: 'consent_unavailable' } });
    await evict(clip);
    await alarmLater(clip);
    expect(await clip.read()).toMatchObject({ ok: true, value: { locked: true } });

    await withLog(
      clip,
      (real) => ({
        lift: async (id, key) => {
          await real.lift(id, key);
          return down();
        },
      }),
      (instance) => instance.unlock(owner),
    );
    await evict(clip);
    await alarmLater(clip);
    expect(await clip.read()).toMatchObject({ ok: true, value: { locked: false } });
    expect(await askGate(env, homeRegion, [clipKey(input.clipId)], 'remix')).toEqual({ allowed: true });
    expect(await entryCount(clipKey(input.clipId))).toBe(2);
  });
});
