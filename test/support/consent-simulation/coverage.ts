/**
 * What a history actually went through. Invariant: counters only grow; a test asserts that none stays near zero, so that the
 * generator cannot go tame unseen. Called by the actors as things happen.
 */

const situations = {
  dropped: 'a message was lost',
  duplicated: 'a message arrived twice',
  acknowledged: 'a revocation was acknowledged',
  serveJustBefore: 'a clip was served under the key within 50 ms before its acknowledgement',
  askedJustAfter: 'a clip was asked for within 50 ms after its revocation was acknowledged',
  deniedJustAfter: 'a gate denied what was asked for within those 50 ms',
  unavailableJustAfter: 'a gate could not get a lease to answer what was asked for within those 50 ms',
  servedWhileWaiting: 'a clip was served while its revocation waited (as it may be)',
  expiryWait: 'a revocation waited for a lease to run out',
  zombieServe: 'a superseded instance of a gate served while its successor was running',
  zombieAsked: 'a superseded instance was asked just after an acknowledgement',
  zombieRenewed: 'a superseded instance renewed its lease',
  cutDuringWait: 'a partition during a revocation',
  overtaken: 'a push overtook the reply to a renewal, or the other way round',
  gap: 'entries arrived that do not join on to what the gate has',
  logRestartDuringWait: 'the log was restarted while a revocation waited',
  logJump: 'a restarted log had another clock while a gate held a lease',
  gateRestartDuringWait: 'a gate was restarted while a revocation waited',
  struck: 'an object was evicted in the middle of a call',
  stalledDuringWait: 'a machine computed for long while a revocation waited',
  paged: 'a renewal took several pages',
  repeated: 'a revoke was repeated with the same idempotency key',
  thousand: 'a thousand revocations of one key came at once',
  lifted: 'a denial was lifted',
  lateDenial: 'a gate denied for a moment longer than the denial stood',
  publishedDenied: 'a clip was published under a key that was denied already',
  remixRefused: 'a remix was refused because of what its parent carries',
  inheritedDenial: 'a clip was denied because of an ancestor alone',
  reconsented: 'a clip was served under a later epoch of a revoked cameo',
  unavailable: 'a gate without a lease refused',
  prompt: 'a revocation in quiet times was acknowledged at once',
} as const;

export type Situation = keyof typeof situations;
export type Coverage = Record<Situation, number>;

export const situationNames = Object.keys(situations) as Situation[];

/** In words, for reports. */
export function describe(situation: Situation): string {
  return situations[situation];
}

export function createCoverage(): Coverage {
  return Object.fromEntries(situationNames.map((name) => [name, 0])) as Coverage;
}

/** In how many histories a situation came up at all. */
export class Tally {
  histories = 0;
  events = 0;
  readonly reached: Coverage = createCoverage();
  readonly times: Coverage = createCoverage();

  add(coverage: Coverage, events: number): void {
    this.histories++;
    this.events += events;
    for (const name of situationNames) {
      if (coverage[name] > 0) this.reached[name]++;
      this.times[name] += coverage[name];
    }
  }

  /** Takes in what another one counted, perhaps in another thread. */
  merge(other: Pick<Tally, 'histories' | 'events' | 'reached' | 'times'>): void {
    this.histories += other.histories;
    this.events += other.events;
    for (const name of situationNames) {
      this.reached[name] += other.reached[name];
      this.times[name] += other.times[name];
    }
  }
}
