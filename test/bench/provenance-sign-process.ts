/**
 * One measurement of signing, in a process of its own so that its peak memory is its own: prints JSON. Usage: `sha256|stream|wasm FILE OUT`, or
 * `chain DEPTH FILM`. Memory is the peak over what the process holds before it starts. Called by provenance-sign.ts.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { open, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { initSync, WasmBuilder } from '@contentauth/c2pa-wasm';
import { bytesSource } from '#core/provenance/byte-source.ts';
import {
  encodeCoseSign1,
  encodeProtectedHeader,
  encodeSigStructure,
  reserveSize,
} from '#core/provenance/sign/cose.ts';
import type { IngredientInput } from '#core/provenance/sign/ingredient.ts';
import { ingredientLabel, type ManifestInput } from '#core/provenance/sign/manifest.ts';
import { validationResultsIn } from '#workers/provenance/signing/cr-json.ts';
import { fileSource } from '../../scripts/file-source.ts';
import { makeSigningSecrets } from '../support/provenance-identity.ts';
import {
  type FillableSink,
  localSigner,
  plainManifest,
  signBytes,
  signInto,
  verifyUnder,
} from '../support/provenance-signing.ts';

const [kind = '', first = '', second = ''] = process.argv.slice(2);
const secrets = await makeSigningSecrets();
const signer = localSigner(secrets);
const runs: Record<string, () => Promise<Record<string, number>>> = {
  sha256: () => hashFile(first),
  stream: () => signFile(first, second),
  wasm: () => signWithLibrary(first, second),
  chain: () => signChain(Number(first), second),
};
const run = runs[kind];
if (run === undefined) throw new Error(`no measurement ${kind}`);
const before = process.memoryUsage.rss();
const started = performance.now();
const extra = await run();
const ms = performance.now() - started;
const megabytes = (process.resourceUsage().maxRSS * 1024 - before) / 2 ** 20;
console.log(JSON.stringify({ ms, megabytes: Math.max(0, megabytes), ...extra }));

async function hashFile(path: string): Promise<Record<string, number>> {
  const file = await open(path);
  const { size } = await file.stat();
  const hash = createHash('sha256');
  for await (const chunk of fileSource(file, size).stream(0, size)) hash.update(chunk);
  hash.digest();
  await file.close();
  return {};
}

async function signFile(path: string, out: string): Promise<Record<string, number>> {
  const file = await open(path);
  const target = await open(out, 'w');
  const { size } = await file.stat();
  let position = 0;
  let room = 0;
  const sink: FillableSink = {
    write: async (bytes) => {
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await target.write(bytes, done, bytes.length - done, position + done);
        done += bytesWritten;
      }
      position += bytes.length;
    },
    reserve: async (length) => {
      room = position;
      position += length;
    },
    fill: async (credentials) => void (await target.write(credentials, 0, credentials.length, room)),
  };
  const store = await signInto(fileSource(file, size), sink, plainManifest(), signer);
  if (!store.ok) throw new Error(JSON.stringify(store.error));
  const signedAt = performance.now();
  const signedPeak = process.resourceUsage().maxRSS;
  await target.close();
  await file.close();
  const signed = await open(out);
  const { report } = await verifyUnder(secrets.C2PA_TRUST_ANCHORS, fileSource(signed, position));
  await signed.close();
  await rm(out);
  if (report.state !== 'Trusted') throw new Error(`what was signed is ${report.state}`);
  // Verifying loads nine megabytes of WebAssembly: not part of what signing needs.
  return { verifyMs: performance.now() - signedAt, megabytes: (signedPeak * 1024 - before) / 2 ** 20 };
}

/** c2pa-wasm's own builder, which takes the file as a Blob and copies it. */
async function signWithLibrary(path: string, out: string): Promise<Record<string, number>> {
  initSync({
    module: readFileSync(createRequire(import.meta.url).resolve('@contentauth/c2pa-wasm/c2pa.wasm')),
  });
  const { BytesBlob, BytesReader } = blobClasses();
  Object.defineProperty(globalThis, 'FileReaderSync', { value: BytesReader, configurable: true });
  const { claimGenerator, actions } = plainManifest();
  const builder = WasmBuilder.fromJson(
    JSON.stringify({
      claim_version: 2,
      claim_generator_info: [claimGenerator],
      format: 'video/mp4',
      assertions: [{ label: 'c2pa.actions.v2', data: { actions }, created: true }],
    }),
    JSON.stringify({ verify: { verify_after_sign: false }, builder: { thumbnail: { enabled: false } } }),
  );
  const header = encodeProtectedHeader(signer.chain);
  const size = reserveSize(header);
  const sign = async (claim: Uint8Array) => {
    const signature = await signer.sign(encodeSigStructure(header, claim));
    if (!signature.ok) throw new Error('not signed');
    return encodeCoseSign1(header, signature.value, size);
  };
  const source = new BytesBlob(new Uint8Array(await readFile(path)));
  await writeFile(
    out,
    await builder.sign({ sign, reserveSize: size, alg: 'es256' }, [], 'video/mp4', source),
  );
  builder.free();
  await rm(out);
  return {};
}

/** A chain of remixes: how long the last one takes, to sign and to verify. */
async function signChain(depth: number, path: string): Promise<Record<string, number>> {
  const film = new Uint8Array(await readFile(path));
  let parent: IngredientInput['credentials'] = null;
  let [signMs, verifyMs, storeBytes] = [0, 0, 0];
  for (let at = 0; at <= depth; at += 1) {
    const begun = performance.now();
    const signed = await signBytes(film, signer, remixOf(parent));
    if (!signed.ok) throw new Error(JSON.stringify(signed.error));
    signMs = performance.now() - begun;
    const { report, crJson } = await verifyUnder(secrets.C2PA_TRUST_ANCHORS, bytesSource(signed.value.file));
    verifyMs = performance.now() - begun - signMs;
    const validationResults = validationResultsIn(crJson);
    if (report.state !== 'Trusted' || validationResults === null)
      throw new Error(`depth ${at}: ${report.state}`);
    parent = { store: signed.value.store, validationResults };
    storeBytes = signed.value.store.length;
  }
  return { signMs, verifyMs, storeBytes };
}

function remixOf(parent: IngredientInput['credentials']): ManifestInput {
  const input = plainManifest();
  if (parent === null) return input;
  return {
    ...input,
    ingredients: [
      { title: 'p', mediaType: 'video/mp4', relationship: 'inputTo', instanceId: 'p', credentials: parent },
    ],
    actions: input.actions.map((action) => ({ ...action, ingredients: [ingredientLabel] })),
  };
}

/** The library reads blobs through `FileReaderSync`, which Node lacks. Classes are hoisted without their values: this runs after them. */
function blobClasses() {
  class BytesBlob extends Blob {
    readonly #bytes: Uint8Array;
    constructor(bytes: Uint8Array) {
      super([]);
      this.#bytes = bytes;
    }
    override get size(): number {
      return this.#bytes.byteLength;
    }
    override slice(start = 0, end = this.#bytes.byteLength): BytesBlob {
      return new BytesBlob(this.#bytes.subarray(start, end));
    }
    toArrayBuffer(): ArrayBuffer {
      return new Uint8Array(this.#bytes).buffer;
    }
  }
  class BytesReader {
    readAsArrayBuffer(blob: BytesBlob): ArrayBuffer {
      return blob.toArrayBuffer();
    }
  }
  return { BytesBlob, BytesReader };
}
