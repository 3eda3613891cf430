/**
 * What becomes of an upload, once it is known what it is. Invariants: pure and total; what the hash bank or a policy rule refuses never
 * becomes a clip, whatever its credentials say; a copy of somebody else's clip is not published again; nothing that contradicts itself, or
 * that nobody looked at, becomes a clip without a person's decision. Called by the ingest workflow.
 */
import { decideOutput } from '#core/moderation/output-policy.ts';
import type { Id } from '#schemas/ids.ts';
import type { PolicyFindings } from '#schemas/policy.ts';
import type { Verification } from '#schemas/verdict.ts';

export interface DispositionInput {
  readonly verification: Pick<Verification, 'verdict' | 'clipId' | 'withdrawn' | 'evidence'>;
  /** Mark and fingerprint contradict each other. */
  readonly contradicted: boolean;
  /** Whether the clip it is a copy of belongs to whoever uploads it. */
  readonly ownClip: boolean;
  /** Null where nothing looked. */
  readonly policy: {
    readonly action: 'pass' | 'review' | 'refuse';
    readonly rule: string | null;
    readonly explanation: string;
  } | null;
  /** Best match first. */
  readonly bank: readonly {
    readonly entryId: string;
    readonly policyId: string;
    readonly similarity: number;
  }[];
  /** Why it cannot become a clip; null if it can. */
  readonly unfit: string | null;
}

export type CaseReason =
  | 'bank-match'
  | 'policy-refused'
  | 'policy-review'
  | 'tampered'
  | 'counterfeit'
  | 'unchecked';

export type Disposition =
  | { readonly kind: 'draft' }
  /** Checked, but no clip: the verdict is all there is. */
  | { readonly kind: 'verdict-only'; readonly reason: string }
  | { readonly kind: 'desk'; readonly why: CaseReason; readonly reason: string }
  | {
      readonly kind: 'refused';
      readonly reason: string;
      /** A moderator is told, for the record. */
      readonly why: CaseReason | null;
      readonly clipId: Id<'clip'> | null;
    };

export function dispose(input: DispositionInput): Disposition {
  const { verification, policy, bank, unfit, ownClip } = input;
  if (bank.length > 0) {
    const reason =
      'This matches something that moderators removed and that stays removed. A moderator is told.';
    return { kind: 'refused', reason, why: 'bank-match', clipId: null };
  }
  if (policy?.action === 'refuse') {
    return {
      kind: 'refused',
      reason: `It breaks a rule: ${policy.explanation}`,
      why: 'policy-refused',
      clipId: null,
    };
  }
  if (verification.withdrawn !== null) {
    const reason = 'This is a copy of a clip whose consent was withdrawn. It cannot be published again.';
    return { kind: 'refused', reason, why: null, clipId: verification.clipId };
  }
  if (verification.clipId !== null && !ownClip) {
    const reason = 'This clip is on Kinora already. Share that one, or remix it.';
    return { kind: 'refused', reason, why: null, clipId: verification.clipId };
  }
  if (verification.verdict === 'counterfeit' || input.contradicted) {
    return {
      kind: 'desk',
      why: 'counterfeit',
      reason: 'It bears our mark or our name and is not ours. A moderator looks at it.',
    };
  }
  if (verification.verdict === 'tampered') {
    return {
      kind: 'desk',
      why: 'tampered',
      reason: 'Its credentials do not fit the file. A moderator looks at it.',
    };
  }
  if (unfit !== null) return { kind: 'verdict-only', reason: unfit };
  if (policy === null) {
    return {
      kind: 'desk',
      why: 'unchecked',
      reason: 'It could not be checked by machine. A moderator looks at it.',
    };
  }
  if (policy.action === 'review') {
    return { kind: 'desk', why: 'policy-review', reason: `A moderator looks at it: ${policy.explanation}` };
  }
  return { kind: 'draft' };
}

/** What the edge's own output policy makes of what a node saw; null where there was nothing to look at. */
export function policyOf(seen: PolicyFindings | null): DispositionInput['policy'] {
  if (seen === null) return null;
  const { outcome, findings } = decideOutput(seen, []);
  const [gravest] = findings;
  if (outcome === 'deliver' || gravest === undefined) return { action: 'pass', rule: null, explanation: '' };
  return { action: outcome, rule: gravest.rule, explanation: gravest.explanation };
}
