/** Reports in D1. Invariant: the case has a report before its row is written, so a row never waits for nobody. Called by the report route. */
import type { Id } from '#schemas/ids.ts';
import type { ReportReason } from '#schemas/moderation.ts';
import { reports } from '#schemas/tables.ts';
import type { Database } from './database.ts';

export async function insertReport(
  db: Database,
  report: {
    readonly id: Id<'rep'>;
    readonly clipId: Id<'clip'>;
    readonly reporterId: Id<'acc'> | null;
    readonly reason: ReportReason;
    readonly details: string;
    readonly createdAt: string;
    readonly tokenHash: string;
    readonly caseId: Id<'case'>;
  },
): Promise<void> {
  await db.insert(reports).values(report);
}
