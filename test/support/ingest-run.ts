/** What the ingest tests do again and again: send a file in parts, follow its check, verify a file, and damage one. */
import { createHash } from 'node:crypto';
import type { Session } from '#schemas/http/accounts.ts';
import { type Upload, type UploadMediaType, uploadPartSize } from '#schemas/http/uploads.ts';
import { type Verification, verificationSchema } from '#schemas/verdict.ts';
import type { ApiClient } from '../../scripts/demo/client.ts';
import type { Edge } from './edge.ts';
import { eventually, expectStatus } from './generation-run.ts';

export interface Sender {
  readonly api: ApiClient;
  readonly token: string;
  readonly handle: string;
}

export async function sender(
  edge: Edge,
  handle: string,
  extra: Record<string, unknown> = {},
): Promise<Sender> {
  const response = await fetch(`${edge.url}/api/v1/local/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ handle, ...extra }),
  });
  const { token }: Session = await response.json();
  return { api: await edge.signIn(handle, extra), token, handle };
}

export function putPart(
  edge: Edge,
  by: Sender,
  upload: Pick<Upload, 'id'>,
  n: number,
  bytes: Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Response> {
  const digest = createHash('sha256').update(bytes).digest('base64');
  return fetch(`${edge.url}/api/v1/uploads/${upload.id}/parts/${n}`, {
    method: 'PUT',
    headers: {
      authorization: `Bearer ${by.token}`,
      'content-type': 'application/octet-stream',
      'content-digest': `sha-256=:${digest}:`,
      ...headers,
    },
    body: bytes,
  });
}

/** Sends a file and says that it is complete. */
export async function upload(
  edge: Edge,
  by: Sender,
  bytes: Uint8Array<ArrayBuffer>,
  mediaType: UploadMediaType = 'video/mp4',
): Promise<Upload> {
  const file = { fileName: 'film.mp4', size: bytes.length, mediaType };
  const begun = await by.api<Upload>('POST', '/api/v1/uploads', file);
  for (let n = 1; (n - 1) * uploadPartSize < bytes.length; n += 1) {
    const part = bytes.slice((n - 1) * uploadPartSize, n * uploadPartSize);
    await expectStatus(putPart(edge, by, begun, n, part), 200);
  }
  return by.api<Upload>('POST', `/api/v1/uploads/${begun.id}/complete`);
}

/** How the check ended. */
export function checked(by: Sender, { id }: Pick<Upload, 'id'>): Promise<Upload> {
  return eventually(`the end of ${id}`, async () => {
    const now = await by.api<Upload>('GET', `/api/v1/uploads/${id}`);
    return now.status === 'receiving' || now.status === 'checking' ? null : now;
  });
}

/** `POST /api/v1/verify`. */
export async function verify(edge: Edge, bytes: Uint8Array<ArrayBuffer>, wait = 0): Promise<Verification> {
  const response = await expectStatus(
    fetch(`${edge.url}/api/v1/verify?wait=${wait}`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: bytes,
    }),
    200,
  );
  return verificationSchema.parse(await response.json());
}

interface Box {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** Top-level boxes of an MP4. */
export function boxesOf(mp4: Uint8Array<ArrayBuffer>): Box[] {
  const view = new DataView(mp4.buffer, mp4.byteOffset, mp4.byteLength);
  const boxes: Box[] = [];
  for (let start = 0; start + 8 <= mp4.length; ) {
    const size = view.getUint32(start);
    const length = size === 1 ? Number(view.getBigUint64(start + 8)) : size === 0 ? mp4.length - start : size;
    const type = String.fromCharCode(...mp4.subarray(start + 4, start + 8));
    boxes.push({ type, start, end: start + length });
    start += Math.max(8, length);
  }
  return boxes;
}

/** As a tool that knows nothing of credentials leaves it: the manifest's place is there, and empty. */
export function stripped(mp4: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const copy = mp4.slice();
  for (const { type, start, end } of boxesOf(mp4)) {
    if (type !== 'uuid') continue;
    copy.set(
      [...'free'].map((char) => char.charCodeAt(0)),
      start + 4,
    );
    copy.fill(0, start + 8, end);
  }
  return copy;
}

/** One bit of the picture is another. */
export function flipped(mp4: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const mdat = boxesOf(mp4).find(({ type }) => type === 'mdat');
  if (mdat === undefined) throw new Error('there is no picture in it');
  const copy = mp4.slice();
  const at = Math.floor((mdat.start + mdat.end) / 2);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
