/** The real FaceIndex object: sealed templates, comparison, erasure, the ledger of challenges and recordings; and that none of it is logged. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openTemplate, sealTemplate } from '#durable-objects/face-index/vault.ts';
import { createId } from '#durable-objects/shared/id.ts';
import type { Id } from '#schemas/ids.ts';
import { face, newEnrolmentId, sha256, traces } from '../support/api-enrolment.ts';
import { evict } from '../support/evict.ts';

let indexes = 0;
const newIndex = () => env.FACE_INDEX.getByName(`index-${++indexes}`);
type Index = ReturnType<typeof newIndex>;
const newAccount = () => createId('acc', Date.now());

const logged: string[] = [];
beforeEach(() => {
  for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    vi.spyOn(console, level).mockImplementation((...parts: unknown[]) => {
      logged.push(parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join(' '));
    });
  }
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

async function enrol(
  index: Index,
  accountId: Id<'acc'>,
  embedding: number[],
  change: { enrolmentId?: Id<'enr'>; confirmed?: boolean } = {},
) {
  const { enrolmentId = newEnrolmentId(), confirmed = false } = change;
  const template = await sealTemplate(env, `enrolment:${enrolmentId}`, embedding);
  return index.enrol({ accountId, enrolmentId, template, confirmed });
}

/** Everything in the object's tables, as text. */
function dump(index: Index): Promise<string> {
  return runInDurableObject(index, (_, { storage }) =>
    JSON.stringify(
      ['templates', 'challenges', 'recordings', 'outbox'].map((table) =>
        storage.sql.exec(`SELECT * FROM ${table}`).toArray(),
      ),
    ),
  );
}

describe('templates', () => {
  test('a new face is stored, the same face at another account is not', async () => {
    const index = newIndex();
    const [ada, bo, cy] = [newAccount(), newAccount(), newAccount()];
    expect(await enrol(index, ada, face(1))).toBe('stored');
    expect(await enrol(index, bo, face(2))).toBe('stored');
    expect(await enrol(index, cy, face(1, 0.05))).toBe('similar');
    expect(await index.erase(cy)).toEqual({ erased: 0 });
    expect(await enrol(index, cy, face(1, 0.05), { confirmed: true })).toBe('stored');
    expect(await index.erase(cy)).toEqual({ erased: 1 });
  });

  test('enrolling again needs the same face, and replaces the template', async () => {
    const index = newIndex();
    const ada = newAccount();
    const first = newEnrolmentId();
    expect(await enrol(index, ada, face(1), { enrolmentId: first })).toBe('stored');
    expect(await enrol(index, ada, face(1), { enrolmentId: first })).toBe('stored');
    expect(await enrol(index, ada, face(5))).toBe('other-face');
    const again = newEnrolmentId();
    expect(await enrol(index, ada, face(1, 0.05), { enrolmentId: again })).toBe('stored');
    // What came first is gone: only the enrolment that stored the present one can take it back.
    await index.discard(ada, first);
    expect(await enrol(index, newAccount(), face(1))).toBe('similar');
    await index.discard(ada, again);
    expect(await enrol(index, newAccount(), face(1))).toBe('stored');
  });

  test('of many at once with one face, one gets in', async () => {
    const index = newIndex();
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, (_, take) => enrol(index, newAccount(), face(3, take * 0.004))),
    );
    expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'similar')).toHaveLength(11);
  });

  test('an erasure that comes while a face is compared takes it away', async () => {
    const index = newIndex();
    const ada = newAccount();
    for (let other = 0; other < 5; other += 1) await enrol(index, newAccount(), face(10 + other));
    const take = async (noise: number) => {
      const enrolmentId = newEnrolmentId();
      const template = await sealTemplate(env, `enrolment:${enrolmentId}`, face(1, noise));
      return { accountId: ada, enrolmentId, template, confirmed: false };
    };
    const [first, second] = [await take(0), await take(0.01)];
    const outcomes = await Promise.all([
      index.enrol(first),
      index.erase(ada),
      index.enrol(second),
      index.erase(ada),
    ]);
    expect(outcomes).toEqual(['stored', { erased: 1 }, 'stored', { erased: 1 }]);
    expect(await index.erase(ada)).toEqual({ erased: 0 });
    expect(await enrol(index, newAccount(), face(1))).toBe('stored');
  });

  test('outlive an eviction', async () => {
    const index = newIndex();
    expect(await enrol(index, newAccount(), face(1))).toBe('stored');
    await evict(index);
    expect(await enrol(index, newAccount(), face(1, 0.01))).toBe('similar');
  });
});

