/**
 * SQL of where a likeness was cast, and of the reviews asked for. A row begins as a reservation (`reserved`), which the Generation's first
 * report turns into an appearance and silence into `released`. Called by cameo-object.ts inside its transactions.
 */
import type { AppearanceRecord, CastPermit } from '#durable-objects/cameo/rpc.ts';
import type { GenerationStatus } from '#schemas/http/generations.ts';
import type { Id } from '#schemas/ids.ts';

export interface StoredAppearance {
  readonly generationId: Id<'gen'>;
  readonly clipId: Id<'clip'>;
  readonly makerId: Id<'acc'>;
  readonly makerHandle: string;
  readonly grantId: Id<'grant'> | null;
  readonly epoch: number;
  readonly status: GenerationStatus | 'reserved' | 'released';
  readonly withdrawn: boolean;
  readonly recastRequested: boolean;
  readonly permit: CastPermit;
  readonly createdAt: string;
  /** Milliseconds. */
  readonly reservedUntil: number;
}

export interface StoredReview {
  readonly id: Id<'rvw'>;
  readonly generationId: Id<'gen'>;
  readonly kind: 'before-generation' | 'before-publication';
  readonly decision: 'pending' | 'approved' | 'refused';
  /** Hex SHA-256 of what was to be agreed to; empty for a review before generation, whose texts never change. */
  readonly textsHash: string;
  readonly createdAt: string;
}

interface AppearanceRow extends Record<string, SqlStorageValue> {
  generation_id: string;
  clip_id: string;
  maker_id: string;
  maker_handle: string;
  grant_id: string | null;
  epoch: number;
  status: string;
  withdrawn: number;
  recast_requested: number;
  permit: string;
  created_at: string;
  reserved_until: number;
}

const unfinished = "status IN ('reserved', 'queued', 'running', 'finishing')";

function toAppearance(row: AppearanceRow): StoredAppearance {
  return {
    generationId: row.generation_id as Id<'gen'>,
    clipId: row.clip_id as Id<'clip'>,
    makerId: row.maker_id as Id<'acc'>,
    makerHandle: row.maker_handle,
    grantId: row.grant_id as Id<'grant'> | null,
    epoch: row.epoch,
    status: row.status as StoredAppearance['status'],
    withdrawn: row.withdrawn === 1,
    recastRequested: row.recast_requested === 1,
    permit: JSON.parse(row.permit) as CastPermit,
    createdAt: row.created_at,
    reservedUntil: row.reserved_until,
  };
}

