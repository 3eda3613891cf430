/**
 * Entry of `kinora-provenance`. Invariant: everything it does is reached by RPC over a service binding; its fetch handler
 * reveals nothing. Called by the generation and ingest workflows and the provenance routes of `kinora`.
 */
import { WorkerEntrypoint } from 'cloudflare:workers';
import { ulid } from 'ulid';
import { type ErrorEnvelope, sentenceOf, statusOf } from '#schemas/errors.ts';
import { withPrefix } from '#schemas/ids.ts';
import type {
  ProvenanceReport,
  ProvenanceService,
  SignedRendition,
  SignRequest,
  TrustLists,
} from '#schemas/provenance.ts';
import { ok, type Result } from '#schemas/result.ts';
import { signingIdentity, timeStamper, trustAnchors } from './config.ts';
import { signRendition } from './sign.ts';
import { manifestSigner } from './signer.ts';
import { trustLists } from './trust/lists.ts';
import { refreshTrustLists } from './trust/refresh.ts';
import { ownTrust, verifyObject, verifySource } from './verify.ts';

/** The service other Workers bind. @see schemas/provenance.ts */
export class ProvenanceEntrypoint extends WorkerEntrypoint<ProvenanceEnv> implements ProvenanceService {
  async sign(request: SignRequest): Promise<Result<SignedRendition>> {
    const trust = ownTrust(trustAnchors(this.env));
    const result = await signRendition(request, {
      bucket: this.env.MEDIA,
      signer: manifestSigner(await signingIdentity(this.env)),
      stamper: timeStamper(this.env),
      verify: (source) => verifySource(source, request.mediaType, trust),
    });
    log('sign', request.clipId, result, (value) => ({ size: value.size, state: value.report.state }));
    return result;
  }

  async verify(key: string, mediaType: string): Promise<Result<ProvenanceReport>> {
    const result = await verifyObject(this.env.MEDIA, key, mediaType, await this.trustLists(), {
      fileSha256: false,
    });
    log('verify', key, result, ({ report }) => ({ state: report.state }));
    return result.ok ? ok(result.value.report) : result;
  }

  async trustLists(): Promise<TrustLists> {
    return trustLists(this.env.TRUST_LISTS, trustAnchors(this.env));
  }
}

export default {
  fetch(request): Response {
    if (new URL(request.url).pathname === '/healthz') return Response.json({ status: 'ok' });
    const envelope: ErrorEnvelope = {
      error: { code: 'not_found', message: sentenceOf('not_found'), requestId: withPrefix('req', ulid()) },
    };
    return Response.json(envelope, { status: statusOf('not_found') });
  },

  async scheduled(_controller, env): Promise<void> {
    const outcomes = await refreshTrustLists(env.TRUST_LISTS, fetch, () => new Date());
    for (const outcome of outcomes) console.log(JSON.stringify({ event: 'trust.refreshed', ...outcome }));
  },
} satisfies ExportedHandler<ProvenanceEnv>;

/** One line per call: ids, sizes and codes, never titles or handles. */
function log<T>(
  call: string,
  subject: string,
  result: Result<T>,
  fields: (value: T) => Record<string, unknown>,
): void {
  const outcome = result.ok
    ? fields(result.value)
    : { code: result.error.code, details: result.error.details };
  console.log(JSON.stringify({ event: `provenance.${call}`, subject, ok: result.ok, ...outcome }));
}
