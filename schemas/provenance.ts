/**
 * What crosses the service binding between the edge (`kinora`) and the provenance worker (`kinora-provenance`), and what
 * `/api/v1/clips/:id/provenance` answers. Objects travel by R2 key, never by value.
 */
import { z } from 'zod';
import { digitalSourceTypes } from './engine.ts';
import { idSchema } from './ids.ts';
import type { Result } from './result.ts';

/** C2PA validation states, spec 2.4 §14.3: Well-Formed ⊂ Valid ⊂ Trusted; `None` where no manifest is found. */
export const validationStates = ['Trusted', 'Valid', 'Invalid', 'None'] as const;
export type ValidationState = (typeof validationStates)[number];

/** How an ingredient went into a clip. @see C2PA 2.4, ingredient assertion `relationship` */
export const ingredientRelationships = ['parentOf', 'componentOf', 'inputTo'] as const;

export const signRequestSchema = z.object({
  clipId: idSchema('clip'),
  mediaType: z.literal('video/mp4'),
  /** R2 keys: read from, written to. */
  sourceKey: z.string(),
  targetKey: z.string(),
  manifestKey: z.string(),
  title: z.string().max(200),
  creatorHandle: z.string(),
  engine: z.object({ name: z.string(), version: z.string(), model: z.string() }),
  digitalSourceType: z.enum(digitalSourceTypes),
  /** ISO 8601. */
  createdAt: z.iso.datetime(),
  ingredients: z
    .array(
      z.object({
        clipId: idSchema('clip'),
        title: z.string().max(200),
        relationship: z.enum(ingredientRelationships),
        /** R2 key of the signed parent rendition. */
        assetKey: z.string(),
      }),
    )
    .max(8),
  /** Public record that tells anyone who verifies a copy whether consent was withdrawn (K-19). */
  revocationUrl: z.url(),
});
export type SignRequest = z.infer<typeof signRequestSchema>;

export const validationStatusSchema = z.object({
  code: z.string(),
  outcome: z.enum(['success', 'informational', 'failure']),
  /** The JUMBF URI of what was checked, where known. */
  url: z.string().optional(),
  /** One plain sentence for people. */
  explanation: z.string(),
});
export type ValidationStatus = z.infer<typeof validationStatusSchema>;

export const manifestSummarySchema = z.object({
  label: z.string(),
  title: z.string().nullable(),
  claimGenerator: z.object({ name: z.string(), version: z.string().nullable() }).nullable(),
  signer: z
    .object({
      commonName: z.string().nullable(),
      organization: z.string().nullable(),
      algorithm: z.string().nullable(),
    })
    .nullable(),
  /** Signing time if a trusted time stamp or claim carries one. */
  signedAt: z.string().nullable(),
  actions: z.array(
    z.object({
      action: z.string(),
      when: z.string().nullable(),
      digitalSourceType: z.string().nullable(),
      softwareAgent: z.string().nullable(),
    }),
  ),
  ingredients: z.array(
    z.object({
      title: z.string().nullable(),
      relationship: z.string(),
      clipId: z.string().nullable(),
      state: z.enum(validationStates),
    }),
  ),
  assertions: z.array(z.string()),
  revocationUrl: z.string().nullable(),
});
export type ManifestSummary = z.infer<typeof manifestSummarySchema>;

export const provenanceReportSchema = z.object({
  state: z.enum(validationStates),
  /** ISO 8601: when this verification ran. */
  verifiedAt: z.iso.datetime(),
  manifest: manifestSummarySchema.nullable(),
  statuses: z.array(validationStatusSchema),
  /** Which trust anchors were used, by name. */
  trust: z.array(z.string()),
});
export type ProvenanceReport = z.infer<typeof provenanceReportSchema>;

export interface SignedRendition {
  readonly manifestLabel: string;
  readonly size: number;
  /** Hex SHA-256 of the signed file. */
  readonly sha256: string;
  readonly report: ProvenanceReport;
}

/** RPC surface of the provenance worker. `sign` verifies what it wrote and refuses with `provenance_failed` unless it is Trusted. */
export interface ProvenanceService {
  sign(request: SignRequest): Promise<Result<SignedRendition>>;
  /** @param key R2 key of an asset. Fails with `not_found` if there is no such object. */
  verify(key: string, mediaType: string): Promise<Result<ProvenanceReport>>;
}
