/** The moderators' desk, what authors and reporters hear of it, and its public numbers. */
import type { Api } from '../index.ts';
import { claimCase, releaseCase } from './claims.ts';
import { decideCase, previewStatement, undoDecision } from './decide.ts';
import { appealDecision, getDecision } from './decisions.ts';
import { reportExposure } from './exposure.ts';
import { getCaseMedia } from './media.ts';
import { getModerationNumbers } from './numbers.ts';
import { getModerationQueue } from './queue.ts';
import { getCase, getCaseLog } from './read-case.ts';
import { getReportStatus } from './report-status.ts';

export function registerModerationRoutes(app: Api): void {
  for (const router of [
    getModerationQueue,
    claimCase,
    releaseCase,
    getCase,
    getCaseLog,
    previewStatement,
    decideCase,
    undoDecision,
    reportExposure,
    getCaseMedia,
    getDecision,
    appealDecision,
    getModerationNumbers,
    getReportStatus,
  ]) {
    app.route('/', router);
  }
}
