import { z } from 'zod';
import { frameSizeSchema } from '../engine.ts';
import { idSchema } from '../ids.ts';
import { accountSchema } from './accounts.ts';
import { isoTimeSchema, pageQuerySchema } from './common.ts';

export const visibilities = ['public', 'unlisted', 'private'] as const;
export const visibilitySchema = z.enum(visibilities);
export type Visibility = z.infer<typeof visibilitySchema>;

export const clipStatuses = ['draft', 'published', 'withdrawn'] as const;
export type ClipStatus = (typeof clipStatuses)[number];

/** A clip as the asking person may see it. */
export const clipSchema = z
  .object({
    id: idSchema('clip'),
    status: z.enum(clipStatuses),
    visibility: visibilitySchema,
    owner: accountSchema,
    caption: z.string(),
    /** Shown to owner and co-owners always, to others only if the owner made it public when publishing. */
    prompt: z.string().nullable(),
    /** How the engine understood the prompt, in one sentence. */
    summary: z.string(),
    engine: z.object({ name: z.string(), version: z.string(), model: z.string(), description: z.string() }),
    size: frameSizeSchema,
    durationMs: z.number().int(),
    hasCaptions: z.boolean(),
    /** Average colour of the poster, `#rrggbb`. */
    color: z.string(),
    locked: z.boolean(),
    remixable: z.boolean(),
    parent: z.object({ id: idSchema('clip'), handle: z.string(), available: z.boolean() }).nullable(),
    depth: z.number().int(),
    /** Every clip here is machine-made; the label cannot be removed. */
    label: z.literal('ai-generated'),
    counts: z.object({ likes: z.number().int(), comments: z.number().int(), remixes: z.number().int() }),
    viewer: z.object({
      liked: z.boolean(),
      isOwner: z.boolean(),
      isCoOwner: z.boolean(),
      followsOwner: z.boolean(),
    }),
    media: z.object({
      video: z.string(),
      poster: z.string(),
      manifest: z.string(),
      captions: z.string().nullable(),
    }),
    createdAt: isoTimeSchema,
    publishedAt: isoTimeSchema.nullable(),
  })
  .meta({ id: 'Clip' });
export type Clip = z.infer<typeof clipSchema>;

export const captionLimit = 300;

export const publishClipSchema = z.strictObject({
  caption: z.string().trim().max(captionLimit).default(''),
  visibility: visibilitySchema.default('public'),
  /** The prompt is hidden unless the creator shows it. */
  showPrompt: z.boolean().default(false),
});
export type PublishClip = z.infer<typeof publishClipSchema>;
export type PublishClipInput = z.input<typeof publishClipSchema>;

/** Answer to a deletion: the revocation it made, and what has stopped. */
export const receiptSchema = z
  .object({
    id: idSchema('rev'),
    clipId: idSchema('clip').optional(),
    /** Place in the consent log. */
    position: z.number().int(),
    denies: z.array(z.enum(['serve', 'list', 'remix', 'download', 'cast'])),
    revokedAt: isoTimeSchema,
    /** Hash of the log entry, hex SHA-256: check it against `GET /revocations/:id`. */
    hash: z.string(),
    url: z.string(),
  })
  .meta({ id: 'Receipt' });
export type ReceiptBody = z.infer<typeof receiptSchema>;

/** The public record of a revocation: says that and when, never who. */
export const revocationRecordSchema = z
  .object({
    id: idSchema('rev'),
    position: z.number().int(),
    denies: receiptSchema.shape.denies,
    revokedAt: isoTimeSchema,
    lifted: z.boolean(),
    hash: z.string(),
    previousHash: z.string(),
  })
  .meta({ id: 'Revocation' });

/**
 * Where a manifest points: `GET /revocations/clip_…` answers whether the clip is still served; `GET /revocations/rev_…` one entry.
 */
export const clipConsentSchema = z
  .object({ clipId: idSchema('clip'), revoked: z.boolean(), revocation: revocationRecordSchema.nullable() })
  .meta({ id: 'ClipConsent' });

export const lineageSchema = z
  .object({
    clipId: idSchema('clip'),
    ancestors: z.array(clipSchema),
    remixes: z.array(clipSchema),
  })
  .meta({ id: 'Lineage' });

export const commentSchema = z
  .object({
    id: idSchema('cmt'),
    author: accountSchema,
    text: z.string(),
    createdAt: isoTimeSchema,
    mine: z.boolean(),
  })
  .meta({ id: 'Comment' });
export type Comment = z.infer<typeof commentSchema>;
export const createCommentSchema = z.strictObject({ text: z.string().trim().min(1).max(500) });

export const reportReasons = [
  'likeness',
  'intimate',
  'minor',
  'violence',
  'hate',
  'copyright',
  'spam',
  'other',
] as const;
export const createReportSchema = z.strictObject({
  reason: z.enum(reportReasons),
  details: z.string().trim().max(1000).default(''),
});

export const signalTypes = ['impression', 'view', 'finish', 'share', 'open-composer', 'see-less'] as const;
export const createSignalSchema = z.strictObject({
  type: z.enum(signalTypes),
  requestId: z.string().max(64).optional(),
});

export const feedModes = ['discover', 'following', 'recent'] as const;
export const feedModeSchema = z.enum(feedModes);
export type FeedMode = z.infer<typeof feedModeSchema>;
export const feedQuerySchema = pageQuerySchema.extend({
  mode: feedModeSchema.default('discover'),
  limit: z.coerce.number().int().min(1).max(50).default(10),
});
export const feedSchema = z
  .object({
    items: z.array(
      clipSchema.extend({ why: z.string().meta({ description: 'Why this clip is here, in a few words.' }) }),
    ),
    nextCursor: z.string().nullable(),
    /** Named in every signal about these items. */
    requestId: z.string(),
  })
  .meta({ id: 'Feed' });
export type Feed = z.infer<typeof feedSchema>;
export type FeedItem = Feed['items'][number];
