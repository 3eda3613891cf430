/**
 * What can be asked of a case and what comes of it: events, and messages that leave once they are stored. Invariants: a decision needs
 * the fencing token of a live claim and the present version; the loser is told who won; one answer per idempotency key; nobody judges
 * what is theirs, or the appeal against their own decision. Every event made here is one the reducer accepts. Called by the ModerationCase
 * object, which numbers, chains, signs and stores the events; pure.
 */
import {
  appealOutcome,
  type CaseDecisionState,
  type CaseState,
  currentDecision,
  hasJudged,
} from '#core/moderation/case-state.ts';
import { policyOf } from '#core/moderation/policies.ts';
import { buildAction } from '#core/moderation/statement.ts';
import type { CaseActor, CaseEventBody, CaseTool } from '#schemas/case-log.ts';
import type { Id } from '#schemas/ids.ts';
import {
  appealMs,
  type CaseAction,
  claimLeaseMs,
  type DecisionId,
  decisionIdOf,
  type HarmClass,
  undoMs,
} from '#schemas/moderation.ts';
import type { Detail } from '#schemas/result.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import type { DecideInput } from '../rpc.ts';

/** An event before it is numbered and signed. */
export interface NewEvent {
  readonly body: CaseEventBody;
  readonly actor: CaseActor;
  readonly tool: CaseTool;
}

/**
 * What is owed after a step; the object keeps it as outbox rows. `reconcile`: what stands outside is brought to what the case says now
 * (core/desired.ts). `settle`: the time for undoing is over; if the decision still stands it takes effect and people are told.
 */
export type CaseEffect =
  | { readonly kind: 'reconcile'; readonly decisionId: DecisionId | null; readonly restores: boolean }
  | { readonly kind: 'settle'; readonly decisionId: DecisionId; readonly delayMs: number }
  | { readonly kind: 'tell-appellant' };

export interface Step {
  readonly events: readonly NewEvent[];
  readonly effects: readonly CaseEffect[];
}

const nothing: Step = { events: [], effects: [] };
const iso = (ms: number) => new Date(ms).toISOString();
const byAccount = (id: Id<'acc'>): CaseActor => ({ kind: 'account', id });
const bySystem: CaseActor = { kind: 'system' };

/** The winner's decision, for whoever came too late. Of a case in appeal the verdict stays out. */
function winner(state: CaseState): Readonly<Record<string, Detail>> {
  const decision = currentDecision(state);
  if (decision === null || state.status === 'appealed')
    return { version: state.version, status: state.status };
  return {
    version: state.version,
    status: state.status,
    decisionId: decision.id,
    action: decision.action.kind,
    policyId: decision.policyId,
    decidedBy: decision.moderatorId,
    decidedAt: decision.at,
  };
}

function holder(state: CaseState, now: number): Readonly<Record<string, Detail>> {
  const { claim } = state;
  if (claim === null || Date.parse(claim.expiresAt) <= now) return { version: state.version, heldBy: null };
  return { version: state.version, heldBy: claim.moderatorId, expiresAt: claim.expiresAt };
}

/** What a case waits for; null when for nothing. */
export function waitsFor({ status }: CaseState): 'decision' | 'appeal' | null {
  if (status === 'open') return 'decision';
  return status === 'appealed' ? 'appeal' : null;
}

function expired(state: CaseState, now: number): boolean {
  return state.claim !== null && Date.parse(state.claim.expiresAt) <= now;
}

/** A claim whose time is up; called by the alarm and before anything that depends on it. */
export function expire(state: CaseState, now: number): Step {
  const { claim } = state;
  if (claim === null || !expired(state, now)) return nothing;
  return {
    events: [
      { body: { type: 'claim-expired', data: { token: claim.token } }, actor: bySystem, tool: 'desk' },
    ],
    effects: [],
  };
}

