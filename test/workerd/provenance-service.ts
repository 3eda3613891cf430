/**
 * What provenance tests inside workerd share: the service as its callers bind it, and requests with sensible values. Called by
 * test/workerd/provenance*.test.ts.
 */
import { env, exports } from 'cloudflare:workers';
import { inject } from 'vitest';
import { z } from 'zod';
import { readBmff } from '#core/provenance/bmff.ts';
import { bytesSource } from '#core/provenance/byte-source.ts';
import { WindowReader } from '#core/provenance/window.ts';
import { withPrefix } from '#schemas/ids.ts';
import type {
  GeneratedSignRequest,
  ProvenanceReport,
  ProvenanceService,
  SignedRendition,
  SignRequest,
  UploadedSignRequest,
} from '#schemas/provenance.ts';
import type { Result } from '#schemas/result.ts';
import { signingIdentity, trustAnchors } from '#workers/provenance/config.ts';
import { decodePem } from '#workers/provenance/core/pem.ts';
import type { SignDeps } from '#workers/provenance/sign.ts';
import { manifestSigner } from '#workers/provenance/signer.ts';
import type { Fetch } from '#workers/provenance/signing/http.ts';
import { ownTrust, verifySource } from '#workers/provenance/verify.ts';
import type { SigningSecrets } from '../support/provenance-context.ts';
import { signDigest } from '../support/provenance-key-service.ts';
import { type CrJson, parseCrJson } from './provenance-checks.ts';

/** The worker's RPC entrypoint, reached the way a service binding reaches it. */
export const service: ProvenanceService = provenanceService();

let counter = 0;

/** A clip id nobody has used in this file. */
export function freshClipId(): SignRequest['clipId'] {
  counter += 1;
  return withPrefix('clip', `01JD${String(counter).padStart(22, '0')}`);
}

/** One of the videos made for this run. */
export function video(name: 'dark' | 'bright' = 'dark'): Uint8Array<ArrayBuffer> {
  return fromBase64(inject('videos')[name]);
}

/** Decodes what could only travel as text. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}

/** A complete request under fresh keys; its source is stored if bytes are given. */
export async function signRequest(
  change: Partial<GeneratedSignRequest> = {},
  source: Uint8Array | null = video(),
): Promise<GeneratedSignRequest> {
  const clipId = change.clipId ?? freshClipId();
  const request: GeneratedSignRequest = {
    clipId,
    mediaType: 'video/mp4',
    sourceKey: `quarantine/${clipId}/video.mp4`,
    targetKey: `clips/${clipId}/video.mp4`,
    manifestKey: `clips/${clipId}/manifest.c2pa`,
    title: 'A ball finds the rim',
    creatorHandle: 'ada',
    engine: { name: 'sketch', version: '1.2.0', model: 'sketch-1' },
    digitalSourceType: 'algorithmicMedia',
    createdAt: '2026-11-22T12:00:00.000Z',
    ingredients: [],
    softBindings: [],
    revocationUrl: `https://kinora.example/revocations/${clipId}`,
    ...change,
  };
  if (source !== null) await env.MEDIA.put(request.sourceKey, source);
  return request;
}

/** A clip that is signed and stored, ready to be a parent or to be tampered with. */
export async function signedClip(change: Partial<GeneratedSignRequest> = {}, source = video()) {
  const request = await signRequest(change, source);
  const rendition = expectOk<SignedRendition>(await service.sign(request));
  return { request, rendition, bytes: await stored(request.targetKey) };
}

/** An upload that is to become a clip; its file is stored. */
export async function uploadRequest(file: Uint8Array<ArrayBuffer>): Promise<UploadedSignRequest> {
  const clipId = freshClipId();
  const sourceKey = `uploads/${clipId}/file`;
  await env.MEDIA.put(sourceKey, file);
  return {
    clipId,
    mediaType: 'video/mp4',
    sourceKey,
    targetKey: `clips/${clipId}/video.mp4`,
    manifestKey: `clips/${clipId}/manifest.c2pa`,
    title: 'Uploaded by @ada',
    creatorHandle: 'ada',
    createdAt: '2026-11-22T12:00:00.000Z',
    softBindings: [],
    upload: {
      id: withPrefix('upl', clipId.slice('clip_'.length)),
      sha256: await hexDigest(file),
      fileName: 'film.mp4',
    },
    revocationUrl: `https://kinora.example/revocations/${clipId}`,
  };
}

