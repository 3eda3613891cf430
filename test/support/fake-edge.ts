/**
 * The edge as a render node sees it: the protocol of schemas/render.ts over real HTTP on loopback, with real signature and
 * digest checks, and faults that a test chooses. Used by test/node/render-node*.test.ts.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { verifySignature, webcrypto } from 'http-message-sig';
import type { RenderSpec } from '#schemas/engine.ts';
import { type ErrorCode, statusOf } from '#schemas/errors.ts';
import { withPrefix } from '#schemas/ids.ts';
import {
  inspectionCompletionSchema,
  inspectionFailureSchema,
  inspectionLeaseRequestSchema,
  type LeasedEnrolment,
  type LeasedInspection,
  type LeasedMediaInspection,
} from '#schemas/inspection.ts';
import {
  completionSchema,
  erasuresSchema,
  failureSchema,
  heartbeatSchema,
  type LeasedJob,
  leaseRequestSchema,
  outputFiles,
  renderSignature,
} from '#schemas/render.ts';

export type Operation =
  | 'lease'
  | 'erasures'
  | 'heartbeat'
  | 'output'
  | 'complete'
  | 'fail'
  | 'inspections/lease'
  | 'inspections/media'
  | 'inspections/portrait'
  | 'inspections/poster'
  | 'inspections/complete'
  | 'inspections/fail';

export interface SeenRequest {
  readonly operation: Operation;
  readonly jobId: string | undefined;
  readonly file: string | undefined;
  readonly body: Buffer;
  readonly json: unknown;
  /** What was answered: a status, or `dropped`. */
  answered: number | 'dropped';
}

/** Return an answer to use instead of the ordinary one; `drop` cuts the connection; undefined goes on as usual. */
export type Fault = (
  request: SeenRequest,
) => ErrorCode | { status: number; json: unknown } | 'drop' | 'cancel' | undefined | Promise<undefined>;

export const testSpec: RenderSpec = {
  engine: 'test',
  prompt: 'a secret prompt about a purple elephant',
  seed: 7,
  seconds: 1,
  size: '720x1280',
  dialogue: [],
  soundCues: [],
  cast: [],
  standIns: 0,
  creatorHandle: 'ada',
};

/** 32 bytes, base64. */
export const testCarrierKey = Buffer.alloc(32, 7).toString('base64');

export class FakeEdge {
  readonly seen: SeenRequest[] = [];
  readonly problems: string[] = [];
  fault: Fault = () => undefined;
  leaseMs = 10_000;
  heartbeatEveryMs = 100;
  /** Jobs the node is asked to erase, until it confirms. */
  readonly toErase = new Set<string>();
  readonly #inspections: { leased: LeasedInspection; bytes: Buffer }[] = [];
  readonly #recordings = new Map<string, Buffer>();
  readonly #jobs: LeasedJob[] = [];
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  readonly #publicKeys: ReadonlyMap<string, string>;
  #fence = 0;

  constructor(publicKeys: Readonly<Record<string, string>>) {
    this.#publicKeys = new Map(Object.entries(publicKeys));
  }

