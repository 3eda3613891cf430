/**
 * Speaks the render protocol of schemas/render.ts: every request is signed (RFC 9421, Ed25519) over method, path, query and
 * the digest of its body (RFC 9530). Answers are sorted into what the node can do about them; nothing is retried here.
 * Called by run-node.ts, heartbeat.ts, run-job.ts, erasures.ts, portraits.ts and inspection-client.ts.
 */
import { openAsBlob } from 'node:fs';
import { open } from 'node:fs/promises';
import { appendSignature, createSignature, webcrypto } from 'http-message-sig';
import type { z } from 'zod';
import { errorEnvelopeSchema } from '#schemas/errors.ts';
import {
  type Completion,
  completionSchema,
  type ErasuresReply,
  erasuresReplySchema,
  erasuresSchema,
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
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body: Blob | string | null;
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
    return this.post(
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
      await this.post(
        jobPath(jobId, 'heartbeat'),
        heartbeatSchema.parse(heartbeat),
        heartbeatReplySchema,
        8000,
        signal,
      ),
    );
  }

  complete(jobId: string, completion: Completion, signal?: AbortSignal): Promise<Answer<unknown>> {
    return this.post(
      jobPath(jobId, 'complete'),
      completionSchema.parse(completion),
      undefined,
      20_000,
      signal,
    );
  }

  fail(jobId: string, failure: Failure, timeoutMs = 8000): Promise<Answer<unknown>> {
    return this.post(jobPath(jobId, 'fail'), failureSchema.parse(failure), undefined, timeoutMs, undefined);
  }

  /** Says which jobs nothing is left of and learns which ones are to be erased. */
  async erasures(
    report: { readonly erased: readonly string[] },
    signal?: AbortSignal,
  ): Promise<Answer<ErasuresReply>> {
    return required(
      await this.post('/render/v1/erasures', erasuresSchema.parse(report), erasuresReplySchema, 8000, signal),
    );
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
    const to = `${jobPath(jobId, `output/${file}`)}?fence=${fence}`;
    return this.put(to, path, stored, mediaType, signal);
  }

  /** Streams a file from disk to a path of the edge. */
  async put(
    to: string,
    path: string,
    stored: StoredFile,
    mediaType: string,
    signal?: AbortSignal,
  ): Promise<Answer<unknown>> {
    // A file-backed blob is read as it is sent and has a length, which the edge's storage needs to know first.
    const body = await openAsBlob(path, { type: mediaType });
    return this.#send(
      {
        method: 'PUT',
        path: to,
        body,
        sha256: fromHex(stored.sha256),
        headers: { 'content-type': mediaType, 'x-kinora-sha256': stored.sha256 },
        timeoutMs: 120_000,
        signal,
      },
      undefined,
    );
  }

  /** Bytes from the edge, at most `maxBytes`; their digest is the caller's to check. */
  async download(path: string, maxBytes: number, signal?: AbortSignal): Promise<Answer<Uint8Array>> {
    const answer = await this.#get(path, maxBytes, signal);
    if (answer.kind !== 'ok') return answer;
    try {
      const bytes = new Uint8Array(await answer.value.arrayBuffer());
      return { ...answer, value: bytes };
    } catch (error) {
      return { kind: 'transient', reason: networkReason(error) };
    }
  }

  /** The same, into a file as it arrives. @returns the number of bytes; anything but `size` is an answer that broke off. */
  async downloadTo(path: string, file: string, size: number, signal?: AbortSignal): Promise<Answer<number>> {
    const answer = await this.#get(path, size, signal);
    if (answer.kind !== 'ok') return answer;
    let written = 0;
    try {
      const out = await open(file, 'w', 0o600);
      try {
        for await (const chunk of answer.value.body ?? []) {
          written += chunk.length;
          if (written > size) break;
          await out.write(chunk);
        }
      } finally {
        await out.close();
      }
    } catch (error) {
      return { kind: 'transient', reason: networkReason(error) };
    }
    return written === size ? { ...answer, value: written } : { kind: 'transient', reason: 'wrong length' };
  }

  async #get(path: string, maxBytes: number, signal: AbortSignal | undefined): Promise<Answer<Response>> {
    const answer = await this.#exchange({
      method: 'GET',
      path,
      body: null,
      sha256: new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array())),
      headers: {},
      timeoutMs: 60_000,
      signal,
    });
    return answer.kind === 'ok' && Number(answer.value.headers.get('content-length')) > maxBytes
      ? { kind: 'rejected', status: 200, code: 'payload_too_large' }
      : answer;
  }

  /** A signed POST for the other clients of this folder. */
  async post<T>(
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
    const answer = await this.#exchange(sending);
    return answer.kind === 'ok' ? readJson(answer.value, schema, answer.edgeTime) : answer;
  }

  /** Signs and sends; refusals are sorted, an answer that is not one comes back unread. */
  async #exchange(sending: Sending): Promise<Answer<Response>> {
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
      return await sortAnswer(response);
    } catch (error) {
      return { kind: 'transient', reason: networkReason(error) };
    }
  }
}

async function readJson<T>(
  response: Response,
  schema: z.ZodType<T> | undefined,
  edgeTime: number | undefined,
): Promise<Answer<T | undefined>> {
  if (response.status === 204 || !schema) return { kind: 'ok', value: undefined, edgeTime };
  const body: unknown = await response.json().catch(() => undefined);
  const parsed = schema.safeParse(body);
  return parsed.success
    ? { kind: 'ok', value: parsed.data, edgeTime }
    : { kind: 'transient', reason: 'the edge answered in a way this node does not understand' };
}

async function sortAnswer(response: Response): Promise<Answer<Response>> {
  const date = Date.parse(response.headers.get('date') ?? '');
  const edgeTime = Number.isNaN(date) ? undefined : date;
  if (response.ok) return { kind: 'ok', value: response, edgeTime };
  const body: unknown = await response.json().catch(() => undefined);
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
