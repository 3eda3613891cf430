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
} from '#schemas/provenance.ts';
import type { Result } from '#schemas/result.ts';
import { signingIdentity, trustAnchors } from './config.ts';
import { signRendition } from './sign.ts';
import { verifyObject } from './verify.ts';

/** The service other Workers bind. @see schemas/provenance.ts */
export class ProvenanceEntrypoint extends WorkerEntrypoint<ProvenanceEnv> implements ProvenanceService {
  async sign(request: SignRequest): Promise<Result<SignedRendition>> {
    const result = await signRendition(request, {
      bucket: this.env.MEDIA,
      identity: await signingIdentity(this.env),
      trust: trustAnchors(this.env),
    });
    log('sign', request.clipId, result, (value) => ({ size: value.size, state: value.report.state }));
    return result;
  }

  async verify(key: string, mediaType: string): Promise<Result<ProvenanceReport>> {
    const result = await verifyObject(this.env.MEDIA, key, mediaType, trustAnchors(this.env));
    log('verify', key, result, (value) => ({ state: value.state }));
    return result;
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
