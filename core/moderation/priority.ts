/**
 * In which order cases are looked at (K-62), and why, in numbers and words. Invariants: monotonic in every term (an earlier legal
 * deadline, more severity, more reach, better reporters, more waiting never put a case further back); past its limit a case's score
 * doubles every few hours without end, so that only cases which came within a bounded time after it can ever overtake it: nothing
 * starves, whatever comes in. Pure: used by the queue, the console's explanation and the simulations.
 */
import type { PriorityTerms } from '#schemas/http/moderation.ts';

export interface PriorityInput {
  /** Milliseconds since the epoch; null when no law sets one. */
  readonly legalDeadlineAt: number | null;
  /** 1 to 5. */
  readonly severity: number;
  /** People reached. */
  readonly reach: number;
  /** 0 to 1. */
  readonly accuracy: number;
  readonly waitingSince: number;
}

/** A case should be looked at within this long; the severer the sooner. Milliseconds. */
export function limitMs(severity: number): number {
  return 72 * 3_600_000 * 2 ** -(severity - 1);
}
/** Past the limit the score doubles this often. Milliseconds. */
export const doublingMs = 6 * 3_600_000;

/** 1 + log₂(1 + people): a thousand times the audience is eleven times the weight, and nobody's audience is nothing. */
export function reachWeight(reach: number): number {
  return 1 + Math.log2(1 + Math.max(0, reach));
}

/** Share of right reports with one right and one wrong added (Laplace's rule of succession): 0.5 for who never reported. */
export function smoothedAccuracy(right: number, decided: number): number {
  return (right + 1) / (decided + 2);
}

/**
 * Accuracy of a case: that of its best reporter, more for every further one, never above 1. A finding of a rule counts as 1; reports
 * without an account as somebody unknown, however many there are.
 */
export function caseAccuracy(reporters: readonly number[], anonymous: boolean, found: boolean): number {
  if (found) return 1;
  const all = [...reporters, ...(anonymous ? [0.5] : [])];
  return all.length === 0 ? 0.5 : 1 - all.reduce((wrong, accuracy) => wrong * (1 - accuracy), 1);
}

/** Age as a binary exponent: 0 up to the limit, then one more every `doublingMs`. Never overflows, unlike the factor. */
function ageExponent({ severity, waitingSince }: PriorityInput, now: number): number {
  return Math.max(0, (now - waitingSince - limitMs(severity)) / doublingMs);
}

/** log₂ of the score: what is compared. */
function weight(input: PriorityInput, now: number): number {
  return Math.log2(input.severity * reachWeight(input.reach) * input.accuracy) + ageExponent(input, now);
}

/** Negative when `a` comes first. A total order up to equal terms. */
export function comparePriority(a: PriorityInput, b: PriorityInput, now: number): number {
  const byLaw =
    (a.legalDeadlineAt ?? Number.POSITIVE_INFINITY) - (b.legalDeadlineAt ?? Number.POSITIVE_INFINITY);
  // Two cases without a deadline: ∞ − ∞.
  if (!Number.isNaN(byLaw) && byLaw !== 0) return byLaw;
  return weight(b, now) - weight(a, now) || a.waitingSince - b.waitingSince;
}

const hours = (ms: number) => `${(ms / 3_600_000).toFixed(1)} h`;

/** The terms as they are answered. `score` and `age` are capped for JSON at 2^60; the order is not. */
export function priorityTerms(input: PriorityInput, now: number): PriorityTerms {
  const exponent = ageExponent(input, now);
  const waitingMs = Math.max(0, now - input.waitingSince);
  const reach = reachWeight(input.reach);
  const age = 2 ** Math.min(60, exponent);
  const overdue = exponent > 0;
  const deadline = input.legalDeadlineAt === null ? null : new Date(input.legalDeadlineAt).toISOString();
  const parts = [
    ...(deadline === null ? [] : [`The law gives until ${deadline}.`]),
    `Severity ${input.severity} × reach ${reach.toFixed(1)} × accuracy ${input.accuracy.toFixed(2)}${overdue ? ` × age ${age.toPrecision(3)}` : ''}.`,
    `Waiting ${hours(waitingMs)}, limit ${hours(limitMs(input.severity))}${overdue ? ': overdue' : ''}.`,
  ];
  return {
    legalDeadlineAt: deadline,
    score: input.severity * reach * input.accuracy * age,
    severity: input.severity,
    reach,
    accuracy: input.accuracy,
    age,
    waitingMs,
    overdue,
    why: parts.join(' '),
  };
}
