/**
 * What should stand outside the case, given what the case says. Invariant: a function of the state alone, so that a decision which was
 * undone or overturned leaves exactly what would be there had it never been taken. Called by the ModerationCase object, which brings what
 * stands to this; pure.
 */
import { type CaseDecisionState, type CaseState, currentDecision } from '#core/moderation/case-state.ts';
import { type Capability, capabilities } from '#schemas/consent.ts';
import type { CaseAction } from '#schemas/moderation.ts';

export interface Desired {
  /** Denied on the subject's key; empty for nothing. In the order of `capabilities`. */
  readonly denies: readonly Capability[];
  readonly commentHidden: boolean;
  readonly inBank: boolean;
  /** What the subject's own object should have been told; null: nothing yet. */
  readonly told: CaseAction | null;
}

/** Somebody reported what cannot wait: nobody sees, lists, remixes or takes it away until it is decided. */
const precaution: readonly Capability[] = ['serve', 'list', 'remix', 'download'];

const deniedBy: Readonly<Record<CaseAction, readonly Capability[]>> = {
  allow: [],
  label: [],
  demote: ['list'],
  remove: capabilities,
  refuse: [],
};

/** The decision that counts outside: in force, and urgent or past the time for undoing. */
export function effectiveDecision(state: CaseState, now: number): CaseDecisionState | null {
  const decision = currentDecision(state);
  if (decision === null || decision.standing !== 'in-force') return null;
  return decision.urgent || decision.applied || Date.parse(decision.undoUntil) <= now ? decision : null;
}

export function desired(state: CaseState, now: number): Desired {
  const decision = effectiveDecision(state, now);
  const { kind } = state.subject;
  const keyed = kind === 'clip' || kind === 'account';
  const hides = kind === 'comment';
  if (decision === null) {
    return {
      denies: state.hidden && keyed ? precaution : [],
      commentHidden: state.hidden && hides,
      inBank: false,
      told: null,
    };
  }
  const { action, addToBank } = decision;
  return {
    denies: keyed ? deniedBy[action.kind] : [],
    commentHidden: hides && action.kind === 'remove',
    // Not before the time for undoing is over, however urgent: what is removed from the bank never comes back.
    inBank: addToBank && action.kind !== 'allow' && Date.parse(decision.undoUntil) <= now,
    told: keyed || hides ? null : action.kind,
  };
}

/** Which denials to make and to lift. A denial that says the same already is kept. */
export function denialChanges(
  { standing }: CaseState,
  denies: readonly Capability[],
): {
  readonly make: readonly Capability[] | null;
  readonly lift: CaseState['standing']['denials'];
} {
  const kept =
    denies.length === 0
      ? undefined
      : standing.denials.find((denial) => denial.denies.join() === denies.join());
  return {
    make: denies.length === 0 || kept !== undefined ? null : denies,
    lift: standing.denials.filter((denial) => denial !== kept),
  };
}