/**
 * What the worker signs with, for calls that need something to be different.
 * @param timeStampRoot PEM of an authority that is trusted too
 */
export async function localDeps(secrets: SigningSecrets, timeStampRoot?: string): Promise<SignDeps> {
  const own = ownTrust(trustAnchors(secrets));
  const list = { name: 'Test time stamps', version: '1', issuedAt: null };
  const trust = timeStampRoot === undefined ? own : { ...own, timestamp: { ...list, pem: timeStampRoot } };
  return {
    bucket: env.MEDIA,
    signer: manifestSigner(await signingIdentity(secrets)),
    stamper: null,
    verify: (source) => verifySource(source, 'video/mp4', trust),
  };
}

/** A key service: signs SHA-256 digests with ES256, as a KMS does, and notes what it was sent. */
export async function remoteFetch(secrets: SigningSecrets) {
  const [pkcs8] = decodePem(secrets.C2PA_SIGNING_KEY, 'PRIVATE KEY');
  if (pkcs8 === undefined) throw new Error('no key');
  const requests: { authorization: string | null; body: { algorithm: string; digest: string } }[] = [];
  const fetcher: Fetch = async (_, init) => {
    const body = z
      .object({ algorithm: z.string(), digest: z.base64() })
      .parse(await new Response(init.body).json());
    requests.push({ authorization: new Headers(init.headers).get('authorization'), body });
    const signature = await signDigest(pkcs8, fromBase64(body.digest));
    return Response.json({ signature: btoa(String.fromCharCode(...signature)) });
  };
  return { fetcher, requests };
}

/** The crJSON under a key. */
export async function storedJson(key: string): Promise<CrJson> {
  return parseCrJson(JSON.parse(new TextDecoder().decode(await stored(key))));
}

/** The bytes under a key. */
export async function stored(key: string): Promise<Uint8Array<ArrayBuffer>> {
  const object = await env.MEDIA.get(key);
  if (object === null) throw new Error(`nothing is stored under ${key}`);
  return new Uint8Array(await object.arrayBuffer());
}

/** Stores bytes under a fresh key and has them verified. */
export async function verifyBytes(
  bytes: Uint8Array,
  mediaType = 'video/mp4',
): Promise<Result<ProvenanceReport>> {
  const key = `upload/${freshClipId()}`;
  await env.MEDIA.put(key, bytes);
  return service.verify(key, mediaType);
}

/** The value of a result, or a failing test that says why there is none. */
export function expectOk<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.error)}`);
  return result.value;
}

/** Codes of one kind in a report. */
export function codes(report: ProvenanceReport, outcome: 'success' | 'informational' | 'failure'): string[] {
  return report.statuses.filter((status) => status.outcome === outcome).map(({ code }) => code);
}

/** A signed clip as the ingredient of another. */
export function ingredient(
  parent: Awaited<ReturnType<typeof signedClip>>,
  relationship: 'parentOf' | 'componentOf' | 'inputTo',
  withManifest = false,
) {
  const { clipId, title, targetKey, manifestKey } = parent.request;
  return {
    clipId,
    title,
    relationship,
    assetKey: targetKey,
    ...(withManifest ? { manifestKey } : {}),
  };
}

/** The bare manifest store in a signed file. */
export async function storeIn(bytes: Uint8Array): Promise<Uint8Array> {
  const { store } = await readBmff(new WindowReader(bytesSource(bytes)));
  if (store.kind !== 'store') throw new Error('the file carries no manifest store');
  return store.bytes;
}

/** SHA-256 as lower-case hex. */
export async function hexDigest(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** One bit of picture or sound, near the end of the file, where an MP4 with moov first keeps its media. */
export function flipInMdat(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const copy = bytes.slice();
  const at = copy.length - 100;
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

function provenanceService(): ProvenanceService {
  const candidate: unknown = Reflect.get(exports, 'ProvenanceEntrypoint');
  if (!isProvenanceService(candidate)) throw new Error('the worker exports no ProvenanceEntrypoint');
  return candidate;
}

function isProvenanceService(value: unknown): value is ProvenanceService {
  const callable = typeof value === 'object' || typeof value === 'function';
  return callable && value !== null && 'sign' in value && 'verify' in value;
}
