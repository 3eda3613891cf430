/**
 * The credits ledger. Invariants: every admitted credit is exactly one of held, captured or released; a settlement is made once and
 * the first one wins; what is held and captured on a day never exceeds the allowance at the time of the last admission. Called by the
 * Account object, which stores the holds; pure, so that it runs under property tests.
 */
import type { Credits, Tier } from '#schemas/http/accounts.ts';
import type { Id } from '#schemas/ids.ts';
import { fail, ok, type Result } from '#schemas/result.ts';

/** Credits a tier gives per UTC day. An embedded-engine clip of 10 s costs about 10. */
export const allowances: Readonly<Record<Tier, number>> = { free: 300, plus: 1500, pro: 6000 };

/** An idempotency key is remembered for this long, milliseconds. */
export const idempotencyMs = 24 * 3_600_000;

export type Settlement = 'capture' | 'release';
export type HoldState = 'held' | 'captured' | 'released';

/** One admitted generation. It counts against the day it was made, whenever it settles. */
export interface Hold {
  readonly generationId: Id<'gen'>;
  readonly credits: number;
  /** UTC day, `YYYY-MM-DD`. */
  readonly day: string;
  readonly state: HoldState;
}

/** Sums over the holds of one day. */
export interface DayTotals {
  readonly used: number;
  readonly held: number;
}

/** UTC day of a time, `YYYY-MM-DD`. @param now milliseconds since the epoch */
export function dayOf(now: number): string {
  return new Date(now).toISOString().slice(0, 10);
}

/** What the account can spend today. A tier lowered in the middle of a day leaves nothing, never less than nothing. */
export function balance(tier: Tier, today: DayTotals, now: number): Credits {
  const allowance = allowances[tier];
  const { used, held } = today;
  const nextDay = Math.floor(now / 86_400_000) * 86_400_000 + 86_400_000;
  return {
    allowance,
    used,
    held,
    available: Math.max(0, allowance - used - held),
    resetsAt: new Date(nextDay).toISOString(),
  };
}

/** What admission has to know; read in the transaction that writes the hold. */
export interface AdmissionView {
  readonly tier: Tier;
  readonly today: DayTotals;
  /** Holds that have not settled, of any day. */
  readonly unfinished: number;
  /** The hold this generation has already, if any. */
  readonly existing: Hold | null;
  /** What the idempotency key was used for before, if it was. */
  readonly remembered: {
    readonly generationId: Id<'gen'>;
    readonly requestHash: string;
    readonly at: number;
  } | null;
}

export interface AdmissionInput {
  readonly generationId: Id<'gen'>;
  readonly credits: number;
  readonly requestHash: string;
  readonly maxUnfinished: number;
}

export type Admission =
  | { readonly kind: 'replay'; readonly generationId: Id<'gen'> }
  | { readonly kind: 'hold'; readonly hold: Hold };

/** The generation an idempotency key stands for, null if for none. Refuses with idempotency_mismatch: it was another request's. */
export function recall(
  remembered: AdmissionView['remembered'],
  requestHash: string,
  now: number,
): Result<Id<'gen'> | null> {
  if (remembered === null || now - remembered.at >= idempotencyMs) return ok(null);
  return remembered.requestHash === requestHash ? ok(remembered.generationId) : fail('idempotency_mismatch');
}

/**
 * Decides one admission.
 * @returns the hold to write, or the generation that was admitted before under the same key or id; refuses with
 *   idempotency_mismatch, rate_limited, credits_insufficient
 * @throws when the credits are not a whole number of zero or more: the price is ours, not the caller's
 */
export function admit(view: AdmissionView, input: AdmissionInput, now: number): Result<Admission> {
  if (!Number.isInteger(input.credits) || input.credits < 0)
    throw new Error(`not an amount of credits: ${input.credits}`);
  const recalled = recall(view.remembered, input.requestHash, now);
  if (!recalled.ok) return recalled;
  if (recalled.value !== null) return ok({ kind: 'replay', generationId: recalled.value });
  const { existing } = view;
  if (existing !== null) return ok({ kind: 'replay', generationId: existing.generationId });
  if (view.unfinished >= input.maxUnfinished) {
    return fail(
      'rate_limited',
      `${view.unfinished} clips are being made already. Wait for one of them to finish.`,
      {
        unfinished: view.unfinished,
        maxUnfinished: input.maxUnfinished,
      },
    );
  }
  const { available, resetsAt } = balance(view.tier, view.today, now);
  if (input.credits > available) {
    return fail(
      'credits_insufficient',
      `This clip needs ${input.credits} credits and ${available} are left today.`,
      {
        needed: input.credits,
        available,
        resetsAt,
      },
    );
  }
  return ok({
    kind: 'hold',
    hold: { generationId: input.generationId, credits: input.credits, day: dayOf(now), state: 'held' },
  });
}

/**
 * Settles a hold.
 * @returns the hold as it now is; `changed` is false for a repetition. Refuses with not_found, and with already_final when it was
 *   settled the other way
 */
export function settle(hold: Hold | null, settlement: Settlement): Result<{ hold: Hold; changed: boolean }> {
  if (hold === null) return fail('not_found', 'There is no hold for this generation.');
  const target: HoldState = settlement === 'capture' ? 'captured' : 'released';
  if (hold.state === target) return ok({ hold, changed: false });
  if (hold.state !== 'held') return fail('already_final', `This hold was ${hold.state} already.`);
  return ok({ hold: { ...hold, state: target }, changed: true });
}