export class AppearancesStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  get(generationId: Id<'gen'>): StoredAppearance | null {
    return this.#select('WHERE generation_id = ?', generationId)[0] ?? null;
  }

  /** Writes a reservation; one that was released before is taken up again. */
  reserve(row: StoredAppearance): void {
    this.#sql.exec(
      `INSERT INTO appearances (generation_id, clip_id, maker_id, maker_handle, grant_id, epoch, status, permit, created_at, reserved_until)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (generation_id) DO UPDATE SET grant_id = excluded.grant_id, epoch = excluded.epoch, status = excluded.status,
         permit = excluded.permit, reserved_until = excluded.reserved_until`,
      row.generationId,
      row.clipId,
      row.makerId,
      row.makerHandle,
      row.grantId,
      row.epoch,
      row.status,
      JSON.stringify(row.permit),
      row.createdAt,
      row.reservedUntil,
    );
  }

  setStatus(generationId: Id<'gen'>, status: StoredAppearance['status']): void {
    this.#sql.exec('UPDATE appearances SET status = ? WHERE generation_id = ?', status, generationId);
  }

  markWithdrawn(generationId: Id<'gen'>): void {
    this.#sql.exec('UPDATE appearances SET withdrawn = 1 WHERE generation_id = ?', generationId);
  }

  markRecastRequested(generationId: Id<'gen'>): void {
    this.#sql.exec('UPDATE appearances SET recast_requested = 1 WHERE generation_id = ?', generationId);
  }

  /** Who has made clips with this likeness, and how many; one of them by id. */
  clipsByMaker(filter: {
    readonly makerId?: Id<'acc'>;
    readonly grantId?: Id<'grant'>;
  }): { makerId: Id<'acc'>; clips: number; clipId: Id<'clip'> }[] {
    const rows = this.#sql.exec<{ maker_id: string; clips: number; clip_id: string }>(
      `SELECT maker_id, COUNT(DISTINCT clip_id) AS clips, MIN(clip_id) AS clip_id FROM appearances
       WHERE status = 'ready' AND maker_id = IFNULL(?, maker_id) AND (? IS NULL OR grant_id = ?)
       GROUP BY maker_id LIMIT 1000`,
      filter.makerId ?? null,
      filter.grantId ?? null,
      filter.grantId ?? null,
    );
    return rows.toArray().map(({ maker_id, clips, clip_id }) => ({
      makerId: maker_id as Id<'acc'>,
      clips,
      clipId: clip_id as Id<'clip'>,
    }));
  }

  /** Reservations nobody has opened in time, oldest first. */
  overdue(now: number, limit: number): StoredAppearance[] {
    return this.#select(
      "WHERE status = 'reserved' AND reserved_until <= ? ORDER BY reserved_until LIMIT ?",
      now,
      limit,
    );
  }

  nextReservationEnd(): number | null {
    return this.#sql
      .exec<{ at: number | null }>(
        "SELECT MIN(reserved_until) AS at FROM appearances WHERE status = 'reserved'",
      )
      .one().at;
  }

  /** Jobs that are reserved or being made and were not told to stop. */
  unfinished(scope: { readonly makerId?: Id<'acc'>; readonly clipId?: Id<'clip'> }): StoredAppearance[] {
    const { makerId, clipId } = scope;
    const open = `WHERE withdrawn = 0 AND ${unfinished}`;
    if (makerId !== undefined)
      return this.#select(`${open} AND maker_id = ? ORDER BY generation_id`, makerId);
    if (clipId !== undefined) return this.#select(`${open} AND clip_id = ? ORDER BY generation_id`, clipId);
    return this.#select(`${open} ORDER BY generation_id`);
  }

  /** The newest appearance in a clip: a recast makes a second one. */
  inClip(clipId: Id<'clip'>): StoredAppearance | null {
    const found = this.#select(
      "WHERE clip_id = ? AND status NOT IN ('reserved', 'released') ORDER BY generation_id DESC LIMIT 1",
      clipId,
    );
    return found[0] ?? null;
  }

  /** Newest first. */
  page(before: Id<'gen'> | null, limit: number): StoredAppearance[] {
    return this.#select(
      "WHERE generation_id < ? AND status NOT IN ('reserved', 'released') ORDER BY generation_id DESC LIMIT ?",
      before ?? 'gen_~',
      limit,
    );
  }

  /** The newest jobs this likeness was cast in. */
  newestGenerations(limit: number): Id<'gen'>[] {
    return this.#sql
      .exec<{ id: string }>(
        'SELECT generation_id AS id FROM appearances ORDER BY generation_id DESC LIMIT ?',
        limit,
      )
      .toArray()
      .map((row) => row.id as Id<'gen'>);
  }

  /** How many others have cast this likeness. */
  makers(exceptId: Id<'acc'>): number {
    return this.#sql
      .exec<{ n: number }>(
        "SELECT COUNT(DISTINCT maker_id) AS n FROM appearances WHERE maker_id <> ? AND status <> 'released'",
        exceptId,
      )
      .one().n;
  }

  review(id: Id<'rvw'>): StoredReview | null {
    return this.#reviews('WHERE id = ?', id)[0] ?? null;
  }

  /** Reviews of one job, oldest first. */
  reviewsOf(generationId: Id<'gen'>): StoredReview[] {
    return this.#reviews('WHERE generation_id = ? ORDER BY id', generationId);
  }

  insertReview(review: StoredReview): void {
    this.#sql.exec(
      'INSERT INTO reviews (id, generation_id, kind, decision, texts_hash, created_at) VALUES (?, ?, ?, ?, ?, ?)',
      review.id,
      review.generationId,
      review.kind,
      review.decision,
      review.textsHash,
      review.createdAt,
    );
  }

  updateReview(id: Id<'rvw'>, change: Pick<StoredReview, 'decision' | 'textsHash'>): void {
    this.#sql.exec(
      'UPDATE reviews SET decision = ?, texts_hash = ? WHERE id = ?',
      change.decision,
      change.textsHash,
      id,
    );
  }

  /** As others see it: of several reviews the one that waits, else the newest. */
  record(row: StoredAppearance): AppearanceRecord {
    const reviews = this.reviewsOf(row.generationId);
    const review = reviews.find(({ decision }) => decision === 'pending') ?? reviews.at(-1);
    return {
      generationId: row.generationId,
      clipId: row.clipId,
      makerId: row.makerId,
      grantId: row.grantId,
      epoch: row.epoch,
      status: row.status === 'reserved' || row.status === 'released' ? 'queued' : row.status,
      review: review === undefined ? null : { id: review.id, kind: review.kind, decision: review.decision },
      withdrawn: row.withdrawn,
      recastRequested: row.recastRequested,
      createdAt: row.createdAt,
    };
  }

  #select(where: string, ...values: SqlStorageValue[]): StoredAppearance[] {
    return this.#sql
      .exec<AppearanceRow>(`SELECT * FROM appearances ${where}`, ...values)
      .toArray()
      .map(toAppearance);
  }

  #reviews(where: string, ...values: SqlStorageValue[]): StoredReview[] {
    return this.#sql
      .exec<{
        id: string;
        generation_id: string;
        kind: string;
        decision: string;
        texts_hash: string;
        created_at: string;
      }>(`SELECT * FROM reviews ${where}`, ...values)
      .toArray()
      .map((row) => ({
        id: row.id as Id<'rvw'>,
        generationId: row.generation_id as Id<'gen'>,
        kind: row.kind as StoredReview['kind'],
        decision: row.decision as StoredReview['decision'],
        textsHash: row.texts_hash,
        createdAt: row.created_at,
      }));
  }
}
