/**
 * Messages on the `kinora-projections` queue: objects tell the relational side and the feed what they now are. Consumers apply
 * newer versions only, so redelivery and reordering are harmless.
 */
import { z } from 'zod';
import { consentKeySchema } from './consent.ts';
import { frameSizeSchema } from './engine.ts';
import { clipStatuses, visibilitySchema } from './http/clips.ts';
import { generationSchema } from './http/generations.ts';
import { idSchema } from './ids.ts';

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

/** Objects to erase from R2 after a withdrawal. */
export const eraseProjectionSchema = z.object({
  kind: z.literal('erase'),
  clipId: idSchema('clip'),
  objectKeys: z.array(z.string()),
});

export const projectionSchema = z.discriminatedUnion('kind', [
  clipProjectionSchema,
  generationProjectionSchema,
  eraseProjectionSchema,
]);
export type Projection = z.infer<typeof projectionSchema>;
export type ClipProjection = z.infer<typeof clipProjectionSchema>;
export type GenerationProjection = z.infer<typeof generationProjectionSchema>;
