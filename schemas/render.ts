/**
 * The render protocol: node → edge only, so nodes need no open port. Every request is signed with the node's Ed25519 key as
 * an RFC 9421 HTTP message signature (see `renderSignature`); uploads carry their SHA-256, which R2 checks as it stores.
 *
 *   POST /render/v1/lease                                LeaseRequest      → 200 LeasedJob | 204
 *   POST /render/v1/jobs/:jobId/heartbeat                Heartbeat         → 200 HeartbeatReply
 *   PUT  /render/v1/jobs/:jobId/output/:file?fence=N     bytes             → 200 UploadReply
 *   POST /render/v1/jobs/:jobId/complete                 Completion        → 200 {}
 *   POST /render/v1/jobs/:jobId/fail                     Failure           → 200 {}
 *   POST /render/v1/erasures                             Erasures          → 200 ErasuresReply
 */
import { z } from 'zod';
import { engineCapabilitySchema, renderSpecSchema } from './engine.ts';
import { idSchema } from './ids.ts';
import { embeddingLength } from './likeness.ts';
import { policyFindingsSchema } from './policy.ts';
import { watermarkIdSchema } from './provenance.ts';

/** Parameters both sides of the message signature agree on. */
export const renderSignature = {
  label: 'kinora-node',
  components: ['@method', '@path', '@query', 'content-digest'],
  algorithm: 'ed25519',
  maxAgeSeconds: 60,
  clockSkewSeconds: 10,
} as const;

/** What a job is doing, in order. `waiting` … `uploading` happen before the edge has the bytes, the rest after. */
export const renderStages = [
  'waiting',
  'reading',
  'simulating',
  'drawing',
  'encoding',
  'uploading',
  'checking',
  'signing',
  'delivering',
  'done',
] as const;
export const renderStageSchema = z.enum(renderStages);
export type RenderStage = z.infer<typeof renderStageSchema>;

export const outputFiles = {
  'video.mp4': { mediaType: 'video/mp4', maxBytes: 64 * 1024 * 1024 },
  'poster.jpg': { mediaType: 'image/jpeg', maxBytes: 2 * 1024 * 1024 },
  'captions.vtt': { mediaType: 'text/vtt; charset=utf-8', maxBytes: 64 * 1024 },
  /** `fingerprintsSchema` of what was encoded. */
  'fingerprints.json': { mediaType: 'application/json', maxBytes: 1024 * 1024 },
} as const;
export const outputFileSchema = z.enum(['video.mp4', 'poster.jpg', 'captions.vtt', 'fingerprints.json']);
export type OutputFile = z.infer<typeof outputFileSchema>;

/** A lease's fencing token: grows with every lease of the same job, so a late node can always be told from the current one. */
export const fenceSchema = z.number().int().positive();

export const leaseRequestSchema = z.object({
  engines: z.array(engineCapabilitySchema).min(1).max(16),
  /** How long the edge may hold the request open, milliseconds. */
  waitMs: z.number().int().min(0).max(25_000).default(20_000),
  software: z.string().max(64).default(''),
});
export type LeaseRequest = z.infer<typeof leaseRequestSchema>;

/** What to weave into the picture. The key is handed out with a lease and kept nowhere on a node. */
export const watermarkOrderSchema = z.object({ id: watermarkIdSchema, key: z.string().max(64) });

export const leasedJobSchema = z.object({
  jobId: idSchema('gen'),
  fence: fenceSchema,
  attempt: z.number().int().positive(),
  spec: renderSpecSchema,
  watermark: watermarkOrderSchema,
  /** ISO 8601; heartbeat before then or the job is leased again. */
  leaseExpiresAt: z.iso.datetime(),
  heartbeatEveryMs: z.number().int().positive(),
});
export type LeasedJob = z.infer<typeof leasedJobSchema>;

export const heartbeatSchema = z.object({
  fence: fenceSchema,
  stage: renderStageSchema,
  /** Overall progress 0..1. */
  progress: z.number().min(0).max(1),
});
export type Heartbeat = z.infer<typeof heartbeatSchema>;

export const heartbeatReplySchema = z.object({
  directive: z.enum(['continue', 'cancel']),
  leaseExpiresAt: z.iso.datetime(),
});
export type HeartbeatReply = z.infer<typeof heartbeatReplySchema>;

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);
export const storedFileSchema = z.object({ sha256: sha256Schema, size: z.number().int().positive() });
export type StoredFile = z.infer<typeof storedFileSchema>;

/** What the node claims about its output. The edge checks the bytes itself before anything becomes a draft. */
export const renderOutputSchema = z.object({
  files: z.object({
    'video.mp4': storedFileSchema,
    'poster.jpg': storedFileSchema,
    'captions.vtt': storedFileSchema.optional(),
    'fingerprints.json': storedFileSchema,
  }),
  /** The invisible mark that was woven in. */
  watermarkId: watermarkIdSchema,
  /** What the output policy of the node saw (K-60); the edge decides. */
  policy: policyFindingsSchema,
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  durationMs: z.number().int().positive(),
  engine: z.object({ name: z.string().max(32), version: z.string().max(32), model: z.string().max(64) }),
  summary: z.string().max(500),
  /** Integrated loudness after finishing, LUFS (ITU-R BS.1770). */
  loudness: z.number(),
  /** Average colour of the poster, `#rrggbb`: the placeholder while it loads. */
  color: z.string().regex(/^#[0-9a-f]{6}$/),
});
export type RenderOutput = z.infer<typeof renderOutputSchema>;

/** A face seen in what was made. Compared at the edge with whoever is enrolled, and kept nowhere. */
export const seenFaceSchema = z.object({
  /** Seconds into the clip. */
  at: z.number().min(0),
  embedding: z.array(z.number()).length(embeddingLength),
});
export type SeenFace = z.infer<typeof seenFaceSchema>;

export const completionSchema = z.object({
  fence: fenceSchema,
  output: renderOutputSchema,
  /** Only of engines that may see likenesses (`biometricsAllowed`). */
  faces: z.array(seenFaceSchema).max(8).default([]),
});
export type Completion = z.infer<typeof completionSchema>;

/** Why a node gave up. `retryable` decides whether another attempt is made. */
export const renderFailureCodes = [
  'engine_failed',
  'engine_refused',
  'output_invalid',
  'audio_missing',
  'node_shutdown',
  'out_of_resources',
] as const;
export const failureSchema = z.object({
  fence: fenceSchema,
  code: z.enum(renderFailureCodes),
  message: z.string().max(300),
  retryable: z.boolean(),
});
export type Failure = z.infer<typeof failureSchema>;

/** What is left of deleted clips on a node (K-20): it says what it has erased and learns what it has to; asked every few seconds. */
export const erasuresSchema = z.object({ erased: z.array(idSchema('gen')).max(100) });
export type Erasures = z.infer<typeof erasuresSchema>;
export const erasuresReplySchema = z.object({ erase: z.array(idSchema('gen')).max(100) });
export type ErasuresReply = z.infer<typeof erasuresReplySchema>;
