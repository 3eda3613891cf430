/**
 * Authenticates a render node: RFC 9421 message signature by a registered Ed25519 key over method, path, query and content digest
 * (RFC 9530). JSON bodies are checked against the digest here; uploads are checked by R2 while it stores them.
 */
import type { Context, MiddlewareHandler } from 'hono';
import { verifySignature, webcrypto } from 'http-message-sig';
import { renderSignature } from '#schemas/render.ts';
import type { ApiEnv } from '../context.ts';
import { RefusalError } from '../respond.ts';

const digestPattern = /^sha-256=:([A-Za-z0-9+/]{43}=):$/;

async function publicKey(c: Context<ApiEnv>, nodeId: string | undefined): Promise<CryptoKey> {
  const encoded = nodeId === undefined ? undefined : c.get('config').renderNodes.get(nodeId);
  if (encoded === undefined)
    throw new RefusalError('node_signature_invalid', 'This render node is not registered.');
  const raw = Uint8Array.from(atob(encoded), (char) => char.charCodeAt(0));
  return crypto.subtle.importKey('raw', raw, { name: 'Ed25519' }, false, ['verify']);
}

/** Base64 SHA-256 named by the signed `Content-Digest` header. */
export function signedDigest(c: Context<ApiEnv>): string {
  const digest = digestPattern.exec(c.req.header('Content-Digest') ?? '')?.[1];
  if (digest === undefined)
    throw new RefusalError('node_signature_invalid', 'Content-Digest with sha-256 is required.');
  return digest;
}

async function checkBody(c: Context<ApiEnv>): Promise<void> {
  const bytes = await c.req.arrayBuffer();
  const actual = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const expected = Uint8Array.from(atob(signedDigest(c)), (char) => char.charCodeAt(0));
  if (!crypto.subtle.timingSafeEqual(actual, expected)) throw new RefusalError('checksum_mismatch');
}

/** Sets `nodeId`, or refuses with node_signature_invalid. */
export function renderNode(): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    try {
      const verified = await verifySignature(c.req.raw, {
        label: renderSignature.label,
        policy: {
          algorithms: [renderSignature.algorithm],
          requiredComponents: [...renderSignature.components],
          requiredParameters: ['created', 'keyid'],
          maxAge: renderSignature.maxAgeSeconds,
          clockSkew: renderSignature.clockSkewSeconds,
        },
        resolveVerifier: async (candidate) =>
          webcrypto.verifier(await publicKey(c, candidate.parameters.keyid)),
      });
      c.set('nodeId', verified.parameters.keyid ?? '');
    } catch (error) {
      if (error instanceof RefusalError) throw error;
      throw new RefusalError('node_signature_invalid');
    }
    if (c.req.method !== 'PUT') await checkBody(c);
    await next();
  };
}