/** Leases the case, or renews one's own lease (the token stays). A dead claim of somebody else is ended first. */
export function claim(state: CaseState, moderatorId: Id<'acc'>, now: number): Result<Step> {
  const purpose = waitsFor(state);
  if (purpose === null) return fail('already_decided', undefined, winner(state));
  const refused = mayJudge(state, moderatorId);
  if (!refused.ok) return refused;
  const expiresAt = iso(now + claimLeaseMs);
  const actor = byAccount(moderatorId);
  const dead = expire(state, now);
  if (state.claim !== null && dead.events.length === 0) {
    if (state.claim.moderatorId !== moderatorId) return fail('stale_claim', undefined, holder(state, now));
    const { token } = state.claim;
    return ok({
      events: [{ body: { type: 'claim-renewed', data: { token, expiresAt } }, actor, tool: 'console' }],
      effects: [],
    });
  }
  const data = { token: state.lastToken + 1, moderatorId, for: purpose, version: state.version, expiresAt };
  return ok({
    events: [...dead.events, { body: { type: 'claimed', data }, actor, tool: 'console' }],
    effects: [],
  });
}

function mayJudge(state: CaseState, moderatorId: Id<'acc'>): Result<void> {
  if (state.subject.ownerId === moderatorId) return fail('forbidden', 'This is about something of yours.');
  if (state.reports.some(({ reporterId }) => reporterId === moderatorId)) {
    return fail('forbidden', 'You reported this yourself.');
  }
  if (state.status === 'appealed' && hasJudged(state, moderatorId)) {
    return fail('forbidden', 'An appeal is decided by somebody else.');
  }
  return ok(undefined);
}

export function release(state: CaseState, moderatorId: Id<'acc'>): Step {
  const { claim: held } = state;
  if (held === null || held.moderatorId !== moderatorId) return nothing;
  const body = { type: 'claim-released' as const, data: { token: held.token } };
  return { events: [{ body, actor: byAccount(moderatorId), tool: 'console' }], effects: [] };
}

/** The caller has looked the idempotency key up before. */
export function decide(state: CaseState, input: DecideInput, now: number): Result<Step> {
  const { moderatorId, claimToken: token, version } = input;
  const held = state.claim;
  const mine =
    held !== null && held.token === token && held.moderatorId === moderatorId && !expired(state, now);
  if (!mine) {
    return waitsFor(state) === null || token <= (state.appeal?.afterToken ?? 0)
      ? fail('already_decided', undefined, winner(state))
      : fail('stale_claim', undefined, holder(state, now));
  }
  if (version !== state.version) return fail('stale_version', undefined, holder(state, now));
  const action = buildAction(subjectFor(state), input);
  if (!action.ok) return action;
  const policy = policyOf(input.policyId);
  if (policy === null) return fail('bad_request', 'policyId: there is no such policy.');
  const number = state.decisions.length + 1;
  const decisionId = decisionIdOf(state.caseId, number);
  const actor = byAccount(moderatorId);
  const common = {
    decisionId,
    token,
    version,
    action: action.value,
    policyId: policy.id,
    policyVersion: policy.version,
    facts: input.facts,
  };
  const { appeal } = state;
  if (state.status === 'appealed' && appeal !== null) {
    const first = state.decisions.find(({ id }) => id === appeal.of);
    if (first === undefined) return fail('internal');
    const outcome = appealOutcome(first.action.kind, action.value.kind);
    const body = { type: 'appeal-decided' as const, data: { ...common, of: appeal.of, outcome } };
    return ok({
      events: [{ body, actor, tool: 'console' }],
      effects:
        outcome === 'overturned'
          ? [
              { kind: 'reconcile', decisionId: appeal.of, restores: true },
              { kind: 'settle', decisionId, delayMs: 0 },
              { kind: 'tell-appellant' },
            ]
          : [{ kind: 'tell-appellant' }],
    });
  }
  const urgent = policy.urgent && action.value.kind === 'remove';
  const body = {
    type: 'decided' as const,
    data: { ...common, addToBank: input.addToBank, urgent, undoUntil: iso(now + undoMs) },
  };
  return ok({
    events: [{ body, actor, tool: 'console' }],
    effects: [
      ...(urgent ? [{ kind: 'reconcile' as const, decisionId, restores: false }] : []),
      { kind: 'settle', decisionId, delayMs: undoMs },
    ],
  });
}

