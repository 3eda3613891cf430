/** RPC surface of the ModerationCase object (one per case, named by its id): claims, decisions, appeals, and the log of it all. */
import type { CaseState } from '#core/moderation/case-state.ts';
import type { CaseEvent, CaseLog } from '#schemas/case-log.ts';
import type { DecisionReceiptBody, ReportStatus } from '#schemas/http/moderation.ts';
import type { Id } from '#schemas/ids.ts';
import type {
  CaseAction,
  CaseCause,
  CaseMedia,
  CaseProvenance,
  CaseSubject,
  DecisionId,
  HarmClass,
} from '#schemas/moderation.ts';
import type { Result } from '#schemas/result.ts';

export interface OpenCaseInput {
  readonly subject: CaseSubject;
  /** One or more: what was reported or found. */
  readonly causes: readonly CaseCause[];
  readonly provenance: CaseProvenance | null;
  /** ISO 8601; null when no law sets one. */
  readonly legalDeadlineAt: string | null;
  /** The same key is taken once by the case. */
  readonly dedupeKey: string;
  readonly tool: 'report-form' | 'ingest' | 'generation' | 'enrolment';
  /** Out of sight from now until it is decided: borderline findings of the output policy about a new clip. */
  readonly hide?: boolean;
}

export interface OpenedCase {
  readonly caseId: Id<'case'>;
  readonly version: number;
  /** `known`: everything was there already. */
  readonly outcome: 'opened' | 'added' | 'known';
}

/** What the queue knows and the case does not. */
export interface CaseContext {
  readonly caseId: Id<'case'>;
  readonly previousCaseIds: readonly Id<'case'>[];
  /**
   * Whether a report about likeness, intimacy or a minor hides the subject at once: not when the same was dismissed before, nor when the
   * reporter is nearly always wrong.
   */
  readonly mayHide: boolean;
}

export interface ClaimGrant {
  readonly caseId: Id<'case'>;
  readonly token: number;
  readonly version: number;
  readonly for: 'decision' | 'appeal';
  readonly expiresAt: string;
}

export interface CaseRecord {
  readonly state: CaseState;
  readonly events: readonly CaseEvent[];
}

export interface DecideInput {
  readonly moderatorId: Id<'acc'>;
  readonly claimToken: number;
  readonly version: number;
  readonly action: CaseAction;
  readonly policyId: string;
  readonly facts: string;
  readonly explanation: string;
  readonly idempotencyKey: string;
  readonly addToBank: boolean;
}

/**
 * How a generation hears of a decision about it (`Generation.decided`). Idempotent by `decisionId`; a later one (after an appeal) takes
 * the place of an earlier one.
 */
export interface SubjectDecision {
  readonly caseId: Id<'case'>;
  readonly decisionId: DecisionId;
  readonly action: 'allow' | 'label' | 'refuse';
  readonly policyId: string;
  /** What the author reads; null for `allow`. */
  readonly text: string | null;
}

export interface ModerationCaseRpc {
  /** Opens the case or adds to it. Idempotent by `dedupeKey`. Refuses with already_decided once it is decided. */
  open(context: CaseContext, input: OpenCaseInput): Promise<Result<OpenedCase>>;
  /** not_found if it was never opened. */
  read(): Promise<Result<CaseRecord>>;
  /**
   * Takes a lease, or renews one's own. Refuses with stale_claim (somebody else holds it: details say who and until when),
   * already_decided (details are the winner's summary), forbidden (one's own, or the appeal against one's own decision).
   */
  claim(moderatorId: Id<'acc'>): Promise<Result<ClaimGrant>>;
  /** Gives it back. Idempotent. */
  release(moderatorId: Id<'acc'>): Promise<Result<void>>;
  /**
   * Refuses with stale_claim, stale_version, already_decided (each with the winner's or the present summary), conflict (the action does
   * not fit the subject), bad_request (a restriction without its reasons), idempotency_mismatch. The same key: the same answer for 24 h.
   */
  decide(input: DecideInput): Promise<Result<DecisionReceiptBody>>;
  /** Within ten seconds, by whoever decided. Refuses with forbidden, already_final (too late), not_found. Idempotent. */
  undo(moderatorId: Id<'acc'>, decisionId: DecisionId): Promise<Result<CaseRecord>>;
  /** Notes unfiltered viewing under one's own claim. Refuses with stale_claim. */
  viewed(moderatorId: Id<'acc'>, seconds: number, harmClass: HarmClass): Promise<Result<void>>;
  /** A file of the subject for who holds the claim; noted. Refuses with stale_claim and not_found. */
  media(moderatorId: Id<'acc'>, file: string): Promise<Result<CaseMedia>>;
  /** By whom it is about. Refuses with not_found, conflict (appealed already, or nothing to appeal), already_final (too late). */
  appeal(accountId: Id<'acc'>, decisionId: DecisionId, text: string): Promise<Result<CaseRecord>>;
  /** Refuses with not_found, also for a wrong secret. */
  report(reportId: Id<'rep'>, receiptHash: string): Promise<Result<ReportStatus>>;
  /** Everything, signed. */
  log(): Promise<Result<CaseLog>>;
}
