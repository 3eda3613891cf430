/** RPC surface of the ConsentLog object (one per shard): the append-only record of revocations. */
import type { Capability, ConsentKey, Region } from '#schemas/consent.ts';
import type { Id } from '#schemas/ids.ts';
import type { Result } from '#schemas/result.ts';
import type { Tile } from './core/tile-path.ts';

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
  /** Hex; with the key it opens the digest in the public record. */
  readonly salt: string;
  /** How each gate that held a lease when the entry was appended learned of it; one row per region (the slowest gate counts). */
  readonly regions: readonly RegionOutcome[];
  /** From the durable append to the last acknowledgement or expiry, milliseconds. */
  readonly waitedMs: number;
}

export interface RegionOutcome {
  readonly region: Region;
  readonly outcome: 'acknowledged' | 'lease-expired';
  readonly ms: number;
}

/** An entry as gates need it. */
export interface GateEntry {
  readonly position: number;
  readonly id: Id<'rev'>;
  readonly key: ConsentKey;
  readonly denies: readonly Capability[];
  readonly lifts: Id<'rev'> | null;
}

export interface RenewRequest {
  /** Object name of the gate. */
  readonly gate: string;
  readonly region: Region;
  /** Random, made when the gate's instance started: leases belong to it, not to the name. */
  readonly incarnation: string;
  /** Everything up to here is applied. Releases waits up to here, for this incarnation only. */
  readonly position: number;
}

export interface RenewReply {
  /** Entries after the request's position, in order. */
  readonly entries: readonly GateEntry[];
  /** Position of the last of them. */
  readonly position: number;
  /** Null: there are more entries, ask again from `position`; no lease was given. */
  readonly leaseMs: number | null;
}

/** An entry without its key and salt. */
export interface PublicEntry {
  readonly id: Id<'rev'>;
  readonly position: number;
  readonly denies: readonly Capability[];
  readonly at: string;
  readonly lifted: boolean;
  readonly hash: string;
  readonly previousHash: string;
  readonly leaf: string;
  readonly proof: { readonly index: number; readonly hashes: readonly string[]; readonly checkpoint: string };
}

export interface ConsentLogRpc {
  /**
   * Appends a denial durably, pushes it to every gate that holds a lease, waits for each acknowledgement or for that lease to run
   * out, then answers. Idempotent by idempotencyKey: a repeated call waits for the same entry and answers the same receipt.
   */
  revoke(request: RevokeRequest): Promise<LogReceipt>;
  /** Appends an entry that lifts the denial made by `revocationId`. Idempotent. */
  lift(revocationId: Id<'rev'>, idempotencyKey: string): Promise<Result<LogReceipt>>;
  /** Gives or renews a lease to one incarnation of a gate, with everything it missed. */
  renew(request: RenewRequest): Promise<RenewReply>;
  entry(id: Id<'rev'>): Promise<LogReceipt | null>;
  /** The newest unlifted entry that denies `serve` on any of these keys (those that lie in this shard). */
  latest(keys: readonly ConsentKey[]): Promise<LogReceipt | null>;
  /** What the public may see of an entry, with its proof in the tree as it is now. */
  record(id: Id<'rev'>): Promise<PublicEntry | null>;
  /** The signed tree head (C2SP tlog-checkpoint). */
  checkpoint(): Promise<string>;
  /** The key that checks it, in signed-note form. */
  verifierKey(): Promise<string>;
  /** A hash tile or entry bundle (C2SP tlog-tiles); null if the tree is not that far. */
  tile(tile: Tile): Promise<Uint8Array<ArrayBuffer> | null>;
}
