/** What decisions do outside the case: enrolments, labels, comments, whole accounts, the hash bank; and whom reports stop working for. */
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { askGate, homeRegion } from '#durable-objects/consent/gate.ts';
import { openCase } from '#durable-objects/moderation-case/open-case.ts';
import { accountKey } from '#schemas/consent.ts';
import { fingerprintAlgorithm } from '#schemas/fingerprint.ts';
import type { Clip } from '#schemas/http/clips.ts';
import { claimAnswerSchema } from '#schemas/http/moderation.ts';
import type { Id } from '#schemas/ids.ts';
import { type CaseSubject, decisionIdOf, type SubjectKind } from '#schemas/moderation.ts';
import { type Person, person, publishedClip, stranger } from '../support/api-actors.ts';
import { refusal } from '../support/api-browser.ts';
import { report as nodeReport, recordedEnrolment } from '../support/api-enrolment.ts';
import {
  allows,
  caseOf,
  claim,
  decide,
  moderator,
  readCase,
  report,
  settled,
  soon,
  told,
  tryDecide,
} from './moderation-fixtures.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A case that a rule asked for. */
async function found(kind: SubjectKind, id: string, ownerId: Id<'acc'>, change: Partial<CaseSubject> = {}) {
  const finding = {
    source: 'policy' as const,
    rule: 'a-rule',
    ruleVersion: '1',
    explanation: 'It struck.',
    score: 0.9,
    threshold: 0.5,
    model: null,
    second: null,
    policyId: null,
    match: null,
  };
  const { caseId } = await openCase(env, {
    subject: {
      kind,
      id,
      ownerId,
      title: 'Something.',
      clipId: null,
      parentClipId: null,
      media: [],
      contentHash: null,
      durationMs: null,
      createdAt: null,
      reach: 0,
      ...change,
    },
    causes: [{ kind: 'finding', finding }],
    provenance: null,
    legalDeadlineAt: null,
    dedupeKey: `test:${id}`,
    tool: 'generation',
  });
  return caseId;
}

const appeal = async (by: Person, caseId: Id<'case'>) => {
  const path = `/api/v1/moderation/decisions/${decisionIdOf(caseId, 1)}/appeal`;
  expect((await by.browser.post(path, { text: 'No.' })).status).toBe(202);
};

it('an enrolment that needs a person comes to the desk, and what is decided there is done', async () => {
  const [ada, mod] = [await person(), await moderator()];
  const { id, enrolment } = await recordedEnrolment(ada.id);
  const queue = env.INSPECTION_QUEUE.getByName('main');
  await soon(async () => {
    const leased = await queue.lease('node', { kinds: ['enrolment'], waitMs: 0, software: 'test' });
    expect(leased?.inspectionId).toBe(id);
    const seen = nodeReport({}, { 'live-person': 'unverified' });
    const done = await queue.complete('node', id, leased?.fence ?? 0, seen);
    expect(done.ok).toBe(true);
  });
  let caseId: Id<'case'> | null = null;
  await soon(async () => {
    const answer = await mod.browser.post('/api/v1/moderation/claims', {});
    const { claimed } = claimAnswerSchema.parse(answer.body);
    expect(claimed?.case.subject).toMatchObject({ kind: 'enrolment', id });
    caseId = claimed?.claim.caseId ?? null;
  });
  if (caseId === null) throw new Error('no case');
  const held = await claim(mod, caseId);
  expect(held.case.findings.map(({ rule }) => rule)).toContain('live-person');
  expect(held.case.allowedActions).toEqual(['allow', 'refuse']);
  expect((await mod.browser.get(`/api/v1/moderation/media/${caseId}/recording`)).status).toBe(200);
  expect(refusal(await tryDecide(mod, held, 'remove', 'likeness'))).toBe('409 conflict');
  await decide(mod, held, 'allow', 'enrolment-identity');
  await settled(caseId);
  await soon(async () => {
    const read = await enrolment.read(ada.id);
    expect(read.ok && read.value.status).toBe('accepted');
  });
});

it('a label is shown with the clip, and goes when it is overturned', async () => {
  const [ada, mod, other] = [await person(), await moderator(), await moderator()];
  const clip = await publishedClip(ada);
  const caseId = caseOf(await report(clip, 'other'));
  await decide(mod, await claim(mod, caseId), 'label', 'deceptive-provenance');
  await settled(caseId);
  const labelOf = async () => ((await stranger().get(`/api/v1/clips/${clip}`)).body as Clip).moderatorLabel;
  await soon(async () => expect(await labelOf()).toBe('False origin'));
  expect(await allows(clip, 'serve')).toBe(true);
  await appeal(ada, caseId);
  await decide(other, await claim(other, caseId), 'allow', 'deceptive-provenance');
  await settled(caseId);
  await soon(async () => expect(await labelOf()).toBeUndefined());
});

