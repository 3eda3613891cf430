/**
 * What a stored crJSON says about the active manifest, in the form an ingredient assertion records. Invariant: codes and addresses are copied,
 * sentences are left out; a document of another shape is none. Called by parents.ts. @see C2PA 2.4 crJSON, §18.16.12 (validationResults)
 */
import { z } from 'zod';
import type { ValidationResults } from '#core/provenance/sign/ingredient.ts';

const statusSchema = z
  .object({ code: z.string(), url: z.string().nullish() })
  .transform(({ code, url }) => (url == null ? { code } : { code, url }));
const statusCodesSchema = z.object({
  success: z.array(statusSchema),
  informational: z.array(statusSchema),
  failure: z.array(statusSchema),
});
const activeSchema = z.object({
  label: z.string(),
  validationResults: statusCodesSchema,
  ingredientDeltas: z
    .array(z.object({ ingredientAssertionURI: z.string(), validationDeltas: statusCodesSchema }))
    .nullish(),
});
/** The first manifest is the active one. */
const crJsonSchema = z.object({ manifests: z.tuple([activeSchema], z.unknown()) });

/** Null for what is no crJSON of a file with a manifest. */
export function validationResultsIn(crJson: unknown): ValidationResults | null {
  const parsed = crJsonSchema.safeParse(crJson);
  if (!parsed.success) return null;
  const [{ validationResults, ingredientDeltas }] = parsed.data.manifests;
  return {
    activeManifest: validationResults,
    ...(ingredientDeltas == null || ingredientDeltas.length === 0 ? {} : { ingredientDeltas }),
  };
}

/** Whether what was validated had no failure. */
export function isSound({ activeManifest, ingredientDeltas = [] }: ValidationResults): boolean {
  return (
    activeManifest.failure.length === 0 &&
    ingredientDeltas.every(({ validationDeltas }) => validationDeltas.failure.length === 0)
  );
}
