/**
 * When a report takes a subject out of sight before anybody has looked (K-61), and when it does not, so that reporting is no switch that
 * turns off whatever somebody dislikes. Pure; called by whoever opens cases.
 */
import type { ReportReason } from '#schemas/moderation.ts';

/** What cannot wait: a person's likeness or body, and children. */
export const hidingReasons: readonly ReportReason[] = ['likeness', 'intimate', 'minor'];

export interface ReportBackground {
  /** Reasons of earlier cases about this subject that were dismissed. */
  readonly dismissedReasons: readonly ReportReason[];
  /** Share of the reporter's reports that were right, smoothed. */
  readonly reporterAccuracy: number;
  readonly reporterReports: number;
}

/** Somebody who was wrong this often has to be looked at first. */
const minReports = 5;
const minAccuracy = 0.2;

/** A person has looked at the same claim before, or the reporter is nearly always wrong: then it stays in sight until it is decided. */
export function mayHideOnReport(reason: ReportReason, background: ReportBackground): boolean {
  if (!hidingReasons.includes(reason)) return false;
  if (background.dismissedReasons.includes(reason)) return false;
  return background.reporterReports < minReports || background.reporterAccuracy >= minAccuracy;
}
