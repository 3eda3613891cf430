/**
 * What it means when c2pa-rs refuses to read a file. Invariant: a refusal is never mistaken for "no manifest"; only
 * `JumbfNotFound` says that. Called by verify-asset.ts and by whatever else hands bytes to c2pa-wasm.
 * @see c2pa-rs `sdk/src/error.rs`: the WASM binding throws the error's debug text, e.g. `C2pa(InvalidAsset("…"))`
 */

export type ReadFailure =
  /** The file is readable and carries no manifest. */
  | { readonly kind: 'none' }
  /** The file only names an address for its manifest; addresses in files are not fetched. */
  | { readonly kind: 'remote' }
  /** c2pa-rs does not know this kind of file. */
  | { readonly kind: 'unsupported' }
  /** The container itself is broken or is not what it was said to be. */
  | { readonly kind: 'unreadable' }
  /** The container is fine, its manifest store cannot be parsed. */
  | { readonly kind: 'malformed' };

const kinds: readonly (readonly [RegExp, ReadFailure['kind']])[] = [
  [/^C2pa\(JumbfNotFound/, 'none'],
  [/^C2pa\(RemoteManifest(Url|Fetch)/, 'remote'],
  [/^C2pa\(UnsupportedType/, 'unsupported'],
  [/^C2pa\((InvalidAsset|IoError|TooManyManifestStores|EmbeddingError|NotFound|BadParam)/, 'unreadable'],
  [/^C2pa\(/, 'malformed'],
];

/** Sorts what c2pa-wasm threw; null for anything that is not its answer about a file (a trap, a bug), which is a fault. */
export function readFailureOf(thrown: unknown): ReadFailure | null {
  const text = typeof thrown === 'string' ? thrown : thrown instanceof Error ? thrown.message : '';
  const kind = kinds.find(([pattern]) => pattern.test(text))?.[1];
  return kind === undefined ? null : { kind };
}

const codes: readonly (readonly [RegExp, string])[] = [
  [/^C2pa\(ClaimMissingHardBinding/, 'claim.hardBindings.missing'],
  [/^C2pa\(ClaimMultipleHardBinding/, 'assertion.multipleHardBindings'],
  [/^C2pa\(ClaimMissingSignatureBox/, 'claimSignature.missing'],
  [/^C2pa\(ClaimMissing\b/, 'claim.missing'],
];

/** The status code for a store that c2pa-rs would not read; the general one where the specification has none that fits. */
export function failureCodeOf(thrown: string): string {
  return codes.find(([pattern]) => pattern.test(thrown))?.[1] ?? 'general.error';
}
