/**
 * A case as the desk shows it. Invariant: while an appeal waits, nothing of the first verdict is in it, for anybody: neither the decision
 * nor the events that tell it. Called by the desk's routes.
 */
import { type CaseDecisionState, type CaseState, currentDecision } from '#core/moderation/case-state.ts';
import { suggestedPolicies } from '#core/moderation/policies.ts';
import type { CaseRecord } from '#durable-objects/moderation-case/rpc.ts';
import type { CaseEvent } from '#schemas/case-log.ts';
import type { CaseDecision, ModerationCase } from '#schemas/http/moderation.ts';
import type { Id } from '#schemas/ids.ts';
import { actionsOf } from '#schemas/moderation.ts';
import { accountsByIds } from '#workers/store/accounts-store.ts';
import { database } from '#workers/store/database.ts';
import { caseHistory, strikesOfAccount } from '#workers/store/moderation-store.ts';

type ViewEnv = Pick<Env, 'DB' | 'MODERATION_QUEUE'>;
type Handles = ReadonlyMap<Id<'acc'>, { readonly handle: string }>;

/** What events of these kinds would give away. */
const telling: ReadonlySet<CaseEvent['type']> = new Set([
  'decided',
  'undone',
  'effects-applied',
  'restored',
  'author-told',
  'reporter-told',
]);

/** Everybody reads an appeal blind, also who decided first: they could tell. */
export function isBlind({ status }: Pick<CaseState, 'status'>): boolean {
  return status === 'appealed';
}

export async function viewCase(
  env: ViewEnv,
  { state, events }: CaseRecord,
  viewerId: Id<'acc'>,
  now = Date.now(),
): Promise<ModerationCase> {
  const db = database(env);
  const { subject } = state;
  const [surroundings, history, strikes, people] = await Promise.all([
    env.MODERATION_QUEUE.getByName('main').surroundings(state.caseId),
    caseHistory(db, state.caseId, subject),
    subject.ownerId === null ? 0 : strikesOfAccount(db, subject.ownerId, now),
    accountsByIds(db, peopleIn(state)),
  ]);
  const blind = isBlind(state);
  const decision = blind ? null : currentDecision(state);
  const { ownerId, media, ...shown } = subject;
  return {
    id: state.caseId,
    status: state.status,
    version: state.version,
    openedAt: state.openedAt,
    subject: {
      ...shown,
      owner: ownerId === null ? null : personOf(ownerId, people),
      media: media.map(({ key: _, ...file }) => ({
        ...file,
        url: `/api/v1/moderation/media/${state.caseId}/${file.file}`,
      })),
    },
    severity: state.severity,
    harmClass: state.harmClass,
    legalDeadlineAt: state.legalDeadlineAt,
    hidden: state.hidden && state.status === 'open',
    reports: state.reports.map(({ id, reason, details, at, reporterId }) => ({
      id,
      reason,
      details,
      at,
      reporter: reporterId === null ? null : personOf(reporterId, people),
      accuracy: reporterId === null ? 0.5 : (surroundings.accuracy[reporterId] ?? 0.5),
    })),
    findings: [...state.findings],
    provenance: state.provenance,
    claim: claimView(state, viewerId, people, now),
    allowedActions: [...actionsOf[subject.kind]],
    suggestedPolicies: suggestedPolicies(state.reports, state.findings),
    decision: decision === null ? null : viewDecision(decision, people),
    appeal: appealView(state),
    history,
    // Points of the decision that is appealed would tell what it was.
    ownerStrikes: blind ? 0 : strikes,
    events: blind ? events.filter(({ type }) => !telling.has(type)) : [...events],
  };
}

function peopleIn(state: CaseState): Id<'acc'>[] {
  const { subject, claim } = state;
  return [
    ...new Set([
      ...(subject.ownerId === null ? [] : [subject.ownerId]),
      ...state.reports.flatMap(({ reporterId }) => reporterId ?? []),
      ...state.decisions.map(({ moderatorId }) => moderatorId),
      ...(claim === null ? [] : [claim.moderatorId]),
    ]),
  ];
}

/** Somebody whose account is gone keeps their id. */
function personOf(id: Id<'acc'>, people: Handles) {
  return { id, handle: people.get(id)?.handle ?? '' };
}

function claimView(
  { claim }: CaseState,
  viewerId: Id<'acc'>,
  people: Handles,
  now: number,
): ModerationCase['claim'] {
  if (claim === null || Date.parse(claim.expiresAt) <= now) return null;
  const mine = claim.moderatorId === viewerId;
  return {
    by: personOf(claim.moderatorId, people),
    mine,
    for: claim.for,
    token: mine ? claim.token : null,
    expiresAt: claim.expiresAt,
  };
}

function viewDecision(decision: CaseDecisionState, people: Handles): CaseDecision {
  const { action, moderatorId } = decision;
  return {
    id: decision.id,
    action: action.kind,
    policyId: decision.policyId,
    policyVersion: decision.policyVersion,
    facts: decision.facts,
    text: action.kind === 'allow' ? null : action.text,
    statement: action.kind === 'allow' ? null : action.statement,
    by: personOf(moderatorId, people),
    at: decision.at,
    undoUntil: decision.undoUntil,
    applied: decision.applied,
    standing: decision.standing,
  };
}

function appealView({ appeal }: CaseState): ModerationCase['appeal'] {
  if (appeal === null) return null;
  const { text, at, outcome, decidedAt } = appeal;
  return { text, at, outcome, decidedAt };
}
