/**
 * Ten times more cases than anybody can look at, without end: what the order still promises. Invariants watched at every pull: no legal
 * deadline passes (legal cases alone stay below capacity), and nobody is overtaken without end: a case that came later than
 * `overtakingMs` after another is never taken before it. Called by the property tests and scripts/prove-moderation.ts.
 */
import { doublingMs, limitMs, reachWeight } from '#core/moderation/priority.ts';
import { pickNext } from '#durable-objects/moderation-queue/core/queue-machine.ts';
import type { QueueEntry } from '#durable-objects/moderation-queue/rpc.ts';
import type { Id } from '#schemas/ids.ts';
import { createRandom } from '../consent-simulation/random.ts';
import { accountOf, caseIdOf } from './pure-case.ts';

export interface OverloadOptions {
  readonly seed: number;
  readonly hours: number;
  /** Cases that come for each that can be looked at. */
  readonly factor: number;
  /** Goes on without new ones until nothing waits. */
  readonly drain: boolean;
  readonly pick?: typeof pickNext;
}

export interface OverloadResult {
  readonly violations: readonly string[];
  readonly came: number;
  readonly taken: number;
  readonly legal: number;
  /** Taken although something milder had waited longer: the order matters at all. */
  readonly byWeight: number;
  /** Taken past its limit. */
  readonly byAge: number;
  readonly longestWaitHours: number;
}

const hourMs = 3_600_000;
/** One case in this long: two an hour. */
const perCaseMs = 30 * 60_000;
const mostReach = 10_000;
const accuracies = [0.2, 0.5, 0.9] as const;
const legalMs = 48 * hourMs;

/** Score of the weightiest case over that of the lightest, before age. */
const widestRatio = (5 * reachWeight(mostReach) * 0.9) / (1 * reachWeight(0) * 0.2);
/** Whoever comes later than this after a case of that severity is never taken before it. */
export function overtakingMs(severity: number): number {
  return limitMs(severity) + doublingMs * Math.log2(widestRatio);
}

export function playOverload({
  seed,
  hours,
  factor,
  drain,
  pick = pickNext,
}: OverloadOptions): OverloadResult {
  const random = createRandom(seed, 7);
  const waiting = new Map<Id<'case'>, QueueEntry>();
  const violations: string[] = [];
  const asking = { moderatorId: accountOf(1), skipped: new Map(), capped: new Set<never>() };
  const accuracy = (id: Id<'acc'>) => accuracies[Number(id.slice(-1))] ?? 0.5;
  let [now, came, taken, legal, byWeight, byAge, longest] = [
    Date.parse('2026-11-22T00:00:00Z'),
    0,
    0,
    0,
    0,
    0,
    0,
  ];
  const end = now + hours * hourMs;
  while (now < end || (drain && waiting.size > 0)) {
    if (now < end) {
      for (let n = 0; n < factor; n += 1) {
        const at = now - Math.floor(random.between(0, perCaseMs));
        const isLegal = random.chance(0.02);
        const severity = 1 + random.below(5);
        came += 1;
        waiting.set(caseIdOf(came), {
          caseId: caseIdOf(came),
          seq: 1,
          hash: '',
          status: 'open',
          subjectKind: 'clip',
          subjectId: '',
          ownerId: null,
          openedAt: at,
          waitingSince: at,
          severity,
          harmClass: 'none',
          reach: random.chance(0.5) ? 0 : random.below(mostReach),
          legalDeadlineAt: isLegal ? at + legalMs : null,
          reporterIds: [accountOf(10 + random.below(3))],
          anonymousReports: 0,
          reasons: ['other'],
          found: false,
          claim: null,
          judges: [],
          action: null,
        });
      }
    }
    const next = pick(entries(waiting), asking, accuracy, now);
    const chosen = next === null ? undefined : waiting.get(next.caseId);
    if (chosen === undefined) {
      if (waiting.size > 0) violations.push('something waits and nothing was given');
      now += perCaseMs;
      continue;
    }
    waiting.delete(chosen.caseId);
    taken += 1;
    longest = Math.max(longest, now - chosen.waitingSince);
    if (chosen.legalDeadlineAt !== null) {
      legal += 1;
      if (now > chosen.legalDeadlineAt) violations.push(`${chosen.caseId} passed its legal deadline`);
    } else {
      if (now - chosen.waitingSince > limitMs(chosen.severity)) byAge += 1;
      for (const other of waiting.values()) {
        if (other.legalDeadlineAt !== null) violations.push(`a legal deadline waits behind ${chosen.caseId}`);
        if (other.waitingSince < chosen.waitingSince) byWeight += 1;
        if (chosen.waitingSince > other.waitingSince + overtakingMs(other.severity))
          violations.push(
            `${other.caseId} was overtaken by what came ${Math.round((chosen.waitingSince - other.waitingSince) / hourMs)} h later`,
          );
      }
    }
    if (violations.length > 20) break;
    now += perCaseMs;
  }
  return { violations, came, taken, legal, byWeight, byAge, longestWaitHours: longest / hourMs };
}

function* entries(waiting: ReadonlyMap<Id<'case'>, QueueEntry>) {
  for (const entry of waiting.values()) yield { entry, offer: null };
}
