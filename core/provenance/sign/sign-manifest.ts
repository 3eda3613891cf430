/**
 * Signs a laid-out manifest. Invariant: the store is exactly as long as was announced before the file was written, whatever the signature and
 * the time stamp turn out to be. Called by the provenance worker's sign.ts and by Node scripts.
 * @see C2PA 2.4 §13.2 (signing), §10.3.2.5 (time stamps)
 */
import { fail, ok, type Result } from '#schemas/result.ts';
import {
  encodeCoseSign1,
  encodeCountersignStructure,
  encodeProtectedHeader,
  encodeSigStructure,
  reserveSize,
} from './cose.ts';
import type { ManifestDraft } from './manifest.ts';

/** Holds the key, or knows who does. */
export interface ManifestSigner {
  /** DER, leaf first, without the root. */
  readonly chain: readonly Uint8Array[];
  /** ES256 over these bytes: r ‖ s, 64 bytes. Fails with `provenance_failed`. */
  sign(toBeSigned: Uint8Array<ArrayBuffer>): Promise<Result<Uint8Array>>;
}

/** Asks a time-stamp authority. */
export interface TimeStamper {
  /** Room to leave for a token, bytes. */
  readonly tokenBytes: number;
  /** A TimeStampToken over these bytes, DER. Fails with `provenance_failed`. */
  stamp(message: Uint8Array<ArrayBuffer>): Promise<Result<Uint8Array>>;
}

/** Size of the store once it is signed, bytes. */
export function signedStoreSize(
  draft: ManifestDraft,
  signer: ManifestSigner,
  stamper: TimeStamper | null,
): number {
  return draft.storeSize(reserved(encodeProtectedHeader(signer.chain), stamper));
}

/** The finished store. Fails with what the signer or the time-stamp authority fails with. */
export async function signManifest(
  draft: ManifestDraft,
  bmffHash: Uint8Array,
  signer: ManifestSigner,
  stamper: TimeStamper | null,
): Promise<Result<Uint8Array<ArrayBuffer>>> {
  const header = encodeProtectedHeader(signer.chain);
  const { claim, store } = draft.complete(bmffHash);
  const signature = await signer.sign(encodeSigStructure(header, claim));
  if (!signature.ok) return signature;
  const token =
    stamper === null ? null : await stamper.stamp(encodeCountersignStructure(header, signature.value));
  if (token !== null && !token.ok) return token;
  if (token !== null && stamper !== null && token.value.length > stamper.tokenBytes) {
    return fail('provenance_failed', undefined, {
      reason: 'time_stamp_too_long',
      size: token.value.length,
      limit: stamper.tokenBytes,
    });
  }
  const size = reserved(header, stamper);
  return ok(store(encodeCoseSign1(header, signature.value, size, token?.value ?? null)));
}

function reserved(header: Uint8Array, stamper: TimeStamper | null): number {
  return reserveSize(header, stamper?.tokenBytes ?? 0);
}
