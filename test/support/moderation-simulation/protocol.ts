/**
 * The parts of the desk that the simulation plays, and broken ones that its tests must catch: a proof that passes with a broken part
 * proves nothing. Called by world.ts, the property tests and scripts/prove-moderation.ts.
 */
import * as machine from '#durable-objects/moderation-case/core/case-machine.ts';
import { pickNext } from '#durable-objects/moderation-queue/core/queue-machine.ts';
import { fail } from '#schemas/result.ts';

export interface DeskProtocol {
  readonly claim: typeof machine.claim;
  readonly decide: typeof machine.decide;
  readonly expire: typeof machine.expire;
  readonly pickNext: typeof pickNext;
  /** An answer is kept under its idempotency key. */
  readonly remembers: boolean;
  /** The queue applies newer entries only. */
  readonly ordered: boolean;
}

export const protocol: DeskProtocol = {
  claim: machine.claim,
  decide: machine.decide,
  expire: machine.expire,
  pickNext,
  remembers: true,
  ordered: true,
};

export interface DeskMutant {
  readonly name: string;
  /** The violation by which it has to be noticed. */
  readonly breaks: RegExp;
  readonly protocol: DeskProtocol;
}

export const mutants: readonly DeskMutant[] = [
  {
    name: 'a decision needs no live claim',
    breaks: /whoever holds the claim/,
    protocol: {
      ...protocol,
      decide: (state, input, now) =>
        machine.decide(
          state.claim === null
            ? state
            : { ...state, claim: { ...state.claim, moderatorId: input.moderatorId } },
          { ...input, claimToken: state.claim?.token ?? input.claimToken },
          now,
        ),
    },
  },
  {
    name: 'a decision is of whatever version there is',
    breaks: /on what nobody saw/,
    protocol: {
      ...protocol,
      decide: (state, input, now) => machine.decide(state, { ...input, version: state.version }, now),
    },
  },
  {
    name: 'the same click is asked again',
    breaks: /click that was taken is refused/,
    protocol: { ...protocol, remembers: false },
  },
  {
    name: 'a dead claim is never taken back',
    breaks: /still waits/,
    protocol: {
      ...protocol,
      expire: () => ({ events: [], effects: [] }),
      claim: (state, by, now) =>
        state.claim !== null && state.claim.moderatorId !== by
          ? fail('stale_claim', undefined, { heldBy: state.claim.moderatorId })
          : machine.claim(state, by, now),
    },
  },
  {
    name: 'a second claim takes over a live lease',
    breaks: /claimed by one person/,
    protocol: { ...protocol, claim: (state, by, now) => machine.claim({ ...state, claim: null }, by, now) },
  },
  {
    name: 'an appeal is judged by whoever asks',
    breaks: /for another person/,
    protocol: {
      ...protocol,
      claim: (state, by, now) =>
        machine.claim(
          {
            ...state,
            decisions: state.decisions.map((one) => ({ ...one, moderatorId: state.subject.ownerId ?? by })),
          },
          by,
          now,
        ),
      pickNext: (waiting, asking, accuracy, now) =>
        pickNext(
          [...waiting].map((one) => ({ ...one, entry: { ...one.entry, judges: [] } })),
          asking,
          accuracy,
          now,
        ),
    },
  },
  {
    name: 'the loser is not told who won',
    breaks: /not told who won/,
    protocol: {
      ...protocol,
      decide: (state, input, now) => {
        const decided = machine.decide(state, input, now);
        return decided.ok ? decided : fail(decided.error.code);
      },
    },
  },
  {
    name: 'an offer never lapses',
    breaks: /waits and was not given/,
    protocol: {
      ...protocol,
      pickNext: (waiting, asking, accuracy, now) =>
        pickNext(
          [...waiting].filter(({ offer }) => offer === null || offer.moderatorId === asking.moderatorId),
          asking,
          accuracy,
          now,
        ),
    },
  },
  {
    name: 'the queue believes whatever came last',
    breaks: /the queue takes|does not end/,
    protocol: { ...protocol, ordered: false },
  },
];
