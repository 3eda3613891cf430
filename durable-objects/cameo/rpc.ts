/**
 * RPC surface of the Cameo object (one per account, named by the account's id: nobody has two likenesses): enrolment result, policy,
 * contracts, epoch, appearances.
 */
import type { LogReceipt } from '#durable-objects/consent/rpc.ts';
import type { ConsentKey } from '#schemas/consent.ts';
import type {
  Cameo,
  CreateGrant,
  ExistingChoice,
  RevocationPreview,
  RevokeInput,
  UpdateCameo,
  Verification,
} from '#schemas/http/cameo.ts';
import type { GenerationStatus } from '#schemas/http/generations.ts';
import type { Id } from '#schemas/ids.ts';
import type { Portrait, RuleClass, Voice } from '#schemas/likeness.ts';
import type { Result } from '#schemas/result.ts';

/** Written into the admitted generation: consent as it was given for this one job. */
export interface CastPermit {
  readonly accountId: Id<'acc'>;
  readonly handle: string;
  readonly displayName: string;
  readonly cameoId: Id<'cam'>;
  readonly epoch: number;
  /**
   * Every cast has one, so that "revoke this person" is one append: an explicit contract, or the standing permission that a level gives
   * this maker (made on first use, one per maker and epoch). Null only for casting oneself.
   */
  readonly grantId: Id<'grant'> | null;
  /** `cameo:<id>#<epoch>` and the grant's. */
  readonly keys: readonly ConsentKey[];
  readonly verification: Verification;
  readonly portrait: Portrait;
  readonly voice: Voice | null;
  readonly reviewBeforeGeneration: boolean;
  readonly reviewBeforePublication: boolean;
}

export interface CastRequest {
  readonly generationId: Id<'gen'>;
  readonly clipId: Id<'clip'>;
  readonly makerId: Id<'acc'>;
  readonly makerHandle: string;
  /** Of the person to be cast, as D1 has them: this object knows ids only. They go into the permit. */
  readonly handle: string;
  readonly displayName: string;
  /** Whether maker and owner follow each other, as D1 says now. */
  readonly mutual: boolean;
  /** Everything that will be said or shown, for the rules: each with the field it came from. */
  readonly texts: readonly { readonly field: string; readonly text: string }[];
  readonly remixOf: Id<'clip'> | null;
}

export interface AppearanceRecord {
  readonly generationId: Id<'gen'>;
  readonly clipId: Id<'clip'>;
  readonly makerId: Id<'acc'>;
  readonly grantId: Id<'grant'> | null;
  readonly epoch: number;
  readonly status: GenerationStatus;
  readonly review: {
    readonly id: Id<'rvw'>;
    readonly kind: 'before-generation' | 'before-publication';
    readonly decision: 'pending' | 'approved' | 'refused';
  } | null;
  /** Consent for this job or for what it became has been taken back. */
  readonly withdrawn: boolean;
  readonly recastRequested: boolean;
  readonly createdAt: string;
}

export interface GrantRecord {
  readonly id: Id<'grant'>;
  readonly granteeId: Id<'acc'>;
  readonly purpose: string;
  /** A standing permission that a level gave, not a contract. */
  readonly implicit: boolean;
  readonly uses: number | null;
  readonly used: number;
  readonly until: string | null;
  readonly reviewBeforeGeneration: boolean;
  readonly reviewBeforePublication: boolean;
  readonly allow: readonly RuleClass[];
  readonly revokedAt: string | null;
  readonly createdAt: string;
}

export interface CameoRecord extends Omit<Cameo, 'counts'> {
  readonly accountId: Id<'acc'>;
  /** What this object can count; clips are counted in D1, by key. `people`: others who have cast this likeness. `grants`: contracts in force. */
  readonly counts: { readonly people: number; readonly grants: number };
}

export interface EnrolInput {
  readonly accountId: Id<'acc'>;
  /** Idempotency: the same enrolment is applied once. Null for a demo enrolment. */
  readonly enrolmentId: Id<'enr'> | null;
  /** The id of the likeness if the account has none yet: the portrait lies under it already. Absent: made here. It never changes later. */
  readonly cameoId?: Id<'cam'>;
  readonly verification: Verification;
  readonly portrait: Portrait | null;
  readonly voice: Voice | null;
}

export type RevokeTarget = RevokeInput & {
  /** A clip id for `clip`, an account id for `account`, null for `all`. */
  readonly targetId: Id<'clip'> | Id<'acc'> | null;
};

/** What this object can say before a revocation is confirmed; the clips that carry the keys are counted in D1. */
export interface CameoPreview extends Pick<RevocationPreview, 'generations' | 'grants' | 'people'> {
  /** What would be denied. */
  readonly keys: readonly ConsentKey[];
}

