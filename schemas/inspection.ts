/**
 * Inspections: a render node looks at media people sent and reports what it saw; it decides nothing. Same node authentication as
 * the render protocol (schemas/render.ts).
 *
 *   POST /render/v1/inspections/lease              InspectionLeaseRequest → 200 LeasedInspection | 204 (long poll)
 *   GET  /render/v1/inspections/:id/media?fence=N                        → 200 bytes (the node deletes them when it has reported)
 *   PUT  /render/v1/inspections/:id/portrait?fence=N   image/jpeg        → 200 {}   (enrolment)
 *   PUT  /render/v1/inspections/:id/poster?fence=N     image/jpeg        → 200 {}   (media)
 *   POST /render/v1/inspections/:id/complete       InspectionCompletion   → 200 {}
 *   POST /render/v1/inspections/:id/fail           InspectionFailure      → 200 {}
 */
import { z } from 'zod';
import { fingerprintsSchema } from './fingerprint.ts';
import { challengeSchema, enrolmentCheckSchema } from './http/cameo.ts';
import { idSchema } from './ids.ts';
import { embeddingLength, voiceSchema } from './likeness.ts';
import { policyFindingsSchema } from './policy.ts';
import { watermarkIdSchema } from './provenance.ts';
import { fenceSchema, storedFileSchema } from './render.ts';

export { embeddingLength } from './likeness.ts';

export const inspectionKinds = ['enrolment', 'media'] as const;
/** What an inspection is of: an enrolment's recording, or an upload. */
export const inspectionIdSchema = z.union([idSchema('enr'), idSchema('upl')]);
export type InspectionId = z.infer<typeof inspectionIdSchema>;

export const inspectionLeaseRequestSchema = z.object({
  kinds: z.array(z.enum(inspectionKinds)).min(1),
  waitMs: z.number().int().min(0).max(25_000).default(20_000),
  software: z.string().max(64).default(''),
});
export type InspectionLeaseRequest = z.infer<typeof inspectionLeaseRequestSchema>;

const leased = {
  fence: fenceSchema,
  media: z.object({ size: z.number().int().positive(), mediaType: z.string() }),
  leaseExpiresAt: z.iso.datetime(),
};
export const leasedEnrolmentSchema = z.object({
  ...leased,
  inspectionId: idSchema('enr'),
  kind: z.literal('enrolment'),
  challenge: challengeSchema,
  /** Ask for a portrait frame and the voice's pitch. */
  wantPortrait: z.boolean(),
});
export const leasedMediaInspectionSchema = z.object({
  ...leased,
  inspectionId: idSchema('upl'),
  kind: z.literal('media'),
  /** Base64; handed out with the lease and kept nowhere on a node. */
  watermarkKey: z.string().max(64),
  /** A poster and the output policy are wanted: the upload may become a clip. */
  mayPublish: z.boolean(),
});
export const leasedInspectionSchema = z.discriminatedUnion('kind', [
  leasedEnrolmentSchema,
  leasedMediaInspectionSchema,
]);
export type LeasedEnrolment = z.infer<typeof leasedEnrolmentSchema>;
export type LeasedMediaInspection = z.infer<typeof leasedMediaInspectionSchema>;
export type LeasedInspection = z.infer<typeof leasedInspectionSchema>;

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

/** What a node saw in uploaded media. Decides nothing. */
export const mediaReportSchema = z.object({
  probe: z.object({
    kind: z.enum(['video', 'image', 'audio']),
    width: z.number().int().nullable(),
    height: z.number().int().nullable(),
    durationMs: z.number().int().nullable(),
    /** WebCodecs-style short names (`avc`, `aac`, …); null where there is no such track. */
    videoCodec: z.string().max(32).nullable(),
    audioCodec: z.string().max(32).nullable(),
  }),
  /** The best invisible mark that decoded; null when none did. */
  watermark: z
    .object({
      id: watermarkIdSchema,
      confidence: z.number().min(0).max(1),
      frames: z.number().int().positive(),
      /** Seconds of the first frame it was read from. */
      at: z.number().min(0),
    })
    .nullable(),
  fingerprints: fingerprintsSchema.nullable(),
  policy: policyFindingsSchema.nullable(),
  /** Stored with PUT …/poster before the report; null where none was wanted or there is no picture. */
  poster: storedFileSchema.nullable(),
  /** Average colour of the poster, `#rrggbb`. */
  color: z
    .string()
    .regex(/^#[0-9a-f]{6}$/)
    .nullable(),
});
export type MediaReport = z.infer<typeof mediaReportSchema>;

export const inspectionCompletionSchema = z.object({
  fence: fenceSchema,
  report: z.union([enrolmentReportSchema, mediaReportSchema]),
});
export const inspectionFailureSchema = z.object({
  fence: fenceSchema,
  code: z.enum(['unreadable_media', 'inspection_failed', 'node_shutdown']),
  message: z.string().max(300),
  retryable: z.boolean(),
});
export type InspectionFailure = z.infer<typeof inspectionFailureSchema>;
