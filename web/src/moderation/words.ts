/** The desk in words. Pure: no signals, no network. */

import type { CaseEvent } from '#schemas/case-log.ts';
import type { ModerationCase } from '#schemas/http/moderation.ts';
import type { CaseAction, HarmClass, ReportReason } from '#schemas/moderation.ts';

export const actionWords = {
  allow: { verb: 'Allow', done: 'Allowed', meaning: 'No restriction. Whoever reported it is told.' },
  label: { verb: 'Label', done: 'Labelled', meaning: 'Stays, with a label everybody sees.' },
  demote: { verb: 'Take off lists', done: 'Taken off lists', meaning: 'Whoever has the link may watch.' },
  remove: { verb: 'Remove', done: 'Removed', meaning: 'Nobody is served it any more.' },
  refuse: { verb: 'Refuse', done: 'Refused', meaning: 'It does not become a clip or a likeness.' },
} as const satisfies Record<CaseAction, { verb: string; done: string; meaning: string }>;

export const reasonWords = {
  likeness: 'a likeness without consent',
  intimate: 'an intimate image',
  minor: 'the safety of a child',
  violence: 'violence',
  hate: 'hate',
  copyright: 'copyright',
  spam: 'spam',
  other: 'something else',
} as const satisfies Record<ReportReason, string>;

export const harmWords = {
  minor: 'children',
  sexual: 'sexual content',
  violence: 'violence',
  hate: 'hate',
  none: 'everything else',
} as const satisfies Record<HarmClass, string>;

const subjectWords = {
  clip: 'Clip',
  upload: 'Upload',
  generation: 'Job',
  enrolment: 'Enrolment',
  account: 'Account',
  comment: 'Comment',
} as const;

/** What a case is about, in a few words. */
export function subjectOf(found: Pick<ModerationCase, 'subject'>): string {
  const { kind, owner } = found.subject;
  return owner ? `${subjectWords[kind]} by @${owner.handle}` : subjectWords[kind];
}

/** What the facts of a statement begin with: what was reported or found, without naming who reported. */
export function openingFacts(found: Pick<ModerationCase, 'reports' | 'findings'>): string {
  const reasons = [...new Set(found.reports.map(({ reason }) => reasonWords[reason]))];
  const reported = reasons.length > 0 ? [`It was reported for ${reasons.join(' and ')}.`] : [];
  return [...reported, ...new Set(found.findings.slice(0, 3).map(({ explanation }) => explanation))].join(
    ' ',
  );
}

/** One event of the log as a line; null for those that only keep the books. */
export function eventLine(event: CaseEvent): string | null {
  switch (event.type) {
    case 'opened':
      return 'The case was opened.';
    case 'cause-added':
      return event.data.cause.kind === 'report' ? 'It was reported again.' : 'Something more was found.';
    case 'hidden':
      return 'It was hidden until somebody has looked.';
    case 'claimed':
      return event.data.for === 'appeal' ? 'Somebody took the appeal.' : 'A moderator took it.';
    case 'claim-released':
      return 'It was given back.';
    case 'claim-expired':
      return 'A claim ran out.';
    case 'evidence-viewed':
      return `Seen unfiltered for ${Math.round(event.data.seconds)} s.`;
    case 'decided':
      return `${actionWords[event.data.action.kind].done} under “${event.data.policyId}”.`;
    case 'undone':
      return 'The decision was taken back.';
    case 'effects-applied':
      return 'It took effect.';
    case 'author-told':
      return 'Whoever made it was told.';
    case 'appealed':
      return 'Whoever made it appealed.';
    case 'appeal-decided':
      return event.data.outcome === 'overturned' ? 'The appeal was granted.' : 'The appeal was turned down.';
    case 'restored':
      return 'Everything that followed was taken back.';
    case 'reporter-told':
      return 'Whoever reported it was told.';
    case 'claim-renewed':
    case 'media-served':
      return null;
  }
}

/** Seconds as `1 min 05 s`, for what is left of the day’s viewing. */
export function spanWords(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}
