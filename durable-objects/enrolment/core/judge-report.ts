/**
 * What a node's report amounts to. Invariants: every check the edge asks for is in the answer once, in the order people read them; what
 * failed refuses, what nobody checked is never taken for passed; a report that contradicts itself decides nothing. Called by the
 * enrolment machine; pure.
 */
import type { SealedReport } from '#durable-objects/inspection-queue/rpc.ts';
import { type EnrolmentCheck, enrolmentChecks } from '#schemas/http/cameo.ts';

type CheckName = EnrolmentCheck['name'];

export type Verdict =
  | { readonly kind: 'passed'; readonly speechVerified: boolean }
  | { readonly kind: 'refused' }
  /** A person has to look: something could not be checked. */
  | { readonly kind: 'review'; readonly speechVerified: boolean }
  /** Nothing can be concluded from it. */
  | { readonly kind: 'contradictory' };

/** Checks a node makes; whether a face is enrolled elsewhere is the edge's to say. */
const nodeChecks = enrolmentChecks.filter((name) => name !== 'not-enrolled-elsewhere');

/**
 * @param speechUnverified whether digits that no recogniser heard are allowed
 * @returns the checks as they are shown, without `not-enrolled-elsewhere`
 */
export function judgeReport(
  report: SealedReport,
  speechUnverified: 'allow' | 'review',
): { readonly verdict: Verdict; readonly checks: readonly EnrolmentCheck[] } {
  const checks = nodeChecks.map((name) => worst(report, name));
  if (checks.some(({ outcome }) => outcome === 'failed')) return { verdict: { kind: 'refused' }, checks };
  if (report.template === null) return { verdict: { kind: 'contradictory' }, checks };
  const speechVerified = checks.every(
    ({ name, outcome }) => name !== 'spoken-digits' || outcome === 'passed',
  );
  const unchecked = checks.some(
    ({ name, outcome }) =>
      outcome !== 'passed' && (name !== 'spoken-digits' || speechUnverified === 'review'),
  );
  return { verdict: { kind: unchecked ? 'review' : 'passed', speechVerified }, checks };
}

/** The gravest of what was reported under one name. `speech` sums up the digits and is believed when it is the graver of the two. */
function worst({ checks, speech }: SealedReport, name: CheckName): EnrolmentCheck {
  const reported = checks.filter((check) => check.name === name);
  const found =
    reported.find(({ outcome }) => outcome === 'failed') ??
    reported.find(({ outcome }) => outcome === 'unverified') ??
    reported[0];
  if (name === 'spoken-digits' && speech === 'failed' && found?.outcome !== 'failed') {
    return {
      name,
      outcome: 'failed',
      message: 'The digits were not those of the challenge. Say them one by one, in order.',
    };
  }
  if (name === 'spoken-digits' && speech === 'unverified' && found?.outcome === 'passed') {
    return { name, outcome: 'unverified', message: 'No speech recogniser was there to check the digits.' };
  }
  return found ?? { name, outcome: 'unverified', message: 'This was not checked.' };
}
