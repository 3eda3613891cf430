/** Inbox: what happened to me and my likeness, newest first, and live (K-14). */
import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { decisionIdSchema } from '../moderation.ts';
import { accountSchema } from './accounts.ts';
import { isoTimeSchema } from './common.ts';

export const inboxKinds = [
  /** Somebody cast me: a job was admitted. */
  'cast',
  'cast-draft',
  'cast-published',
  'cast-failed',
  /** My decision is asked for. */
  'review-generation',
  'review-publication',
  /** My job or clip was approved or refused by a person in it. */
  'review-approved',
  'review-refused',
  'recast-requested',
  'recast-done',
  /** A clip of mine was stopped by somebody in it. */
  'clip-stopped',
  'clip-locked',
  'grant-given',
  'grant-revoked',
  'enrolment-accepted',
  'enrolment-refused',
  'enrolment-review',
  'erasure-done',
  /** What became of something I reported. */
  'report-outcome',
  /** A decision about something of mine; its statement of reasons is at `GET /api/v1/moderation/decisions/:id`. */
  'decision',
  'appeal-outcome',
] as const;
export const inboxKindSchema = z.enum(inboxKinds);
export type InboxKind = z.infer<typeof inboxKindSchema>;

export const inboxItemSchema = z
  .object({
    id: idSchema('ntf'),
    kind: inboxKindSchema,
    /** Who caused it; null when it was the system or when the person may not be named. */
    actor: accountSchema.nullable(),
    clipId: idSchema('clip').nullable(),
    generationId: idSchema('gen').nullable(),
    grantId: idSchema('grant').nullable(),
    reviewId: idSchema('rvw').nullable(),
    /** Of `decision` and `appeal-outcome`. */
    decisionId: decisionIdSchema.optional(),
    /** One sentence, already without what must not be said. */
    text: z.string(),
    createdAt: isoTimeSchema,
    readAt: isoTimeSchema.nullable(),
  })
  .meta({ id: 'InboxItem' });
export type InboxItem = z.infer<typeof inboxItemSchema>;

export const inboxSchema = z
  .object({ items: z.array(inboxItemSchema), nextCursor: z.string().nullable(), unread: z.number().int() })
  .meta({ id: 'Inbox' });

/** Marks these as read, or everything up to now. */
export const markReadSchema = z.strictObject({
  ids: z.union([z.literal('all'), z.array(idSchema('ntf')).min(1).max(100)]),
});
export const unreadSchema = z.object({ unread: z.number().int() });

/**
 * Messages of `GET /api/v1/inbox/live` (WebSocket): how many are unread, on connect and whenever something came or was read. What
 * came is fetched with `GET /api/v1/inbox`.
 */
export const inboxEventSchema = z.object({ type: z.literal('unread'), unread: z.number().int() });
export type InboxEvent = z.infer<typeof inboxEventSchema>;
