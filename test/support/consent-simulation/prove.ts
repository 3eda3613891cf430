/**
 * Plays many histories under a protocol and keeps count. Invariant: a violation ends the run with the smallest history that fast-check
 * finds for it. Called by test/property/consent-protocol.test.ts, consent-mutants.test.ts and scripts/prove-consent.ts.
 */
import fc from 'fast-check';
import { Tally } from './coverage.ts';
import { histories } from './generate.ts';
import type { History } from './history.ts';
import type { Promised, Violation } from './ledger.ts';
import type { Mutant } from './mutants.ts';
import { protocol } from './protocol.ts';
import { play } from './world.ts';

export interface Failure {
  readonly history: History;
  readonly violations: readonly Violation[];
}

export interface Proof {
  /** Plain data when it comes from another thread. */
  readonly tally: Pick<Tally, 'histories' | 'events' | 'reached' | 'times'>;
  readonly failure: Failure | null;
}

/** Many histories under the real protocol; every promise is checked in each. */
export function prove(options: { readonly histories: number; readonly seed: number }): Proof {
  const tally = new Tally();
  const property = fc.property(histories, (history) => {
    const { violations, coverage, events } = play(history);
    tally.add(coverage, events);
    return violations.length === 0;
  });
  const { counterexample } = fc.check(property, { numRuns: options.histories, seed: options.seed });
  const history = counterexample?.[0];
  const failure = history === undefined ? null : { history, violations: play(history).violations };
  return { tally, failure };
}

/**
 * How many histories it takes until a promise is broken, and which. Null if all keep it.
 * @param change puts a history under other circumstances than the generator would
 */
export function historiesUntil(
  mutant: Pick<Mutant, 'breaks' | 'protocol'>,
  options: { readonly histories: number; readonly seed: number },
  change: (history: History) => History = (history) => history,
): { readonly histories: number; readonly broken: Promised; readonly failure: Failure } | null {
  const breaks = (history: History) =>
    play(change(history), mutant.protocol).violations.filter(({ promise }) =>
      mutant.breaks.includes(promise),
    );
  const property = fc.property(histories, (history) => breaks(history).length === 0);
  const { seed, histories: numRuns } = options;
  const { counterexample, numRuns: played } = fc.check(property, { numRuns, seed, endOnFailure: true });
  const history = counterexample?.[0];
  if (history === undefined) return null;
  const violations = breaks(history);
  const broken = violations[0]?.promise;
  if (broken === undefined) throw new Error('a history plays differently the second time');
  return { histories: played, broken, failure: { history: change(history), violations } };
}

/** The circumstances of the real protocol under a broken assumption. */
export const unbroken: Pick<Mutant, 'breaks' | 'protocol'> = {
  breaks: ['served after the acknowledgement'],
  protocol,
};
