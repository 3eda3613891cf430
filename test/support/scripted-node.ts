/**
 * A render node that does only what a test tells it: it speaks the protocol with real signatures and stops wherever the test wants it to
 * die. The video it sends is a real one, unless the test hands it something else.
 */
import { createHash } from 'node:crypto';
import { appendSignature, createSignature, webcrypto } from 'http-message-sig';
import {
  type LeasedJob,
  type OutputFile,
  type RenderOutput,
  renderSignature,
  type SeenFace,
  type StoredFile,
} from '#schemas/render.ts';
import { engine } from './engine.ts';

/** Digests and signs like a node; answers are raw, so that a test sees refusals. */
export interface ScriptedNode {
  /** Address and signed headers for a body, to be sent or tampered with by the test. */
  sign(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    body: Uint8Array<ArrayBuffer>,
    mediaType?: string,
  ): Promise<{ url: string; headers: Headers }>;
  request(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    body: Uint8Array<ArrayBuffer> | object,
  ): Promise<Response>;
  /** Null when there was nothing to do. @throws Error for any refusal */
  lease(waitMs?: number): Promise<LeasedJob | null>;
  heartbeat(job: LeasedJob, progress: number): Promise<Response>;
  upload(job: LeasedJob, file: OutputFile, bytes: Uint8Array<ArrayBuffer>): Promise<Response>;
  /** A mark of zeros in the output stands for the one that was ordered. */
  complete(job: LeasedJob, output: RenderOutput, faces?: readonly SeenFace[]): Promise<Response>;
}

const sha256 = (bytes: Uint8Array, encoding: 'hex' | 'base64') =>
  createHash('sha256').update(bytes).digest(encoding);

export const storedFile = (bytes: Uint8Array): StoredFile => ({
  sha256: sha256(bytes, 'hex'),
  size: bytes.byteLength,
});

export function createScriptedNode(origin: string, nodeId: string, privateKey: CryptoKey): ScriptedNode {
  const sign: ScriptedNode['sign'] = async (method, path, body, mediaType = 'application/octet-stream') => {
    const headers = { 'content-type': mediaType, 'content-digest': `sha-256=:${sha256(body, 'base64')}:` };
    const unsigned = new Request(`${origin}${path}`, { method, headers });
    const fields = await createSignature(unsigned, {
      label: renderSignature.label,
      components: [...renderSignature.components],
      parameters: { created: Math.floor(Date.now() / 1000), keyid: nodeId, alg: renderSignature.algorithm },
      signer: webcrypto.signer(privateKey),
    });
    return { url: unsigned.url, headers: appendSignature(unsigned.headers, fields) };
  };
  const request: ScriptedNode['request'] = async (method, path, content) => {
    const binary = content instanceof Uint8Array;
    const body = binary ? content : new TextEncoder().encode(JSON.stringify(content));
    const { url, headers } = await sign(method, path, body, binary ? undefined : 'application/json');
    return fetch(url, method === 'GET' ? { method, headers } : { method, headers, body });
  };
  return {
    sign,
    request,
    lease: async (waitMs = 0) => {
      const response = await request('POST', '/render/v1/lease', {
        engines: [engine],
        waitMs,
        software: 'scripted',
      });
      if (response.status === 204) return null;
      if (!response.ok) throw new Error(`lease: ${response.status} ${await response.text()}`);
      return response.json();
    },
    heartbeat: (job, progress) =>
      request('POST', `/render/v1/jobs/${job.jobId}/heartbeat`, {
        fence: job.fence,
        stage: 'drawing',
        progress,
      }),
    upload: (job, file, bytes) =>
      request('PUT', `/render/v1/jobs/${job.jobId}/output/${file}?fence=${job.fence}`, bytes),
    complete: (job, output, faces = []) => {
      const watermarkId = /^0+$/.test(output.watermarkId) ? job.watermark.id : output.watermarkId;
      return request('POST', `/render/v1/jobs/${job.jobId}/complete`, {
        fence: job.fence,
        output: { ...output, watermarkId },
        faces,
      });
    },
  };
}

/** A key pair; the public half as `RENDER_NODES` wants it. */
createScriptedNode.identity = async () => {
  const pair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  if (!('privateKey' in pair)) throw new Error('not a key pair');
  const raw = await crypto.subtle.exportKey('raw', pair.publicKey);
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', pair.privateKey)).toString('base64');
  return {
    privateKey: pair.privateKey,
    publicKey: Buffer.from(raw).toString('base64'),
    pem: `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n`,
  };
};
