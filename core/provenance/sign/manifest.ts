/**
 * Puts a manifest store together. Invariant: its size depends on nothing but the statements, the carried manifests and the room for the
 * signature, so that it can be laid out with an empty hash and filled with the real one. Called by sign-manifest.ts.
 * @see C2PA 2.4 §10.2 (claim v2), §11.1 (JUMBF layout)
 */
import { encode } from 'cborg';
import { carriedManifests, type IngredientInput, ingredientAssertion } from './ingredient.ts';
import { type Assertion, assertionBox, cborBox, hashedPart, superbox } from './jumbf-writer.ts';
import {
  type Action,
  actionsAssertion,
  bmffHashAssertion,
  type HashedUri,
  numbered,
  type SoftBinding,
  softBindingAssertion,
} from './statements.ts';

/** Everything a manifest says but the hash of the file. */
export interface ManifestInput {
  /** `urn:c2pa:…`, unique to this manifest. */
  readonly label: string;
  /** Unique to this rendition, e.g. `xmp:iid:…`. */
  readonly instanceId: string;
  readonly title: string;
  readonly claimGenerator: Readonly<Record<string, string>>;
  readonly ingredients: readonly IngredientInput[];
  readonly softBindings: readonly SoftBinding[];
  /** Actions refer to ingredients and soft bindings by label: `numbered('c2pa.ingredient.v3', index)`. */
  readonly actions: readonly Action[];
  /** Further assertions, ours and standard ones that refer to nothing. */
  readonly assertions: readonly Assertion[];
}

/** A manifest that lacks its hash and its signature. */
export interface ManifestDraft {
  readonly label: string;
  /** The claim for a file with this hash, detached payload of the signature, and the store around both. */
  complete(bmffHash: Uint8Array): {
    readonly claim: Uint8Array;
    /** @param signature the COSE_Sign1, as long as was reserved */
    store(signature: Uint8Array): Uint8Array<ArrayBuffer>;
  };
  /** @param signatureBytes size of the COSE_Sign1 */
  storeSize(signatureBytes: number): number;
}

export const ingredientLabel = 'c2pa.ingredient.v3';
export const softBindingLabel = 'c2pa.soft-binding';
const hashBytes = 32;

/**
 * Lays a manifest out.
 * @param sha256 of some bytes
 * @throws LabelConflict if two ingredients bring different manifests of one name
 */
export function draftManifest(
  input: ManifestInput,
  sha256: (bytes: Uint8Array) => Uint8Array,
): ManifestDraft {
  const carried = carriedManifests(input.ingredients).map(({ bytes }) => bytes);
  const referenced = [
    ...input.ingredients.map((one, at) => ingredientAssertion(one, numbered(ingredientLabel, at), sha256)),
    ...input.softBindings.map((one, at) => softBindingAssertion(one, numbered(softBindingLabel, at))),
  ].map((assertion) => box(assertion, sha256));
  const references = new Map(referenced.map(({ label, reference }) => [label, reference]));
  const resolve = (label: string): HashedUri => {
    const reference = references.get(label);
    if (reference === undefined) throw new Error(`an action refers to ${label}, which is not there`);
    return reference;
  };
  const fixed = [
    box(actionsAssertion(input.actions, resolve), sha256),
    ...referenced,
    ...input.assertions.map((assertion) => box(assertion, sha256)),
  ];
  const complete: ManifestDraft['complete'] = (bmffHash) => {
    const assertions = [...fixed, box(bmffHashAssertion(bmffHash), sha256)];
    const claim = encode(
      claimOf(
        input,
        assertions.map(({ reference }) => reference),
      ),
    );
    const head = [
      superbox(
        'assertions',
        'c2pa.assertions',
        assertions.map(({ bytes }) => bytes),
      ),
      cborBox('claim', 'c2pa.claim.v2', claim),
    ];
    return {
      claim,
      store: (signature) =>
        superbox('store', 'c2pa', [
          ...carried,
          superbox('manifest', input.label, [...head, cborBox('signature', 'c2pa.signature', signature)]),
        ]),
    };
  };
  return {
    label: input.label,
    complete,
    storeSize: (signatureBytes) =>
      complete(new Uint8Array(hashBytes)).store(new Uint8Array(signatureBytes)).length,
  };
}

function claimOf(input: ManifestInput, references: readonly HashedUri[]): Record<string, unknown> {
  return {
    instanceID: input.instanceId,
    claim_generator_info: input.claimGenerator,
    signature: `self#jumbf=/c2pa/${input.label}/c2pa.signature`,
    created_assertions: references,
    'dc:title': input.title,
    alg: 'sha256',
  };
}

interface LabelledBox {
  readonly label: string;
  readonly bytes: Uint8Array;
  readonly reference: HashedUri;
}

function box(assertion: Assertion, sha256: (bytes: Uint8Array) => Uint8Array): LabelledBox {
  const bytes = assertionBox(assertion);
  const url = `self#jumbf=c2pa.assertions/${assertion.label}`;
  return { label: assertion.label, bytes, reference: { url, hash: sha256(hashedPart(bytes)) } };
}
