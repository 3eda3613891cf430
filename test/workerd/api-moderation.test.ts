/** The desk from end to end, as a reporter, a moderator, an author and a second moderator meet it. */
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  authorDecisionSchema,
  claimAnswerSchema,
  moderationNumbersSchema,
  moderationQueueSchema,
  reportStatusSchema,
  statementPreviewSchema,
} from '#schemas/http/moderation.ts';
import { person, publishedClip, stranger } from '../support/api-actors.ts';
import { refusal } from '../support/api-browser.ts';
import {
  allows,
  caseOf,
  claim,
  decide,
  later,
  moderator,
  newKey,
  readCase,
  reasons,
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

const statusOf = async (token: string) =>
  reportStatusSchema.parse((await stranger().get(`/api/v1/reports/${token}`)).body);

describe('from a report to a decision', () => {
  it('hides the clip, tells the author in the words that were previewed, and tells who reported', async () => {
    const [ada, bob, mod] = [await person(), await person(), await moderator()];
    const clip = await publishedClip(ada);
    const [anonymous, signedIn] = [
      await report(clip, 'violence'),
      await report(clip, 'violence', bob.browser, 'Look at second three.'),
    ];
    const caseId = caseOf(anonymous);
    expect(caseOf(signedIn)).toBe(caseId);
    expect(await statusOf(anonymous.token)).toMatchObject({ status: 'waiting', outcome: null });
    expect(await allows(clip, 'serve')).toBe(true);

    const claimed = await claim(mod, caseId);
    expect(claimed.case.reports.map(({ reporter }) => reporter?.handle ?? null)).toEqual([null, bob.handle]);
    const preview = await mod.browser.post(`/api/v1/moderation/cases/${caseId}/statement-preview`, {
      action: 'remove',
      policyId: 'violence',
      ...reasons,
    });
    const { text, statement } = statementPreviewSchema.parse(preview.body);
    expect(text).toContain(reasons.facts);
    expect(statement?.decision_visibility).toEqual(['DECISION_VISIBILITY_CONTENT_DISABLED']);

    const { decisionId } = await decide(mod, claimed, 'remove', 'violence');
    expect(await allows(clip, 'serve')).toBe(true);
    expect(await told(ada)).toEqual([]);
    await settled(caseId);
    expect(await allows(clip, 'serve')).toBe(false);
    expect(await allows(clip, 'list')).toBe(false);

    await soon(async () => expect(await told(ada)).toMatchObject([{ kind: 'decision', decisionId }]));
    const read = await ada.browser.get(`/api/v1/moderation/decisions/${decisionId}`);
    const decision = authorDecisionSchema.parse(read.body);
    expect(decision.text).toBe(text);
    expect(decision.statement).toEqual(statement);
    expect(JSON.stringify(read.body)).not.toContain(bob.handle);
    expect(JSON.stringify(read.body)).not.toContain(mod.handle);
    await soon(async () => {
      expect(await statusOf(anonymous.token)).toMatchObject({ status: 'decided', outcome: 'acted' });
      expect(await told(bob)).toMatchObject([{ kind: 'report-outcome' }]);
    });
  });

  it('appeals go to somebody else, who does not learn the verdict, and an overturn gives everything back', async () => {
    const [ada, first, second] = [await person(), await moderator(), await moderator()];
    const clip = await publishedClip(ada);
    const receipt = await report(clip, 'hate');
    const caseId = caseOf(receipt);
    const claimed = await claim(first, caseId);
    const { decisionId } = await decide(first, claimed, 'remove', 'hate');
    await settled(caseId);
    expect(await allows(clip, 'serve')).toBe(false);
    const struck = await readCase(second, caseId);
    await soon(async () => expect((await readCase(second, caseId)).ownerStrikes).toBe(3));
    expect(struck.decision?.action).toBe('remove');

    const appealed = await ada.browser.post(`/api/v1/moderation/decisions/${decisionId}/appeal`, {
      text: 'It is a quotation from a play.',
    });
    expect(appealed.status).toBe(202);
    expect(refusal(await first.browser.post('/api/v1/moderation/claims', { caseId }))).toBe('403 forbidden');

    const blind = await claim(second, caseId);
    expect(blind.claim.for).toBe('appeal');
    expect(blind.case.decision).toBeNull();
    expect(blind.case.ownerStrikes).toBe(0);
    const shown = JSON.stringify(blind.case);
    for (const secret of [reasons.facts, reasons.explanation, 'DECISION_VISIBILITY', '"remove","statement"'])
      expect(shown).not.toContain(secret);
    expect(refusal(await second.browser.get(`/api/v1/moderation/cases/${caseId}/log`))).toBe('409 conflict');

    expect((await decide(second, blind, 'allow', 'hate')).appeal).toBe('overturned');
    await later(caseId, 1_000);
    for (const capability of ['serve', 'list', 'remix', 'download'] as const)
      expect(await allows(clip, capability)).toBe(true);
    const { value } = (await env.MODERATION_CASE.getByName(caseId).read()) as { value: { state: object } };
    expect(value.state).toMatchObject({ standing: { denials: [], told: null, bankEntries: [] } });
    await soon(async () => {
      const after = await readCase(first, caseId);
      expect(after).toMatchObject({ status: 'closed', ownerStrikes: 0, decision: { action: 'allow' } });
      expect((await told(ada)).map(({ kind }) => kind)).toEqual(['appeal-outcome', 'decision']);
      expect(await statusOf(receipt.token)).toMatchObject({ outcome: 'dismissed' });
    });
    const again = await ada.browser.get(`/api/v1/moderation/decisions/${decisionId}`);
    expect(again.body).toMatchObject({
      standing: 'overturned',
      canAppeal: false,
      appeal: { outcome: 'overturned' },
    });
    await soon(async () => {
      const numbers = moderationNumbersSchema.parse(
        (await stranger().get('/api/v1/moderation/numbers')).body,
      );
      expect(numbers.appeals.overturned).toBeGreaterThanOrEqual(1);
      expect(numbers.overturnRate.high).toBeLessThanOrEqual(1);
    });
  });
});

describe('undoing', () => {
  it('within ten seconds leaves no trace outside; after them it is too late', async () => {
    const [ada, mod] = [await person(), await moderator()];
    const clip = await publishedClip(ada);
    const caseId = caseOf(await report(clip, 'spam'));
    const { decisionId } = await decide(mod, await claim(mod, caseId), 'remove', 'violence');
    const path = `/api/v1/moderation/cases/${caseId}/decisions/${decisionId}/undo`;
    const other = await moderator();
    expect(refusal(await other.browser.send('POST', path))).toBe('403 forbidden');
    expect((await mod.browser.send('POST', path)).body).toMatchObject({
      status: 'open',
      decision: { standing: 'undone' },
    });
    expect((await mod.browser.send('POST', path)).status).toBe(200);
    await settled(caseId);
    expect(await allows(clip, 'serve')).toBe(true);
    expect(await told(ada)).toEqual([]);

    const again = await decide(mod, await claim(mod, caseId), 'demote', 'spam');
    await settled(caseId);
    expect(await allows(clip, 'list')).toBe(false);
    expect(await allows(clip, 'serve')).toBe(true);
    const late = `/api/v1/moderation/cases/${caseId}/decisions/${again.decisionId}/undo`;
    expect(refusal(await mod.browser.send('POST', late))).toBe('409 already_final');
  });

  it('an urgent removal hides at once and comes back at once', async () => {
    const [ada, mod] = [await person(), await moderator()];
    const clip = await publishedClip(ada);
    const caseId = caseOf(await report(clip, 'other'));
    const { decisionId } = await decide(mod, await claim(mod, caseId), 'remove', 'minor-safety');
    await soon(async () => expect(await allows(clip, 'serve')).toBe(false));
    expect(await told(ada)).toEqual([]);
    const undone = await mod.browser.send(
      'POST',
      `/api/v1/moderation/cases/${caseId}/decisions/${decisionId}/undo`,
    );
    expect(undone.status).toBe(200);
    await soon(async () => expect(await allows(clip, 'serve')).toBe(true));
    await settled(caseId);
    expect(await told(ada)).toEqual([]);
  });
});

describe('reports that cannot wait', () => {
  it.each(['likeness', 'intimate', 'minor'] as const)(
    '%s hides at once, and dismissing gives it back',
    async (reason) => {
      const [ada, mod] = [await person(), await moderator()];
      const clip = await publishedClip(ada);
      const caseId = caseOf(await report(clip, reason));
      expect(await allows(clip, 'serve')).toBe(false);
      const claimed = await claim(mod, caseId);
      expect(claimed.case.hidden).toBe(true);
      await decide(mod, claimed, 'allow', 'likeness');
      await settled(caseId);
      expect(await allows(clip, 'serve')).toBe(true);
      expect(await told(ada)).toEqual([]);

      // The same claim again is looked at, but is no switch any more.
      const second = caseOf(await report(clip, reason));
      expect(second).not.toBe(caseId);
      expect(await allows(clip, 'serve')).toBe(true);
      expect((await readCase(mod, second)).history).toMatchObject([
        { caseId, sameSubject: true, action: 'allow' },
      ]);
    },
  );
});

describe('two moderators', () => {
  it('the second is told who won, and the same click twice is one decision', async () => {
    const [ada, first, second] = [await person(), await moderator(), await moderator()];
    const caseId = caseOf(await report(await publishedClip(ada), 'spam'));
    const claimed = await claim(first, caseId);
    const held = await second.browser.post('/api/v1/moderation/claims', { caseId });
    expect(refusal(held)).toBe('409 stale_claim');
    expect(held.body).toMatchObject({ error: { details: { heldBy: first.id } } });

    const key = newKey();
    const [a, b] = await Promise.all([
      tryDecide(first, claimed, 'demote', 'spam', { idempotencyKey: key }),
      tryDecide(first, claimed, 'demote', 'spam', { idempotencyKey: key }),
    ]);
    expect(a.status).toBe(200);
    expect(b.body).toEqual(a.body);
    expect(refusal(await tryDecide(first, claimed, 'remove', 'spam', { idempotencyKey: key }))).toBe(
      '422 idempotency_mismatch',
    );
    const late = await tryDecide(second, claimed, 'allow', 'spam');
    expect(refusal(late)).toBe('409 already_decided');
    expect(late.body).toMatchObject({ error: { details: { decidedBy: first.id, action: 'demote' } } });
    expect((await readCase(first, caseId)).events.filter(({ type }) => type === 'decided')).toHaveLength(1);
  });

  it('a case that has learnt something is stale; one more report of the same is not', async () => {
    const [ada, mod] = [await person(), await moderator()];
    const clip = await publishedClip(ada);
    const caseId = caseOf(await report(clip, 'spam'));
    const claimed = await claim(mod, caseId);
    await report(clip, 'spam');
    expect((await readCase(mod, caseId)).version).toBe(claimed.claim.version);
    await report(clip, 'hate');
    expect(refusal(await tryDecide(mod, claimed, 'allow'))).toBe('409 stale_version');
    const fresh = await readCase(mod, caseId);
    expect(fresh.severity).toBe(4);
    await decide(mod, claimed, 'allow', 'spam', { version: fresh.version });
  });

  it('a claim that ran out goes to the next; its late decision does not count', async () => {
    const [ada, slow, quick] = [await person(), await moderator(), await moderator()];
    const caseId = caseOf(await report(await publishedClip(ada), 'spam'));
    const lost = await claim(slow, caseId);
    await later(caseId, 5 * 60_000 + 5_000);
    expect((await readCase(quick, caseId)).events.at(-1)?.type).toBe('claim-expired');
    const taken = await claim(quick, caseId);
    expect(taken.claim.token).toBe(lost.claim.token + 1);
    expect(refusal(await tryDecide(slow, lost, 'remove', 'violence'))).toBe('409 stale_claim');
    await decide(quick, taken, 'allow');
  });
});

describe('the queue', () => {
  it('gives each moderator another case, explains why, and skipping is free', async () => {
    const [ada, a, b] = [await person(), await moderator(), await moderator()];
    const [mild, severe] = [await publishedClip(ada), await publishedClip(ada)];
    const cases = [caseOf(await report(mild, 'spam')), caseOf(await report(severe, 'minor'))];
    const next = async (by: typeof a) => {
      const answer = await by.browser.post('/api/v1/moderation/claims', {});
      return claimAnswerSchema.parse(answer.body).claimed;
    };
    await soon(async () => {
      const queue = moderationQueueSchema.parse((await a.browser.get('/api/v1/moderation/queue')).body);
      expect(queue.next?.caseId).toBe(cases[1]);
      expect(queue.next?.terms.why).toContain('Severity 5');
    });
    const [one, two] = await Promise.all([next(a), next(b)]);
    expect(one?.claim.caseId).not.toBe(two?.claim.caseId);
    await soon(async () => {
      const queue = moderationQueueSchema.parse((await a.browser.get('/api/v1/moderation/queue')).body);
      expect(queue.mine).toMatchObject([{ caseId: one?.claim.caseId, claimToken: one?.claim.token }]);
    });
    const skipped = one?.claim.caseId;
    expect((await a.browser.send('DELETE', `/api/v1/moderation/claims/${skipped}`)).status).toBe(204);
    expect((await readCase(b, skipped ?? 'case_')).claim).toBeNull();
    const third = await next(a);
    expect(third?.claim.caseId).not.toBe(skipped);
  });

  it('shows hidden media to who holds the case, notes it, and caps what is looked at', async () => {
    const [ada, mod, other] = [await person(), await moderator(), await moderator()];
    const clip = await publishedClip(ada);
    await env.MEDIA.put(`test/${clip}/video.mp4`, new Uint8Array(1000).fill(7));
    const caseId = caseOf(await report(clip, 'minor'));
    const path = `/api/v1/moderation/media/${caseId}/video.mp4`;
    expect(refusal(await mod.browser.get(path))).toBe('409 stale_claim');
    await claim(mod, caseId);
    const part = await mod.browser.send('GET', path, undefined, { Range: 'bytes=0-99' });
    expect(part.status).toBe(206);
    expect(part.headers.get('Content-Length')).toBe('100');
    expect(part.headers.get('Cache-Control')).toBe('private, no-store');
    expect((await mod.browser.get(path)).status).toBe(200);
    expect(refusal(await other.browser.get(path))).toBe('409 stale_claim');
    expect(refusal(await mod.browser.get(`/api/v1/moderation/media/${caseId}/nothing.mp4`))).toBe(
      '404 not_found',
    );
    const served = (await readCase(mod, caseId)).events.filter(({ type }) => type === 'media-served');
    expect(served).toHaveLength(1);

    const expose = (seconds: number) =>
      mod.browser.post(`/api/v1/moderation/cases/${caseId}/exposure`, { seconds, harmClass: 'minor' });
    expect((await expose(100)).body).toMatchObject({ usedSeconds: 100, remainingSeconds: 500 });
    for (let more = 0; more < 4; more += 1) await expose(120);
    expect(refusal(await expose(30))).toBe('429 exposure_capped');
    expect(refusal(await mod.browser.get(path))).toBe('429 exposure_capped');
  });
});
