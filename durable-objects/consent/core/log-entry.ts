/**
 * One entry of the consent log and the text its hash covers. Invariant: equal entries give equal text, whoever computes it, so the
 * chain can be checked outside Kinora. The key enters as a digest under the entry's own salt: the whole log can be shown without saying
 * whose it is or which entries are about the same key, and whoever was given the salt can check that an entry is about theirs.
 * Called by consent-machine.ts, verify-chain.ts, verify-record.ts and transparency.ts.
 */
import type { Capability, ConsentKey } from '#schemas/consent.ts';
import { capabilities } from '#schemas/consent.ts';
import type { Id } from '#schemas/ids.ts';

export interface LogEntry {
  /** 1 for the first; grows by one. */
  readonly position: number;
  readonly id: Id<'rev'>;
  readonly key: ConsentKey;
  /** In the order of `capabilities`, without repeats. For a lift: what it gives back. */
  readonly denies: readonly Capability[];
  /** Null for a denial; else the denial that this entry lifts. */
  readonly lifts: Id<'rev'> | null;
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly previousHash: string;
  /** 32 random hex digits, never in the text; empty in entries of version 1, whose digest has none. */
  readonly salt: string;
  /** Hex SHA-256 of `entryText`. */
  readonly hash: string;
}

/** Hex SHA-256 of UTF-8 text; given by the caller because pure code knows no platform. */
export type Sha256 = (text: string) => string;

/** `previousHash` of the first entry. */
export const genesisHash = '0'.repeat(64);

/** Sorted and without repeats, so that the same denial always hashes the same. */
export function canonicalDenies(denies: readonly Capability[]): Capability[] {
  return capabilities.filter((capability) => denies.includes(capability));
}

/** Canonical JSON (RFC 8785: members sorted by name, no white space) of everything the entry states. */
export function entryText(entry: Omit<LogEntry, 'hash'>, sha256: Sha256): string {
  return JSON.stringify({
    at: entry.at,
    denies: entry.denies,
    id: entry.id,
    keyDigest: keyDigest(entry.key, entry.salt, sha256),
    lifts: entry.lifts,
    position: entry.position,
    previousHash: entry.previousHash,
    v: entry.salt === '' ? 1 : 2,
  });
}

/** Ids carry 80 random bits; the salt keeps even somebody who knows a key from finding its entries. */
export function keyDigest(key: string, salt: string, sha256: Sha256): string {
  return sha256(salt + key);
}
