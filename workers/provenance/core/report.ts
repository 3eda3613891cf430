/**
 * Turns what c2pa-rs says about a file into a `ProvenanceReport`. Invariant: state and status codes are copied, never
 * judged; what a manifest claims is shape-checked, because its author may be anyone. Called by verify.ts.
 */
import type {
  Ingredient,
  Manifest,
  ManifestStore,
  StatusCodes,
  ValidationResults,
} from '@contentauth/c2pa-types';
import { z } from 'zod';
import { idSchema } from '#schemas/ids.ts';
import type {
  ManifestSummary,
  ProvenanceReport,
  ValidationState,
  ValidationStatus,
} from '#schemas/provenance.ts';
import { clipAssertionLabel } from './manifest-definition.ts';
import { explain } from './status-explanations.ts';

/** What a report says about the check itself. */
export interface ReportContext {
  /** ISO 8601. */
  readonly verifiedAt: string;
  readonly trust: readonly string[];
}

const clipAssertionSchema = z.object({
  clipId: idSchema('clip'),
  revocationUrl: z.url({ protocol: /^https?$/ }),
});
const softwareAgentSchema = z.union([
  z.string(),
  z.object({ name: z.string(), version: z.string().nullish() }).transform(nameAndVersion),
]);
const actionsSchema = z.object({
  actions: z.array(
    z.object({
      action: z.string(),
      when: z.string().nullish().catch(null),
      digitalSourceType: z.string().nullish().catch(null),
      softwareAgent: softwareAgentSchema.nullish().catch(null),
    }),
  ),
});

/** The report of a file whose manifest store was read. */
export function reportOf(store: ManifestStore, context: ReportContext): ProvenanceReport {
  const manifests = store.manifests ?? {};
  const label = store.active_manifest ?? null;
  const active = label === null ? undefined : manifests[label];
  return {
    state: store.validation_state ?? 'Invalid',
    verifiedAt: context.verifiedAt,
    manifest: label === null || active === undefined ? null : summaryOf(label, active, manifests),
    statuses: statusesOf(store.validation_results ?? {}),
    trust: [...context.trust],
  };
}

/** The report of a file without a readable manifest, with the one code that says why, if any. */
export function emptyReport(
  state: 'None' | 'Invalid',
  code: string | null,
  context: ReportContext,
): ProvenanceReport {
  return {
    state,
    verifiedAt: context.verifiedAt,
    manifest: null,
    statuses: code === null ? [] : [{ code, outcome: 'failure', explanation: explain(code) }],
    trust: [...context.trust],
  };
}

/** Every status, the active manifest's first and then what changed in its ingredients. */
export function statusesOf(results: ValidationResults): ValidationStatus[] {
  const deltas = (results.ingredientDeltas ?? []).map(({ validationDeltas }) => validationDeltas);
  return [results.activeManifest ?? null, ...deltas].flatMap((codes) =>
    codes === null ? [] : flatten(codes),
  );
}

/**
 * The state an ingredient was in when it was added, from the results recorded in its assertion, by the rule of c2pa-rs
 * (`validation_results.rs`, `validation_state`): any failure is Invalid; a validated signature is Valid; a trusted one Trusted.
 */
export function ingredientState(ingredient: Ingredient): ValidationState {
  if ((ingredient.active_manifest ?? null) === null) return 'None';
  const statuses = statusesOf(ingredient.validation_results ?? {});
  const succeeded = (code: string) =>
    statuses.some((status) => status.outcome === 'success' && status.code === code);
  if (statuses.some(({ outcome }) => outcome === 'failure') || !succeeded('claimSignature.validated'))
    return 'Invalid';
  return succeeded('signingCredential.trusted') ? 'Trusted' : 'Valid';
}

function flatten(codes: StatusCodes): ValidationStatus[] {
  return (['failure', 'informational', 'success'] as const).flatMap((outcome) =>
    codes[outcome].map(({ code, url }) => ({
      code,
      outcome,
      ...(url == null ? {} : { url }),
      explanation: explain(code),
    })),
  );
}

function summaryOf(label: string, manifest: Manifest, manifests: Record<string, Manifest>): ManifestSummary {
  const generator = manifest.claim_generator_info?.[0];
  const signature = manifest.signature_info;
  return {
    label,
    title: manifest.title ?? null,
    claimGenerator:
      generator === undefined
        ? legacyGenerator(manifest.claim_generator)
        : { name: generator.name, version: generator.version ?? null },
    signer:
      signature == null
        ? null
        : {
            commonName: signature.common_name ?? null,
            organization: signature.issuer ?? null,
            algorithm: signature.alg ?? null,
          },
    signedAt: signature?.time ?? null,
    actions: actionsOf(manifest),
    ingredients: (manifest.ingredients ?? []).map((ingredient) => ingredientOf(ingredient, manifests)),
    assertions: (manifest.assertions ?? []).map((assertion) => assertion.label),
    revocationUrl: clipAssertionOf(manifest)?.revocationUrl ?? null,
  };
}

function ingredientOf(
  ingredient: Ingredient,
  manifests: Record<string, Manifest>,
): ManifestSummary['ingredients'][number] {
  const state = ingredientState(ingredient);
  const own = ingredient.active_manifest == null ? undefined : manifests[ingredient.active_manifest];
  return {
    title: ingredient.title ?? null,
    relationship: ingredient.relationship ?? 'componentOf',
    // Anyone can write any clip id into a manifest; only a signer we trust is believed.
    clipId: state === 'Trusted' && own !== undefined ? (clipAssertionOf(own)?.clipId ?? null) : null,
    state,
  };
}

function actionsOf(manifest: Manifest): ManifestSummary['actions'] {
  return (manifest.assertions ?? [])
    .filter(({ label }) => /^c2pa\.actions(\.v\d+)?(__\d+)?$/.test(label))
    .flatMap(({ data }) => actionsSchema.safeParse(data).data?.actions ?? [])
    .map((one) => ({
      action: one.action,
      when: one.when ?? null,
      digitalSourceType: one.digitalSourceType ?? null,
      softwareAgent: one.softwareAgent ?? null,
    }));
}

/** Our own assertion in a manifest, if it is there and well formed. */
export function clipAssertionOf(manifest: Manifest): z.infer<typeof clipAssertionSchema> | null {
  const assertion = (manifest.assertions ?? []).find(({ label }) => label === clipAssertionLabel);
  return clipAssertionSchema.safeParse(assertion?.data).data ?? null;
}

function nameAndVersion(agent: { name: string; version?: string | null | undefined }): string {
  return agent.version == null ? agent.name : `${agent.name} ${agent.version}`;
}

/** Claims of version 1 name their generator in one user-agent-like string, e.g. `make_test_images/0.24.0 c2pa-rs/0.24.0`. */
function legacyGenerator(text: string | null | undefined): ManifestSummary['claimGenerator'] {
  const [name, version] = text?.split(' ')[0]?.split('/') ?? [];
  return name === undefined || name === '' ? null : { name, version: version ?? null };
}
