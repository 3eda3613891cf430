/**
 * The real objects under people who act at the same time, objects that are evicted in between and alarms that come late: one decision per
 * version of a case, every loser told who won, every log valid, and outside the case exactly what its last decision says.
 */

import { runDurableObjectAlarm } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { createPublicKey, verify } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import { type VerifyCaseTools, verifyCaseLog } from '#core/moderation/case-log.ts';
import { currentDecision } from '#core/moderation/case-state.ts';
import { openCase } from '#durable-objects/moderation-case/open-case.ts';
import type { ClaimGrant, DecideInput } from '#durable-objects/moderation-case/rpc.ts';
import { sha256 } from '#durable-objects/moderation-case/signing.ts';
import { createId } from '#durable-objects/shared/id.ts';
import type { Id } from '#schemas/ids.ts';
import { claimLeaseMs, reportReasonSchema } from '#schemas/moderation.ts';
import { claimNext } from '#workers/moderation/claim-next.ts';
import { createRandom } from '../support/consent-simulation/random.ts';
import { evict as evictObject } from '../support/evict.ts';
import { allows } from './moderation-fixtures.ts';

const tools: VerifyCaseTools = {
  sha256,
  verifySignature: (publicKey, text, signature) => {
    const x = Buffer.from(publicKey, 'base64').toString('base64url');
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'));
  },
};

interface Held {
  readonly by: Id<'acc'>;
  readonly grant: ClaimGrant;
}

