/**
 * Two opinions about one file: c2pa-rs reading all of it, and ours reading it as a stream. Invariant: the first uses nothing of ours but the
 * settings, so that agreement means something. Called by prove.ts and the tests.
 */
import { createHash } from 'node:crypto';
import { WasmReader } from '@contentauth/c2pa-wasm';
import { bytesSource } from '#core/provenance/byte-source.ts';
import { storeReader } from '#core/provenance/c2pa-store.ts';
import { readFailureOf } from '#core/provenance/read-failure.ts';
import { verifySettings } from '#core/provenance/trust-settings.ts';
import { verifyAsset } from '#core/provenance/verify-asset.ts';
import type { TrustLists } from '#schemas/provenance.ts';

/** `unreadable`: refused as a file. `crashed`: what nothing may ever do. */
export type Opinion =
  | { readonly state: 'Trusted' | 'Valid' | 'Invalid'; readonly failures: readonly string[] }
  | { readonly state: 'None' | 'unreadable'; readonly failures: readonly [] }
  | { readonly state: 'crashed'; readonly failures: readonly string[] };

/**
 * `same` state and failure codes with their places · `codes` the same state for other reasons · `refused` neither accepts, one calls it
 * Invalid and the other says that it, or its store, cannot be read, or that it has no manifest · `stricter` ours accepts less, or finds more wrong · `permissive` ours accepts more ·
 * `crashed` ours broke down · `reference crashed`.
 */
export type Agreement =
  | 'same'
  | 'codes'
  | 'refused'
  | 'stricter'
  | 'permissive'
  | 'crashed'
  | 'reference crashed';

const standing = { Trusted: 2, Valid: 1, Invalid: 0, None: 0, unreadable: 0, crashed: 0 } as const;

const readStore = storeReader(WasmReader);

interface Results {
  readonly activeManifest?: { readonly failure: readonly { code: string; url?: string }[] } | null;
  readonly ingredientDeltas?:
    | readonly {
        readonly validationDeltas: { readonly failure: readonly { code: string; url?: string }[] };
      }[]
    | null;
}

function failuresOf(results: Results | undefined): string[] {
  const all = [
    ...(results?.activeManifest?.failure ?? []),
    ...(results?.ingredientDeltas ?? []).flatMap(({ validationDeltas }) => validationDeltas.failure),
  ];
  return [...new Set(all.map(({ code, url }) => `${code} ${url ?? ''}`))].sort();
}

/** What c2pa-rs says of the whole file in memory. */
export async function reference(bytes: Uint8Array, mediaType: string, trust: TrustLists): Promise<Opinion> {
  try {
    const reader = await WasmReader.fromBytes(mediaType, bytes, verifySettings(trust, false));
    const store: { validation_state: 'Trusted' | 'Valid' | 'Invalid'; validation_results?: Results } =
      JSON.parse(reader.json());
    reader.free();
    return { state: store.validation_state, failures: failuresOf(store.validation_results) };
  } catch (error) {
    const failure = readFailureOf(error);
    if (failure === null) return { state: 'crashed', failures: [String(error).slice(0, 200)] };
    switch (failure.kind) {
      case 'none':
      case 'remote':
        return { state: 'None', failures: [] };
      case 'malformed':
        return { state: 'Invalid', failures: [] };
      case 'unsupported':
      case 'unreadable':
        return { state: 'unreadable', failures: [] };
    }
  }
}

/** What we say, reading it as a stream. */
export async function ours(bytes: Uint8Array, mediaType: string, trust: TrustLists): Promise<Opinion> {
  try {
    const result = await verifyAsset(bytesSource(bytes), mediaType, trust, {
      createHasher: (algorithm) => {
        const hash = createHash(algorithm);
        return { update: (chunk) => void hash.update(chunk), digest: () => hash.digest() };
      },
      readStore,
      now: () => new Date(),
    });
    if (!result.ok) return { state: 'unreadable', failures: [] };
    const { state, statuses } = result.value.report;
    if (state === 'None') return { state, failures: [] };
    const failures = statuses
      .filter(({ outcome }) => outcome === 'failure')
      .map(({ code, url }) => `${code} ${url ?? ''}`);
    return { state, failures: [...new Set(failures)].sort() };
  } catch (error) {
    return { state: 'crashed', failures: [String(error).slice(0, 200)] };
  }
}

/** We say that the store cannot be read and look no further; c2pa-rs may have read on. */
function isUnreadStore({ state, failures }: Opinion): boolean {
  return state === 'Invalid' && failures.length === 1 && failures[0] === 'general.error ';
}

export function agreementOf(theirs: Opinion, mine: Opinion): Agreement {
  if (mine.state === 'crashed') return theirs.state === 'crashed' ? 'reference crashed' : 'crashed';
  if (theirs.state === 'crashed') return standing[mine.state] > 0 ? 'permissive' : 'reference crashed';
  if (standing[mine.state] > standing[theirs.state]) return 'permissive';
  if (standing[mine.state] < standing[theirs.state]) return 'stricter';
  if (mine.state !== theirs.state || isUnreadStore(mine)) return 'refused';
  // c2pa-rs gives no codes for a store that it cannot parse.
  const named = theirs.failures.length > 0 || theirs.state !== 'Invalid';
  if (!named || mine.failures.join('\n') === theirs.failures.join('\n')) return 'same';
  const found: readonly string[] = mine.failures;
  return theirs.failures.every((failure) => found.includes(failure)) ? 'stricter' : 'codes';
}
