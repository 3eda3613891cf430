/**
 * Inspections: a render node looks at media people sent and reports what it saw; it decides nothing. Same node authentication as
 * the render protocol (schemas/render.ts).
 *
 *   POST /render/v1/inspections/lease              InspectionLeaseRequest → 200 LeasedInspection | 204 (long poll)
 *   GET  /render/v1/inspections/:id/media?fence=N                        → 200 bytes (the node deletes them when it has reported)
 *   PUT  /render/v1/inspections/:id/portrait?fence=N   image/jpeg        → 200 {}
 *   POST /render/v1/inspections/:id/complete       InspectionCompletion   → 200 {}
 *   POST /render/v1/inspections/:id/fail           InspectionFailure      → 200 {}
 */
import { z } from 'zod';
import { challengeSchema, enrolmentCheckSchema } from './http/cameo.ts';
import { idSchema } from './ids.ts';
import { voiceSchema } from './likeness.ts';
import { fenceSchema, storedFileSchema } from './render.ts';

export const inspectionKinds = ['enrolment'] as const;

export const inspectionLeaseRequestSchema = z.object({
  kinds: z.array(z.enum(inspectionKinds)).min(1),
  waitMs: z.number().int().min(0).max(25_000).default(20_000),
  software: z.string().max(64).default(''),
});
export type InspectionLeaseRequest = z.infer<typeof inspectionLeaseRequestSchema>;

export const leasedInspectionSchema = z.object({
  inspectionId: idSchema('enr'),
  kind: z.enum(inspectionKinds),
  fence: fenceSchema,
  challenge: challengeSchema,
  media: z.object({ size: z.number().int().positive(), mediaType: z.string() }),
  /** Ask for a portrait frame and the voice's pitch. */
  wantPortrait: z.boolean(),
  leaseExpiresAt: z.iso.datetime(),
});
export type LeasedInspection = z.infer<typeof leasedInspectionSchema>;

/** Length of a face embedding (`@vladmandic/human` faceres). */
export const embeddingLength = 1024;

export const enrolmentReportSchema = z.object({
  /** Every check the node can make, in order; the edge adds `not-enrolled-elsewhere`. */
  checks: z.array(enrolmentCheckSchema).min(1).max(16),
  /** Present only if every check that must pass passed. */
  embedding: z.array(z.number()).length(embeddingLength).nullable(),
  voice: voiceSchema.nullable(),
  portrait: storedFileSchema.nullable(),
  speech: z.enum(['verified', 'unverified', 'failed']),
});
export type EnrolmentReport = z.infer<typeof enrolmentReportSchema>;

export const inspectionCompletionSchema = z.object({ fence: fenceSchema, report: enrolmentReportSchema });
export const inspectionFailureSchema = z.object({
  fence: fenceSchema,
  code: z.enum(['unreadable_media', 'inspection_failed', 'node_shutdown']),
  message: z.string().max(300),
  retryable: z.boolean(),
});
export type InspectionFailure = z.infer<typeof inspectionFailureSchema>;
