/**
 * Speaks the render protocol of schemas/render.ts: every request is signed (RFC 9421, Ed25519) over method, path, query and
 * the digest of its body (RFC 9530). Answers are sorted into what the node can do about them; nothing is retried here.
 * Called by run-node.ts, heartbeat.ts and run-job.ts.
 */
import { openAsBlob } from 'node:fs';
import { appendSignature, createSignature, webcrypto } from 'http-message-sig';
import type { z } from 'zod';
import { errorEnvelopeSchema } from '#schemas/errors.ts';
import {
  type Completion,
  completionSchema,
  type Failure,
  failureSchema,
  type Heartbeat,
  type HeartbeatReply,
  heartbeatReplySchema,
  heartbeatSchema,
  type LeasedJob,
  type LeaseRequest,
  leasedJobSchema,
  leaseRequestSchema,
  type OutputFile,
  outputFiles,
  renderSignature,
  type StoredFile,
} from '#schemas/render.ts';

/**
 * `stale`: the job is not ours any more. `rejected`: the edge refused and will again. `transient`: no answer, or one that may be different next time.
 */
export type Answer<T> =
  | { readonly kind: 'ok'; readonly value: T; readonly edgeTime: number | undefined }
  | { readonly kind: 'stale' }
  | { readonly kind: 'rejected'; readonly status: number; readonly code: string }
  | { readonly kind: 'transient'; readonly reason: string };

export interface EdgeClientOptions {
  readonly url: URL;
  readonly nodeId: string;
  readonly privateKey: CryptoKey;
  readonly fetch: typeof fetch;
}

interface Sending {
  readonly method: 'POST' | 'PUT';
  readonly path: string;
  readonly body: Blob | string;
  readonly sha256: Uint8Array<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

export class EdgeClient {
  readonly #options: EdgeClientOptions;

  constructor(options: EdgeClientOptions) {
    this.#options = options;
  }

  /** A job, or undefined when there is none now. Held open by the edge for up to `waitMs`. */
  lease(request: LeaseRequest, signal?: AbortSignal): Promise<Answer<LeasedJob | undefined>> {
    return this.#post(
      '/render/v1/lease',
      leaseRequestSchema.parse(request),
      leasedJobSchema,
      request.waitMs + 10_000,
      signal,
    );
  }

