/**
 * Reads crJSON, the full record c2pa-rs gives of a manifest store. Invariant: its author may be anyone, so every field is shape-checked and the
 * worst it can do is be missing. Called by verify-asset.ts and report.ts. @see C2PA 2.4, crJSON
 */
import type { ValidationResults } from '@contentauth/c2pa-types';
import { z } from 'zod';
import { crBytesSchema } from './assertion-data.ts';

const nameSchema = z.object({
  CN: z.string().optional().catch(undefined),
  O: z.string().optional().catch(undefined),
});
const certificateSchema = z.object({ subject: nameSchema });
const generatorSchema = z.object({ name: z.string() });

const manifestSchema = z.object({
  label: z.string(),
  isUpdateManifest: z.boolean().catch(false),
  assertions: z.record(z.string(), z.unknown()).catch({}),
  claim: z
    .object({
      alg: z.string().nullish().catch(null),
      'dc:title': z.string().nullish().catch(null),
      claim_generator_info: z
        .union([generatorSchema, z.array(generatorSchema).transform(([first]) => first)])
        .nullish()
        .catch(null),
      claim_generator: z.string().nullish().catch(null),
    })
    .catch({}),
  signature: z
    .object({
      certificateInfo: certificateSchema.nullish().catch(null),
      timeStampInfo: z
        .object({ timestamp: z.string(), certificateInfo: certificateSchema.nullish().catch(null) })
        .nullish()
        .catch(null),
    })
    .catch({}),
});
const crJsonSchema = z.object({ manifests: z.array(manifestSchema) });

export type CrManifest = z.infer<typeof manifestSchema>;

/** The manifests of a store, the active one first; none if the record is not of the expected shape. */
export function crManifests(crJson: unknown): CrManifest[] {
  return crJsonSchema.safeParse(crJson).data?.manifests ?? [];
}

/** Common name, else organisation. */
export function subjectOf(certificate: z.infer<typeof certificateSchema> | null | undefined): string | null {
  return certificate?.subject.CN ?? certificate?.subject.O ?? null;
}

const softBindingSchema = z.object({
  alg: z.string(),
  blocks: z.array(z.object({ value: z.union([crBytesSchema, z.string()]) })),
});

/** The soft bindings of a manifest: one per block, its value as base64. */
export function softBindingsOf(manifest: CrManifest | undefined): { alg: string; value: string }[] {
  return Object.entries(manifest?.assertions ?? {})
    .filter(([label]) => /^c2pa\.soft-binding(\.v\d+)?(__\d+)?$/.test(label))
    .flatMap(([, data]) => {
      const binding = softBindingSchema.safeParse(data).data;
      return (binding?.blocks ?? []).map(({ value }) => ({
        alg: binding?.alg ?? '',
        value: typeof value === 'string' ? value : encodeBase64(value),
      }));
    });
}

/** The record with these results for the active manifest, where c2pa-rs saw a bare store and not the file. */
export function withResults(crJson: unknown, results: ValidationResults): unknown {
  const outer = z.looseObject({ manifests: z.array(z.unknown()) }).safeParse(crJson).data;
  const active = z.looseObject({ validationResults: z.looseObject({}) }).safeParse(outer?.manifests[0]).data;
  const codes = results.activeManifest ?? null;
  if (outer === undefined || active === undefined || codes === null) return crJson;
  const { success, informational, failure } = codes;
  const validationResults = { ...active.validationResults, success, informational, failure };
  return { ...outer, manifests: [{ ...active, validationResults }, ...outer.manifests.slice(1)] };
}

function encodeBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
