/**
 * SQL of the likeness itself and of the contracts about it. Every method is one or two synchronous statements; the object groups them in
 * transactions. Uses are counted from the appearances, so there is no counter that could drift. Called by cameo-object.ts.
 */
import type { CameoState } from '#durable-objects/cameo/core/cameo-machine.ts';
import type { GrantRecord } from '#durable-objects/cameo/rpc.ts';
import type { Id } from '#schemas/ids.ts';
import type { RuleClass } from '#schemas/likeness.ts';

/** A contract or standing permission with what its projection needs. */
export interface StoredGrant extends GrantRecord {
  readonly version: number;
  readonly epoch: number;
}

interface GrantRow extends Record<string, SqlStorageValue> {
  id: string;
  grantee_id: string;
  purpose: string;
  implicit: number;
  epoch: number;
  uses: number | null;
  used: number;
  until: string | null;
  review_generation: number;
  review_publication: number;
  allow: string;
  revoked_at: string | null;
  created_at: string;
  version: number;
}

/** Jobs that failed, were cancelled or quarantined give their use back. */
const counted = "('reserved', 'queued', 'running', 'finishing', 'ready')";
const selectGrant = `SELECT grants.*, (SELECT COUNT(*) FROM appearances WHERE appearances.grant_id = grants.id
  AND appearances.status IN ${counted}) AS used FROM grants`;

function toGrant(row: GrantRow): StoredGrant {
  return {
    id: row.id as Id<'grant'>,
    granteeId: row.grantee_id as Id<'acc'>,
    purpose: row.purpose,
    implicit: row.implicit === 1,
    epoch: row.epoch,
    uses: row.uses,
    used: row.used,
    until: row.until,
    reviewBeforeGeneration: row.review_generation === 1,
    reviewBeforePublication: row.review_publication === 1,
    allow: JSON.parse(row.allow) as RuleClass[],
    revokedAt: row.revoked_at,
    createdAt: row.created_at,
    version: row.version,
  };
}

export class CameoStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Null before the first enrolment. */
  cameo(): CameoState | null {
    const [row] = this.#sql.exec<{ state: string }>('SELECT state FROM cameo').toArray();
    return row === undefined ? null : (JSON.parse(row.state) as CameoState);
  }

  saveCameo(state: CameoState): void {
    this.#sql.exec(
      'INSERT INTO cameo (only_row, state) VALUES (1, ?) ON CONFLICT (only_row) DO UPDATE SET state = excluded.state',
      JSON.stringify(state),
    );
  }

  grant(id: Id<'grant'>): StoredGrant | null {
    const [row] = this.#sql.exec<GrantRow>(`${selectGrant} WHERE id = ?`, id).toArray();
    return row === undefined ? null : toGrant(row);
  }

  /** Unrevoked contracts with one person, oldest first. */
  contractsWith(granteeId: Id<'acc'>): StoredGrant[] {
    return this.#grants(
      'WHERE grantee_id = ? AND implicit = 0 AND revoked_at IS NULL ORDER BY id',
      granteeId,
    );
  }

  /** Everything one person ever held, contracts and standing permissions, oldest first. */
  grantsOf(granteeId: Id<'acc'>): StoredGrant[] {
    return this.#grants('WHERE grantee_id = ? ORDER BY id', granteeId);
  }

  /** The standing permission of one person at this epoch, if it was made and not revoked. */
  standing(granteeId: Id<'acc'>, epoch: number): StoredGrant | null {
    const [grant] = this.#grants(
      'WHERE grantee_id = ? AND implicit = 1 AND epoch = ? AND revoked_at IS NULL ORDER BY id LIMIT 1',
      granteeId,
      epoch,
    );
    return grant ?? null;
  }

  /** Contracts, newest first. */
  contracts(before: Id<'grant'> | null, limit: number): StoredGrant[] {
    return this.#grants('WHERE implicit = 0 AND id < ? ORDER BY id DESC LIMIT ?', before ?? 'grant_~', limit);
  }

  /** Every contract that is not revoked. */
  unrevokedContracts(): StoredGrant[] {
    return this.#grants('WHERE implicit = 0 AND revoked_at IS NULL ORDER BY id');
  }

  insertGrant(grant: StoredGrant): void {
    this.#sql.exec(
      `INSERT INTO grants (id, grantee_id, purpose, implicit, epoch, uses, until, review_generation, review_publication, allow,
         revoked_at, created_at, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      grant.id,
      grant.granteeId,
      grant.purpose,
      grant.implicit ? 1 : 0,
      grant.epoch,
      grant.uses,
      grant.until,
      grant.reviewBeforeGeneration ? 1 : 0,
      grant.reviewBeforePublication ? 1 : 0,
      JSON.stringify(grant.allow),
      grant.revokedAt,
      grant.createdAt,
      grant.version,
    );
  }

  /** Grows the version of a contract whose uses changed or that was revoked (`at`: ISO 8601), and answers it as it is then. */
  touchGrant(id: Id<'grant'>, revokedAt: string | null = null): StoredGrant | null {
    this.#sql.exec(
      'UPDATE grants SET version = version + 1, revoked_at = COALESCE(revoked_at, ?) WHERE id = ?',
      revokedAt,
      id,
    );
    return this.grant(id);
  }

  /** Every standing permission ends; they have no projection to follow. `at`: ISO 8601. */
  revokeStandingGrants(at: string): void {
    this.#sql.exec(
      'UPDATE grants SET version = version + 1, revoked_at = ? WHERE revoked_at IS NULL AND implicit = 1',
      at,
    );
  }

  isRevoked(accountId: Id<'acc'>): boolean {
    return (
      this.#sql.exec('SELECT 1 FROM revoked_people WHERE account_id = ?', accountId).toArray().length > 0
    );
  }

  revokePerson(accountId: Id<'acc'>, at: string): void {
    this.#sql.exec('INSERT OR IGNORE INTO revoked_people (account_id, at) VALUES (?, ?)', accountId, at);
  }

  /** Contracts that are not revoked, and people who hold any unrevoked permission. */
  counts(): { contracts: number; holders: number } {
    return this.#sql
      .exec<{ contracts: number; holders: number }>(
        `SELECT COUNT(*) FILTER (WHERE implicit = 0) AS contracts, COUNT(DISTINCT grantee_id) AS holders
         FROM grants WHERE revoked_at IS NULL`,
      )
      .one();
  }

  #grants(where: string, ...values: SqlStorageValue[]): StoredGrant[] {
    return this.#sql
      .exec<GrantRow>(`${selectGrant} ${where}`, ...values)
      .toArray()
      .map(toGrant);
  }
}
