/**
 * The desk over HTTP, from outside: moderators who fight over the same cases, whose connections break in the middle of a call and who then
 * send it again; the real media gate, the real ten seconds, and every log checked with the published key as anybody would.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CaseLog } from '#schemas/case-log.ts';
import type { Session } from '#schemas/http/accounts.ts';
import type {
  ClaimAnswer,
  DecisionReceiptBody,
  ModerationCase,
  ModerationNumbers,
  ReportReceipt,
} from '#schemas/http/moderation.ts';
import type { Id } from '#schemas/ids.ts';
import { type Edge, startEdge } from '../support/edge.ts';
import { eventually } from '../support/generation-run.ts';
import { bindingsOf, createOwner, makeClip } from '../support/made-clips.ts';

const clipCount = 12;
let edge: Edge;
let folder: string;

beforeAll(async () => {
  edge = await startEdge();
  folder = mkdtempSync(join(tmpdir(), 'desk-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await edge.stop();
});

let addresses = 0;
interface Caller {
  readonly id: string;
  /** Status and body; 0 when the connection broke. */
  call(
    method: string,
    path: string,
    body?: unknown,
    breakAfterMs?: number,
  ): Promise<{ status: number; body: unknown }>;
}

async function caller(handle: string | null): Promise<Caller> {
  addresses += 1;
  const address = `10.1.0.${addresses}`;
  let token: string | null = null;
  const call: Caller['call'] = async (method, path, body, breakAfterMs) => {
    const abort = new AbortController();
    const timer = breakAfterMs === undefined ? null : setTimeout(() => abort.abort(), breakAfterMs);
    try {
      const response = await fetch(`${edge.url}${path}`, {
        method,
        signal: abort.signal,
        headers: {
          'CF-Connecting-IP': address,
          ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: text === '' ? null : JSON.parse(text) };
    } catch (error) {
      if (abort.signal.aborted) return { status: 0, body: null };
      throw error;
    } finally {
      if (timer !== null) clearTimeout(timer);
    }
  };
  if (handle === null) return { id: '', call };
  const signedIn = await call('POST', '/api/v1/local/sign-in', { handle, roles: ['moderator'] });
  const session = signedIn.body as Session;
  token = session.token;
  return { id: session.account.id, call };
}

const served = async (clipId: string) =>
  (await fetch(`${edge.url}/media/${clipId}/video.mp4`, { headers: { range: 'bytes=0-9' } })).status === 206;

test('one decision per case, whoever fights and whatever breaks; what is removed is gone and nothing else', async () => {
  const bindings = await bindingsOf(edge);
  const owner = await createOwner(edge, 'author');
  const clips = await Promise.all(Array.from({ length: clipCount }, () => makeClip(bindings, owner)));
  const visitor = await caller(null);
  const caseOf = new Map<string, Id<'case'>>();
  for (const clip of clips) {
    const receipt = await visitor.call('POST', `/api/v1/clips/${clip}/reports`, { reason: 'violence' });
    expect(receipt.status).toBe(202);
    caseOf.set(clip, `case_${(receipt.body as ReportReceipt).token.split('_')[2]}`);
  }
  const moderators = await Promise.all(Array.from({ length: 6 }, (_, n) => caller(`moderator-${n}`)));
  const removes = new Set([...caseOf.values()].filter((_, n) => n % 2 === 0));
  const refusals: { code: string; details: Record<string, unknown> }[] = [];

  const work = async (me: Caller, n: number): Promise<void> => {
    for (let turn = 0; turn < 40; turn += 1) {
      // Every third answer is not waited for; asking again finds the claim.
      const asked = await me.call(
        'POST',
        '/api/v1/moderation/claims',
        {},
        turn % 3 === n % 3 ? 3 : undefined,
      );
      const { claimed } = asked.status === 200 ? (asked.body as ClaimAnswer) : { claimed: null };
      if (claimed === null) {
        const rest = [...caseOf.values()];
        const open = await Promise.all(rest.map((id) => me.call('GET', `/api/v1/moderation/cases/${id}`)));
        const mine = open
          .map(({ body }) => body as ModerationCase)
          .find(({ claim, status }) => status === 'open' && claim?.mine === true);
        if (open.every(({ body }) => (body as ModerationCase).status !== 'open')) return;
        if (mine !== undefined) await decide(me, mine.id, mine.claim?.token ?? 0, mine.version, n);
        continue;
      }
      const { caseId, token, version } = claimed.claim;
      // Somebody else tries the same case with the same token.
      const rival = moderators[(n + 1) % moderators.length];
      await Promise.all([
        decide(me, caseId, token, version, n),
        ...(rival === undefined ? [] : [decide(rival, caseId, token, version, n)]),
      ]);
    }
  };
  const decide = async (me: Caller, caseId: Id<'case'>, claimToken: number, version: number, n: number) => {
    const action = removes.has(caseId) ? 'remove' : 'allow';
    const body = {
      claimToken,
      version,
      action,
      policyId: 'violence',
      facts: 'It shows it.',
      explanation: 'It is not shown here.',
      idempotencyKey: `${me.id}:${caseId}:${claimToken}`,
    };
    const path = `/api/v1/moderation/cases/${caseId}/decisions`;
    const first = await me.call('POST', path, body, n % 2 === 0 ? 4 : undefined);
    const again = await me.call('POST', path, body);
    if (first.status === 200) expect(again.body).toEqual(first.body);
    if (again.status === 200) expect((again.body as DecisionReceiptBody).action).toBe(action);
    else {
      expect(again.status).toBe(409);
      refusals.push((again.body as { error: (typeof refusals)[number] }).error);
    }
  };
  await Promise.all(moderators.map(work));

  const ids = moderators.map(({ id }) => id);
  for (const { code, details } of refusals) {
    expect(['stale_claim', 'already_decided']).toContain(code);
    if (code === 'already_decided') expect(ids).toContain(details.decidedBy);
  }
  expect(refusals.length).toBeGreaterThan(0);

  const [someone] = moderators;
  if (someone === undefined) throw new Error('nobody works here');
  const numbers = (await visitor.call('GET', '/api/v1/moderation/numbers')).body as ModerationNumbers;
  for (const [clip, caseId] of caseOf) {
    await eventually(`the decision about ${clip} took effect`, async () =>
      (await served(clip)) === !removes.has(caseId) ? true : null,
    );
    const log = (await someone.call('GET', `/api/v1/moderation/cases/${caseId}/log`)).body as CaseLog;
    expect(log.events.filter(({ type }) => type === 'decided')).toHaveLength(1);
    const path = join(folder, `${caseId}.json`);
    writeFileSync(path, JSON.stringify(log));
    const said = execFileSync(
      process.execPath,
      ['scripts/verify-case-log.ts', path, '--key', numbers.logPublicKey],
      { encoding: 'utf8' },
    );
    expect(said).toContain(`Valid: ${log.events.length} events of ${caseId}, status decided.`);
  }
  // Not one clip that nobody removed was stopped.
  for (const [clip, caseId] of caseOf) expect(await served(clip)).toBe(!removes.has(caseId));
});
