import { z } from 'zod';
import { regionSchema } from '../consent.ts';
import { frameSizeSchema } from '../engine.ts';
import { idSchema } from '../ids.ts';
import { accountSchema } from './accounts.ts';
import { handleSchema, isoTimeSchema, pageQuerySchema } from './common.ts';

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
    /** Made here by an engine, or brought from elsewhere. The label cannot be removed. */
    label: z.enum(['ai-generated', 'uploaded']),
    /** What a moderator found and says of it, where they decided to label it. */
    moderatorLabel: z.string().optional(),
    /** Whose likeness is in it. */
    cast: z.array(
      z.object({
        /** Null for a stand-in, here and below: whose place it took is told nobody. */
        account: accountSchema.nullable(),
        cameoId: idSchema('cam').nullable(),
        verification: z.enum(['demo', 'recording', 'recording-speech-unverified']).nullable(),
        /** A stand-in took somebody's place. */
        standIn: z.boolean(),
      }),
    ),
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

/** `POST /clips/:id/recast`: whose place stand-ins take. */
export const recastClipSchema = z.strictObject({ without: z.array(handleSchema).min(1).max(8) });

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
    /** The consent key it denies and the salt of its digest: with both, the public record can be tied to this clip or likeness. */
    key: z.string(),
    salt: z.string(),
    /** How each region that was serving learned of it. Empty: none was. */
    regions: z.array(
      z.object({ region: regionSchema, outcome: z.enum(['acknowledged', 'lease-expired']), ms: z.number() }),
    ),
    /** Milliseconds from the durable entry to this answer. */
    waitedMs: z.number(),
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
    /** Name of the log's shard; its checkpoint and tiles lie under `/revocations/<shard>/`. */
    shard: z.string(),
    /** The exact text the entry's hash and the Merkle leaf cover; the key is in it only as a salted digest. */
    leaf: z.string(),
    /** Inclusion in the signed tree (RFC 6962 hashes, C2SP tlog-checkpoint); hex, from leaf to root. */
    proof: z.object({ index: z.number().int(), hashes: z.array(z.string()), checkpoint: z.string() }),
  })
  .meta({ id: 'Revocation' });

/** What was erased after a deletion, store by store (K-20). */
export const erasureStores = [
  'rows',
  'objects',
  'feed',
  'embeddings',
  'fingerprints',
  'durable-credentials',
  'caches',
  'render-nodes',
  'evidence',
] as const;
export const erasureSchema = z
  .object({
    subject: z.union([idSchema('clip'), idSchema('cam')]),
    revocationId: idSchema('rev').nullable(),
    complete: z.boolean(),
    stores: z.array(
      z.object({
        store: z.enum(erasureStores),
        /** `held`: kept apart under a legal hold, and why. `none`: there was nothing. */
        status: z.enum(['pending', 'erased', 'held', 'none']),
        items: z.number().int(),
        at: isoTimeSchema.nullable(),
        detail: z.string(),
      }),
    ),
  })
  .meta({ id: 'Erasure' });
export type Erasure = z.infer<typeof erasureSchema>;

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