it.each([1, 2])('seed %i', async (seed) => {
  const random = createRandom(seed, 11);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  const people = Array.from({ length: 6 }, () => createId('acc', Date.now()));
  const clips = Array.from({ length: 5 }, () => createId('clip', Date.now()));
  const owners = new Map(clips.map((clip) => [clip, createId('acc', Date.now())]));
  const cases = new Map<Id<'clip'>, Set<Id<'case'>>>(clips.map((clip) => [clip, new Set()]));
  const caseIds = () => [...new Set([...cases.values()].flatMap((ids) => [...ids]))];
  const held: Held[] = [];
  const taken = new Map<string, unknown>();
  const clicks: DecideInput[] = [];
  const pick = <T>(list: readonly T[]): T | undefined => list[random.below(list.length)];

  const report = async () => {
    const clip = pick(clips) ?? clips[0];
    if (clip === undefined) throw new Error('no clip');
    const reportId = createId('rep', Date.now());
    const reason = pick(reportReasonSchema.options) ?? 'other';
    const opened = await openCase(env, {
      subject: {
        kind: 'clip',
        id: clip,
        ownerId: owners.get(clip) ?? null,
        title: 'A ball.',
        clipId: clip,
        parentClipId: null,
        media: [],
        contentHash: null,
        durationMs: null,
        createdAt: null,
        reach: random.below(50),
      },
      causes: [
        { kind: 'report', reportId, reason, details: '', reporterId: null, receiptHash: '0'.repeat(64) },
      ],
      provenance: null,
      legalDeadlineAt: null,
      dedupeKey: reportId,
      tool: 'report-form',
    });
    cases.get(clip)?.add(opened.caseId);
  };
  const take = async () => {
    const by = pick(people);
    if (by === undefined) return;
    const grant = await claimNext(env, by);
    if (grant !== null) held.push({ by, grant });
  };
  const click = async (input: DecideInput, caseId: Id<'case'>) => {
    const decided = await env.MODERATION_CASE.getByName(caseId).decide(input);
    const key = `${input.moderatorId}:${input.idempotencyKey}`;
    if (decided.ok) {
      if (taken.has(key)) expect(decided.value).toEqual(taken.get(key));
      taken.set(key, decided.value);
      return;
    }
    expect(taken.has(key)).toBe(false);
    const { code, details } = decided.error;
    expect(['stale_claim', 'stale_version', 'already_decided']).toContain(code);
    if (code === 'already_decided' && details?.status !== 'appealed') {
      expect(people).toContain(details?.decidedBy);
      expect(details?.decidedBy).not.toBe(undefined);
    }
  };
  const decide = async () => {
    const one = pick(held);
    if (one === undefined) return;
    const { by, grant } = one;
    const restrict = random.chance(0.6);
    const input: DecideInput = {
      moderatorId: random.chance(0.9) ? by : (pick(people) ?? by),
      claimToken: grant.token,
      version: random.chance(0.9) ? grant.version : grant.version + 1,
      action: restrict ? (random.chance(0.5) ? 'remove' : 'demote') : 'allow',
      policyId: random.chance(0.3) ? 'minor-safety' : 'hate',
      facts: restrict ? 'It shows it.' : '',
      explanation: restrict ? 'It is not shown here.' : '',
      idempotencyKey: `${grant.caseId}:${grant.token}:${random.below(1_000_000)}`,
      addToBank: false,
    };
    clicks.push(input);
    const again = random.chance(0.3) ? [click(input, grant.caseId)] : [];
    await Promise.all([click(input, grant.caseId), ...again]);
  };
  const repeat = async () => {
    const input = pick(clicks);
    const caseId = caseIds().find((id) => input?.idempotencyKey.startsWith(id));
    if (input !== undefined && caseId !== undefined) await click(input, caseId);
  };
  const undo = async () => {
    const caseId = pick(caseIds());
    if (caseId === undefined) return;
    const one = env.MODERATION_CASE.getByName(caseId);
    const record = await one.read();
    const decision = record.ok ? currentDecision(record.value.state) : null;
    if (decision !== null) await one.undo(decision.moderatorId, decision.id);
  };
  const appeal = async () => {
    const caseId = pick(caseIds());
    if (caseId === undefined) return;
    const one = env.MODERATION_CASE.getByName(caseId);
    const record = await one.read();
    if (!record.ok) return;
    const decision = currentDecision(record.value.state);
    const { ownerId } = record.value.state.subject;
    if (decision !== null && ownerId !== null) await one.appeal(ownerId, decision.id, 'No.');
  };
  const pass = async (ms: number) => {
    vi.setSystemTime(Date.now() + ms);
    const due = caseIds().filter(() => random.chance(0.7));
    await Promise.all(due.map((id) => runDurableObjectAlarm(env.MODERATION_CASE.getByName(id))));
  };
  const evict = async () => {
    const caseId = pick(caseIds());
    if (caseId === undefined || random.chance(0.3)) {
      await evictObject(env.MODERATION_QUEUE.getByName('main'));
    } else await evictObject(env.MODERATION_CASE.getByName(caseId));
  };
  const deeds = [report, report, take, take, take, decide, decide, decide, repeat, undo, appeal, evict];

  for (let n = 0; n < 6; n += 1) await report();
  for (let turn = 0; turn < 40; turn += 1) {
    // Several at the same time, as people do.
    const together = Array.from({ length: 1 + random.below(4) }, () => pick(deeds) ?? report);
    const evicting = together.includes(evict);
    if (evicting) await evict();
    else await Promise.all(together.map((deed) => deed()));
    if (random.chance(0.3)) await pass(random.chance(0.2) ? claimLeaseMs + 1 : random.between(500, 15_000));
  }

  // The shift ends: whatever still waits is decided by somebody who is new.
  for (let round = 0; round < 60; round += 1) {
    await pass(claimLeaseMs + 5_000);
    for (const id of caseIds()) await runDurableObjectAlarm(env.MODERATION_CASE.getByName(id));
    const fresh = createId('acc', Date.now());
    const grant = await claimNext(env, fresh);
    if (grant === null) {
      const open = await Promise.all(caseIds().map((id) => env.MODERATION_CASE.getByName(id).read()));
      if (open.every((one) => one.ok && ['decided', 'closed'].includes(one.value.state.status))) break;
      continue;
    }
    people.push(fresh);
    await click(
      {
        moderatorId: fresh,
        claimToken: grant.token,
        version: grant.version,
        action: 'allow',
        policyId: 'hate',
        facts: '',
        explanation: '',
        idempotencyKey: `${grant.caseId}:last`,
        addToBank: false,
      },
      grant.caseId,
    );
  }
  for (let n = 0; n < 4; n += 1) {
    vi.setSystemTime(Date.now() + 20_000);
    for (const id of caseIds()) await runDurableObjectAlarm(env.MODERATION_CASE.getByName(id));
  }

  let decisions = 0;
  for (const clip of clips) {
    const denied: string[] = [];
    for (const id of cases.get(clip) ?? []) {
      const one = env.MODERATION_CASE.getByName(id);
      await evictObject(one);
      const log = await one.log();
      if (!log.ok) throw new Error(log.error.code);
      const verdict = await verifyCaseLog(log.value, log.value.publicKey, tools);
      expect(verdict).toMatchObject({ valid: true });
      if (!verdict.valid) return;
      const { state } = verdict;
      expect(['decided', 'closed']).toContain(state.status);
      const versions = log.value.events.flatMap((event) =>
        event.type === 'decided' || event.type === 'appeal-decided' ? [event.data.version] : [],
      );
      expect(new Set(versions).size).toBe(versions.length);
      decisions += versions.length;
      const action = currentDecision(state)?.action.kind;
      const denies = state.standing.denials.flatMap((denial) => denial.denies);
      expect(denies.includes('serve')).toBe(action === 'remove');
      expect(denies.includes('list')).toBe(action === 'remove' || action === 'demote');
      denied.push(...denies);
    }
    expect(await allows(clip, 'serve')).toBe(!denied.includes('serve'));
    expect(await allows(clip, 'list')).toBe(!denied.includes('list'));
  }
  expect(decisions).toBeGreaterThanOrEqual(caseIds().length);
  vi.useRealTimers();
});
