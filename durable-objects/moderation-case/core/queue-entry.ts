/** What the queue is told of a case. Pure; called by the ModerationCase object's outbox and by the simulations. */
import { type CaseState, currentDecision } from '#core/moderation/case-state.ts';
import type { QueueEntry } from '#durable-objects/moderation-queue/rpc.ts';

export function queueEntry(state: CaseState): QueueEntry {
  const { caseId, seq, hash, status, subject, claim, severity, harmClass, reports, legalDeadlineAt } = state;
  const decision = currentDecision(state);
  const reporterIds = [...new Set(reports.flatMap(({ reporterId }) => reporterId ?? []))];
  return {
    caseId,
    seq,
    hash,
    status,
    subjectKind: subject.kind,
    subjectId: subject.id,
    ownerId: subject.ownerId,
    openedAt: Date.parse(state.openedAt),
    waitingSince: Date.parse(state.waitingSince),
    severity,
    harmClass,
    reach: subject.reach,
    legalDeadlineAt: legalDeadlineAt === null ? null : Date.parse(legalDeadlineAt),
    reporterIds,
    anonymousReports: reports.filter(({ reporterId }) => reporterId === null).length,
    reasons: [...new Set(reports.map(({ reason }) => reason))],
    found: state.findings.length > 0,
    claim:
      claim === null
        ? null
        : { moderatorId: claim.moderatorId, token: claim.token, expiresAt: Date.parse(claim.expiresAt) },
    judges: [...new Set(state.decisions.map(({ moderatorId }) => moderatorId))],
    action: decision?.standing === 'in-force' ? decision.action.kind : null,
  };
}
