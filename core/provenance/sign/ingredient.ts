/**
 * What went into a clip, with its own credentials. Invariant: a parent's manifests are carried byte for byte, referenced by the hash of the
 * active one; two manifests may share a name only if they are the same bytes. Called by manifest.ts.
 * @see C2PA 2.4 §18.16 (ingredient assertion v3), §10.3.4 (carrying the manifests of ingredients)
 */
import { equal } from '../bmff-boxes.ts';
import { storePaths } from '../jumbf.ts';
import { type Assertion, hashedPart } from './jumbf-writer.ts';

/** One status of a validation. @see C2PA 2.4 §15.2 */
export interface StatusCode {
  readonly code: string;
  readonly url?: string;
}
export interface StatusCodes {
  readonly success: readonly StatusCode[];
  readonly informational: readonly StatusCode[];
  readonly failure: readonly StatusCode[];
}
/** What came out when the ingredient was validated, before it went in. */
export interface ValidationResults {
  readonly activeManifest: StatusCodes;
  /** What changed in the ingredients of the ingredient since they were recorded. */
  readonly ingredientDeltas?: readonly {
    readonly ingredientAssertionURI: string;
    readonly validationDeltas: StatusCodes;
  }[];
}

export interface IngredientInput {
  readonly title: string;
  readonly mediaType: string;
  readonly relationship: 'parentOf' | 'componentOf' | 'inputTo';
  /** Says which file it was: an id of ours, or an RFC 6920 hash. */
  readonly instanceId: string;
  /** Its credentials; null for a file that has none. */
  readonly credentials: {
    readonly store: Uint8Array;
    readonly validationResults: ValidationResults;
  } | null;
}

/** One manifest of a store. */
export interface CarriedManifest {
  readonly label: string;
  readonly bytes: Uint8Array;
}

/** Two manifests of one name and different content: they cannot go into one store. */
export class LabelConflict extends Error {}

/** The manifests of a store in order, the active one last. Empty for bytes that are no store. */
export function manifestsOf(store: Uint8Array): CarriedManifest[] {
  return [...storePaths(store)].flatMap(([path, { start, end }]) => {
    const label = /^\/c2pa\/([^/]+)$/.exec(path)?.[1];
    return label === undefined ? [] : [{ label, bytes: store.subarray(start, end) }];
  });
}

/** Every manifest the ingredients bring, each once. @throws LabelConflict */
export function carriedManifests(ingredients: readonly IngredientInput[]): CarriedManifest[] {
  const carried = new Map<string, Uint8Array>();
  for (const { credentials } of ingredients) {
    for (const { label, bytes } of credentials === null ? [] : manifestsOf(credentials.store)) {
      const known = carried.get(label);
      if (known !== undefined && !equal(known, bytes)) throw new LabelConflict(label);
      carried.set(label, bytes);
    }
  }
  return [...carried].map(([label, bytes]) => ({ label, bytes }));
}

/** The ingredient assertion. @param sha256 of the bytes a reference covers */
export function ingredientAssertion(
  input: IngredientInput,
  label: string,
  sha256: (bytes: Uint8Array) => Uint8Array,
): Assertion {
  return {
    label,
    format: 'cbor',
    data: {
      relationship: input.relationship,
      'dc:title': input.title,
      'dc:format': input.mediaType,
      instanceID: input.instanceId,
      ...(input.credentials === null ? {} : credentialFields(input.credentials, sha256)),
    },
  };
}

function credentialFields(
  { store, validationResults }: NonNullable<IngredientInput['credentials']>,
  sha256: (bytes: Uint8Array) => Uint8Array,
): Record<string, unknown> {
  const paths = storePaths(store);
  const active = manifestsOf(store).at(-1);
  if (active === undefined) throw new Error('an ingredient brought a store without a manifest');
  const path = `/c2pa/${active.label}`;
  const signature = paths.get(`${path}/c2pa.signature`);
  const reference = (url: string, bytes: Uint8Array) => ({
    url: `self#jumbf=${url}`,
    alg: 'sha256',
    hash: sha256(hashedPart(bytes)),
  });
  return {
    validationResults,
    activeManifest: reference(path, active.bytes),
    ...(signature === undefined
      ? {}
      : {
          claimSignature: reference(`${path}/c2pa.signature`, store.subarray(signature.start, signature.end)),
        }),
  };
}
