/**
 * Reads a store under the lists that count. Invariant: the frozen interim list is asked only about a signer whom nobody else vouches for, so a
 * file is called trusted under the older model only where that is all there is. Called by verify-asset.ts and verify-fragments.ts.
 */
import type { TrustLists } from '#schemas/provenance.ts';
import { cborSize } from './jumbf.ts';
import { maxCborSize, StoreTooLarge } from './store-limit.ts';
import { verifySettings } from './trust-settings.ts';
import type { StoreReading, VerifyDeps } from './verification.ts';

/** @throws StoreTooLarge */
export async function readTrusted(
  store: Uint8Array,
  trust: TrustLists,
  deps: VerifyDeps,
): Promise<StoreReading> {
  const cbor = cborSize(store);
  if (cbor > maxCborSize) throw new StoreTooLarge(cbor, maxCborSize);
  const reading = await deps.readStore(store, verifySettings(trust, false));
  if (trust.interim === undefined || reading.kind !== 'store' || isVouchedFor(reading)) return reading;
  const older = await deps.readStore(store, verifySettings(trust, true));
  return older.kind === 'store' && isVouchedFor(older) ? older : reading;
}

function isVouchedFor(reading: Extract<StoreReading, { kind: 'store' }>): boolean {
  const successes = reading.store.validation_results?.activeManifest?.success ?? [];
  return successes.some(({ code }) => code === 'signingCredential.trusted');
}
