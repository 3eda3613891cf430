/**
 * The provenance of a file as a tree (level 3 of the C2PA user-experience guidance 2.0): what it was made from, and what that was made from.
 * Invariant: total and bounded, whatever a manifest says about itself: no cycle, at most `maxNodes` nodes. Called by web/src/verify and
 * scripts/verify-file.ts.
 * @see C2PA 2.4 §18.17 (ingredient v1 to v3), crJSON
 */
import type { ProvenanceReport, ValidationState } from '#schemas/provenance.ts';

export interface ProvenanceNode {
  /** Label of its manifest; null for a source without credentials. */
  readonly label: string | null;
  readonly title: string | null;
  readonly claimGenerator: string | null;
  readonly signer: string | null;
  readonly signedAt: string | null;
  /** What it is to the node above it; null for the file itself. */
  readonly relationship: string | null;
  /** How its credentials stood; null where only the raw record knows of it. */
  readonly state: ValidationState | null;
  /** A clip of ours, where a signer we trust says so. */
  readonly clipId: string | null;
  readonly thumbnail: { readonly identifier: string; readonly mediaType: string } | null;
  readonly actions: readonly {
    readonly action: string;
    readonly digitalSourceType: string | null;
    readonly softwareAgent: string | null;
    readonly when: string | null;
  }[];
  readonly children: readonly ProvenanceNode[];
}

export const maxNodes = 200;
const maxDepth = 64;

type Fields = Readonly<Record<string, unknown>>;

/**
 * The tree of a file; null if it has no manifest.
 * @param crJson the raw record, where it is at hand: sources of sources are only in there. Its shape is not trusted.
 */
export function provenanceTree(report: ProvenanceReport, crJson: unknown = null): ProvenanceNode | null {
  const active = report.manifest;
  if (active === null) return null;
  const records = recordsOf(crJson);
  const budget = { left: maxNodes - 1 };
  const summaries = new Map(report.manifests.map((manifest) => [manifest.label, manifest]));
  const record = records.get(active.label);
  return {
    label: active.label,
    title: active.title,
    claimGenerator:
      active.claimGenerator === null
        ? null
        : [active.claimGenerator.name, active.claimGenerator.version].filter(Boolean).join(' '),
    signer: active.signer?.organization ?? active.signer?.commonName ?? null,
    signedAt: active.signedAt,
    relationship: null,
    state: report.state,
    clipId: null,
    thumbnail: record === undefined ? null : claimThumbnail(record),
    actions: active.actions,
    children: active.ingredients.slice(0, budget.left).map((ingredient) => {
      budget.left -= 1;
      const summary = ingredient.manifest === null ? undefined : summaries.get(ingredient.manifest);
      const below = ingredient.manifest === null ? undefined : records.get(ingredient.manifest);
      return {
        label: ingredient.manifest,
        title: ingredient.title ?? summary?.title ?? null,
        claimGenerator: summary?.claimGenerator ?? null,
        signer: summary?.signer ?? null,
        signedAt: summary?.timestamp?.time ?? null,
        relationship: ingredient.relationship,
        state: ingredient.state,
        clipId: ingredient.clipId,
        thumbnail: ingredient.thumbnail,
        actions: below === undefined ? [] : actionsOf(below),
        children:
          below === undefined ? [] : sourcesOf(below, records, [active.label, ingredient.manifest], budget),
      };
    }),
  };
}

/** Sources named in a raw record. `above` are the manifests on the way here: none of them is entered again. */
function sourcesOf(
  record: Fields,
  records: ReadonlyMap<string, Fields>,
  above: readonly (string | null)[],
  budget: { left: number },
): ProvenanceNode[] {
  if (above.length >= maxDepth) return [];
  return assertionsOf(record, /^c2pa\.ingredient(\.v[23])?(__\d+)?$/).flatMap(([, ingredient]) => {
    if (budget.left <= 0) return [];
    budget.left -= 1;
    const label = manifestLabel(ingredient);
    const below = label === null || above.includes(label) ? undefined : records.get(label);
    return {
      label,
      title: text(ingredient['dc:title']),
      claimGenerator: below === undefined ? null : generatorOf(below),
      signer: below === undefined ? null : signerOf(below),
      signedAt: below === undefined ? null : text(fields(fields(below.signature).timeStampInfo).timestamp),
      relationship: text(ingredient.relationship) ?? 'componentOf',
      state: label === null ? 'None' : null,
      clipId: null,
      thumbnail: ingredientThumbnail(ingredient, text(record.label)),
      actions: below === undefined ? [] : actionsOf(below),
      children: below === undefined ? [] : sourcesOf(below, records, [...above, label], budget),
    };
  });
}

function recordsOf(crJson: unknown): Map<string, Fields> {
  const found = new Map<string, Fields>();
  for (const record of list(fields(crJson).manifests)) {
    const label = text(record.label);
    if (label !== null) found.set(label, record);
  }
  return found;
}

function assertionsOf(record: Fields, pattern: RegExp): [label: string, assertion: Fields][] {
  return Object.entries(fields(record.assertions)).flatMap(([label, value]) =>
    pattern.test(label) ? [[label, fields(value)]] : [],
  );
}

/** `…/c2pa/<label>` of version 1 and 2 (`c2pa_manifest`) or 3 (`activeManifest`). */
function manifestLabel(ingredient: Fields): string | null {
  const url = text(fields(ingredient.activeManifest ?? ingredient.c2pa_manifest).url);
  return /^self#jumbf=(?:\/)?c2pa\/([^/]+)/.exec(url ?? '')?.[1] ?? null;
}

/** Given relative to its own manifest; the store knows absolute paths only. */
function ingredientThumbnail(ingredient: Fields, manifest: string | null): ProvenanceNode['thumbnail'] {
  const url = text(fields(ingredient.thumbnail).url);
  const path = /^self#jumbf=(.+)$/.exec(url ?? '')?.[1];
  if (path === undefined || (manifest === null && !path.startsWith('/'))) return null;
  return {
    identifier: `self#jumbf=${path.startsWith('/') ? path : `/c2pa/${manifest}/${path}`}`,
    mediaType: text(ingredient['dc:format']) ?? 'image/jpeg',
  };
}

function claimThumbnail(record: Fields): ProvenanceNode['thumbnail'] {
  const [found] = assertionsOf(record, /^c2pa\.thumbnail\.claim/);
  const identifier = text(found?.[1].identifier);
  return identifier === null ? null : { identifier, mediaType: text(found?.[1].format) ?? 'image/jpeg' };
}

function generatorOf(record: Fields): string | null {
  const claim = fields(record['claim.v2'] ?? record.claim);
  const info = Array.isArray(claim.claim_generator_info)
    ? fields(claim.claim_generator_info[0])
    : fields(claim.claim_generator_info);
  const name = text(info.name);
  return name === null ? null : [name, text(info.version)].filter(Boolean).join(' ');
}

function signerOf(record: Fields): string | null {
  const subject = fields(fields(fields(record.signature).certificateInfo).subject);
  return text(subject.O) ?? text(subject.CN);
}

function actionsOf(record: Fields): ProvenanceNode['actions'] {
  return assertionsOf(record, /^c2pa\.actions(\.v\d+)?(__\d+)?$/)
    .flatMap(([, assertion]) => list(assertion.actions))
    .slice(0, 100)
    .map((action) => ({
      action: text(action.action) ?? 'c2pa.unknown',
      digitalSourceType: text(action.digitalSourceType),
      softwareAgent: text(action.softwareAgent) ?? text(fields(action.softwareAgent).name),
      when: text(action.when),
    }));
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}

function list(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(fields) : [];
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
