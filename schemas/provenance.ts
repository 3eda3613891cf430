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

/** Payload of the invisible mark: 40 bits, ten hex digits. */
export const watermarkIdSchema = z.string().regex(/^[0-9a-f]{10}$/);
export type WatermarkId = z.infer<typeof watermarkIdSchema>;

/** How an ingredient went into a clip. @see C2PA 2.4, ingredient assertion `relationship` */
export const ingredientRelationships = ['parentOf', 'componentOf', 'inputTo'] as const;

/** What every request to sign carries. */
const signRequestBase = {
  clipId: idSchema('clip'),
  mediaType: z.literal('video/mp4'),
  /** R2 keys: read from, written to. crJSON goes beside the manifest. @see crJsonKeyOf */
  sourceKey: z.string(),
  targetKey: z.string(),
  manifestKey: z.string().endsWith('.c2pa'),
  title: z.string().max(200),
  creatorHandle: z.string(),
  /** ISO 8601. */
  createdAt: z.iso.datetime(),
  /** What else leads back to this manifest: the invisible mark and the fingerprint. `value` is base64 of the bytes of the block. */
  softBindings: z.array(z.object({ alg: z.string().min(1).max(64), value: z.base64().max(4096) })).max(4),
  /** Public record that tells anyone who verifies a copy whether consent was withdrawn (K-19). */
  revocationUrl: z.url(),
};

/** A clip that an engine made. */
export const generatedSignRequestSchema = z.object({
  ...signRequestBase,
  engine: z.object({ name: z.string(), version: z.string(), model: z.string() }),
  digitalSourceType: z.enum(digitalSourceTypes),
  ingredients: z
    .array(
      z.object({
        clipId: idSchema('clip'),
        title: z.string().max(200),
        relationship: z.enum(ingredientRelationships),
        /** R2 key of the signed parent rendition. */
        assetKey: z.string(),
        /** R2 key of its bare manifest store: with it, and the crJSON beside it, the parent's file need not be read again. */
        manifestKey: z.string().endsWith('.c2pa').optional(),
      }),
    )
    .max(8),
});

/** A file somebody uploaded that becomes a clip: `sourceKey` is that file, and the parent of what is signed. */
export const uploadedSignRequestSchema = z.object({
  ...signRequestBase,
  upload: z.object({
    id: idSchema('upl'),
    /** Hex SHA-256 of the uploaded file; the manifest names it. */
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    fileName: z.string().max(200),
  }),
});

export const signRequestSchema = z.union([generatedSignRequestSchema, uploadedSignRequestSchema]);
export type GeneratedSignRequest = z.infer<typeof generatedSignRequestSchema>;
export type UploadedSignRequest = z.infer<typeof uploadedSignRequestSchema>;
export type SignRequest = z.infer<typeof signRequestSchema>;

/** Bytes `[start, end)` of a file. */
export const byteRangeSchema = z.object({
  start: z.number().int().nonnegative(),
  end: z.number().int().nonnegative(),
});
export type ByteRange = z.infer<typeof byteRangeSchema>;

/** One dated, versioned set of trust anchors. Lists are data: fetched, stored and shown with their date, never part of the source. */
export const trustListSchema = z.object({
  /** Shown to people, e.g. `C2PA Trust List`. */
  name: z.string(),
  version: z.string(),
  /** When its publisher issued it: ISO 8601, null where it does not say. */
  issuedAt: z.string().nullable(),
  /** PEM bundle of root certificates. */
  pem: z.string(),
});
export type TrustList = z.infer<typeof trustListSchema>;

/** Whom a verification trusts: signers on the official list, time-stamp authorities, the frozen interim list (an older model), ourselves. */
export interface TrustLists {
  readonly official?: TrustList | undefined;
  readonly timestamp?: TrustList | undefined;
  readonly interim?: TrustList | undefined;
  readonly own: TrustList;
}