/** What statements say of where a case came from. */
export function subjectFor(state: CaseState) {
  return {
    kind: state.subject.kind,
    title: state.subject.title,
    reported: state.reports.length > 0,
    detectedAutomatically: state.findings.length > 0,
  };
}

export function undo(state: CaseState, moderatorId: Id<'acc'>, id: DecisionId, now: number): Result<Step> {
  const decision = state.decisions.find((other) => other.id === id);
  if (decision === undefined) return fail('not_found', 'There is no such decision.');
  if (decision.moderatorId !== moderatorId) return fail('forbidden', 'Somebody else decided this.');
  if (decision.standing === 'undone') return ok(nothing);
  if (decision.standing === 'overturned' || Date.parse(decision.undoUntil) <= now || state.appeal !== null) {
    return fail('already_final', 'It is too late to undo this. It can be appealed.');
  }
  return ok({
    events: [
      { body: { type: 'undone', data: { decisionId: id } }, actor: byAccount(moderatorId), tool: 'console' },
    ],
    // What waits for the end of the time for undoing finds the decision undone; what was done at once is taken back.
    effects: decision.urgent ? [{ kind: 'reconcile', decisionId: id, restores: true }] : [],
  });
}

export function viewed(
  state: CaseState,
  moderatorId: Id<'acc'>,
  seconds: number,
  harmClass: HarmClass,
  now: number,
): Result<Step> {
  const held = liveClaim(state, moderatorId, now);
  if (!held.ok) return held;
  const body = { type: 'evidence-viewed' as const, data: { token: held.value, seconds, harmClass } };
  return ok({ events: [{ body, actor: byAccount(moderatorId), tool: 'console' }], effects: [] });
}

export function serveMedia(
  state: CaseState,
  moderatorId: Id<'acc'>,
  file: string,
  now: number,
): Result<Step> {
  const held = liveClaim(state, moderatorId, now);
  if (!held.ok) return held;
  if (!state.subject.media.some((media) => media.file === file)) return fail('not_found');
  if (state.served.includes(file)) return ok(nothing);
  const body = { type: 'media-served' as const, data: { token: held.value, file } };
  return ok({ events: [{ body, actor: byAccount(moderatorId), tool: 'console' }], effects: [] });
}

function liveClaim(state: CaseState, moderatorId: Id<'acc'>, now: number): Result<number> {
  const { claim: held } = state;
  return held === null || held.moderatorId !== moderatorId || expired(state, now)
    ? fail('stale_claim', undefined, holder(state, now))
    : ok(held.token);
}

/** Until when a decision can be appealed, milliseconds. */
export function appealUntil(decision: Pick<CaseDecisionState, 'at'>): number {
  return Date.parse(decision.at) + appealMs;
}

export function appeal(
  state: CaseState,
  accountId: Id<'acc'>,
  id: DecisionId,
  text: string,
  now: number,
): Result<Step> {
  const decision = state.decisions.find((other) => other.id === id);
  if (decision === undefined || state.subject.ownerId !== accountId || decision.action.kind === 'allow')
    return fail('not_found', 'There is no such decision.');
  // Within the time for undoing the author has not been told yet, unless it was urgent.
  if (decision.standing !== 'in-force' || !decision.applied)
    return fail('conflict', 'This decision does not stand, or has not taken effect yet.');
  if (state.appeal?.of === id) return fail('conflict', 'This decision was appealed already.');
  if (state.status !== 'decided')
    return fail('conflict', 'This decision is final: it was made on an appeal.');
  if (appealUntil(decision) <= now) return fail('already_final', 'The time for an appeal is over.');
  const body = { type: 'appealed' as const, data: { decisionId: id, accountId, text } };
  return ok({ events: [{ body, actor: byAccount(accountId), tool: 'appeal-form' }], effects: [] });
}

/** Whether what somebody reported was acted on, by the decision in force. */
export function outcomeFor(action: CaseAction): 'acted' | 'dismissed' {
  return action === 'allow' ? 'dismissed' : 'acted';
}