it('a comment is hidden and comes back with its words; an account is stopped by its key', async () => {
  const [ada, bob, mod, other] = [await person(), await person(), await moderator(), await moderator()];
  const clip = await publishedClip(ada);
  const said = await bob.browser.post(`/api/v1/clips/${clip}/comments`, { text: 'You are all fools.' });
  const commentId = (said.body as { id: string }).id;
  const shown = async () => JSON.stringify((await stranger().get(`/api/v1/clips/${clip}/comments`)).body);
  const caseId = await found('comment', commentId, bob.id, { clipId: clip });
  await decide(mod, await claim(mod, caseId), 'remove', 'hate');
  await settled(caseId);
  expect(await shown()).not.toContain('fools');
  await appeal(bob, caseId);
  await decide(other, await claim(other, caseId), 'allow', 'hate');
  await settled(caseId);
  expect(await shown()).toContain('fools');

  const account = await found('account', ada.id, ada.id);
  await decide(mod, await claim(mod, account), 'demote', 'spam');
  await settled(account);
  const may = async (capability: 'serve' | 'list') =>
    (await askGate(env, homeRegion, [accountKey(ada.id)], capability)).allowed;
  expect([await may('list'), await may('serve')]).toEqual([false, true]);
});

it('what was put into the hash bank leaves it when the decision is overturned', async () => {
  const [ada, mod, other] = [await person(), await moderator(), await moderator()];
  const clip = await publishedClip(ada);
  const views = ['ab'.repeat(32)];
  const fingerprints = {
    algorithm: fingerprintAlgorithm,
    frames: [{ at: 0, quality: 90, views }],
    audio: null,
  };
  await env.MEDIA.put(`test/${clip}/fingerprints.json`, JSON.stringify(fingerprints));
  const caseId = caseOf(await report(clip, 'minor'));
  await decide(mod, await claim(mod, caseId), 'remove', 'minor-safety', { addToBank: true });
  const entry = async () =>
    (await env.HASH_BANK.getByName('main').list(null)).items.find((one) => one.caseId === caseId);
  await settled(caseId);
  expect(await entry()).toMatchObject({ status: 'proposed', policyId: 'minor-safety', addedBy: mod.id });
  await appeal(ada, caseId);
  await decide(other, await claim(other, caseId), 'allow', 'minor-safety');
  await settled(caseId);
  expect((await entry())?.status ?? 'removed').toBe('removed');
});

it('an appeal never makes it worse, and there is one', async () => {
  const [ada, mod, other] = [await person(), await moderator(), await moderator()];
  const clip = await publishedClip(ada);
  const caseId = caseOf(await report(clip, 'spam'));
  await decide(mod, await claim(mod, caseId), 'demote', 'spam');
  const early = `/api/v1/moderation/decisions/${decisionIdOf(caseId, 1)}`;
  expect(refusal(await ada.browser.get(early))).toBe('404 not_found');
  await settled(caseId);
  expect((await ada.browser.get(early)).status).toBe(200);
  expect(refusal(await other.browser.get(early))).toBe('404 not_found');
  await appeal(ada, caseId);
  expect(refusal(await ada.browser.post(`${early}/appeal`, { text: 'Again.' }))).toBe('409 conflict');
  const receipt = await decide(other, await claim(other, caseId), 'remove', 'violence');
  expect(receipt.appeal).toBe('upheld');
  await settled(caseId);
  expect(await allows(clip, 'serve')).toBe(true);
  expect(await allows(clip, 'list')).toBe(false);
  await soon(async () => expect((await told(ada)).map(({ kind }) => kind)).toContain('appeal-outcome'));
});

it('reports of somebody who is nearly always wrong stop nothing by themselves, and they hear a neutral text', async () => {
  const [ada, troll, mod] = [await person(), await person(), await moderator()];
  for (let n = 0; n < 6; n += 1) {
    const clip = await publishedClip(ada);
    const caseId = caseOf(await report(clip, 'likeness', troll.browser));
    await decide(mod, await claim(mod, caseId), 'allow', 'likeness');
    await settled(caseId);
  }
  await soon(async () => expect(await told(troll)).toHaveLength(6));
  for (const { text } of await told(troll)) expect(text).not.toMatch(/false|abus|wrong|warn/i);
  const clip = await publishedClip(ada);
  const receipt = await report(clip, 'likeness', troll.browser);
  expect(await allows(clip, 'serve')).toBe(true);
  const seen = await readCase(mod, caseOf(receipt));
  expect(seen.reports[0]?.accuracy).toBeLessThan(0.2);
  // Somebody else's word still counts.
  await report(clip, 'intimate');
  expect(await allows(clip, 'serve')).toBe(false);
});

it('a restriction without its reasons does not exist', async () => {
  const [ada, mod] = [await person(), await moderator()];
  const caseId = caseOf(await report(await publishedClip(ada), 'hate'));
  const held = await claim(mod, caseId);
  for (const change of [{ facts: '' }, { explanation: '   ' }, { policyId: 'no-such-policy' }]) {
    const answer = await tryDecide(mod, held, 'remove', 'hate', change);
    expect(refusal(answer)).toBe('400 bad_request');
  }
  expect(refusal(await tryDecide(mod, held, 'refuse', 'hate'))).toBe('409 conflict');
  expect((await readCase(mod, caseId)).decision).toBeNull();
});
