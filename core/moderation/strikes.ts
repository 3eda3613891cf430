/**
 * What decisions add up to against an account. Invariant: computed from the decisions in force and nothing else, so that an overturned one
 * leaves no trace. Pure; called by the desk's routes.
 */
import type { CaseAction } from '#schemas/moderation.ts';
import { strength } from './case-state.ts';
import { policyOf } from './policies.ts';

export interface CountedDecision {
  readonly action: CaseAction | null;
  readonly policyId: string | null;
  /** Milliseconds since the epoch. */
  readonly decidedAt: number;
}

/** A strike is forgotten after this long. */
export const strikeMs = 180 * 86_400_000;

/** Points that have not lapsed. Labels count nothing. */
export function strikesOf(decisions: readonly CountedDecision[], now: number): number {
  return decisions
    .filter(({ action, decidedAt }) => action !== null && strength(action) > 1 && now - decidedAt < strikeMs)
    .reduce((sum, { policyId }) => sum + (policyOf(policyId ?? '')?.strikePoints ?? 0), 0);
}