  async start(port = 0): Promise<URL> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    const address = this.#server.address() as AddressInfo;
    return new URL(`http://127.0.0.1:${address.port}`);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Puts a job in the queue; returns its id. */
  enqueue(spec: Partial<RenderSpec> = {}): string {
    const jobId = withPrefix('gen', `01k${String(this.#fence + 1).padStart(23, '0')}`);
    this.#jobs.push({
      jobId,
      fence: ++this.#fence,
      attempt: 1,
      spec: { ...testSpec, ...spec },
      watermark: { id: '00c0ffee00', key: testCarrierKey },
      leaseExpiresAt: '',
      heartbeatEveryMs: this.heartbeatEveryMs,
    });
    return jobId;
  }

  /** Puts a recording in the queue; returns the inspection's id. */
  enqueueInspection(
    bytes: Buffer,
    wanted: Partial<Pick<LeasedEnrolment, 'challenge' | 'wantPortrait'>> = {},
  ): string {
    const inspectionId = withPrefix('enr', `01k${String(this.#fence + 1).padStart(23, '0')}`);
    const leased: LeasedEnrolment = {
      inspectionId,
      kind: 'enrolment',
      fence: ++this.#fence,
      challenge: { digits: '382917', turns: ['left', 'up', 'right'] },
      media: { size: bytes.length, mediaType: 'video/webm' },
      wantPortrait: true,
      leaseExpiresAt: '',
      ...wanted,
    };
    this.#inspections.push({ leased, bytes });
    return inspectionId;
  }

  /** Puts an upload in the queue; returns the inspection's id. */
  enqueueUpload(bytes: Buffer, mediaType: string, mayPublish = true): string {
    const inspectionId = withPrefix('upl', `01k${String(this.#fence + 1).padStart(23, '0')}`);
    const leased: LeasedMediaInspection = {
      inspectionId,
      kind: 'media',
      fence: ++this.#fence,
      media: { size: bytes.length, mediaType },
      watermarkKey: testCarrierKey,
      mayPublish,
      leaseExpiresAt: '',
    };
    this.#inspections.push({ leased, bytes });
    return inspectionId;
  }

  of(operation: Operation): SeenRequest[] {
    return this.seen.filter((request) => request.operation === operation);
  }

  /** Resolves when the condition holds. @throws when it does not within the time. */
  async until(condition: () => boolean, what: string, timeoutMs = 6_000): Promise<void> {
    const end = Date.now() + timeoutMs;
    while (!condition()) {
      if (Date.now() > end) throw new Error(`never happened: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  #expiry(): string {
    return new Date(Date.now() + this.leaseMs).toISOString();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
    const match =
      /^\/render\/v1\/(?:(lease|erasures|inspections\/lease)|jobs\/([^/]+)\/(heartbeat|output|complete|fail)(?:\/([^/]+))?)$/.exec(
        url.pathname,
      );
    const inspection = /^\/render\/v1\/inspections\/([^/]+)\/(media|portrait|poster|complete|fail)$/.exec(
      url.pathname,
    );
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      return;
    }
    const operation = (inspection ? `inspections/${inspection[2]}` : (match?.[1] ?? match?.[3])) as
      | Operation
      | undefined;
    if (!operation)
      return this.#send(response, 404, { error: { code: 'not_found', message: '', requestId: '' } });
    const body = Buffer.concat(chunks);
    const seen: SeenRequest = {
      operation,
      jobId: match?.[2] ?? inspection?.[1],
      file: match?.[4],
      body,
      json: request.method === 'POST' ? JSON.parse(body.toString()) : undefined,
      answered: 'dropped',
    };
    this.seen.push(seen);
    const problem = await this.#check(request, url, seen);
    if (problem) {
      this.problems.push(`${operation}: ${problem}`);
      return this.#refuse(response, seen, 'node_signature_invalid');
    }
    const fault = await this.fault(seen);
    if (fault === 'drop') return void request.socket.destroy();
    if (typeof fault === 'object') {
      seen.answered = fault.status;
      return this.#send(response, fault.status, fault.json);
    }
    if (fault !== undefined && fault !== 'cancel') return this.#refuse(response, seen, fault);
    await this.#answer(response, seen, fault === 'cancel');
  }

  async #answer(response: ServerResponse, seen: SeenRequest, cancel: boolean): Promise<void> {
    seen.answered = 200;
    if (seen.operation === 'lease') {
      const job = this.#jobs.shift();
      if (job) return this.#send(response, 200, { ...job, leaseExpiresAt: this.#expiry() });
      seen.answered = 204;
      await new Promise((resolve) => setTimeout(resolve, 30));
      return this.#send(response, 204, undefined);
    }
    if (seen.operation === 'erasures') {
      const { erased } = erasuresSchema.parse(seen.json);
      for (const jobId of erased) this.toErase.delete(jobId);
      return this.#send(response, 200, { erase: [...this.toErase] });
    }
    if (seen.operation === 'inspections/lease') {
      const next = this.#inspections.shift();
      if (next) {
        this.#recordings.set(next.leased.inspectionId, next.bytes);
        return this.#send(response, 200, { ...next.leased, leaseExpiresAt: this.#expiry() });
      }
      seen.answered = 204;
      await new Promise((resolve) => setTimeout(resolve, 30));
      return this.#send(response, 204, undefined);
    }
    if (seen.operation === 'inspections/media') {
      response.writeHead(200, { 'content-type': 'video/webm' });
      return void response.end(this.#recordings.get(seen.jobId ?? ''));
    }
    if (seen.operation === 'heartbeat') {
      return this.#send(response, 200, {
        directive: cancel ? 'cancel' : 'continue',
        leaseExpiresAt: this.#expiry(),
      });
    }
    this.#send(
      response,
      200,
      seen.operation === 'output'
        ? { sha256: createHash('sha256').update(seen.body).digest('hex'), size: seen.body.length }
        : {},
    );
  }

  async #check(request: IncomingMessage, url: URL, seen: SeenRequest): Promise<string | undefined> {
    const digest = `sha-256=:${createHash('sha256').update(seen.body).digest('base64')}:`;
    if (request.headers['content-digest'] !== digest) return 'content-digest does not match the body';
    const fields = Object.entries(request.headers).map(([name, value]) => ({ name, value: String(value) }));
    try {
      await verifySignature(
        { kind: 'request', method: request.method ?? '', targetUri: url.href, fields },
        {
          label: renderSignature.label,
          policy: {
            algorithms: [renderSignature.algorithm],
            requiredComponents: renderSignature.components,
            requiredParameters: ['created', 'keyid'],
            maxAge: renderSignature.maxAgeSeconds,
            clockSkew: renderSignature.clockSkewSeconds,
          },
          resolveVerifier: async ({ parameters }) => {
            const raw = this.#publicKeys.get(parameters.keyid ?? '');
            if (!raw) throw new Error('unknown node');
            return webcrypto.verifier(
              await crypto.subtle.importKey('raw', Buffer.from(raw, 'base64'), 'Ed25519', false, ['verify']),
            );
          },
        },
      );
    } catch (error) {
      return `signature: ${error instanceof Error ? error.message : String(error)}`;
    }
    const schemas = {
      lease: leaseRequestSchema,
      erasures: erasuresSchema,
      heartbeat: heartbeatSchema,
      complete: completionSchema,
      fail: failureSchema,
      'inspections/lease': inspectionLeaseRequestSchema,
      'inspections/complete': inspectionCompletionSchema,
      'inspections/fail': inspectionFailureSchema,
    };
    if (seen.operation === 'inspections/media') return url.searchParams.get('fence') ? undefined : 'no fence';
    if (
      seen.operation !== 'output' &&
      seen.operation !== 'inspections/portrait' &&
      seen.operation !== 'inspections/poster'
    ) {
      const parsed = schemas[seen.operation].safeParse(seen.json);
      return parsed.success ? undefined : `body: ${parsed.error.message}`;
    }
    if (request.headers['content-length'] !== String(seen.body.length)) return 'no content-length';
    if (request.headers['x-kinora-sha256'] !== createHash('sha256').update(seen.body).digest('hex'))
      return 'x-kinora-sha256 does not match';
    if (seen.operation === 'output' && !(seen.file !== undefined && seen.file in outputFiles))
      return `unknown file ${seen.file}`;
    return url.searchParams.get('fence') ? undefined : 'no fence';
  }

  #refuse(response: ServerResponse, seen: SeenRequest, code: ErrorCode): void {
    seen.answered = statusOf(code);
    this.#send(response, statusOf(code), {
      error: { code, message: 'as the test asked', requestId: 'req_test' },
    });
  }

  #send(response: ServerResponse, status: number, json: unknown): void {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(json === undefined ? undefined : JSON.stringify(json));
  }
}
