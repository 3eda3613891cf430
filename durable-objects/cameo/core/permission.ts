/**
 * May this person cast this likeness now, and because of what. Invariants: without a ground there is no permission; the level is a
 * ceiling over contracts (`nobody` and `only-me` put them to sleep); a person who was revoked casts by a contract made for them
 * afterwards or not at all; a contract that is revoked, past its time or used up is no ground; `sexual` is allowed by nothing.
 * Called by cameo-object.ts.
 */
import type { CameoState } from '#durable-objects/cameo/core/cameo-machine.ts';
import { findViolation, type RuleText, type Violation } from '#durable-objects/cameo/core/rules.ts';
import type { GrantRecord } from '#durable-objects/cameo/rpc.ts';
import type { Castable } from '#schemas/http/cameo.ts';
import type { Id } from '#schemas/ids.ts';
import { neverClasses, type RuleClass } from '#schemas/likeness.ts';
import { fail, ok, type Result } from '#schemas/result.ts';

export interface Asker {
  readonly accountId: Id<'acc'>;
  /** Whether asker and owner follow each other. */
  readonly mutual: boolean;
  /** Whether the owner has revoked this person. */
  readonly revoked: boolean;
  /** Contracts with this person, oldest first. */
  readonly contracts: readonly GrantRecord[];
}

/** Why somebody may cast, and on what terms. */
export interface Ground {
  readonly because: Castable['because'];
  /** Null: not by a contract. */
  readonly contract: GrantRecord | null;
  readonly reviewBeforeGeneration: boolean;
  readonly reviewBeforePublication: boolean;
  /** Classes the likeness denies and this ground allows. */
  readonly allow: readonly RuleClass[];
}

/** Whether a contract can be used at this time. `now`: milliseconds. */
export function isInForce(contract: GrantRecord, now: number): boolean {
  return (
    contract.revokedAt === null &&
    (contract.until === null || now < Date.parse(contract.until)) &&
    (contract.uses === null || contract.used < contract.uses)
  );
}

/** Every ground this person has, contracts first: they are the more particular agreement. Empty: they may not. */
export function groundsOf(state: CameoState | null, asker: Asker, now: number): Ground[] {
  if (state === null || state.status !== 'enrolled' || state.level === 'nobody') return [];
  if (asker.accountId === state.accountId) return [ownGround];
  if (state.level === 'only-me') return [];
  const grounds = asker.contracts
    .filter((contract) => isInForce(contract, now))
    .map(
      (contract): Ground => ({
        because: 'grant',
        contract,
        reviewBeforeGeneration: contract.reviewBeforeGeneration,
        reviewBeforePublication: contract.reviewBeforePublication,
        allow: contract.allow,
      }),
    );
  const because = levelGround(state, asker);
  if (because === null) return grounds;
  const { reviewBeforePublication } = state;
  return [
    ...grounds,
    { because, contract: null, reviewBeforeGeneration: false, reviewBeforePublication, allow: [] },
  ];
}

const ownGround: Ground = {
  because: 'me',
  contract: null,
  reviewBeforeGeneration: false,
  reviewBeforePublication: false,
  allow: [],
};

function levelGround(state: CameoState, asker: Asker): 'mutual' | 'everyone' | null {
  if (asker.revoked) return null;
  if (asker.mutual && (state.level === 'mutuals' || state.level === 'everyone')) return 'mutual';
  return state.level === 'everyone' ? 'everyone' : null;
}

/** The first ground whose rules these texts keep. Refuses with consent_denied, and with cameo_rule naming the first offence. */
export function permit(
  state: CameoState | null,
  asker: Asker,
  texts: readonly RuleText[],
  now: number,
): Result<Ground> {
  const grounds = groundsOf(state, asker, now);
  let offence: Violation | null = null;
  for (const ground of grounds) {
    const violation = offenceAgainst(state, ground.allow, texts);
    if (violation === null) return ok(ground);
    offence ??= violation;
  }
  return offence === null ? fail('consent_denied') : refuseRule(offence);
}

/** The first span of these texts that the likeness' rules do not allow. */
export function offenceAgainst(
  state: CameoState | null,
  allow: readonly RuleClass[],
  texts: readonly RuleText[],
): Violation | null {
  if (state === null) return null;
  const denied = state.rules.denied.filter(
    (ruleClass) => neverClasses.includes(ruleClass) || !allow.includes(ruleClass),
  );
  return findViolation({ words: state.rules.words, denied }, texts);
}

/** Names the rule and the place, never the person. */
export function refuseRule({ kind, rule, field, start, end, text }: Violation): Result<never> {
  const why =
    kind === 'class'
      ? `“${text}” is ${rule}, and somebody in this clip does not lend their likeness to that.`
      : `Somebody in this clip does not lend their likeness to anything with “${text}”.`;
  return fail('cameo_rule', why, { kind, rule, field, start, end, text });
}
