/** What an item of the inbox is about, as an icon and the place it leads to. Pure. */
import type { InboxItem, InboxKind } from '#schemas/http/inbox.ts';
import type { IconName } from '../ui/icons.tsx';

export type Tone = 'plain' | 'ask' | 'good' | 'bad';

export const kinds: Readonly<Record<InboxKind, readonly [IconName, Tone]>> = {
  cast: ['user', 'plain'],
  'cast-draft': ['drafts', 'plain'],
  'cast-published': ['watch', 'plain'],
  'cast-failed': ['close', 'plain'],
  'review-generation': ['speech', 'ask'],
  'review-publication': ['speech', 'ask'],
  'review-approved': ['check', 'good'],
  'review-refused': ['close', 'bad'],
  'recast-requested': ['remix', 'ask'],
  'recast-done': ['remix', 'good'],
  'clip-stopped': ['eyeOff', 'bad'],
  'clip-locked': ['lock', 'plain'],
  'grant-given': ['key', 'good'],
  'grant-revoked': ['key', 'bad'],
  'enrolment-accepted': ['check', 'good'],
  'enrolment-refused': ['alert', 'bad'],
  'enrolment-review': ['node', 'plain'],
  'erasure-done': ['trash', 'plain'],
  'report-outcome': ['flag', 'plain'],
  decision: ['book', 'bad'],
  'appeal-outcome': ['book', 'plain'],
};

/** Where an item leads: to the decision that is asked for, to the clip, to the job, or to the contract. */
export function placeOf(
  item: Pick<InboxItem, 'kind' | 'clipId' | 'generationId' | 'actor' | 'decisionId'>,
): string {
  const clip = item.clipId ? `/clip/${item.clipId}` : null;
  const job = item.generationId ? `/create/${item.generationId}` : null;
  switch (item.kind) {
    case 'cast':
    case 'cast-draft':
    case 'cast-failed':
    case 'review-generation':
    case 'review-publication':
      return item.generationId ? `/cameo/appearances#${item.generationId}` : '/cameo/appearances';
    case 'cast-published':
      return clip ?? '/cameo/appearances';
    case 'review-approved':
    case 'review-refused':
      return job ?? clip ?? '/drafts';
    case 'recast-requested':
      return clip
        ? item.actor
          ? `${clip}?recast=${encodeURIComponent(item.actor.handle)}`
          : clip
        : '/drafts';
    case 'recast-done':
    case 'clip-stopped':
    case 'clip-locked':
    case 'erasure-done':
      return clip ?? job ?? '/cameo/appearances';
    case 'report-outcome':
      return clip ?? '/transparency';
    case 'decision':
    case 'appeal-outcome':
      return item.decisionId ? `/decisions/${item.decisionId}` : '/inbox';
    case 'grant-given':
      return '/create';
    case 'grant-revoked':
    case 'enrolment-accepted':
    case 'enrolment-review':
      return '/cameo';
    case 'enrolment-refused':
      return '/cameo/enrol';
  }
}
