/**
 * Cases in D1: history, strikes and the public numbers. Invariant: rows are projections of ModerationCase objects and decide
 * nothing; what must be exact is asked of the case. Called by the desk's routes.
 */
import { and, count, desc, eq, gt, isNotNull, ne, or, type SQL, sql } from 'drizzle-orm';
import { strikeMs, strikesOf } from '#core/moderation/strikes.ts';
import { wilson } from '#core/moderation/wilson.ts';
import type { ModerationCase, ModerationNumbers } from '#schemas/http/moderation.ts';
import type { Id } from '#schemas/ids.ts';
import {
  type CaseAction,
  caseActionSchema,
  type SubjectKind,
  subjectKindSchema,
} from '#schemas/moderation.ts';
import { clips, comments, likes, moderationCases, reports } from '#schemas/tables.ts';
import type { Database } from './database.ts';

const historyLimit = 50;

type History = ModerationCase['history'];

const actionOf = (text: string | null): CaseAction | null => caseActionSchema.nullable().parse(text);

/** Other cases about this subject or its owner, newest first. */
export async function caseHistory(
  db: Database,
  caseId: Id<'case'>,
  subject: { readonly kind: SubjectKind; readonly id: string; readonly ownerId: Id<'acc'> | null },
): Promise<History> {
  const same = and(eq(moderationCases.subjectKind, subject.kind), eq(moderationCases.subjectId, subject.id));
  const rows = await db
    .select()
    .from(moderationCases)
    .where(
      and(
        ne(moderationCases.id, caseId),
        subject.ownerId === null ? same : or(same, eq(moderationCases.authorId, subject.ownerId)),
      ),
    )
    .orderBy(desc(moderationCases.id))
    .limit(historyLimit);
  return rows.map((row) => ({
    caseId: row.id,
    sameSubject: row.subjectKind === subject.kind && row.subjectId === subject.id,
    subjectKind: subjectKindSchema.parse(row.subjectKind),
    openedAt: row.openedAt,
    action: actionOf(row.action),
    policyId: row.policyId,
    decidedAt: row.decidedAt,
  }));
}

/** Points of decisions in force that have not lapsed. */
export async function strikesOfAccount(db: Database, accountId: Id<'acc'>, now: number): Promise<number> {
  const rows = await db
    .select({
      action: moderationCases.action,
      policyId: moderationCases.policyId,
      decidedAt: moderationCases.decidedAt,
    })
    .from(moderationCases)
    .where(
      and(
        eq(moderationCases.authorId, accountId),
        isNotNull(moderationCases.action),
        gt(moderationCases.decidedAt, new Date(now - strikeMs).toISOString()),
      ),
    );
  return strikesOf(
    rows.map(({ action, policyId, decidedAt }) => ({
      action: actionOf(action),
      policyId,
      decidedAt: Date.parse(decidedAt ?? ''),
    })),
    now,
  );
}

/** People a clip has reached as far as they did something: likes, comments and remixes. One round trip. */
export async function reachOfClip(db: Database, clipId: Id<'clip'>): Promise<number> {
  const of = (query: SQL) => sql<number>`(${query})`.mapWith(Number);
  const row = await db
    .select({
      likes: of(sql`select count(*) from ${likes} where ${likes.clipId} = ${clipId}`),
      comments: of(sql`select count(*) from ${comments} where ${comments.clipId} = ${clipId}`),
      remixes: of(sql`select count(*) from ${clips} where ${clips.parentId} = ${clipId}`),
    })
    .from(sql`(select 1)`)
    .get();
  return row === undefined ? 0 : row.likes + row.comments + row.remixes;
}

type Numbers = Omit<ModerationNumbers, 'policies' | 'logPublicKey'>;

/** The public numbers, in one batch. */
export async function moderationNumbers(db: Database): Promise<Numbers> {
  const cases = moderationCases;
  /** Nearest rank, in SQL, so that no case leaves the database. */
  const percentile = (share: number) =>
    sql<
      number | null
    >`(select (julianday(decided_at) - julianday(opened_at)) * 24 as hours from ${cases} where decided_at is not null
      order by hours limit 1
      offset (select cast(round((count(*) - 1) * ${share}) as integer) from ${cases} where decided_at is not null))`;
  const [totals, decisions, appeals, reported] = await db.batch([
    db
      .select({
        since: sql<string | null>`min(${cases.openedAt})`,
        opened: count(),
        open: sql<number>`coalesce(sum(${cases.status} = 'open'), 0)`.mapWith(Number),
        median: percentile(0.5),
        p95: percentile(0.95),
      })
      .from(cases),
    db
      .select({
        action: cases.action,
        policyId: cases.policyId,
        subjectKind: cases.subjectKind,
        count: count(),
      })
      .from(cases)
      .where(isNotNull(cases.action))
      .groupBy(cases.action, cases.policyId, cases.subjectKind),
    db
      .select({ status: cases.appealStatus, count: count() })
      .from(cases)
      .where(isNotNull(cases.appealStatus))
      .groupBy(cases.appealStatus),
    db.select({ count: sql<number>`count(distinct ${reports.caseId})`.mapWith(Number) }).from(reports),
  ]);
  const [total] = totals;
  const { since = null, opened = 0, open = 0, median = null, p95 = null } = total ?? {};
  const appealed = (status: string) => appeals.find((row) => row.status === status)?.count ?? 0;
  const [upheld, overturned, waiting] = [appealed('upheld'), appealed('overturned'), appealed('waiting')];
  const byReports = reported[0]?.count ?? 0;
  return {
    since,
    cases: { opened, open, decided: opened - open },
    decisions: decisions.map((row) => ({
      action: caseActionSchema.parse(row.action),
      policyId: row.policyId ?? '',
      subjectKind: subjectKindSchema.parse(row.subjectKind),
      count: row.count,
    })),
    sources: { reports: byReports, findings: Math.max(0, opened - byReports) },
    appeals: { made: upheld + overturned + waiting, waiting, upheld, overturned },
    overturnRate: wilson(overturned, upheld + overturned),
    hoursToDecision: { median, p95 },
  };
}
