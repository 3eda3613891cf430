/**
 * Turns what was found out about a file into a `ProvenanceReport`. Invariant: state and status codes are copied, never judged; what a manifest
 * claims is shape-checked, because its author may be anyone. Called by verify-asset.ts.
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
  ByteRange,
  ManifestSummary,
  ProvenanceReport,
  TrustLists,
  ValidationState,
  ValidationStatus,
} from '#schemas/provenance.ts';
import { crManifests, softBindingsOf, subjectOf } from './cr-json.ts';
import { explain } from './explain/status-explanations.ts';
import { shownLists, trustModelOf } from './trust-settings.ts';
import { stateOf } from './validation.ts';

/** Label of the assertion in which we name a clip. */
export const clipAssertionLabel = 'org.kinora.clip';

/** What a report says about the check itself. */
export interface ReportContext {
  readonly verifiedAt: Date;
  readonly trust: TrustLists;
}

/** What was found, beside what c2pa-rs says. */
export interface Findings {
  readonly store: ManifestStore;
  readonly results: ValidationResults;
  readonly crJson: unknown;
  readonly binding: ProvenanceReport['binding'];
  readonly storeRanges: readonly ByteRange[];
  /** Where in the file lies what a JUMBF URI names, or what a binding covers. */
  readonly whereOf: (status: { readonly code: string; readonly url: string | null }) => ByteRange[];
}

/** The report of a file whose manifest store was read. */
export function reportOf(findings: Findings, context: ReportContext): ProvenanceReport {
  const { store, results } = findings;
  const manifests = store.manifests ?? {};
  const label = store.active_manifest ?? null;
  const active = label === null ? undefined : manifests[label];
  const state = stateOf(results);
  const records = crManifests(findings.crJson);
  return {
    ...blank(state, context),
    manifest: label === null || active === undefined ? null : summaryOf(label, active, manifests),
    statuses: statusesOf(results, findings.whereOf),
    trustModel: state === 'Trusted' ? trustModelOf(results.trustListUri) : null,
    binding: findings.binding,
    manifests: records.map((record) => ({
      label: record.label,
      title: record.claim['dc:title'] ?? null,
      claimGenerator: record.claim.claim_generator_info?.name ?? record.claim.claim_generator ?? null,
      signer: subjectOf(record.signature.certificateInfo),
      isUpdate: record.isUpdateManifest,
      timestamp: timestampOf(record.signature.timeStampInfo),
    })),
    softBindings: softBindingsOf(records.find((record) => record.label === label)),
    store: [...findings.storeRanges],
  };
}

/** The report of a file without a readable manifest, with the one code that says why, if any. */
export function emptyReport(
  state: 'None' | 'Invalid',
  code: string | null,
  context: ReportContext,
  remoteManifestUrl: string | null = null,
): ProvenanceReport {
  return {
    ...blank(state, context),
    statuses: code === null ? [] : [{ code, outcome: 'failure', explanation: explain(code) }],
    remoteManifestUrl,
  };
}

function blank(state: ValidationState, { verifiedAt, trust }: ReportContext): ProvenanceReport {
  const trustLists = shownLists(trust);
  return {
    state,
    verifiedAt: verifiedAt.toISOString(),
    manifest: null,
    statuses: [],
    trust: trustLists.map(({ name }) => name),
    trustLists,
    trustModel: null,
    binding: null,
    remoteManifestUrl: null,
    manifests: [],
    softBindings: [],
    store: [],
  };
}

function timestampOf(
  info:
    | { readonly timestamp: string; readonly certificateInfo?: Parameters<typeof subjectOf>[0] }
    | null
    | undefined,
): { time: string; authority: string | null } | null {
  return info == null ? null : { time: info.timestamp, authority: subjectOf(info.certificateInfo) };
}

/** Every status, the active manifest's first and then what changed in its ingredients. */
export function statusesOf(
  results: ValidationResults,
  whereOf: Findings['whereOf'] = () => [],
): ValidationStatus[] {
  const active = results.activeManifest ?? null;
  return [
    ...(active === null ? [] : flatten(active, null, whereOf)),
    ...(results.ingredientDeltas ?? []).flatMap(({ ingredientAssertionURI, validationDeltas }) =>
      flatten(validationDeltas, ingredientAssertionURI, whereOf),
    ),
  ];
}

function flatten(
  codes: StatusCodes,
  ingredient: string | null,
  whereOf: Findings['whereOf'],
): ValidationStatus[] {
  return (['failure', 'informational', 'success'] as const).flatMap((outcome) =>
    codes[outcome].map(({ code, url }) => {
      const where = whereOf({ code, url: url ?? null });
      return {
        code,
        outcome,
        ...(url == null ? {} : { url }),
        ...(ingredient === null ? {} : { ingredient }),
        ...(where.length === 0 ? {} : { where }),
        explanation: explain(code),
      };
    }),
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
  const { thumbnail } = ingredient;
  return {
    title: ingredient.title ?? null,
    relationship: ingredient.relationship ?? 'componentOf',
    // An id in a manifest that does not hold would name somebody else's clip.
    clipId: state === 'Trusted' && own !== undefined ? (clipAssertionOf(own)?.clipId ?? null) : null,
    state,
    manifest: ingredient.active_manifest ?? null,
    thumbnail: thumbnail == null ? null : { identifier: thumbnail.identifier, mediaType: thumbnail.format },
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
