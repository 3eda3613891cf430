import { z } from 'zod';
import { dialogueLineSchema, engineCapabilitySchema, frameSizeSchema, soundCueSchema } from '../engine.ts';
import { errorCodes } from '../errors.ts';
import { idSchema } from '../ids.ts';
import { policyFindingSchema } from '../policy.ts';
import { renderStageSchema } from '../render.ts';
import { handleSchema, isoTimeSchema } from './common.ts';

export const generationStatuses = [
  'queued',
  'running',
  'finishing',
  'ready',
  'failed',
  'cancelled',
  'quarantined',
] as const;
export const generationStatusSchema = z.enum(generationStatuses);
export type GenerationStatus = z.infer<typeof generationStatusSchema>;

/** Final states: nothing changes after them. */
export function isFinal(status: GenerationStatus): boolean {
  return status === 'ready' || status === 'failed' || status === 'cancelled' || status === 'quarantined';
}

export const promptLimit = 2000;

export const createGenerationSchema = z.strictObject({
  prompt: z.string().trim().min(1, 'write a prompt first').max(promptLimit),
  seconds: z.number().min(2).max(20).default(10),
  size: frameSizeSchema.default('720x1280'),
  cameos: z.array(handleSchema).max(8).default([]),
  remixOf: idSchema('clip').optional(),
  /** Lines to be spoken; a bare string is a line without a speaker. */
  dialogue: z
    .array(
      z.union([
        dialogueLineSchema,
        z
          .string()
          .trim()
          .min(1)
          .max(240)
          .transform((text) => ({ text })),
      ]),
    )
    .max(8)
    .default([]),
  soundCues: z
    .array(
      z.union([
        soundCueSchema,
        z
          .string()
          .trim()
          .min(1)
          .max(80)
          .transform((sound) => ({ sound })),
      ]),
    )
    .max(16)
    .default([]),
  engine: z.string().max(32).default('sketch'),
  seed: z.number().int().min(0).max(0xffff_ffff).optional(),
});
export type CreateGeneration = z.infer<typeof createGenerationSchema>;
/** What a client may send: defaults are optional. */
export type CreateGenerationInput = z.input<typeof createGenerationSchema>;

export const generationSchema = z
  .object({
    id: idSchema('gen'),
    status: generationStatusSchema,
    stage: renderStageSchema,
    /** 0..1 over the whole job. */
    progress: z.number().min(0).max(1),
    /** Jobs ahead of this one; null once it runs. */
    queuePosition: z.number().int().nullable(),
    /** Seconds until it is ready, as estimated; null when unknown. */
    estimateSeconds: z.number().nullable(),
    clipId: idSchema('clip').optional(),
    error: z
      .object({
        code: z.enum(errorCodes),
        message: z.string(),
        /** Of `policy_refused`: stage, rule, version and where. */
        details: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
      })
      .optional(),
    /** Why the output policy asked for a person to look at the clip: it cannot be published until they have allowed it. */
    policy: z.object({ version: z.string(), findings: z.array(policyFindingSchema) }).optional(),
    prompt: z.string(),
    seconds: z.number(),
    size: frameSizeSchema,
    engine: z.string(),
    seed: z.number().int(),
    remixOf: idSchema('clip').optional(),
    credits: z.number().int(),
    attempt: z.number().int(),
    createdAt: isoTimeSchema,
    updatedAt: isoTimeSchema,
  })
  .meta({ id: 'Generation' });
export type Generation = z.infer<typeof generationSchema>;

/** Messages of `GET /api/v1/generations/:id/live` (WebSocket): the whole record at every change, at most ten a second. */
export const generationEventSchema = z.object({
  type: z.literal('generation'),
  generation: generationSchema,
});
export type GenerationEvent = z.infer<typeof generationEventSchema>;

/** `GET /api/v1/engines`. */
export const enginesSchema = z.object({ items: z.array(engineCapabilitySchema) }).meta({ id: 'Engines' });

/** `GET /api/v1/render/status`: the health page of the render nodes. */
export const renderStatusSchema = z
  .object({
    queued: z.number().int(),
    running: z.number().int(),
    deadLetters: z.number().int(),
    finishedLastHour: z.number().int(),
    failedLastHour: z.number().int(),
    /** Median seconds from lease to completion of the last 50 jobs; null before the first. */
    medianRenderSeconds: z.number().nullable(),
    nodes: z.array(
      z.object({
        id: z.string(),
        online: z.boolean(),
        lastSeenAt: isoTimeSchema,
        software: z.string(),
        engines: z.array(z.object({ name: z.string(), version: z.string() })),
        runningJobs: z.number().int(),
      }),
    ),
  })
  .meta({ id: 'RenderStatus' });
export type RenderStatus = z.infer<typeof renderStatusSchema>;
