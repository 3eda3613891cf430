/** RPC surface of the HashBank object (one, `main`): what was confirmed not to come back, with brakes (K-66, moderation.md §13). */
import type { Comparison, FramePair } from '#core/fingerprint/index.ts';
import type { Fingerprints } from '#schemas/fingerprint.ts';
import type { Id } from '#schemas/ids.ts';
import type { Result } from '#schemas/result.ts';

/** `proposed` waits for a second person · `confirmed` matches · `quarantined` matched too much and waits for a person · `removed` is gone. */
export const bankEntryStatuses = ['proposed', 'confirmed', 'quarantined', 'removed'] as const;
export type BankEntryStatus = (typeof bankEntryStatuses)[number];

export interface BankEntry {
  readonly id: string;
  readonly status: BankEntryStatus;
  readonly policyId: string;
  readonly caseId: Id<'case'>;
  readonly addedBy: Id<'acc'>;
  /** Who confirmed it; never the person who proposed it. */
  readonly confirmedBy: Id<'acc'> | null;
  readonly removedBy: Id<'acc'> | null;
  /** Different films that matched it. */
  readonly matches: number;
  /** Films of which a person said that they are no match. */
  readonly negatives: number;
  readonly createdAt: string;
  readonly quarantinedAt: string | null;
}

export interface BankMatch {
  readonly entryId: string;
  readonly status: 'confirmed';
  readonly policyId: string;
  readonly similarity: number;
  /** The frame pairs that agree, nearest first, for showing side by side: seconds in each and bits that differ. */
  readonly pairs: readonly FramePair[];
}

export interface HashBankRpc {
  /** Idempotent by id. Refuses with conflict when the id stands for another case. */
  propose(entry: {
    id: string;
    policyId: string;
    caseId: Id<'case'>;
    by: Id<'acc'>;
    fingerprints: Fingerprints;
  }): Promise<Result<BankEntry>>;
  /**
   * Two people: `by` must not be who proposed it (forbidden). Also ends a quarantine. Idempotent. Refuses with not_found and, once it was
   * removed, already_final.
   */
  confirm(id: string, by: Id<'acc'>): Promise<Result<BankEntry>>;
  /** For good; its hashes are erased. Idempotent. Refuses with not_found. */
  remove(id: string, by: Id<'acc'>): Promise<Result<BankEntry>>;
  /** "This is not a match": never matched again by that entry. Refuses with not_found and already_final. */
  negative(id: string, fingerprints: Fingerprints, by: Id<'acc'>): Promise<Result<BankEntry>>;
  /**
   * Confirmed entries that agree, best first. Counts each film once an hour; an entry that suddenly matches far too much is quarantined by
   * itself until a person looks, and a case is opened.
   */
  match(query: Fingerprints): Promise<readonly BankMatch[]>;
  /** How a film compares with one entry, whatever its status; changes and counts nothing. */
  explain(id: string, query: Fingerprints): Promise<Result<Comparison>>;
  read(id: string): Promise<Result<BankEntry>>;
  /** Newest first. @param cursor of the page before */
  list(
    cursor: string | null,
  ): Promise<{ readonly items: readonly BankEntry[]; readonly nextCursor: string | null }>;
}

/** The house's one bank. */
export function hashBankOf(env: Pick<Env, 'HASH_BANK'>) {
  return env.HASH_BANK.getByName('main');
}