describe('encryption', () => {
  test('nothing in the database can be read as a face, and erasing takes key and ciphertext away', async () => {
    const index = newIndex();
    const ada = newAccount();
    await enrol(index, ada, face(1));
    const rows = await runInDurableObject(index, (_, { storage }) =>
      storage.sql
        .exec<{ wrapped_key: string; iv: string; ciphertext: string }>(
          'SELECT wrapped_key, iv, ciphertext FROM templates',
        )
        .toArray(),
    );
    const [row] = rows;
    if (row === undefined) throw new Error('no template');
    expect(await dump(index)).not.toMatch(traces(face(1)));
    const clear = Array.from(new Uint8Array(Float32Array.from(face(1)).buffer));
    const cipher = Array.from(atob(row.ciphertext), (char) => char.charCodeAt(0));
    // Length and a 16-byte tag are all that the two share.
    expect(cipher).toHaveLength(clear.length + 16);
    expect(clear.filter((byte, position) => byte === cipher[position]).length).toBeLessThan(
      clear.length / 50,
    );
    const sealed = { wrappedKey: row.wrapped_key, iv: row.iv, ciphertext: row.ciphertext };
    expect([...(await openTemplate(env, `account:${ada}`, sealed))]).toEqual(face(1));

    expect(await index.erase(ada)).toEqual({ erased: 1 });
    const after = await dump(index);
    for (const part of Object.values(row)) expect(after).not.toContain(part);
    expect(await index.erase(ada)).toEqual({ erased: 0 });
  });

  test('a template opens for what it was sealed for, under the key it was sealed with, and unchanged', async () => {
    const ada = newAccount();
    const sealed = await sealTemplate(env, `account:${ada}`, face(1));
    const other = { BIOMETRICS_KEY: btoa('x'.repeat(32)) };
    await expect(openTemplate(env, `account:${newAccount()}`, sealed)).rejects.toThrow();
    await expect(openTemplate(other, `account:${ada}`, sealed)).rejects.toThrow();
    const first = sealed.ciphertext.startsWith('A') ? 'B' : 'A';
    const tampered = { ...sealed, ciphertext: first + sealed.ciphertext.slice(1) };
    await expect(openTemplate(env, `account:${ada}`, tampered)).rejects.toThrow();
    await expect(sealTemplate({ BIOMETRICS_KEY: btoa('short') }, `account:${ada}`, face(1))).rejects.toThrow(
      '32 bytes',
    );
  });

  test('every template has a key of its own', async () => {
    const context = `account:${newAccount()}` as const;
    const [a, b] = [await sealTemplate(env, context, face(1)), await sealTemplate(env, context, face(1))];
    expect(a.wrappedKey).not.toBe(b.wrappedKey);
    expect(a.ciphertext).not.toBe(b.ciphertext);
    await expect(openTemplate(env, context, { ...a, wrappedKey: b.wrappedKey })).rejects.toThrow();
  });
});

describe('ledger', () => {
  test('ten challenges a day, the eleventh says when to come back, and the next day brings ten more', async () => {
    const index = newIndex();
    const ada = newAccount();
    const first = newEnrolmentId();
    for (let count = 0; count < 10; count += 1) {
      expect(await index.admitChallenge(ada, count === 0 ? first : newEnrolmentId())).toMatchObject({
        ok: true,
      });
    }
    // Asking again for one that was admitted spends nothing and is not refused.
    expect(await index.admitChallenge(ada, first)).toMatchObject({ ok: true });
    const refused = await index.admitChallenge(ada, newEnrolmentId());
    expect(refused).toMatchObject({ ok: false, error: { code: 'rate_limited' } });
    const wait = refused.ok ? 0 : Number(refused.error.details?.retryAfterSeconds);
    expect(wait).toBeGreaterThan(86_000);
    expect(wait).toBeLessThanOrEqual(86_400);
    expect(await index.admitChallenge(newAccount(), newEnrolmentId())).toMatchObject({ ok: true });
    vi.setSystemTime(Date.now() + 86_400_000 + 1_000);
    expect(await index.admitChallenge(ada, newEnrolmentId())).toMatchObject({ ok: true });
  });

  test('a recording is good for one enrolment, whoever sends it', async () => {
    const index = newIndex();
    const digest = await sha256(new TextEncoder().encode(crypto.randomUUID()));
    const [mine, next] = [newEnrolmentId(), newEnrolmentId()];
    expect(await index.claimRecording(mine, digest)).toBe(true);
    expect(await index.claimRecording(mine, digest)).toBe(true);
    expect(await index.claimRecording(next, digest)).toBe(false);
  });
});

test('nothing measured of a face reached a log', () => {
  const everything = logged.join('\n');
  for (const seed of [1, 2, 3, 5]) expect(everything).not.toMatch(traces(face(seed)));
  expect(everything).not.toMatch(/embedding|similarity|ciphertext|wrapped/i);
});

describe('faces in a clip', () => {
  test('are recognised only when they are alike enough, by whoever is enrolled now, and never written or logged', async () => {
    const index = newIndex();
    const [ada, bo] = [newAccount(), newAccount()];
    await enrol(index, ada, face(1));
    await enrol(index, bo, face(2));
    const before = await dump(index);
    const found = await index.recognise([face(3), face(2, 0.05), face(1)]);
    expect(found).toHaveLength(2);
    expect(found.find(({ face: at }) => at === 1)?.accountId).toBe(bo);
    expect(found.find(({ face: at }) => at === 2)).toMatchObject({ accountId: ada, similarity: 1 });
    expect(await dump(index)).toBe(before);
    await index.erase(bo);
    expect(await index.recognise([face(2)])).toEqual([]);
    expect(logged.join('\n')).not.toContain(ada);
  });
});
