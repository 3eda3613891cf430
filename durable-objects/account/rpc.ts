/** RPC surface of the Account object (one per account, named by account id): credits and admission. */
import type { CastPermit } from '#durable-objects/cameo/rpc.ts';
import type { ConsentKey } from '#schemas/consent.ts';
import type { Credits, Tier } from '#schemas/http/accounts.ts';
import type { CreateGeneration } from '#schemas/http/generations.ts';
import type { Id } from '#schemas/ids.ts';
import type { Result } from '#schemas/result.ts';

/** Everything the generation needs, decided at admission and never changed afterwards. */
export interface AdmittedGeneration {
  readonly generationId: Id<'gen'>;
  readonly clipId: Id<'clip'>;
  readonly accountId: Id<'acc'>;
  readonly handle: string;
  readonly tier: Tier;
  readonly request: CreateGeneration;
  readonly seed: number;
  readonly credits: number;
  /** Parent of a remix as admission found it: prompt and seed for the engine, keys to inherit. */
  readonly parent: {
    readonly clipId: Id<'clip'>;
    readonly handle: string;
    readonly prompt: string;
    readonly seed: number;
    readonly keys: readonly ConsentKey[];
    readonly depth: number;
    readonly rootId: Id<'clip'>;
  } | null;
  /** Likenesses in this clip: written at admission, so being cast and being co-owner are one step (K-14). */
  readonly cast: readonly CastPermit[];
  /** Co-owners inherited from the parent. */
  readonly inheritedCoOwnerIds: readonly Id<'acc'>[];
  /** Set when this generation replaces a clip's rendition with a stand-in for some of its cast. */
  readonly recastOf: { readonly clipId: Id<'clip'>; readonly without: readonly Id<'acc'>[] } | null;
  readonly createdAt: string;
  /** Scheme and host of the request that asked for it: what addresses in its manifest begin with where ORIGIN does not say. */
  readonly origin: string;
}

export interface AdmitRequest {
  readonly generation: AdmittedGeneration;
  /** From the `Idempotency-Key` header; the same key with the same body answers with the first generation (24 h). */
  readonly idempotencyKey: string | null;
  /** Hex SHA-256 of the canonical request body. */
  readonly requestHash: string;
  /** Generations of this account that may be unfinished at once. */
  readonly maxUnfinished: number;
}

export interface AccountRpc {
  /** Sets the tier that the allowance follows. Idempotent. */
  configure(input: { accountId: Id<'acc'>; tier: Tier }): Promise<void>;
  /**
   * Holds the credits and records the generation in one transaction; starting it (Generation object, workflow) is an outbox row,
   * delivered at once and by alarm until it succeeds. Refuses with credits_insufficient, rate_limited (too many unfinished),
   * idempotency_mismatch.
   */
  admit(request: AdmitRequest): Promise<Result<{ generationId: Id<'gen'>; replayed: boolean }>>;
  /**
   * The generation that this idempotency key made before, or null. Asked ahead of everything admission reserves, so that a repeated
   * request uses nobody's consent twice. Refuses with idempotency_mismatch.
   */
  recall(idempotencyKey: string, requestHash: string): Promise<Result<Id<'gen'> | null>>;
  /** Captures or releases the hold of a generation. Idempotent; the first settlement wins and a different second one is refused with already_final. */
  settle(generationId: Id<'gen'>, settlement: 'capture' | 'release'): Promise<Result<void>>;
  credits(): Promise<Credits>;
}
