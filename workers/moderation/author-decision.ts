/** A decision as whom it is about reads it: the statement of reasons, word for word as it was previewed and recorded. Pure. */

import type { CaseState } from '#core/moderation/case-state.ts';
import { policyOf } from '#core/moderation/policies.ts';
import type { AuthorDecision } from '#schemas/http/moderation.ts';
import type { Id } from '#schemas/ids.ts';
import { appealMs, type DecisionId } from '#schemas/moderation.ts';

/** Null when there is none that this account may read: of another person, not a restriction, or not in effect yet. */
export function authorDecision(
  state: CaseState,
  id: DecisionId,
  accountId: Id<'acc'>,
  now: number,
): AuthorDecision | null {
  const decision = state.decisions.find((other) => other.id === id);
  if (decision === undefined || state.subject.ownerId !== accountId) return null;
  const { action, applied, standing, at } = decision;
  if (action.kind === 'allow' || !applied) return null;
  const policy = policyOf(decision.policyId);
  const appeal = state.appeal?.of === id ? state.appeal : null;
  const until = Date.parse(at) + appealMs;
  return {
    id,
    subject: { kind: state.subject.kind, id: state.subject.id, title: state.subject.title },
    action: action.kind,
    policy: {
      id: decision.policyId,
      version: decision.policyVersion,
      title: policy?.title ?? decision.policyId,
      text: policy?.text ?? '',
    },
    text: action.text,
    statement: action.statement,
    decidedAt: at,
    standing,
    appeal:
      appeal === null
        ? null
        : {
            text: appeal.text,
            at: appeal.at,
            outcome: appeal.outcome,
            decidedAt: appeal.decidedAt,
          },
    canAppeal: standing === 'in-force' && state.status === 'decided' && state.appeal === null && now < until,
    appealUntil: new Date(until).toISOString(),
  };
}
