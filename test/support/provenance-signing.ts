/**
 * The streaming signer and the streaming verifier in Node, over bytes or files. Invariant: the code under test does the work; only the key, the
 * clock and the WebAssembly are brought from here. Called by test/node/provenance-sign*.test.ts and test/bench/provenance-sign*.ts.
 */
import { createHash, createPrivateKey, randomUUID, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { initSync, WasmReader } from '@contentauth/c2pa-wasm';
import { type ByteSource, bytesSource, type Hasher } from '#core/provenance/byte-source.ts';
import { storeReader } from '#core/provenance/c2pa-store.ts';
import { draftManifest, type ManifestInput } from '#core/provenance/sign/manifest.ts';
import { type ManifestSigner, signedStoreSize, signManifest } from '#core/provenance/sign/sign-manifest.ts';
import { manifestBox, slotSize } from '#core/provenance/sign/uuid-box.ts';
import { type AssetSink, writeSigned } from '#core/provenance/sign/write-signed.ts';
import type { Verification, VerifyDeps } from '#core/provenance/verification.ts';
import { verifyAsset } from '#core/provenance/verify-asset.ts';
import type { TrustLists } from '#schemas/provenance.ts';
import { ok, type Result } from '#schemas/result.ts';
import { decodePem } from '#workers/provenance/core/pem.ts';
import type { SigningSecrets } from './provenance-context.ts';

export function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}

export function createHasher(algorithm = 'sha256'): Hasher {
  const hash = createHash(algorithm);
  return { update: (bytes) => void hash.update(bytes), digest: () => new Uint8Array(hash.digest()) };
}

/** A signer with the key in the secrets. */
export function localSigner(secrets: SigningSecrets): ManifestSigner {
  const key = createPrivateKey(secrets.C2PA_SIGNING_KEY);
  return {
    chain: decodePem(secrets.C2PA_SIGNING_CHAIN, 'CERTIFICATE'),
    sign: async (bytes) => ok(new Uint8Array(sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }))),
  };
}

/** What a plain clip says, for those to whom it does not matter. */
export function plainManifest(change: Partial<ManifestInput> = {}): ManifestInput {
  return {
    label: `urn:c2pa:${randomUUID()}:kinora`,
    instanceId: `xmp:iid:${randomUUID()}`,
    title: 'A film',
    claimGenerator: { name: 'Kinora', version: '0', specVersion: '2.4.0' },
    ingredients: [],
    softBindings: [],
    actions: [
      {
        action: 'c2pa.created',
        when: '2026-11-22T12:00:00Z',
        digitalSourceType: 'http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia',
      },
    ],
    assertions: [],
    ...change,
  };
}

/** Where a signed file goes, and how the room in it is filled at the end. */
export interface FillableSink extends AssetSink {
  fill(credentials: Uint8Array): Promise<void>;
}

/** Signs from a source into a sink. @returns the manifest store */
export async function signInto(
  source: ByteSource,
  sink: FillableSink,
  input: ManifestInput,
  signer: ManifestSigner,
): Promise<Result<Uint8Array>> {
  const draft = draftManifest(input, sha256);
  const hash = await writeSigned(
    source,
    slotSize(signedStoreSize(draft, signer, null)),
    sink,
    createHasher(),
  );
  if (!hash.ok) return hash;
  const store = await signManifest(draft, hash.value, signer, null);
  if (store.ok) await sink.fill(manifestBox(store.value));
  return store;
}

/** Collects everything in memory. */
export class MemorySink implements FillableSink {
  readonly #parts: Uint8Array[] = [];
  #room = 0;

  async write(bytes: Uint8Array): Promise<void> {
    this.#parts.push(bytes.slice());
  }

  async reserve(length: number): Promise<void> {
    this.#room = this.#parts.length;
    this.#parts.push(new Uint8Array(length));
  }

  async fill(credentials: Uint8Array): Promise<void> {
    if (this.#parts[this.#room]?.length !== credentials.length) throw new Error('the room has another size');
    this.#parts[this.#room] = credentials;
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(Buffer.concat(this.#parts));
  }
}

/** Signs bytes. @param chunk how many bytes the source gives at a time */
export async function signBytes(
  bytes: Uint8Array,
  signer: ManifestSigner,
  input = plainManifest(),
  chunk?: number,
): Promise<Result<{ file: Uint8Array<ArrayBuffer>; store: Uint8Array }>> {
  const sink = new MemorySink();
  const store = await signInto(bytesSource(bytes, chunk), sink, input, signer);
  return store.ok ? ok({ file: sink.bytes(), store: store.value }) : store;
}

let deps: VerifyDeps | null = null;

/** Verifies as a stranger who trusts this root would. */
export async function verifyUnder(pem: string, source: ByteSource): Promise<Verification> {
  if (deps === null) {
    const wasm = createRequire(import.meta.url).resolve('@contentauth/c2pa-wasm/c2pa.wasm');
    initSync({ module: readFileSync(wasm) });
    deps = { createHasher, readStore: storeReader(WasmReader), now: () => new Date() };
  }
  const trust: TrustLists = { own: { name: 'test', version: '1', issuedAt: null, pem } };
  const result = await verifyAsset(source, 'video/mp4', trust, deps);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}
