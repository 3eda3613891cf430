/**
 * The upload part of the HTTP contract over a real socket, with faults to order: what the web app's uploader is tried against where no Worker runs.
 * Bodies are checked against schemas/. Called by test/node/web-verify-uploads.test.ts.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createUploadSchema, type Upload } from '../../schemas/http/uploads.ts';

/** What happens to one request: answered, cut off, refused, or damaged on its way. */
export type Fault = 'none' | 'cut' | 'busy' | 'slow-down' | 'damaged' | 'lost-after';

export interface UploadServer {
  readonly url: string;
  /** Bytes of the parts as they are stored, joined. */
  stored(id: string): Buffer;
  /** How many bytes of parts came over the wire, repeated ones included. */
  readonly received: () => number;
  /** The most parts that were under way at once. */
  readonly most: () => number;
  readonly uploads: Map<string, Upload>;
  /** Takes a part away again, as storage may. */
  lose(id: string, part: number): void;
  close(): Promise<void>;
}

/** @param fault decides over every part that arrives */
export async function startUploadServer(partSize: number, fault: () => Fault): Promise<UploadServer> {
  const uploads = new Map<string, Upload>();
  const parts = new Map<string, Map<number, Buffer>>();
  let [received, most, open, made] = [0, 0, 0, 0];

  const refuse = (response: ServerResponse, status: number, code: string, headers = {}) =>
    response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify({ error: { code, message: `${code}.`, requestId: 'req_test' } }));
  const answer = (response: ServerResponse, status: number, body: unknown) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  const publish = (id: string) => {
    const upload = uploads.get(id);
    if (upload)
      uploads.set(id, { ...upload, parts: [...(parts.get(id)?.keys() ?? [])].sort((a, b) => a - b) });
  };

  const putPart = async (id: string, part: number, request: IncomingMessage, response: ServerResponse) => {
    open += 1;
    most = Math.max(most, open);
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const bytes = Buffer.concat(chunks);
      received += bytes.length;
      const what = fault();
      if (what === 'cut') return request.socket.destroy();
      if (what === 'busy') return refuse(response, 503, 'consent_unavailable');
      if (what === 'slow-down') return refuse(response, 429, 'rate_limited', { 'retry-after': '0' });
      const digest = /sha-256=:(.+):/.exec(String(request.headers['content-digest']))?.[1];
      if (what === 'damaged') bytes[0] = (bytes[0] ?? 0) ^ 1;
      if (digest !== createHash('sha256').update(bytes).digest('base64'))
        return refuse(response, 422, 'checksum_mismatch');
      parts.get(id)?.set(part, bytes);
      publish(id);
      if (what === 'lost-after') return request.socket.destroy();
      answer(response, 200, { part, size: bytes.length, sha256: 'x' });
    } finally {
      open -= 1;
    }
  };

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const [, id = '', rest = ''] = /^\/uploads(?:\/([^/]+))?(?:\/(.+))?$/.exec(request.url ?? '') ?? [];
    if (request.method === 'POST' && id === '') {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = createUploadSchema.parse(JSON.parse(Buffer.concat(chunks).toString()));
      made += 1;
      const upload: Upload = {
        ...body,
        id: `upl_${String(made).padStart(26, '0')}`,
        status: 'receiving',
        partSize,
        parts: [],
        stage: null,
        verification: null,
        clipId: null,
        reason: null,
        createdAt: '2026-11-22T12:00:00.000Z',
        expiresAt: '2026-11-23T12:00:00.000Z',
      };
      uploads.set(upload.id, upload);
      parts.set(upload.id, new Map());
      return answer(response, 201, upload);
    }
    const upload = uploads.get(id);
    if (!upload) return refuse(response, 404, 'not_found');
    const part = /^parts\/(\d+)$/.exec(rest)?.[1];
    if (request.method === 'PUT' && part !== undefined) return putPart(id, Number(part), request, response);
    if (request.method === 'POST' && rest === 'complete') {
      const count = Math.ceil(upload.size / upload.partSize);
      if (upload.parts.length < count) return refuse(response, 409, 'conflict');
      uploads.set(id, { ...upload, status: 'checking', stage: 'bytes' });
      return answer(response, 200, uploads.get(id));
    }
    if (request.method === 'DELETE') {
      uploads.delete(id);
      parts.delete(id);
      return response.writeHead(204).end();
    }
    return answer(response, 200, upload);
  };

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stored: (id) => {
      const own = [...(parts.get(id) ?? new Map<number, Buffer>())].sort(([a], [b]) => a - b);
      return Buffer.concat(own.map(([, bytes]) => bytes));
    },
    received: () => received,
    most: () => most,
    uploads,
    lose(id, part) {
      parts.get(id)?.delete(part);
      publish(id);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
