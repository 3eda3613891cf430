/**
 * Joins what c2pa-rs says of a manifest store with what the bytes of the file say of its binding. Invariant: a store that nothing binds is never
 * better than Invalid. Called by verify-asset.ts and verify-fragments.ts.
 */
import type { ByteRange } from '#schemas/provenance.ts';
import { gaps } from './binding.ts';
import type { FoundStore } from './container.ts';
import { withResults } from './cr-json.ts';
import { emptyReport, type ReportContext, reportOf } from './report.ts';
import { type BindingOutcome, stateOf, withBindings, withFailure } from './validation.ts';
import type { StoreReading, Verification } from './verification.ts';
import { few, storeLocator } from './where.ts';

/** How the bindings of a store turned out. */
export interface Judged {
  readonly outcomes: readonly BindingOutcome[];
  /** Of the file the store lies in. */
  readonly covered: readonly ByteRange[];
  readonly covers: number;
  readonly size: number;
  readonly fileDigest: Uint8Array | undefined;
}

/** What can be said of a file whose store cannot be read, or that has none. */
export function unreadable(
  store: FoundStore,
  context: ReportContext,
  fileDigest: Uint8Array | undefined,
  failureCode = 'general.error',
): Verification {
  const remote = store.kind === 'none' ? store.remoteUrl : null;
  const report =
    store.kind === 'none'
      ? emptyReport('None', remote === null ? null : 'manifest.inaccessible', context, remote)
      : emptyReport('Invalid', failureCode, context);
  const ranges = store.kind === 'store' ? store.ranges : [];
  return {
    report: { ...report, store: [...ranges] },
    crJson: null,
    manifestStore: store.kind === 'store' ? store.bytes : null,
    fileSha256: hex(fileDigest),
    where: { store: ranges, excluded: [] },
    binding: null,
  };
}

/** Joins what c2pa-rs says of the store with what the bytes of the file say of its binding. */
export function completeReading(
  reading: Extract<StoreReading, { kind: 'store' }>,
  found: Extract<FoundStore, { kind: 'store' }>,
  judged: Judged,
  context: ReportContext,
): Verification {
  const { outcomes, covered } = judged;
  const active = reading.store.active_manifest ?? null;
  let results = withBindings(reading.store.validation_results ?? {}, outcomes);
  if (outcomes.length === 0 && stateOf(results) !== 'Invalid') {
    results = withFailure(results, {
      code: 'claim.hardBindings.missing',
      ...(active === null ? {} : { url: active }),
      explanation: 'nothing was found that binds the manifest to this file',
    });
  }
  const locate = storeLocator(found.bytes, found.ranges, active);
  const crJson = withResults(reading.crJson, results);
  const bindingUrls = new Set(outcomes.map(({ reference }) => reference.url));
  const binding = bindingReport(outcomes[0], judged.covers, judged.size);
  const report = reportOf(
    {
      store: reading.store,
      results,
      crJson,
      binding,
      storeRanges: found.ranges,
      whereOf: ({ code, url }) => {
        if (url === null) return [];
        return bindingUrls.has(url) && !code.startsWith('assertion.hashedURI') ? few(covered) : locate(url);
      },
    },
    context,
  );
  return {
    report,
    crJson,
    manifestStore: found.bytes,
    fileSha256: hex(judged.fileDigest),
    where: { store: found.ranges, excluded: covered.length === 0 ? [] : gaps(covered, judged.size) },
    binding,
  };
}

function bindingReport(
  outcome: BindingOutcome | undefined,
  covers: number,
  of: number,
): Verification['binding'] {
  if (outcome === undefined) return null;
  const { label, kind } = outcome.reference;
  const result = outcome.misplaced && outcome.result === 'match' ? 'mismatch' : outcome.result;
  return { label, kind, result, covers, of };
}

function hex(digest: Uint8Array | undefined): string | null {
  return digest === undefined
    ? null
    : Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
