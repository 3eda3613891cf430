/**
 * Messages on the `kinora-projections` queue: objects tell the relational side and the feed what they now are. Consumers apply
 * newer versions only, so redelivery and reordering are harmless.
 */
import { z } from 'zod';
import { consentKeySchema } from './consent.ts';
import { frameSizeSchema } from './engine.ts';
import { verifications } from './http/cameo.ts';
import { clipStatuses, visibilitySchema } from './http/clips.ts';
import { generationSchema } from './http/generations.ts';
import { uploadSchema } from './http/uploads.ts';
import { idSchema } from './ids.ts';
import { cameoLevelSchema, portraitSchema, ruleClassSchema } from './likeness.ts';

/** One likeness in a clip. Of a stand-in nothing is named: whose place it took is nobody's business any more. */
export const castProjectionSchema = z.object({
  accountId: idSchema('acc').nullable(),
  cameoId: idSchema('cam').nullable(),
  verification: z.enum(verifications).nullable(),
  standIn: z.boolean(),
});

export const clipProjectionSchema = z.object({
  kind: z.literal('clip'),
  version: z.number().int(),
  clip: z.object({
    id: idSchema('clip'),
    ownerId: idSchema('acc'),
    coOwnerIds: z.array(idSchema('acc')),
    status: z.enum(clipStatuses),
    visibility: visibilitySchema,
    caption: z.string(),
    prompt: z.string(),
    showPrompt: z.boolean(),
    summary: z.string(),
    engine: z.object({ name: z.string(), version: z.string(), model: z.string(), description: z.string() }),
    size: frameSizeSchema,
    durationMs: z.number().int(),
    hasCaptions: z.boolean(),
    color: z.string(),
    locked: z.boolean(),
    parentId: idSchema('clip').nullable(),
    parentHandle: z.string().nullable(),
    rootId: idSchema('clip'),
    depth: z.number().int(),
    keys: z.array(consentKeySchema),
    /** Keys it has of its own; the others it inherited. */
    ownKeys: z.array(consentKeySchema),
    cast: z.array(castProjectionSchema),
    createdAt: z.iso.datetime(),
    publishedAt: z.iso.datetime().nullable(),
  }),
});

export const generationProjectionSchema = z.object({
  kind: z.literal('generation'),
  version: z.number().int(),
  accountId: idSchema('acc'),
  generation: generationSchema,
});

/** What a search for people one may cast needs to know of a likeness. */
export const cameoProjectionSchema = z.object({
  kind: z.literal('cameo'),
  version: z.number().int(),
  cameo: z.object({
    accountId: idSchema('acc'),
    cameoId: idSchema('cam'),
    status: z.enum(['none', 'enrolled', 'revoked']),
    level: cameoLevelSchema,
    verification: z.enum(verifications).nullable(),
    portrait: portraitSchema.nullable(),
    reviewBeforePublication: z.boolean(),
    epoch: z.number().int(),
  }),
});

export const grantProjectionSchema = z.object({
  kind: z.literal('grant'),
  version: z.number().int(),
  grant: z.object({
    id: idSchema('grant'),
    cameoAccountId: idSchema('acc'),
    granteeId: idSchema('acc'),
    purpose: z.string(),
    uses: z.number().int().nullable(),
    used: z.number().int(),
    until: z.iso.datetime().nullable(),
    reviewBeforeGeneration: z.boolean(),
    reviewBeforePublication: z.boolean(),
    allow: z.array(ruleClassSchema),
    revoked: z.boolean(),
    createdAt: z.iso.datetime(),
  }),
});

export const uploadProjectionSchema = z.object({
  kind: z.literal('upload'),
  version: z.number().int(),
  ownerId: idSchema('acc'),
  upload: uploadSchema,
});

export const projectionSchema = z.discriminatedUnion('kind', [
  clipProjectionSchema,
  generationProjectionSchema,
  cameoProjectionSchema,
  grantProjectionSchema,
  uploadProjectionSchema,
]);
export type Projection = z.infer<typeof projectionSchema>;
export type ClipProjection = z.infer<typeof clipProjectionSchema>;
export type CameoProjection = z.infer<typeof cameoProjectionSchema>;
export type GrantProjection = z.infer<typeof grantProjectionSchema>;
export type UploadProjection = z.infer<typeof uploadProjectionSchema>;
export type GenerationProjection = z.infer<typeof generationProjectionSchema>;
