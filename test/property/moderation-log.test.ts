/**
 * The log of a case, taken apart: every flip, drop, reorder, insertion, truncation and fork of a small log is found, and at the right
 * event. The same reducer folds it that the server uses.
 */
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventText, firstDifference, verifyCaseLog } from '#core/moderation/case-log.ts';
import { foldCase } from '#core/moderation/case-state.ts';
import { publicKeyOf, sealEvent } from '#durable-objects/moderation-case/signing.ts';
import type { CaseEvent, CaseLog } from '#schemas/case-log.ts';
import { testKey, tools, wholeCase } from '../support/moderation-simulation/whole-case.ts';

const log = wholeCase();
const { publicKey, events } = log;
const check = (changed: readonly CaseEvent[], known?: { seq: number; hash: string }) =>
  verifyCaseLog({ caseId: log.caseId, events: [...changed] }, publicKey, tools, known);
const head = { seq: events.length, hash: events.at(-1)?.hash ?? '' };
const firstBad = async (changed: readonly CaseEvent[]) => {
  const verdict = await check(changed, head);
  return verdict.valid ? null : verdict.seq;
};

type Path = readonly (string | number)[];
/** Every leaf of a JSON value. */
function leavesOf(value: unknown, path: Path = []): { path: Path; value: unknown }[] {
  if (typeof value !== 'object' || value === null) return [{ path, value }];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
}

function changedAt(value: unknown, [key, ...rest]: Path, to: unknown): unknown {
  if (key === undefined) return to;
  if (Array.isArray(value))
    return value.map((item, i) => (String(i) === key ? changedAt(item, rest, to) : item));
  if (typeof value !== 'object' || value === null) throw new Error('there is nothing there');
  const inner: unknown = Reflect.get(value, key);
  return { ...value, [key]: changedAt(inner, rest, to) };
}

/** Another value of the same kind. */
function other(value: unknown): unknown[] {
  if (typeof value === 'string')
    return [`${value}x`, value.slice(1), value.replace(/[0-9a-f]/, (c) => (c === 'a' ? 'b' : 'a')), null];
  if (typeof value === 'number') return [value + 1, -value - 1, String(value)];
  if (typeof value === 'boolean') return [!value, null];
  return ['', 0, {}];
}

test('a whole case is valid, and its state is what the server folded', async () => {
  const verdict = await check(events, head);
  expect(verdict).toMatchObject({ valid: true, head });
  expect(verdict.valid && verdict.state).toEqual(foldCase(events));
  expect(verdict.valid && verdict.state).toMatchObject({ status: 'closed', standing: { denials: [] } });
  expect(new Set(events.map(({ type }) => type)).size).toBeGreaterThanOrEqual(15);
});

