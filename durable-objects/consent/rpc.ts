/** RPC surface of the ConsentLog object (one per shard): the append-only record of revocations. */
import type { Capability, ConsentKey } from '#schemas/consent.ts';
import type { Id } from '#schemas/ids.ts';
import type { Result } from '#schemas/result.ts';
import type { Decision } from './core/decide.ts';

export interface RevokeRequest {
  readonly key: ConsentKey;
  readonly denies: readonly Capability[];
  /** Same idempotency key, same receipt. */
  readonly idempotencyKey: string;
}

export interface LogReceipt {
  readonly id: Id<'rev'>;
  readonly position: number;
  readonly key: ConsentKey;
  readonly denies: readonly Capability[];
  /** ISO 8601. */
  readonly at: string;
  /** Hex SHA-256 over the canonical entry and the previous hash. */
  readonly hash: string;
  readonly previousHash: string;
  readonly lifted: boolean;
}

export interface ConsentLogRpc {
  /** Appends a denial durably, then answers. Idempotent by idempotencyKey. */
  revoke(request: RevokeRequest): Promise<LogReceipt>;
  /** Appends an entry that lifts the denial made by `revocationId`. Idempotent. */
  lift(revocationId: Id<'rev'>, idempotencyKey: string): Promise<Result<LogReceipt>>;
  /** Asks the one pure function over what this shard holds for these keys. */
  evaluate(keys: readonly ConsentKey[], capability: Capability): Promise<Decision>;
  /** The same for many key sets at once (feed hydration); answers in order. */
  evaluateMany(sets: readonly (readonly ConsentKey[])[], capability: Capability): Promise<Decision[]>;
  entry(id: Id<'rev'>): Promise<LogReceipt | null>;
  /** The newest unlifted entry that denies `serve` on this key. */
  latest(key: ConsentKey): Promise<LogReceipt | null>;
}