  async heartbeat(
    jobId: string,
    heartbeat: Heartbeat,
    signal?: AbortSignal,
  ): Promise<Answer<HeartbeatReply>> {
    return required(
      await this.#post(
        jobPath(jobId, 'heartbeat'),
        heartbeatSchema.parse(heartbeat),
        heartbeatReplySchema,
        8000,
        signal,
      ),
    );
  }

  complete(jobId: string, completion: Completion, signal?: AbortSignal): Promise<Answer<unknown>> {
    return this.#post(
      jobPath(jobId, 'complete'),
      completionSchema.parse(completion),
      undefined,
      20_000,
      signal,
    );
  }

  fail(jobId: string, failure: Failure, timeoutMs = 8000): Promise<Answer<unknown>> {
    return this.#post(jobPath(jobId, 'fail'), failureSchema.parse(failure), undefined, timeoutMs, undefined);
  }

  /** Streams a file from disk; its digest was computed beforehand, so the edge can refuse what arrives broken. */
  async upload(
    jobId: string,
    file: OutputFile,
    fence: number,
    path: string,
    stored: StoredFile,
    signal?: AbortSignal,
  ): Promise<Answer<unknown>> {
    const { mediaType } = outputFiles[file];
    // A file-backed blob is read as it is sent and has a length, which the edge's storage needs to know first.
    const body = await openAsBlob(path, { type: mediaType });
    return this.#send(
      {
        method: 'PUT',
        path: `${jobPath(jobId, `output/${file}`)}?fence=${fence}`,
        body,
        sha256: fromHex(stored.sha256),
        headers: { 'content-type': mediaType, 'x-kinora-sha256': stored.sha256 },
        timeoutMs: 120_000,
        signal,
      },
      undefined,
    );
  }

  async #post<T>(
    path: string,
    value: unknown,
    schema: z.ZodType<T> | undefined,
    timeoutMs: number,
    signal: AbortSignal | undefined,
  ): Promise<Answer<T | undefined>> {
    const body = JSON.stringify(value);
    const sha256 = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(body)));
    return this.#send(
      {
        method: 'POST',
        path,
        body,
        sha256,
        headers: { 'content-type': 'application/json' },
        timeoutMs,
        signal,
      },
      schema,
    );
  }

  async #send<T>(sending: Sending, schema: z.ZodType<T> | undefined): Promise<Answer<T | undefined>> {
    const { url, nodeId, privateKey } = this.#options;
    const target = new URL(sending.path, url);
    const digest = `sha-256=:${Buffer.from(sending.sha256).toString('base64')}:`;
    const fields = await createSignature(
      {
        kind: 'request',
        method: sending.method,
        targetUri: target.href,
        fields: [{ name: 'content-digest', value: digest }],
      },
      {
        label: renderSignature.label,
        components: renderSignature.components,
        parameters: {
          created: Math.floor(Date.now() / 1000),
          keyid: nodeId,
          alg: renderSignature.algorithm,
          nonce: crypto.randomUUID(),
        },
        signer: webcrypto.signer(privateKey),
      },
    );
    const headers = appendSignature(new Headers({ ...sending.headers, 'content-digest': digest }), fields);
    const timeout = AbortSignal.timeout(sending.timeoutMs);
    const signal = sending.signal ? AbortSignal.any([sending.signal, timeout]) : timeout;
    try {
      const response = await this.#options.fetch(target, {
        method: sending.method,
        headers,
        body: sending.body,
        signal,
        redirect: 'error',
      });
      return await readAnswer(response, schema);
    } catch (error) {
      return { kind: 'transient', reason: networkReason(error) };
    }
  }
}

async function readAnswer<T>(
  response: Response,
  schema: z.ZodType<T> | undefined,
): Promise<Answer<T | undefined>> {
  const date = Date.parse(response.headers.get('date') ?? '');
  const edgeTime = Number.isNaN(date) ? undefined : date;
  if (response.status === 204) return { kind: 'ok', value: undefined, edgeTime };
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) {
    if (!schema) return { kind: 'ok', value: undefined, edgeTime };
    const parsed = schema.safeParse(body);
    return parsed.success
      ? { kind: 'ok', value: parsed.data, edgeTime }
      : { kind: 'transient', reason: 'the edge answered in a way this node does not understand' };
  }
  const envelope = errorEnvelopeSchema.safeParse(body);
  const code = envelope.success ? envelope.data.error.code : `http_${response.status}`;
  if (code === 'stale_lease' || code === 'already_final' || (response.status === 404 && envelope.success))
    return { kind: 'stale' };
  // A broken upload is sent again; being too many or the edge's own faults pass with time.
  if (
    response.status >= 500 ||
    response.status === 429 ||
    response.status === 408 ||
    code === 'checksum_mismatch'
  ) {
    return { kind: 'transient', reason: code };
  }
  return { kind: 'rejected', status: response.status, code };
}

function required<T>(answer: Answer<T | undefined>): Answer<T> {
  if (answer.kind !== 'ok') return answer;
  return answer.value === undefined
    ? { kind: 'transient', reason: 'the edge answered nothing' }
    : { kind: 'ok', value: answer.value, edgeTime: answer.edgeTime };
}

function jobPath(jobId: string, action: string): string {
  return `/render/v1/jobs/${encodeURIComponent(jobId)}/${action}`;
}

function networkReason(error: unknown): string {
  if (!(error instanceof Error)) return 'network';
  const cause = error.cause instanceof Error && 'code' in error.cause ? String(error.cause.code) : undefined;
  return cause ?? error.name;
}

function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(hex, 'hex'));
}
