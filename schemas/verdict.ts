/**
 * What Kinora says about a file (K-51, K-53): one verdict over three layers (manifest, invisible mark, fingerprint) with the evidence it
 * stands on. Made by core/verdict, answered by `POST /api/v1/verify` and by uploads, printed by the command line.
 */
import { z } from 'zod';
import { idSchema } from './ids.ts';
import { provenanceReportSchema } from './provenance.ts';

/**
 * In order of what they claim. None says "authentic" of an unknown signer, and none says that something is not AI.
 *
 * - `made-here`: our manifest, intact and bound to these bytes.
 * - `recovered`: credentials are gone; the mark (or the fingerprint) found our clip and the fingerprint agrees.
 * - `trusted`: intact credentials of somebody on the official trust list.
 * - `trusted-interim`: the same under the older, frozen interim list.
 * - `signed-unknown`: intact credentials of a signer nobody vouches for.
 * - `tampered`: credentials that do not fit the file.
 * - `counterfeit`: it bears our mark or our name, and the evidence contradicts that it is ours.
 * - `no-credentials`: nothing was found. It says nothing about how the file was made.
 */
export const verdicts = [
  'made-here',
  'recovered',
  'trusted',
  'trusted-interim',
  'signed-unknown',
  'tampered',
  'counterfeit',
  'no-credentials',
] as const;
export const verdictSchema = z.enum(verdicts);
export type Verdict = z.infer<typeof verdictSchema>;

export const evidenceLayers = ['manifest', 'watermark', 'fingerprint', 'registry', 'consent'] as const;
export const evidenceResults = ['proved', 'contradicted', 'unknown'] as const;

/** Where in the file: bytes, a moment, or a part of the manifest. */
export const evidenceWhereSchema = z.object({
  bytes: z.object({ start: z.number().int(), end: z.number().int() }).optional(),
  seconds: z.object({ start: z.number(), end: z.number() }).optional(),
  /** JUMBF URI. */
  uri: z.string().optional(),
});

export interface EvidenceNode {
  /** Stable within one verdict, e.g. `manifest.signature`. */
  id: string;
  layer: (typeof evidenceLayers)[number];
  /** What would be true: "The file has not changed since it was signed." */
  claim: string;
  /** How it was checked: "SHA-256 over 1,204,113 of 1,208,331 bytes". */
  check: string;
  result: (typeof evidenceResults)[number];
  reason: string;
  /** C2PA status code, where there is one. */
  code?: string | undefined;
  where?: z.infer<typeof evidenceWhereSchema> | undefined;
  children: EvidenceNode[];
}
export const evidenceNodeSchema: z.ZodType<EvidenceNode> = z
  .object({
    id: z.string(),
    layer: z.enum(evidenceLayers),
    claim: z.string(),
    check: z.string(),
    result: z.enum(evidenceResults),
    reason: z.string(),
    code: z.string().optional(),
    where: evidenceWhereSchema.optional(),
    get children() {
      return z.array(evidenceNodeSchema);
    },
  })
  .meta({ id: 'EvidenceNode' });

/** `not-checked` carries why: no render node connected, not a film or picture, longer than we look. */
export const watermarkLayerSchema = z.object({
  status: z.enum(['found', 'none', 'not-checked']),
  reason: z.string().nullable(),
  /** Ten hex digits. */
  watermarkId: z.string().nullable(),
  /** Normalised correlation 0..1 of the best window. */
  confidence: z.number().nullable(),
});
export const fingerprintLayerSchema = z.object({
  status: z.enum(['agrees', 'disagrees', 'none', 'not-checked']),
  reason: z.string().nullable(),
  clipId: idSchema('clip').nullable(),
  /** 0..100, as the Soft Binding Resolution API counts. */
  similarity: z.number().nullable(),
});

export const verificationSchema = z
  .object({
    verdict: verdictSchema,
    /** One sentence for people. */
    summary: z.string(),
    /** Who signed what was found in the file or recovered for it. */
    signer: z.string().nullable(),
    clipId: idSchema('clip').nullable(),
    /** Who made it here, if they may be named: the clip is public and served. */
    maker: z.object({ handle: z.string(), displayName: z.string() }).nullable(),
    /** When consent for it was withdrawn, with the public record; null while it is served. */
    withdrawn: z.object({ at: z.string().nullable(), url: z.string().nullable() }).nullable(),
    evidence: evidenceNodeSchema,
    layers: z.object({
      manifest: provenanceReportSchema,
      watermark: watermarkLayerSchema,
      fingerprint: fingerprintLayerSchema,
    }),
    /** What these checks cannot show, in sentences. */
    limits: z.array(z.string()),
    file: z.object({ size: z.number().int(), mediaType: z.string(), sha256: z.string() }),
  })
  .meta({ id: 'Verification' });
export type Verification = z.infer<typeof verificationSchema>;
