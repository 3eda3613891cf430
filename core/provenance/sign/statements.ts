/**
 * What a manifest says, as assertions. Invariant: every statement comes from the caller, every ingredient and soft binding is referenced by an
 * action, the first action is `c2pa.created` or, for what derives from a parent, `c2pa.opened`, and only `c2pa.opened` has no source type among
 * those that make something visible. Called by manifest.ts.
 * @see C2PA 2.4 §18.15 (actions), §18.16 (ingredient), §18.10 (soft binding), §18.7 (BMFF hash)
 */
import { Tagged } from 'cborg';
import type { Assertion } from './jumbf-writer.ts';
import { c2paUuid } from './uuid-box.ts';

/** A reference to another box of the store, with the hash of what it holds. @see C2PA 2.4 §8.4.2 */
export interface HashedUri {
  readonly url: string;
  readonly hash: Uint8Array;
  readonly alg?: 'sha256';
}

export interface Action {
  readonly action: string;
  /** ISO 8601. */
  readonly when?: string;
  readonly softwareAgent?: Readonly<Record<string, string>>;
  /** IPTC or C2PA URI. */
  readonly digitalSourceType?: string;
  /** Labels of the assertions it is about, resolved when the manifest is put together. */
  readonly ingredients?: readonly string[];
  readonly relatedAssertions?: readonly string[];
}

/** One soft binding over the whole asset. `value` is the payload of the mark, or the fingerprint. */
export interface SoftBinding {
  readonly alg: string;
  readonly value: Uint8Array;
}

export type Resolve = (label: string) => HashedUri;

/** `c2pa.actions.v2`; `allActionsIncluded` because nothing happens to a file here that is not said. */
export function actionsAssertion(actions: readonly Action[], resolve: Resolve): Assertion {
  return {
    label: 'c2pa.actions.v2',
    format: 'cbor',
    data: { actions: actions.map((action) => actionData(action, resolve)), allActionsIncluded: true },
  };
}

function actionData(action: Action, resolve: Resolve): Record<string, unknown> {
  const { ingredients = [], relatedAssertions = [], when, ...rest } = action;
  const parameters = {
    ...(ingredients.length === 0 ? {} : { ingredients: ingredients.map(resolve) }),
    ...(relatedAssertions.length === 0 ? {} : { relatedAssertions: relatedAssertions.map(resolve) }),
  };
  return {
    ...rest,
    ...(when === undefined ? {} : { when: new Tagged(0, when) }),
    ...(Object.keys(parameters).length === 0 ? {} : { parameters }),
  };
}

/** `c2pa.soft-binding`, one for each algorithm. An empty scope means the whole asset. */
export function softBindingAssertion(binding: SoftBinding, label: string): Assertion {
  return {
    label,
    format: 'cbor',
    data: {
      alg: binding.alg,
      blocks: [{ scope: {}, value: binding.value }],
      pad: new Uint8Array(),
    },
  };
}

/**
 * `c2pa.hash.bmff.v3` with the exclusions that are mandatory and no other: `free` and `skip` are hashed like everything else, and no exclusion
 * asks for box flags. @param hash 32 bytes
 */
export function bmffHashAssertion(hash: Uint8Array): Assertion {
  return {
    label: 'c2pa.hash.bmff.v3',
    format: 'cbor',
    data: {
      exclusions: [
        { xpath: '/uuid', data: [{ offset: 8, value: c2paUuid }] },
        { xpath: '/ftyp' },
        { xpath: '/mfra' },
      ],
      alg: 'sha256',
      hash,
      name: 'jumbf manifest',
    },
  };
}

/** Labels of several assertions of one kind: `c2pa.ingredient.v3`, `c2pa.ingredient.v3__1`, … @see C2PA 2.4 §6.4 */
export function numbered(label: string, index: number): string {
  return index === 0 ? label : `${label}__${index}`;
}
