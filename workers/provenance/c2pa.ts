/**
 * The only door to c2pa-rs (WebAssembly). Invariant: one instance per isolate, settings passed with every call (nothing
 * global), readers and builders freed on every path, nothing fetched from the network. Called by sign.ts and verify.ts.
 */
import type { ManifestDefinition, ManifestStore } from '@contentauth/c2pa-types';
import { initSync, WasmBuilder, WasmReader } from '@contentauth/c2pa-wasm';
import wasm from '@contentauth/c2pa-wasm/c2pa.wasm';
import { BytesBlob, installFileReaderSync } from './bytes-blob.ts';
import type { SigningIdentity, TrustAnchors } from './config.ts';
import { type ReadFailure, readFailureOf } from './core/read-failure.ts';
import { claimSigner } from './signer.ts';

/** What an asset's bytes gave. */
export type ReadOutcome = { readonly kind: 'store'; readonly store: ManifestStore } | ReadFailure;

/** A file that went into another one, with what is said about it. */
export interface IngredientAsset {
  readonly definition: Readonly<Record<string, string>>;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/**
 * EKUs a signer may carry: C2PA claim signing, and those accepted before it existed (email protection, document signing).
 * @see C2PA 2.4 §14.5.1
 */
const acceptedEkus = [
  '1.3.6.1.4.1.62558.2.1',
  '1.3.6.1.5.5.7.3.4',
  '1.3.6.1.5.5.7.3.36',
  '1.3.6.1.5.5.7.3.8',
  '1.3.6.1.5.5.7.3.9',
];

let ready = false;

/**
 * Reads and validates the manifest store of an asset.
 * @param mediaType a hint: c2pa-rs goes by the bytes where they say otherwise
 */
export async function readManifestStore(
  bytes: Uint8Array,
  mediaType: string,
  trust: TrustAnchors,
): Promise<ReadOutcome> {
  ensureReady();
  let reader: WasmReader | undefined;
  try {
    reader = await WasmReader.fromBytes(mediaType, bytes, settingsJson(trust));
    const store: ManifestStore = JSON.parse(reader.json());
    return { kind: 'store', store };
  } catch (error) {
    const failure = readFailureOf(error);
    if (failure === null) throw error;
    return failure;
  } finally {
    reader?.free();
  }
}

/**
 * Puts a manifest into an asset and signs it.
 * @throws what c2pa-rs throws: a string such as `C2pa(InvalidAsset("…"))`
 */
export async function signAsset(
  bytes: Uint8Array,
  mediaType: string,
  definition: ManifestDefinition,
  ingredients: AsyncIterable<IngredientAsset>,
  identity: SigningIdentity,
  trust: TrustAnchors,
): Promise<Uint8Array<ArrayBuffer>> {
  ensureReady();
  const builder = WasmBuilder.fromJson(JSON.stringify(definition), settingsJson(trust));
  try {
    for await (const ingredient of ingredients) {
      await builder.addIngredientFromBlob(
        JSON.stringify(ingredient.definition),
        ingredient.mediaType,
        new BytesBlob(ingredient.bytes),
      );
    }
    const signed = await builder.sign(claimSigner(identity), [], mediaType, new BytesBlob(bytes));
    return signed.buffer instanceof ArrayBuffer
      ? new Uint8Array(signed.buffer, signed.byteOffset, signed.byteLength)
      : new Uint8Array(signed);
  } finally {
    builder.free();
  }
}

/** Instantiated on first use, not at start-up: the module is 9 MB. */
function ensureReady(): void {
  if (ready) return;
  installFileReaderSync();
  initSync({ module: wasm });
  ready = true;
}

/** c2pa-rs settings. Names are snake_case: unknown ones are ignored in silence, and every signer would read as untrusted. */
function settingsJson(trust: TrustAnchors): string {
  return JSON.stringify({
    trust: { trust_anchors: trust.pem, trust_config: acceptedEkus.join('\n') },
    verify: { verify_trust: true, verify_after_sign: false, remote_manifest_fetch: false, ocsp_fetch: false },
    builder: { created_assertion_labels: ['c2pa.ingredient'], thumbnail: { enabled: false } },
  });
}