export interface CameoRevocation {
  /** The log's receipts, at least one. */
  readonly entries: readonly LogReceipt[];
  /** As asked, or stronger when the same was stopped more thoroughly before. */
  readonly existing: ExistingChoice;
  /** Jobs that were told to stop. */
  readonly generationIds: readonly Id<'gen'>[];
  /** As the first call with this request id gave it. */
  readonly carrying: CarryingClips;
}

/** Clips that carry the keys, counted in D1 before the revocation: afterwards some of them are gone from there. */
export interface CarryingClips {
  readonly clips: number;
  readonly drafts: number;
  readonly remixes: number;
  /** The first hundred. */
  readonly clipIds: readonly Id<'clip'>[];
}

export interface CameoRpc {
  /** Refuses with not_found before the first enrolment. Status `none`: erased, and not enrolled again. */
  read(): Promise<Result<CameoRecord>>;
  /** Idempotent by enrolment. Refuses with conflict what was begun before everything was revoked or deleted. */
  enrol(input: EnrolInput): Promise<Result<CameoRecord>>;
  /** Refuses with not_found, and with conflict after an erasure. A level other than `nobody` after a revocation opens the next epoch. */
  update(input: UpdateCameo): Promise<Result<CameoRecord>>;
  /** Refuses with not_found (no likeness), conflict (nobody may cast, oneself, too many), bad_request (a time that has passed). */
  createGrant(granteeId: Id<'acc'>, input: Omit<CreateGrant, 'handle'>): Promise<Result<GrantRecord>>;
  /** Contracts given, newest first, at most `limit` before the contract `before`. */
  grants(page: { readonly before: Id<'grant'> | null; readonly limit: number }): Promise<GrantRecord[]>;
  /** Ends a contract; what was made under it stays. Idempotent. Refuses with not_found and consent_unavailable. */
  revokeGrant(grantId: Id<'grant'>): Promise<Result<LogReceipt>>;
  /**
   * Checks level, contract and rules and notes the appearance in the same transaction. Idempotent by generation. Refuses with
   * consent_denied and cameo_rule (details: rule, kind, field, start, end, text). The note is a reservation until the generation is opened.
   */
  authorize(request: CastRequest): Promise<Result<CastPermit>>;
  /** Takes back the reservation of a generation that was not admitted: its use of a contract is given back. */
  release(generationId: Id<'gen'>): Promise<void>;
  /** From the Generation object's outbox. */
  generationChanged(generationId: Id<'gen'>, status: GenerationStatus): Promise<void>;
  /**
   * Rules again, over what will be said in public; and whether a review must come first. An agreement is to these texts and no others.
   * Refuses with cameo_rule, review_pending and consent_denied.
   */
  admitPublication(input: {
    readonly generationId: Id<'gen'>;
    readonly texts: CastRequest['texts'];
  }): Promise<Result<void>>;
  /** Idempotent. Refuses with not_found, conflict (decided otherwise) and already_final (nothing waits for it any more). */
  decideReview(reviewId: Id<'rvw'>, decision: 'approve' | 'refuse'): Promise<Result<AppearanceRecord>>;
  /** Newest first, at most `limit` before the generation `before`; reservations are not appearances yet. */
  appearances(page: {
    readonly before: Id<'gen'> | null;
    readonly limit: number;
  }): Promise<AppearanceRecord[]>;
  /** Somebody remixes a clip that carries this likeness: level and rules again, over the new words. Refuses with consent_denied and cameo_rule. */
  admitRemix(input: Pick<CastRequest, 'makerId' | 'mutual' | 'texts'>): Promise<Result<void>>;
  /** Refuses with not_found unless this likeness was cast in the clip. The note goes to its creator with the Clip's notice. */
  requestRecast(clipId: Id<'clip'>, note: string): Promise<Result<AppearanceRecord>>;
  /** Refuses with not_found: no likeness, or a clip that does not carry it. */
  preview(input: RevokeTarget): Promise<Result<CameoPreview>>;
  /**
   * Idempotent by `requestId`; the same one with another body is an idempotency_mismatch. Answers when every gate has acknowledged or run
   * out; consent_unavailable when the log did not answer: it is noted then and will be finished.
   */
  revoke(
    input: RevokeTarget & { readonly requestId: string; readonly carrying: CarryingClips },
  ): Promise<Result<CameoRevocation>>;
  /** Revokes everything with `delete`, then erases template, portrait and voice. */
  erase(input: {
    readonly requestId: string;
    readonly carrying: CarryingClips;
  }): Promise<Result<CameoRevocation>>;
}
