/**
 * Which case is next for whom. Invariants: while a case waits that a moderator may judge and has not used up their exposure for, `pickNext`
 * answers one (no poison item, no empty queue); a case held or just offered to somebody is given to nobody else; a lease that has run
 * out counts as none, whether or not anybody was told. The order is that of core/moderation/priority.ts; what this moderator skipped comes
 * after everything else, the longest ago first. Called by the ModerationQueue object and by the simulations; pure.
 */
import {
  caseAccuracy,
  comparePriority,
  type PriorityInput,
  priorityTerms,
} from '#core/moderation/priority.ts';
import type { Id } from '#schemas/ids.ts';
import type { HarmClass } from '#schemas/moderation.ts';
import type { NextCase, QueueEntry } from '../rpc.ts';

export interface Offer {
  readonly moderatorId: Id<'acc'>;
  readonly until: number;
}

export interface WaitingCase {
  readonly entry: QueueEntry;
  readonly offer: Offer | null;
}

export interface Asking {
  readonly moderatorId: Id<'acc'>;
  /** When this moderator skipped which case, milliseconds. */
  readonly skipped: ReadonlyMap<Id<'case'>, number>;
  /** Classes that this moderator has seen enough of today. */
  readonly capped: ReadonlySet<HarmClass>;
}

/** A case is set aside this long for who asked, until it is claimed. Milliseconds. */
export const offerMs = 5_000;

/** What the case waits for; null when for nothing. */
export function waitsFor({ status }: Pick<QueueEntry, 'status'>): NextCase['for'] | null {
  if (status === 'open') return 'decision';
  return status === 'appealed' ? 'appeal' : null;
}

export function isHeld({ claim }: Pick<QueueEntry, 'claim'>, now: number): boolean {
  return claim !== null && claim.expiresAt > now;
}

export function priorityInput(entry: QueueEntry, accuracy: (id: Id<'acc'>) => number): PriorityInput {
  return {
    legalDeadlineAt: entry.legalDeadlineAt,
    severity: entry.severity,
    reach: entry.reach,
    accuracy: caseAccuracy(entry.reporterIds.map(accuracy), entry.anonymousReports > 0, entry.found),
    waitingSince: entry.waitingSince,
  };
}

/** Whether this person may judge it at all: not what is theirs, not what they reported, not the appeal against themselves. */
export function mayJudge(entry: QueueEntry, moderatorId: Id<'acc'>): boolean {
  if (entry.ownerId === moderatorId || entry.reporterIds.includes(moderatorId)) return false;
  return entry.status !== 'appealed' || !entry.judges.includes(moderatorId);
}

function isFree({ entry, offer }: WaitingCase, { moderatorId }: Asking, now: number): boolean {
  if (waitsFor(entry) === null || isHeld(entry, now)) return false;
  return offer === null || offer.until <= now || offer.moderatorId === moderatorId;
}

/** One pass; the number of waiting cases bounds it. */
export function pickNext(
  waiting: Iterable<WaitingCase>,
  asking: Asking,
  accuracy: (id: Id<'acc'>) => number,
  now: number,
): NextCase | null {
  let best: { entry: QueueEntry; input: PriorityInput; skippedAt: number | null } | null = null;
  for (const item of waiting) {
    const { entry } = item;
    if (!isFree(item, asking, now) || !mayJudge(entry, asking.moderatorId)) continue;
    if (asking.capped.has(entry.harmClass)) continue;
    const candidate = {
      entry,
      input: priorityInput(entry, accuracy),
      skippedAt: asking.skipped.get(entry.caseId) ?? null,
    };
    if (best === null || comesBefore(candidate, best, now)) best = candidate;
  }
  if (best === null) return null;
  const purpose = waitsFor(best.entry);
  return purpose === null
    ? null
    : { caseId: best.entry.caseId, for: purpose, terms: priorityTerms(best.input, now) };
}

type Candidate = { entry: QueueEntry; input: PriorityInput; skippedAt: number | null };
function comesBefore(a: Candidate, b: Candidate, now: number): boolean {
  if ((a.skippedAt === null) !== (b.skippedAt === null)) return a.skippedAt === null;
  const bySkip = (a.skippedAt ?? 0) - (b.skippedAt ?? 0);
  if (bySkip !== 0) return bySkip < 0;
  const byPriority = comparePriority(a.input, b.input, now);
  return byPriority === 0 ? a.entry.caseId < b.entry.caseId : byPriority < 0;
}
