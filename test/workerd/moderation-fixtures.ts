/** The desk for the workerd tests: people, claims and decisions through the API, time moved by hand. */
import { runDurableObjectAlarm } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, vi } from 'vitest';
import { askGate, homeRegion } from '#durable-objects/consent/gate.ts';
import { type Capability, clipKey } from '#schemas/consent.ts';
import {
  type ClaimedCase,
  claimAnswerSchema,
  type DecisionReceiptBody,
  decisionReceiptSchema,
  type ModerationCase,
  moderationCaseSchema,
  type ReportReceipt,
  reportReceiptSchema,
} from '#schemas/http/moderation.ts';
import type { Id } from '#schemas/ids.ts';
import type { CaseAction, ReportReason } from '#schemas/moderation.ts';
import { type Person, person, stranger } from '../support/api-actors.ts';
import type { Answer, Browser } from '../support/api-browser.ts';

export const moderator = () => person({ roles: ['moderator'] });

/** @returns the receipt */
export async function report(
  clipId: string,
  reason: ReportReason,
  by: Browser = stranger(),
  details = '',
): Promise<ReportReceipt> {
  const answer = await by.post(`/api/v1/clips/${clipId}/reports`, { reason, details });
  expect(answer.status, JSON.stringify(answer.body)).toBe(202);
  return reportReceiptSchema.parse(answer.body);
}

/** The case a receipt leads to. */
export const caseOf = ({ token }: ReportReceipt): Id<'case'> => `case_${token.split('_')[2]}`;

/** Takes a case, as the console does. */
export async function claim(by: Person, caseId: Id<'case'>): Promise<ClaimedCase> {
  const answer = await by.browser.post('/api/v1/moderation/claims', { caseId });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  const { claimed } = claimAnswerSchema.parse(answer.body);
  if (claimed === null) throw new Error('nothing was claimed');
  return claimed;
}

export const reasons = {
  facts: 'It shows what it shows at second three.',
  explanation: 'The rule says that this is not shown here.',
};

let clicks = 0;
export const newKey = () => `click-${++clicks}-${Math.random()}`;

/** The answer, whatever it is. */
export function tryDecide(
  by: Person,
  { claim: held }: ClaimedCase,
  action: CaseAction,
  policyId = 'spam',
  change: Record<string, unknown> = {},
): Promise<Answer> {
  return by.browser.post(`/api/v1/moderation/cases/${held.caseId}/decisions`, {
    claimToken: held.token,
    version: held.version,
    action,
    policyId,
    ...(action === 'allow' ? {} : reasons),
    idempotencyKey: newKey(),
    ...change,
  });
}

export async function decide(...input: Parameters<typeof tryDecide>): Promise<DecisionReceiptBody> {
  const answer = await tryDecide(...input);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return decisionReceiptSchema.parse(answer.body);
}

export async function readCase(by: Person, caseId: Id<'case'>): Promise<ModerationCase> {
  const answer = await by.browser.get(`/api/v1/moderation/cases/${caseId}`);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return moderationCaseSchema.parse(answer.body);
}

/** The alarm of a case as it would run some time later, and everything that is owed by then. */
export async function later(caseId: Id<'case'>, ms: number): Promise<void> {
  vi.setSystemTime(Date.now() + ms);
  const one = env.MODERATION_CASE.getByName(caseId);
  for (let turns = 0; turns < 5; turns += 1) await runDurableObjectAlarm(one);
}

/** After the time for undoing. */
export const settled = (caseId: Id<'case'>) => later(caseId, 12_000);

export async function allows(clipId: Id<'clip'>, capability: Capability): Promise<boolean> {
  return (await askGate(env, homeRegion, [[clipKey(clipId)]].flat(), capability)).allowed;
}

/** What somebody was told, newest first. */
export async function told(who: Person) {
  const { items } = await env.INBOX.getByName(who.id).list({ before: null, limit: 50 });
  return items;
}

/** Polls until it is so. */
export function soon(check: () => Promise<void>): Promise<void> {
  return vi.waitFor(check, { timeout: 15_000, interval: 50 });
}
