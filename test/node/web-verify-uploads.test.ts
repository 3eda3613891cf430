/** A film goes up in parts: whatever happens on the way, the server ends with exactly the file, and nothing it has is sent again. */
import { randomBytes, webcrypto } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  uploadLimits as contractLimits,
  uploadMediaTypes as contractTypes,
} from '../../schemas/http/uploads.ts';
import { ApiError, refusalOf, unreachable } from '../../web/src/api/client.ts';
import { uploadLimits, uploadMediaTypes } from '../../web/src/api/limits.ts';
import { mediaTypeOf } from '../../web/src/upload/media-type.ts';
import { mayRetry, retryDelay } from '../../web/src/upload/retry.ts';
import { startUpload, type UploaderDeps } from '../../web/src/upload/uploader.ts';
import { type Fault, startUploadServer, type UploadServer } from '../support/upload-server.ts';

const partSize = 1000;
let server: UploadServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

async function call<T>(url: string, init: RequestInit): Promise<T> {
  const answer = await fetch(url, init).catch(() => {
    if (init.signal?.aborted) throw init.signal.reason;
    throw unreachable();
  });
  const text = await answer.text();
  if (!answer.ok) throw refusalOf(answer.status, text, (name) => answer.headers.get(name));
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** The uploader's dependencies over a socket, with a memory that outlives an uploader as localStorage does. */
function depsFor({ url }: UploadServer, memory: { id: string | null }): UploaderDeps {
  return {
    create: (body) => call(`${url}/uploads`, { method: 'POST', body: JSON.stringify(body) }),
    get: (id) => call(`${url}/uploads/${id}`, {}),
    putPart: (id, part, bytes, digest, _onProgress, signal) =>
      call(`${url}/uploads/${id}/parts/${part}`, {
        method: 'PUT',
        body: bytes,
        signal,
        headers: { 'content-digest': `sha-256=:${digest}:` },
      }),
    complete: (id) => call(`${url}/uploads/${id}/complete`, { method: 'POST' }),
    remove: (id) => call(`${url}/uploads/${id}`, { method: 'DELETE' }),
    sha256: (bytes) => webcrypto.subtle.digest('SHA-256', bytes),
    wait: async () => {},
    chance: () => 0.5,
    recall: () => memory.id,
    remember: (id) => {
      memory.id = id;
    },
  };
}

const fileOf = (bytes: Uint8Array<ArrayBuffer>, name = 'film.mp4') => new File([bytes], name);
const random = (size: number) => new Uint8Array(randomBytes(size));

describe('parts', () => {
  test('all arrive, at most three at a time, and the upload is handed over to be checked', async () => {
    server = await startUploadServer(partSize, () => 'none');
    const bytes = random(10 * partSize + 1);
    const memory = { id: null };
    const uploader = startUpload(fileOf(bytes), 'video/mp4', depsFor(server, memory));
    await uploader.idle();
    const { phase, upload } = uploader.state.value;
    expect(phase).toBe('sent');
    expect(upload?.status).toBe('checking');
    expect(server.stored(upload?.id ?? '').equals(Buffer.from(bytes))).toBe(true);
    expect(server.received()).toBe(bytes.length);
    expect(server.most()).toBeLessThanOrEqual(3);
    expect(memory.id).toBeNull();
  });

  test('arrive whole through any faults that leave a way', async () => {
    const faults = fc.array(
      fc.constantFrom<Fault>('none', 'none', 'cut', 'busy', 'slow-down', 'damaged', 'lost-after'),
      { maxLength: 30 },
    );
    await fc.assert(
      fc.asyncProperty(faults, fc.integer({ min: 1, max: 5 * partSize }), async (script, size) => {
        const left = [...script];
        const own = await startUploadServer(partSize, () => left.shift() ?? 'none');
        try {
          const bytes = random(size);
          const uploader = startUpload(fileOf(bytes), 'video/mp4', depsFor(own, { id: null }));
          await uploader.idle();
          // So many in a row that it gives up for now: going on later ends well.
          for (let turn = 0; turn < 10 && uploader.state.value.phase === 'interrupted'; turn += 1) {
            uploader.resume();
            await uploader.idle();
          }
          expect(uploader.state.value.phase).toBe('sent');
          expect(own.stored(uploader.state.value.upload?.id ?? '').equals(Buffer.from(bytes))).toBe(true);
          expect(uploader.state.value.bytes).toBe(size);
        } finally {
          await own.close();
        }
      }),
      { numRuns: 40 },
    );
  });

  test('that the server lost are sent again before it is complete', async () => {
    server = await startUploadServer(partSize, () => 'none');
    const bytes = random(4 * partSize);
    const deps = depsFor(server, { id: null });
    let lost = false;
    const uploader = startUpload(fileOf(bytes), 'video/mp4', {
      ...deps,
      complete: (id) => {
        if (!lost) server?.lose(id, 2);
        lost = true;
        return deps.complete(id);
      },
    });
    await uploader.idle();
    expect(uploader.state.value.phase).toBe('sent');
    expect(server.received()).toBe(5 * partSize);
    expect(server.stored(uploader.state.value.upload?.id ?? '').equals(Buffer.from(bytes))).toBe(true);
  });
});

describe('a reload', () => {
  test('goes on where it stopped', async () => {
    let broken = false;
    let arrived = 0;
    server = await startUploadServer(partSize, () => {
      arrived += 1;
      if (arrived > 5) broken = true;
      return broken ? 'cut' : 'none';
    });
    const bytes = random(9 * partSize);
    const memory: { id: string | null } = { id: null };
    const before = startUpload(fileOf(bytes), 'video/mp4', depsFor(server, memory));
    await before.idle();
    expect(before.state.value.phase).toBe('interrupted');
    const id = memory.id ?? '';
    const there = server.uploads.get(id)?.parts.length ?? 0;
    expect(there).toBe(5);
    broken = false;
    arrived = Number.NEGATIVE_INFINITY;
    const sentBefore = server.received();
    const after = startUpload(fileOf(bytes), 'video/mp4', depsFor(server, memory));
    await after.idle();
    expect(after.state.value).toMatchObject({ phase: 'sent', upload: { id } });
    expect(server.received() - sentBefore).toBe((9 - there) * partSize);
    expect(server.uploads.size).toBe(1);
  });

  test('starts anew when the remembered upload is gone, or is of another size', async () => {
    server = await startUploadServer(partSize, () => 'none');
    const memory = { id: 'upl_gone' };
    const first = startUpload(fileOf(random(partSize)), 'video/mp4', depsFor(server, memory));
    await first.idle();
    expect(first.state.value.phase).toBe('sent');
    const other = startUpload(
      fileOf(random(2 * partSize)),
      'video/mp4',
      depsFor(server, { id: first.state.value.upload?.id ?? null }),
    );
    await other.idle();
    expect(other.state.value.upload?.id).not.toBe(first.state.value.upload?.id);
  });
});

describe('whoever sends it', () => {
  test('may pause and go on without sending anything twice that has arrived', async () => {
    let answered = 0;
    server = await startUploadServer(partSize, () => {
      answered += 1;
      return 'none';
    });
    const bytes = random(30 * partSize);
    const uploader = startUpload(fileOf(bytes), 'video/mp4', depsFor(server, { id: null }));
    await vi.waitFor(() => expect(answered).toBeGreaterThan(4), { interval: 1 });
    uploader.pause();
    await uploader.idle();
    expect(uploader.state.value.phase).toBe('paused');
    const id = uploader.state.value.upload?.id ?? '';
    const kept = server.uploads.get(id)?.parts.length ?? 0;
    expect(kept).toBeLessThan(30);
    const before = server.received();
    uploader.resume();
    await uploader.idle();
    expect(uploader.state.value.phase).toBe('sent');
    expect(server.received() - before).toBe((30 - kept) * partSize);
    expect(server.stored(id).equals(Buffer.from(bytes))).toBe(true);
  });

  test('may cancel at any moment, and nothing is left behind', async () => {
    for (const moment of [0, 1, 3]) {
      let answered = 0;
      const own = await startUploadServer(partSize, () => {
        answered += 1;
        return 'none';
      });
      const memory: { id: string | null } = { id: null };
      const uploader = startUpload(fileOf(random(40 * partSize)), 'video/mp4', depsFor(own, memory));
      if (moment > 0) await vi.waitFor(() => expect(answered).toBeGreaterThan(moment), { interval: 1 });
      await uploader.cancel();
      expect(uploader.state.value.phase).toBe('cancelled');
      expect(own.uploads.size).toBe(0);
      expect(memory.id).toBeNull();
      await own.close();
    }
  });

  test('is told why it will not work, with the words of the server', async () => {
    server = await startUploadServer(partSize, () => 'none');
    const deps = depsFor(server, { id: null });
    const refusal = new ApiError({
      code: 'payload_too_large',
      message: 'Your plan takes 256 MB.',
      status: 413,
    });
    const uploader = startUpload(fileOf(random(10)), 'video/mp4', {
      ...deps,
      create: () => Promise.reject(refusal),
    });
    await uploader.idle();
    expect(uploader.state.value).toMatchObject({ phase: 'failed', error: refusal });
  });
});

describe('trying again', () => {
  test('waits longer each time, never longer than 20 s by itself, and as long as the server asks', () => {
    const delays = [1, 2, 3, 4, 5, 6, 7, 8].map((tries) => retryDelay(tries, 1, null));
    expect(delays).toEqual([...delays].sort((a, b) => a - b));
    expect(Math.max(...delays)).toBe(20_000);
    expect(retryDelay(1, 0, 7)).toBe(7000);
    expect(retryDelay(3, 0, null)).toBeLessThan(retryDelay(3, 1, null));
  });

  test.each([
    [401, 'unauthenticated', false],
    [413, 'payload_too_large', false],
    [422, 'checksum_mismatch', true],
    [429, 'rate_limited', true],
    [500, 'internal', true],
  ] as const)('%i %s: %s', (status, code, again) => {
    expect(mayRetry(new ApiError({ code, message: '', status }))).toBe(again);
  });
});

describe('kinds of file', () => {
  test('are those of the contract', () => {
    expect(uploadMediaTypes).toEqual(contractTypes);
    expect(uploadLimits).toEqual(contractLimits);
  });

  test.each([
    ['film.MP4', '', 'video/mp4'],
    ['film.mov', 'video/quicktime', 'video/quicktime'],
    ['voice.m4a', 'audio/x-m4a', 'audio/mp4'],
    ['voice.wav', 'audio/x-wav', 'audio/wav'],
    ['picture.jpeg', '', 'image/jpeg'],
    ['picture', 'image/webp;q=1', 'image/webp'],
    ['letter.pdf', 'application/pdf', null],
    ['mp4', '', 'video/mp4'],
    ['noending', '', null],
  ])('%s (%s) is %s', (name, type, expected) => {
    expect(mediaTypeOf({ name, type })).toBe(expected);
  });
});
