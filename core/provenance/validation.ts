/**
 * The results of c2pa-rs with the binding of the real file in them. Invariant: only the statuses of the hard binding are replaced, and the state
 * follows from all of them by c2pa-rs's own rule, so it is never better than that. Called by verify-asset.ts.
 * @see c2pa-rs `validation_results.rs` (`validation_state`), C2PA 2.4 §14.3 (validation states), §15.2.2 (codes)
 */
import type { StatusCodes, ValidationResults, ValidationStatus } from '@contentauth/c2pa-types';
import type { ValidationState } from '#schemas/provenance.ts';
import type { BindingResult } from './binding.ts';

const bindingCode = /^assertion\.(bmffHash|dataHash|boxesHash)\.(match|mismatch|malformed)$/;

const codePrefixes = { bmff: 'bmffHash', data: 'dataHash', boxes: 'boxesHash' } as const;
export type BindingKind = keyof typeof codePrefixes;

/** A hard-binding assertion that c2pa-rs has looked at. */
export interface BindingReference {
  readonly kind: BindingKind;
  /** JUMBF URI. */
  readonly url: string;
  readonly manifest: string;
  /** E.g. `c2pa.hash.bmff.v3`. */
  readonly label: string;
}

/** How it is with the real file. */
export interface BindingOutcome {
  readonly reference: BindingReference;
  readonly result: BindingResult;
  readonly reason: string;
  /** The assertion is wrong about where the store lies. */
  readonly misplaced: boolean;
  /** Codes of c2pa-rs's own that stand beside the result. */
  readonly informational: readonly string[];
}

/** The hard bindings of a store, each once. One that cannot be told from its URI is left as it is: it failed. */
export function bindingsOf(results: ValidationResults): BindingReference[] {
  const active = results.activeManifest ?? null;
  if (active === null) return [];
  const found = new Map<string, BindingReference>();
  for (const { code, url } of [...active.success, ...active.failure]) {
    const kind = kindOf(code);
    const [, manifest, label] =
      /^self#jumbf=\/c2pa\/([^/]+)\/c2pa\.assertions\/([^/]+)$/.exec(url ?? '') ?? [];
    if (kind === null || url == null || manifest === undefined || label === undefined) continue;
    found.set(url, { kind, url, manifest, label });
  }
  return [...found.values()];
}

function kindOf(code: string): BindingKind | null {
  const name = bindingCode.exec(code)?.[1];
  const kinds: readonly BindingKind[] = ['bmff', 'data', 'boxes'];
  return kinds.find((kind) => codePrefixes[kind] === name) ?? null;
}

/** The results with what was said about these bindings replaced, in place. */
export function withBindings(
  results: ValidationResults,
  outcomes: readonly BindingOutcome[],
): ValidationResults {
  const active = results.activeManifest ?? { success: [], informational: [], failure: [] };
  const urls = new Set(outcomes.map(({ reference }) => reference.url));
  const kept = (codes: readonly ValidationStatus[]) =>
    codes.filter(({ code, url }) => !(bindingCode.test(code) && urls.has(url ?? '')));
  const replaced: StatusCodes = {
    success: [...kept(active.success), ...outcomes.filter(({ result }) => result === 'match').map(statusOf)],
    informational: [...active.informational, ...outcomes.flatMap(informationalOf)],
    failure: [...kept(active.failure), ...outcomes.flatMap(failuresOf)],
  };
  return { ...results, activeManifest: replaced };
}

function statusOf({ reference, result, reason }: BindingOutcome): ValidationStatus {
  const code = `assertion.${codePrefixes[reference.kind]}.${result}`;
  return { code, url: reference.url, explanation: reason };
}

function failuresOf(outcome: BindingOutcome): ValidationStatus[] {
  const { reference, misplaced, result } = outcome;
  const reason = 'what is left out of the hash is not where the manifest lies';
  return [
    ...(misplaced ? [statusOf({ ...outcome, reference, result: 'mismatch', reason })] : []),
    ...(result === 'match' ? [] : [statusOf(outcome)]),
  ];
}

function informationalOf({ reference, informational, reason }: BindingOutcome): ValidationStatus[] {
  return informational.map((code) => ({ code, url: reference.url, explanation: reason }));
}

/** Adds a failure of the active manifest, e.g. that nothing binds it to the file. */
export function withFailure(results: ValidationResults, failure: ValidationStatus): ValidationResults {
  const active = results.activeManifest ?? { success: [], informational: [], failure: [] };
  return { ...results, activeManifest: { ...active, failure: [...active.failure, failure] } };
}

/** Failures that concern only who vouches, or an identity attached to a manifest; the manifest itself still holds. */
function isTolerated({ code }: ValidationStatus): boolean {
  return (
    code === 'signingCredential.untrusted' ||
    code.startsWith('cawg.x509.') ||
    code.startsWith('cawg.identity.')
  );
}

/** The rule of c2pa-rs (`validation_state`). */
export function stateOf(results: ValidationResults): Exclude<ValidationState, 'None'> {
  const active = results.activeManifest ?? null;
  if (active === null) return 'Invalid';
  const succeeded = (wanted: string) => active.success.some(({ code }) => code === wanted);
  const failures = [
    ...active.failure,
    ...(results.ingredientDeltas ?? []).flatMap(({ validationDeltas }) => validationDeltas.failure),
  ];
  const valid =
    succeeded('claimSignature.validated') &&
    succeeded('claimSignature.insideValidity') &&
    failures.every(isTolerated);
  if (!valid) return 'Invalid';
  return failures.length === 0 && succeeded('signingCredential.trusted') ? 'Trusted' : 'Valid';
}