/** The same as `GET /api/v1/trust-lists` answers: certificates are public, and whoever checks a file themselves needs them. */
export const trustListsSchema = z
  .object({
    official: trustListSchema.optional(),
    timestamp: trustListSchema.optional(),
    interim: trustListSchema.optional(),
    own: trustListSchema,
  })
  .meta({ id: 'TrustLists' });

/** Under which of them a signer is trusted. */
export const trustModels = ['c2pa', 'interim', 'kinora'] as const;
export type TrustModel = (typeof trustModels)[number];

export const validationStatusSchema = z.object({
  code: z.string(),
  outcome: z.enum(['success', 'informational', 'failure']),
  /** The JUMBF URI of what was checked, where known. */
  url: z.string().optional(),
  /** The ingredient assertion through which this was found; absent for the active manifest itself. */
  ingredient: z.string().optional(),
  /** Where in the file lies what it is about, where known. */
  where: z.array(byteRangeSchema).optional(),
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
      /** Label of its own manifest, if it brought one. */
      manifest: z.string().nullable(),
      /** JUMBF URI and media type of its picture, if there is one in the store. */
      thumbnail: z.object({ identifier: z.string(), mediaType: z.string() }).nullable(),
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
  /** The lists behind `trust`, with their dates. */
  trustLists: z.array(
    z.object({
      kind: z.enum(['official', 'timestamp', 'interim', 'own']),
      name: z.string(),
      version: z.string(),
      issuedAt: z.string().nullable(),
    }),
  ),
  /** Why the state is Trusted; null when it is not. `interim`: trusted under the older list only. */
  trustModel: z.enum(trustModels).nullable(),
  /** What ties the manifest to these bytes; null where nothing was found to tie. */
  binding: z
    .object({
      /** Label of the assertion, e.g. `c2pa.hash.bmff.v3`. */
      label: z.string(),
      kind: z.enum(['bmff', 'data', 'boxes']),
      result: z.enum(['match', 'mismatch', 'malformed']),
      /** Bytes of the file that the hash covers, of how many. */
      covers: z.number().int(),
      of: z.number().int(),
    })
    .nullable(),
  /** Where a manifest is said to be that the file does not carry. Never fetched here. */
  remoteManifestUrl: z.string().nullable(),
  /** Every manifest in the store, the active one first. */
  manifests: z.array(
    z.object({
      label: z.string(),
      title: z.string().nullable(),
      claimGenerator: z.string().nullable(),
      signer: z.string().nullable(),
      isUpdate: z.boolean(),
      /** RFC 3161 time stamp over the signature, as found: whether it holds is among the statuses. */
      timestamp: z.object({ time: z.string(), authority: z.string().nullable() }).nullable(),
    }),
  ),
  /** What the active manifest says could find it again, as found. `value` is base64. */
  softBindings: z.array(z.object({ alg: z.string(), value: z.string() })),
  /** Where the manifest store lies in the file. */
  store: z.array(byteRangeSchema),
});
export type ProvenanceReport = z.infer<typeof provenanceReportSchema>;

export interface SignedRendition {
  readonly manifestLabel: string;
  readonly size: number;
  /** Hex SHA-256 of the signed file. */
  readonly sha256: string;
  /** R2 key of the crJSON of this rendition. */
  readonly crJsonKey: string;
  readonly report: ProvenanceReport;
}

/** Where the crJSON of a rendition lies, beside its manifest store. */
export function crJsonKeyOf(manifestKey: string): string {
  return `${manifestKey.replace(/\.c2pa$/, '')}.crjson.json`;
}

/** RPC surface of the provenance worker. `sign` verifies what it wrote and refuses with `provenance_failed` unless it is Trusted. */
export interface ProvenanceService {
  sign(request: SignRequest): Promise<Result<SignedRendition>>;
  /** @param key R2 key of an asset. Fails with `not_found` if there is no such object. */
  verify(key: string, mediaType: string): Promise<Result<ProvenanceReport>>;
  /** Whom `verify` trusts at the moment. */
  trustLists(): Promise<TrustLists>;
}