describe('whatever is changed is found at its event', () => {
  test('every value of every event, several ways', async () => {
    let tried = 0;
    for (const [index, event] of events.entries()) {
      for (const { path, value } of leavesOf(event)) {
        for (const to of other(value)) {
          if (JSON.stringify(to) === JSON.stringify(value)) continue;
          const changed = events.map((one, i) =>
            i === index ? (changedAt(one, path, to) as CaseEvent) : one,
          );
          expect(await firstBad(changed), `${event.type}.${path.join('.')} = ${JSON.stringify(to)}`).toBe(
            index + 1,
          );
          tried += 1;
        }
      }
      const extra = { ...event, note: 'not covered by any hash' };
      expect(await firstBad(events.map((one, i) => (i === index ? extra : one)))).toBe(index + 1);
    }
    expect(tried).toBeGreaterThan(1_000);
  });

  test('every event that is dropped, and every end that is cut off', async () => {
    for (let index = 0; index < events.length; index += 1) {
      expect(await firstBad(events.toSpliced(index, 1)), `dropped ${index + 1}`).toBe(index + 1);
      expect(await firstBad(events.slice(0, index)), `cut off at ${index + 1}`).toBe(index + 1);
    }
  });

  test('every two events that change places, every repetition', async () => {
    for (let a = 0; a < events.length; a += 1) {
      for (let b = a + 1; b < events.length; b += 1) {
        const [one, two] = [events[a], events[b]];
        if (one === undefined || two === undefined) throw new Error('out of range');
        expect(await firstBad(events.with(a, two).with(b, one)), `${a + 1} and ${b + 1}`).toBe(a + 1);
      }
      expect(await firstBad(events.toSpliced(a, 0, ...events.slice(a, a + 1))), `twice ${a + 1}`).toBe(a + 2);
    }
  });

  test('every fork: an event changed and the chain made anew behind it, by somebody without the key', async () => {
    const stranger = generateKeyPairSync('ed25519').privateKey;
    for (let index = 0; index < events.length; index += 1) {
      const forged: CaseEvent[] = [...events.slice(0, index)];
      for (const event of events.slice(index)) {
        const { hash: _, signature: __, ...stated } = event;
        const at = forged.length === index ? new Date(Date.parse(event.at) + 1).toISOString() : event.at;
        forged.push(
          sealEvent({ ...stated, at, previousHash: forged.at(-1)?.hash ?? '0'.repeat(64) }, stranger),
        );
      }
      const verdict = await check(forged);
      expect(verdict, `from ${index + 1}`).toMatchObject({
        valid: false,
        seq: index + 1,
        reason: 'signature',
      });
    }
  });

  test('a fork by whoever has the key is found by anybody who noted a head or holds another copy', async () => {
    for (let index = 1; index < events.length; index += 1) {
      const forged: CaseEvent[] = [...events.slice(0, index)];
      const event = events[index];
      if (event === undefined) throw new Error('out of range');
      const { hash: _, signature: __, ...stated } = event;
      const at = new Date(Date.parse(event.at) + 1).toISOString();
      forged.push(sealEvent({ ...stated, at }, testKey));
      const verdict = await check(forged, { seq: event.seq, hash: event.hash });
      expect(verdict).toMatchObject({ valid: false, seq: index + 1, reason: 'head' });
      expect(firstDifference(log, { ...log, events: forged } as CaseLog)).toBe(index + 1);
    }
    expect(firstDifference(log, { ...log, events: events.slice(0, 4) })).toBeNull();
  });

  test('any random splice of two logs of the same case', async () => {
    const twin = { ...wholeCase(testKey, 2) };
    await fc.assert(
      fc.asyncProperty(fc.nat(events.length - 1), fc.nat(events.length - 1), async (at, from) => {
        const verdict = await check([...events.slice(0, at), ...twin.events.slice(from)], head);
        expect(verdict.valid ? null : verdict.seq).toBe(at + 1);
      }),
      { numRuns: 100 },
    );
  });
});

test('a history that no machine would make is refused although it is signed', async () => {
  const decided = events.findIndex(({ type }) => type === 'decided');
  const before = events.slice(0, decided);
  const event = events[decided];
  if (event?.type !== 'decided') throw new Error('no decision');
  const { hash: _, signature: __, ...stated } = event;
  const forged = [
    { ...stated, data: { ...stated.data, token: stated.data.token - 1 } },
    { ...stated, data: { ...stated.data, version: stated.data.version + 1 } },
    { ...stated, actor: { kind: 'system' as const } },
  ];
  for (const one of forged) {
    expect(await check([...before, sealEvent(one, testKey)])).toMatchObject({
      valid: false,
      seq: decided + 1,
      reason: 'transition',
    });
  }
});

test('canonical text does not depend on the order of members', () => {
  for (const event of events) {
    const shuffled = Object.fromEntries(Object.entries(event).reverse()) as CaseEvent;
    expect(eventText(shuffled)).toBe(eventText(event));
  }
});

test('the command says the same, and exits by it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'case-log-'));
  const run = (name: string, content: unknown, ...extra: string[]) => {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify(content));
    try {
      const args = ['scripts/verify-case-log.ts', path, '--key', publicKey, ...extra];
      return { code: 0, text: execFileSync(process.execPath, args, { encoding: 'utf8', stdio: 'pipe' }) };
    } catch (error) {
      const { status, stderr } = error as { status: number; stderr: string };
      return { code: status, text: stderr };
    }
  };
  try {
    const good = run('good.json', log);
    expect(good).toMatchObject({ code: 0 });
    expect(good.text).toContain(`Valid: ${events.length} events`);
    expect(
      run('short.json', { ...log, events: events.slice(0, 5) }, '--head', `${head.seq}:${head.hash}`),
    ).toMatchObject({
      code: 1,
      text: expect.stringContaining('event 6:'),
    });
    expect(
      run('key.json', { ...log, publicKey: publicKeyOf(generateKeyPairSync('ed25519').privateKey) }),
    ).toMatchObject({ code: 0 });
    expect(run('no.json', { hello: true })).toMatchObject({ code: 2 });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
