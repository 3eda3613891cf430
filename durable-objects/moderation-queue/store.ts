/**
 * SQL of the ModerationQueue object. Invariant: a row of a case is replaced by newer events only. Every method is one statement or two;
 * the object groups them in transactions.
 */
import type { Id } from '#schemas/ids.ts';
import type { HarmClass, ReportReason, SubjectKind } from '#schemas/moderation.ts';
import type { QueueEntry } from './rpc.ts';

interface Subject {
  readonly kind: SubjectKind;
  readonly id: string;
}

export class QueueStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** The oldest case about a subject that is not decided, as far as the queue knows. */
  openCase({ kind, id }: Subject, except: Id<'case'> | undefined): Id<'case'> | null {
    const [row] = this.#sql
      .exec<{ case_id: string }>(
        `SELECT case_id FROM cases WHERE subject_kind = ? AND subject_id = ? AND status IN ('assigned', 'open') AND case_id <> ?
         ORDER BY case_id LIMIT 1`,
        kind,
        id,
        except ?? '',
      )
      .toArray();
    return row === undefined ? null : (row.case_id as Id<'case'>);
  }

  /** A place for a case that is about to be opened. */
  assign(caseId: Id<'case'>, { kind, id }: Subject): void {
    this.#sql.exec(
      "INSERT INTO cases (case_id, subject_kind, subject_id, status, seq) VALUES (?, ?, ?, 'assigned', 0)",
      caseId,
      kind,
      id,
    );
  }

  /** Newest first. */
  casesAbout({ kind, id }: Subject, limit: number): { caseId: Id<'case'>; entry: QueueEntry | null }[] {
    return this.#sql
      .exec<{ case_id: string; entry: string | null }>(
        'SELECT case_id, entry FROM cases WHERE subject_kind = ? AND subject_id = ? ORDER BY case_id DESC LIMIT ?',
        kind,
        id,
        limit,
      )
      .toArray()
      .map((row) => ({
        caseId: row.case_id as Id<'case'>,
        entry: row.entry === null ? null : (JSON.parse(row.entry) as QueueEntry),
      }));
  }

  /** Reasons that were dismissed before. */
  dismissedReasons(subject: Subject): ReportReason[] {
    const reasons = this.casesAbout(subject, 50).flatMap(({ entry }) =>
      entry?.action === 'allow' ? entry.reasons : [],
    );
    return [...new Set(reasons)];
  }

  /** False if what is stored is as new. */
  put(entry: QueueEntry): boolean {
    const rows = this.#sql
      .exec(
        `INSERT INTO cases (case_id, subject_kind, subject_id, status, seq, entry) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (case_id) DO UPDATE SET status = excluded.status, seq = excluded.seq, entry = excluded.entry
         WHERE excluded.seq > cases.seq RETURNING seq`,
        entry.caseId,
        entry.subjectKind,
        entry.subjectId,
        entry.status,
        entry.seq,
        JSON.stringify(entry),
      )
      .toArray();
    return rows.length > 0;
  }

  waiting(): QueueEntry[] {
    return this.#sql
      .exec<{ entry: string }>(
        "SELECT entry FROM cases WHERE status IN ('open', 'appealed') AND entry IS NOT NULL",
      )
      .toArray()
      .map(({ entry }) => JSON.parse(entry) as QueueEntry);
  }

  entry(caseId: Id<'case'>): QueueEntry | null {
    const [row] = this.#sql
      .exec<{ entry: string | null }>('SELECT entry FROM cases WHERE case_id = ?', caseId)
      .toArray();
    return row?.entry == null ? null : (JSON.parse(row.entry) as QueueEntry);
  }

  judge(caseId: Id<'case'>, seq: number, reporterId: Id<'acc'>, right: boolean): void {
    this.#sql.exec(
      `INSERT INTO judgements (case_id, reporter_id, was_right, seq) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET was_right = excluded.was_right, seq = excluded.seq WHERE excluded.seq > judgements.seq`,
      caseId,
      reporterId,
      right ? 1 : 0,
      seq,
    );
  }

  /** Reports of one account that were decided, by case. */
  reporter(id: Id<'acc'>): { right: number; decided: number } {
    return this.#sql
      .exec<{ right: number; decided: number }>(
        'SELECT COALESCE(SUM(was_right), 0) AS right, COUNT(*) AS decided FROM judgements WHERE reporter_id = ?',
        id,
      )
      .one();
  }

  skip(moderatorId: Id<'acc'>, caseId: Id<'case'>, now: number): void {
    this.#sql.exec(
      'INSERT OR REPLACE INTO skips (moderator_id, case_id, at) VALUES (?, ?, ?)',
      moderatorId,
      caseId,
      now,
    );
  }

  skipsOf(moderatorId: Id<'acc'>): Map<Id<'case'>, number> {
    const rows = this.#sql
      .exec<{ case_id: string; at: number }>(
        'SELECT case_id, at FROM skips WHERE moderator_id = ?',
        moderatorId,
      )
      .toArray();
    return new Map(rows.map(({ case_id, at }) => [case_id as Id<'case'>, at]));
  }

  forgetSkips(caseId: Id<'case'>): void {
    this.#sql.exec('DELETE FROM skips WHERE case_id = ?', caseId);
  }

  addExposure(moderatorId: Id<'acc'>, day: string, harmClass: HarmClass, seconds: number): void {
    this.#sql.exec(
      `INSERT INTO exposure (moderator_id, day, harm_class, seconds) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET seconds = exposure.seconds + excluded.seconds`,
      moderatorId,
      day,
      harmClass,
      seconds,
    );
  }

  exposure(moderatorId: Id<'acc'>, day: string): Map<HarmClass, number> {
    const rows = this.#sql
      .exec<{ harm_class: string; seconds: number }>(
        'SELECT harm_class, seconds FROM exposure WHERE moderator_id = ? AND day = ?',
        moderatorId,
        day,
      )
      .toArray();
    return new Map(rows.map(({ harm_class, seconds }) => [harm_class as HarmClass, seconds]));
  }
}
