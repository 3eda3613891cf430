/**
 * Rows of leases, of entries that wait for them, and of what the waits came to. Invariants: a lease stands here before its reply
 * leaves and a wait in the transaction of its entry, so that no restart forgets who may still be answering. Called by lease-book.ts.
 */
import type { Region } from '#schemas/consent.ts';
import type { Lease, LeaseState, Pending, Wait } from './core/lease-machine.ts';
import type { RegionOutcome } from './rpc.ts';

/** How an entry ended: part of its receipt. */
export interface Settlement {
  readonly regions: readonly RegionOutcome[];
  readonly waitedMs: number;
}

type LeaseRow = {
  incarnation: string;
  gate: string;
  region: Region;
  expires_at: number;
  position: number;
};
/** Who an entry waits for; what each of them answered is in memory only, because any of them can be asked again. */
type Holder = Pick<Wait, 'incarnation' | 'gate' | 'region'>;

export class LeaseStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Everything as it was written; times are those of the clock that wrote them. */
  read(): LeaseState {
    const leases = new Map<string, Lease>();
    for (const row of this.#sql.exec<LeaseRow>(
      'SELECT incarnation, gate, region, expires_at, position FROM leases ORDER BY number',
    )) {
      const { expires_at: expiresAt, ...lease } = row;
      leases.set(row.incarnation, { ...lease, expiresAt });
    }
    const pending = new Map<number, Pending>();
    const rows = this.#sql.exec<{ position: number; started_at: number; holders: string }>(
      'SELECT position, started_at, holders FROM waits ORDER BY position',
    );
    for (const { position, started_at: startedAt, holders } of rows) {
      const waits = (JSON.parse(holders) as Holder[]).map(
        (holder): Wait => ({ ...holder, expiresAt: startedAt, outcome: null, ms: null }),
      );
      pending.set(position, { position, startedAt, waits });
    }
    return { leases, pending };
  }

  /** The longest time any stored lease was given for; 0 without one. A lease may be older than the present setting. */
  longestLeaseMs(): number {
    return this.#sql.exec<{ ms: number | null }>('SELECT MAX(lease_ms) AS ms FROM leases').one().ms ?? 0;
  }

  /**
   * Written at every renewal, changed or not: a log that was superseded without noticing cannot write any more, so its reply is held
   * back for ever and the lease is never used.
   */
  grant(lease: Lease, leaseMs: number): void {
    this.#sql.exec(
      `INSERT INTO leases (incarnation, gate, region, expires_at, lease_ms, position) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (incarnation) DO UPDATE SET expires_at = excluded.expires_at,
         lease_ms = MAX(lease_ms, excluded.lease_ms), position = excluded.position`,
      lease.incarnation,
      lease.gate,
      lease.region,
      lease.expiresAt,
      leaseMs,
      lease.position,
    );
  }

  /** Once it has run out on the clock of the instance that gave or restored it. */
  drop(incarnation: string): void {
    this.#sql.exec('DELETE FROM leases WHERE incarnation = ?', incarnation);
  }

  begin({ position, startedAt, waits }: Pending): void {
    const holders = waits.map(({ incarnation, gate, region }): Holder => ({ incarnation, gate, region }));
    this.#sql.exec(
      'INSERT INTO waits (position, started_at, holders) VALUES (?, ?, ?)',
      position,
      startedAt,
      JSON.stringify(holders),
    );
  }

  settle(position: number, { regions, waitedMs }: Settlement): void {
    this.#sql.exec('DELETE FROM waits WHERE position = ?', position);
    this.#sql.exec(
      'INSERT INTO settlements (position, regions, waited_ms) VALUES (?, ?, ?)',
      position,
      JSON.stringify(regions),
      waitedMs,
    );
  }

  /** An entry that had nobody to wait for has no row: nothing to tell. */
  settlementOf(position: number): Settlement {
    const [row] = this.#sql
      .exec<{ regions: string; waited_ms: number }>(
        'SELECT regions, waited_ms FROM settlements WHERE position = ?',
        position,
      )
      .toArray();
    if (row === undefined) return { regions: [], waitedMs: 0 };
    return { regions: JSON.parse(row.regions) as RegionOutcome[], waitedMs: row.waited_ms };
  }
}
