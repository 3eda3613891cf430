/** The hash bank: four eyes, negatives, the flood brake and what it tells the desk. */
import { evictDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { freeMatchesAnHour } from '#durable-objects/hash-bank/core/bank-entry-machine.ts';
import { openCase } from '#durable-objects/moderation-case/open-case.ts';
import { createId } from '#durable-objects/shared/id.ts';
import type { Id } from '#schemas/ids.ts';
import { eventually, newId } from '../support/objects.ts';
import { copyOf, newFilm } from './fingerprint-fixtures.ts';

afterEach(() => {
  vi.useRealTimers();
});

let banks = 0;
const newBank = () => env.HASH_BANK.getByName(`bank-${++banks}`);
type Bank = ReturnType<typeof newBank>;
const newDecision = () => createId('dec', Date.now());
const [ada, bo] = [newId('acc'), newId('acc')];

async function openedCase(uploadId: Id<'upl'>): Promise<Id<'case'>> {
  const { caseId } = await openCase(env, {
    subject: {
      kind: 'upload',
      id: uploadId,
      ownerId: null,
      title: 'film.mp4',
      clipId: null,
      parentClipId: null,
      media: [],
      contentHash: null,
      durationMs: 1000,
      createdAt: null,
      reach: 0,
    },
    causes: [
      {
        kind: 'finding',
        finding: {
          source: 'policy',
          rule: 'sexual-content',
          ruleVersion: '1',
          explanation: 'For the test.',
          score: 1,
          threshold: 0.5,
          model: null,
          second: 0,
          policyId: null,
          match: null,
        },
      },
    ],
    provenance: null,
    legalDeadlineAt: null,
    dedupeKey: `test:${uploadId}`,
    tool: 'ingest',
  });
  return caseId;
}

async function proposed(bank: Bank, film = newFilm(), caseId: Id<'case'> = createId('case', Date.now())) {
  const id = newDecision();
  const entry = await bank.propose({ id, policyId: 'likeness', caseId, by: ada, fingerprints: film });
  if (!entry.ok) throw new Error(entry.error.code);
  expect(entry.value.status).toBe('proposed');
  return { id, film };
}
async function confirmed(bank: Bank, film = newFilm(), caseId?: Id<'case'>) {
  const entry = await proposed(bank, film, caseId);
  expect(await bank.confirm(entry.id, bo)).toMatchObject({
    ok: true,
    value: { status: 'confirmed', confirmedBy: bo },
  });
  return entry;
}

describe('four eyes', () => {
  test('nothing matches before a second person agrees, and nobody is both', async () => {
    const bank = newBank();
    const { id, film } = await proposed(bank);
    expect(await bank.match(film)).toEqual([]);
    expect(await bank.confirm(id, ada)).toMatchObject({ ok: false, error: { code: 'forbidden' } });
    expect(await bank.match(film)).toEqual([]);
    expect(await bank.confirm(id, bo)).toMatchObject({ ok: true, value: { status: 'confirmed' } });
    const [match, ...others] = await bank.match(copyOf(film, 18));
    expect(others).toEqual([]);
    expect(match).toMatchObject({ entryId: id, status: 'confirmed', policyId: 'likeness', similarity: 100 });
    expect(match?.pairs.length).toBeGreaterThan(2);
    expect(await bank.match(newFilm())).toEqual([]);
  });

  test('the same proposal twice is one; an id of another case is refused', async () => {
    const bank = newBank();
    const [id, caseId, film] = [newDecision(), createId('case', Date.now()), newFilm()];
    const propose = (of: Id<'case'>) =>
      bank.propose({ id, policyId: 'likeness', caseId: of, by: ada, fingerprints: film });
    expect(await propose(caseId)).toEqual(await propose(caseId));
    expect(await propose(createId('case', Date.now()))).toMatchObject({
      ok: false,
      error: { code: 'conflict' },
    });
    expect((await bank.list(null)).items).toHaveLength(1);
  });

  test('removed is removed: it matches nothing, its hashes are gone, nobody confirms it again', async () => {
    const bank = newBank();
    const { id, film } = await confirmed(bank);
    expect(await bank.match(film)).toHaveLength(1);
    expect(await bank.remove(id, ada)).toMatchObject({
      ok: true,
      value: { status: 'removed', removedBy: ada },
    });
    expect(await bank.remove(id, bo)).toMatchObject({ ok: true, value: { removedBy: ada } });
    expect(await bank.match(film)).toEqual([]);
    expect(await bank.confirm(id, bo)).toMatchObject({ ok: false, error: { code: 'already_final' } });
    expect(await bank.negative(id, film, bo)).toMatchObject({ ok: false, error: { code: 'already_final' } });
    expect(await bank.explain(id, film)).toMatchObject({ ok: false, error: { code: 'not_found' } });
    expect(await bank.remove(newDecision(), ada)).toMatchObject({ ok: false, error: { code: 'not_found' } });
  });

  test('survives an eviction', async () => {
    const bank = newBank();
    const { id, film } = await confirmed(bank);
    await evictDurableObject(bank);
    expect(await bank.match(film)).toMatchObject([{ entryId: id }]);
  });
});

test('what a person called no match is not matched again by that entry, in no copy', async () => {
  const bank = newBank();
  const film = newFilm();
  const [first, second] = [await confirmed(bank, film), await confirmed(bank, copyOf(film, 3))];
  const harmless = copyOf(film, 22);
  expect(await bank.match(harmless)).toHaveLength(2);
  expect(await bank.negative(first.id, harmless, bo)).toMatchObject({ ok: true, value: { negatives: 1 } });
  expect(await bank.match(copyOf(harmless, 4))).toMatchObject([{ entryId: second.id }]);
  expect(await bank.explain(first.id, harmless)).toMatchObject({ ok: true, value: { agrees: true } });
});

describe('the brake', () => {
  const flood = async (bank: Bank, film: ReturnType<typeof newFilm>, films: number): Promise<number> => {
    let matched = 0;
    for (let i = 0; i < films; i++) matched += (await bank.match(copyOf(film, 6))).length;
    return matched;
  };

  test('an entry that matches far above its history stops itself, once, and the desk hears of it', async () => {
    vi.setSystemTime(new Date('2026-11-22T10:00:00Z'));
    const bank = newBank();
    const caseId = await openedCase(createId('upl', Date.now()));
    const { id, film } = await confirmed(bank, newFilm(2), caseId);
    const calm = await confirmed(bank, newFilm(2), caseId);
    const same = copyOf(film, 5);
    for (let i = 0; i < freeMatchesAnHour + 5; i++) expect(await bank.match(same)).toHaveLength(1);
    expect(await flood(bank, film, freeMatchesAnHour + 10)).toBe(freeMatchesAnHour - 1);
    expect(await bank.read(id)).toMatchObject({
      ok: true,
      value: { status: 'quarantined', confirmedBy: bo },
    });
    expect(await bank.match(film)).toEqual([]);
    expect(await bank.match(calm.film)).toHaveLength(1);
    const told = await eventually('the desk hears of it', async () => {
      const record = await env.MODERATION_CASE.getByName(caseId).read();
      if (!record.ok) return null;
      const text = JSON.stringify(record.value.events);
      return text.includes('hash-bank-flood') ? text : null;
    });
    expect(told).toContain(id);

    // A person has looked: it matches again, and the same many an hour are its history now.
    expect(await bank.confirm(id, ada)).toMatchObject({ ok: false, error: { code: 'forbidden' } });
    expect(await bank.confirm(id, bo)).toMatchObject({ ok: true, value: { status: 'confirmed' } });
    expect(await flood(bank, film, 5)).toBe(5);
  });

  test('an entry that has always matched much goes on', async () => {
    const bank = newBank();
    const { id, film } = await confirmed(bank, newFilm(2));
    for (let hour = 0; hour < 3; hour++) {
      vi.setSystemTime(new Date(Date.UTC(2026, 10, 22, 10 + hour, 5)));
      expect(await flood(bank, film, 12 * (hour + 1))).toBe(12 * (hour + 1));
    }
    expect(await bank.read(id)).toMatchObject({ ok: true, value: { status: 'confirmed', matches: 72 } });
  });
});

test('lists newest first, in pages', async () => {
  const bank = newBank();
  const ids = [];
  for (let i = 0; i < 53; i++) ids.push((await proposed(bank, newFilm(1))).id);
  const first = await bank.list(null);
  const second = await bank.list(first.nextCursor);
  expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids.reverse());
  expect([first.items.length, second.nextCursor]).toEqual([50, null]);
});
