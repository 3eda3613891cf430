/**
 * RPC surface of the ModerationQueue object ('main'): which case is about what, in which order cases are looked at, whose reports were
 * right, and who has seen how much.
 */
import type { CaseStatus } from '#core/moderation/case-state.ts';
import type { Exposure, ModerationQueue, PriorityTerms } from '#schemas/http/moderation.ts';
import type { Id } from '#schemas/ids.ts';
import type { CaseAction, HarmClass, ReportReason, SubjectKind } from '#schemas/moderation.ts';
import type { Result } from '#schemas/result.ts';

/** What the queue knows of a case; sent by the case whenever it changes, newer `seq` only. */
export interface QueueEntry {
  readonly caseId: Id<'case'>;
  /** Of the case's last event. */
  readonly seq: number;
  readonly hash: string;
  readonly status: CaseStatus;
  readonly subjectKind: SubjectKind;
  readonly subjectId: string;
  readonly ownerId: Id<'acc'> | null;
  /** Milliseconds since the epoch, here and below. */
  readonly openedAt: number;
  readonly waitingSince: number;
  readonly severity: number;
  readonly harmClass: HarmClass;
  readonly reach: number;
  readonly legalDeadlineAt: number | null;
  /** Accounts that reported it; their accuracy is joined here. */
  readonly reporterIds: readonly Id<'acc'>[];
  /** Reports without an account. */
  readonly anonymousReports: number;
  readonly reasons: readonly ReportReason[];
  /** Something other than a report asked for it. */
  readonly found: boolean;
  readonly claim: {
    readonly moderatorId: Id<'acc'>;
    readonly token: number;
    readonly expiresAt: number;
  } | null;
  /** Who decided: not given the appeal. */
  readonly judges: readonly Id<'acc'>[];
  /** In force; null before it and once it was taken back. */
  readonly action: CaseAction | null;
}

export interface NextCase {
  readonly caseId: Id<'case'>;
  readonly for: 'decision' | 'appeal';
  readonly terms: PriorityTerms;
}

export interface CaseSurroundings {
  /** By account; those who never reported before are not in it. */
  readonly accuracy: Readonly<Record<string, number>>;
  /** Null when it is not waiting. */
  readonly terms: PriorityTerms | null;
}

export interface Assignment {
  readonly caseId: Id<'case'>;
  readonly previousCaseIds: readonly Id<'case'>[];
  /** Reasons of earlier cases about this subject that were dismissed. */
  readonly dismissedReasons: readonly ReportReason[];
  /** Of the reporter that was asked about; 0.5 for one without a history or without an account. */
  readonly reporterAccuracy: number;
  readonly reporterReports: number;
}

export interface ModerationQueueRpc {
  /** The open case about a subject, or `candidate` from now on. `except`: a case that turned out to be decided already. */
  assign(
    subject: { readonly kind: SubjectKind; readonly id: string },
    candidate: Id<'case'>,
    reporterId: Id<'acc'> | null,
    except?: Id<'case'>,
  ): Promise<Assignment>;
  /** From the case's outbox. Idempotent, newer only. */
  update(entry: QueueEntry): Promise<void>;
  /** From the case's outbox when a decision is final: whether those who reported were right. Idempotent by case and version. */
  judged(
    caseId: Id<'case'>,
    version: number,
    reporterIds: readonly Id<'acc'>[],
    right: boolean,
  ): Promise<void>;
  /** The next case for this moderator, set aside for a few seconds; null when there is none. */
  next(moderatorId: Id<'acc'>): Promise<NextCase | null>;
  /** It goes behind the others for this moderator. */
  skip(moderatorId: Id<'acc'>, caseId: Id<'case'>): Promise<void>;
  overview(moderatorId: Id<'acc'>): Promise<ModerationQueue>;
  surroundings(caseId: Id<'case'>): Promise<CaseSurroundings>;
  /** Counts seconds. Refuses with exposure_capped once the day's share is used up; the seconds count all the same. */
  expose(moderatorId: Id<'acc'>, harmClass: HarmClass, seconds: number): Promise<Result<Exposure>>;
  /** Whether unfiltered viewing of this class is still allowed today. */
  exposureLeft(moderatorId: Id<'acc'>, harmClass: HarmClass): Promise<Exposure>;
}
