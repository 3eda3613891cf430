/**
 * The real Upload object over real R2 and D1: parts in any order, twice and at once; what is missing; what is left when a client vanishes,
 * takes its upload back or is only verified; the same bytes sent twice.
 */
import { introspectWorkflow, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createId } from '#durable-objects/shared/id.ts';
import { claimObject, eraseFiles, ownKey } from '#durable-objects/upload/files.ts';
import type { StoredMediaReport, UploadRecord } from '#durable-objects/upload/rpc.ts';
import { type CreateUpload, uploadPartSize } from '#schemas/http/uploads.ts';
import type { Id } from '#schemas/ids.ts';
import { uploads } from '#schemas/tables.ts';
import { database } from '#workers/store/database.ts';
import { hashObject, sniffObject } from '#workers/workflows/ingest/read-object.ts';
import { evict } from '../support/evict.ts';
import { eventually } from '../support/objects.ts';

// What the check does is for other tests: here it ends before it begins.
let checks: Awaited<ReturnType<typeof introspectWorkflow>>;
beforeAll(async () => {
  checks = await introspectWorkflow(env.INGEST_CLIP);
  await checks.modifyAll(async (modify) => modify.mockStepResult({ name: 'read it through' }, 'gone'));
});
afterAll(() => checks.dispose());
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const stubOf = (id: Id<'upl'>) => env.UPLOAD.getByName(id);
const day = 86_400_000;

async function open(
  size: number,
  more: { purpose?: 'publish' | 'verify'; mediaType?: CreateUpload['mediaType'] } = {},
): Promise<Id<'upl'>> {
  const uploadId = createId('upl', Date.now());
  const opened = await stubOf(uploadId).open({
    uploadId,
    ownerId: more.purpose === 'verify' ? null : createId('acc', Date.now()),
    purpose: more.purpose ?? 'publish',
    file: { fileName: 'film.mp4', size, mediaType: more.mediaType ?? 'video/mp4' },
    origin: 'https://kinora.example',
  });
  if (!opened.ok) throw new Error(opened.error.code);
  return uploadId;
}

/** Bytes that differ from part to part and from attempt to attempt. */
function bytesOf(size: number, mark: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size).fill(mark);
  bytes.set([0, 0, 0, 0x20, ...[...'ftypisom'].map((char) => char.charCodeAt(0))].slice(0, size));
  return bytes;
}

/** Asks where the part goes, and stores it; the record is told when the caller says so. */
async function begin(id: Id<'upl'>, n: number, mark: number) {
  const place = await stubOf(id).part(n);
  if (!place.ok) throw new Error(place.error.code);
  const { objectKey, r2UploadId, r2Number, size } = place.value;
  const { etag } = await env.MEDIA.resumeMultipartUpload(objectKey, r2UploadId).uploadPart(
    r2Number,
    bytesOf(size, mark),
  );
  return async () => {
    const told = await stubOf(id).partStored(n, { r2Number, etag, size, sha256: 'f'.repeat(64) });
    if (!told.ok) throw new Error(told.error.code);
    return told.value;
  };
}

async function send(id: Id<'upl'>, n: number, mark = n): Promise<UploadRecord> {
  return (await begin(id, n, mark))();
}

async function read(id: Id<'upl'>): Promise<UploadRecord> {
  const record = await stubOf(id).read();
  if (!record.ok) throw new Error(record.error.code);
  return record.value;
}

async function files(id: Id<'upl'>): Promise<string[]> {
  const { objects } = await env.MEDIA.list({ prefix: `uploads/${id}/` });
  return objects.map(({ key }) => key);
}

const nothingLeft = (id: Id<'upl'>) =>
  eventually(`nothing of ${id}`, async () => ((await files(id)).length === 0 ? true : null));

/** Complete and put together; its workflow is not part of this test. */
async function assembled(id: Id<'upl'>): Promise<void> {
  const done = await stubOf(id).complete();
  if (!done.ok) throw new Error(done.error.code);
  await eventually('the whole', async () => ((await read(id)).objectKey === null ? null : true));
}

const report: StoredMediaReport = {
  probe: { kind: 'video', width: 720, height: 1280, durationMs: 2000, videoCodec: 'avc', audioCodec: 'aac' },
  watermark: null,
  fingerprints: null,
  policy: null,
  poster: null,
  color: null,
};

describe('parts', () => {
  test('come in any order, twice and at once; the one recorded last counts, whichever arrived last', async () => {
    const size = uploadPartSize * 2 + 1000;
    const id = await open(size);
    await send(id, 3);
    await Promise.all([send(id, 2), send(id, 1)]);
    // The first attempt of part 2 is stored last and recorded first.
    const [early, late] = [await begin(id, 2, 0x22), await begin(id, 2, 0x33)];
    await late();
    await early();
    expect((await read(id)).parts).toEqual([1, 2, 3]);
    await assembled(id);
    const whole = await env.MEDIA.get(ownKey(id));
    const bytes = new Uint8Array((await whole?.arrayBuffer()) ?? new ArrayBuffer(0));
    expect(bytes.length).toBe(size);
    expect([100, uploadPartSize + 100, uploadPartSize * 2 + 100].map((at) => bytes[at])).toEqual([
      1, 0x22, 3,
    ]);
    expect(await hashObject(env, ownKey(id))).toMatch(/^[0-9a-f]{64}$/);
    expect(await sniffObject(env, ownKey(id))).toBe('video/mp4');
  });

  test('twenty attempts of one part never touch the bytes that count', async () => {
    const id = await open(2000);
    const last = await send(id, 1, 0x44);
    for (let attempt = 0; attempt < 20; attempt += 1) await begin(id, 1, attempt);
    expect(last.parts).toEqual([1]);
    await assembled(id);
    const whole = await env.MEDIA.get(ownKey(id));
    expect(new Uint8Array((await whole?.arrayBuffer()) ?? new ArrayBuffer(0))[500]).toBe(0x44);
  });

  test('the object forgets nothing when it is thrown out of memory', async () => {
    const id = await open(uploadPartSize + 10);
    await send(id, 1);
    await evict(stubOf(id));
    expect((await read(id)).parts).toEqual([1]);
    await send(id, 2);
    await evict(stubOf(id));
    await assembled(id);
    expect(await files(id)).toEqual([ownKey(id)]);
  });

  test('that do not exist are refused, and so is completing before all have come', async () => {
    const id = await open(uploadPartSize + 10);
    for (const n of [0, 3, 1.5])
      expect(await stubOf(id).part(n)).toMatchObject({ error: { code: 'bad_request' } });
    await send(id, 2);
    expect(await stubOf(id).complete()).toMatchObject({
      error: { code: 'upload_incomplete', details: { missing: [1] } },
    });
    await send(id, 1);
    await assembled(id);
    const again = await stubOf(id).complete();
    expect(again).toMatchObject({ ok: true, value: { status: 'checking' } });
    expect(await stubOf(id).part(1)).toMatchObject({ error: { code: 'conflict' } });
  });

  test('of an upload nobody began are not there', async () => {
    const stub = stubOf(createId('upl', Date.now()));
    expect(await stub.read()).toMatchObject({ error: { code: 'not_found' } });
    expect(await stub.part(1)).toMatchObject({ error: { code: 'not_found' } });
    expect(await stub.complete()).toMatchObject({ error: { code: 'not_found' } });
    expect(await stub.cancel()).toMatchObject({ error: { code: 'not_found' } });
  });
});

describe('nothing is left', () => {
  test('a day after its client vanished: parts can be sent no more, and there is nothing to complete', async () => {
    const id = await open(uploadPartSize + 10);
    await send(id, 1);
    const late = await begin(id, 2, 2);
    const place = await stubOf(id).part(2);
    vi.setSystemTime(Date.now() + day + 1000);
    await runDurableObjectAlarm(stubOf(id));
    expect(await read(id)).toMatchObject({ status: 'expired', parts: [], objectKey: null });
    expect(await stubOf(id).part(1)).toMatchObject({ error: { code: 'upload_expired' } });
    expect(await stubOf(id).complete()).toMatchObject({ error: { code: 'upload_expired' } });
    await expect(late()).rejects.toThrow('upload_expired');
    if (!place.ok) throw new Error('no place');
    const { objectKey, r2UploadId } = place.value;
    // R2 itself knows the parts no more.
    await eventually('the parts to be gone', async () =>
      env.MEDIA.resumeMultipartUpload(objectKey, r2UploadId)
        .uploadPart(1, bytesOf(10, 1))
        .then(
          () => null,
          () => true,
        ),
    );
    await nothingLeft(id);
  });

  test('of one that is taken back while its parts come', async () => {
    const id = await open(uploadPartSize + 10);
    await send(id, 1);
    expect(await stubOf(id).cancel()).toEqual({ ok: true, value: undefined });
    expect(await stubOf(id).cancel()).toEqual({ ok: true, value: undefined });
    expect(await stubOf(id).read()).toMatchObject({ error: { code: 'not_found' } });
    await nothingLeft(id);
  });

  test('of one that is taken back while it is checked, with the poster a node made of it', async () => {
    const id = await open(500);
    await send(id, 1);
    await assembled(id);
    await env.MEDIA.put(`uploads/${id}/poster-1.jpg`, 'a poster');
    await stubOf(id).cancel();
    await nothingLeft(id);
    expect(await stubOf(id).stage('mark')).toMatchObject({ error: { code: 'already_final' } });
    expect(await stubOf(id).settled({ status: 'ready', clipId: null, reason: null })).toMatchObject({
      error: { code: 'already_final' },
    });
  });

  test('of what arrived after it was taken back: it is swept a quarter of an hour later', async () => {
    const id = await open(500);
    await stubOf(id).cancel();
    await nothingLeft(id);
    await env.MEDIA.put(ownKey(id), 'late bytes');
    vi.setSystemTime(Date.now() + 16 * 60_000);
    await runDurableObjectAlarm(stubOf(id));
    await nothingLeft(id);
    vi.setSystemTime(Date.now() + 61 * 60_000);
    await runDurableObjectAlarm(stubOf(id));
    await runInDurableObject(stubOf(id), (_, { storage }) => {
      const rows = (table: string) => storage.sql.exec(`SELECT * FROM ${table}`).toArray();
      expect([...rows('upload'), ...rows('parts')]).toEqual([]);
    });
  });

  test('at once when it has ended and nobody needs its bytes', async () => {
    const id = await open(500);
    await send(id, 1);
    await assembled(id);
    await stubOf(id).settled({ status: 'ready', clipId: null, reason: 'A picture.' });
    await nothingLeft(id);
    expect(await read(id)).toMatchObject({ status: 'ready', reason: 'A picture.', objectKey: null });
  });

  test('thirty days after it was refused with a case, but for what was said about it', async () => {
    const id = await open(500);
    await send(id, 1);
    await assembled(id);
    const settled = await stubOf(id).settled({
      status: 'refused',
      reason: 'A copy.',
      caseId: createId('case', Date.now()),
      clipId: null,
    });
    expect(settled).toMatchObject({ ok: true });
    vi.setSystemTime(Date.now() + 30 * day + 1000);
    await runDurableObjectAlarm(stubOf(id));
    await nothingLeft(id);
    expect(await read(id)).toMatchObject({ status: 'refused', reason: 'A copy.', objectKey: null });
  });

  test('of what was only verified: ten minutes at the most', async () => {
    const id = await open(500, { purpose: 'verify' });
    await env.MEDIA.put(ownKey(id), bytesOf(500, 9));
    const identified = await stubOf(id).identified({
      sha256: 'a'.repeat(64),
      objectKey: ownKey(id),
      mediaType: 'video/mp4',
    });
    expect(identified).toMatchObject({ ok: true, value: { status: 'checking' } });
    expect(await stubOf(id).part(1)).toMatchObject({ error: { code: 'conflict' } });
    expect(await stubOf(id).complete()).toMatchObject({ error: { code: 'conflict' } });
    vi.setSystemTime(Date.now() + 10 * 60_000 + 1000);
    await runDurableObjectAlarm(stubOf(id));
    await nothingLeft(id);
    expect(await stubOf(id).read()).toMatchObject({ error: { code: 'not_found' } });
  });
});

describe('a look', () => {
  test('answers whoever waits for it at once, and nobody after the time is up', async () => {
    const id = await open(500, { purpose: 'verify' });
    await env.MEDIA.put(ownKey(id), bytesOf(500, 9));
    await stubOf(id).identified({ sha256: 'a'.repeat(64), objectKey: ownKey(id), mediaType: 'video/mp4' });
    expect(await stubOf(id).look(50)).toBeNull();
    const waiting = stubOf(id).look(20_000);
    await stubOf(id).inspected(report);
    expect(await waiting).toEqual(report);
    await stubOf(id).inspectionFailed('lease_lost');
    expect(await stubOf(id).look(0)).toEqual(report);
  });
});

describe('the desk', () => {
  test('has it until it has decided; then the check goes on with the decision', async () => {
    const id = await open(500);
    await send(id, 1);
    await assembled(id);
    const caseId = createId('case', Date.now());
    await stubOf(id).settled({ status: 'review', caseId, reason: 'Somebody looks.' });
    expect(await stubOf(id).cancel()).toMatchObject({ error: { code: 'conflict' } });
    await stubOf(id).decided({ outcome: 'refuse', reason: 'Not allowed.' });
    await stubOf(id).decided({ outcome: 'publish', label: null });
    expect(await read(id)).toMatchObject({
      status: 'checking',
      decision: { outcome: 'refuse', reason: 'Not allowed.' },
    });
    await stubOf(id).settled({ status: 'refused', reason: 'Not allowed.', caseId, clipId: null });
    expect(await stubOf(id).cancel()).toMatchObject({ error: { code: 'conflict' } });
    expect(await files(id)).toEqual([ownKey(id)]);
  });
});

describe('the same bytes', () => {
  async function row(id: Id<'upl'>): Promise<void> {
    const createdAt = new Date().toISOString();
    const record = await read(id);
    await database(env)
      .insert(uploads)
      .values({ id, ownerId: createId('acc', Date.now()), status: 'checking', record, version: 0, createdAt })
      .onConflictDoNothing();
  }
  const claim = async (id: Id<'upl'>, sha256: string) => {
    await row(id);
    const place = await claimObject(env, id, { sha256, size: 500, mediaType: 'video/mp4' });
    if (place !== ownKey(id)) await env.MEDIA.delete(ownKey(id));
    return place;
  };
  async function stored(): Promise<Id<'upl'>> {
    const id = await open(500);
    await env.MEDIA.put(ownKey(id), bytesOf(500, 7));
    return id;
  }
  const there = async (id: Id<'upl'>) => (await env.MEDIA.head(ownKey(id))) !== null;
  let count = 0;
  const freshHash = () => (++count).toString(16).padStart(64, 'c');

  test('are one object; erasing one upload leaves it to the others, erasing the last one erases it', async () => {
    const sha256 = freshHash();
    const [first, second, third] = [await stored(), await stored(), await stored()];
    expect(await Promise.all([claim(first, sha256), claim(first, sha256)])).toEqual([
      ownKey(first),
      ownKey(first),
    ]);
    expect(await claim(second, sha256)).toBe(ownKey(first));
    expect(await claim(third, sha256)).toBe(ownKey(first));
    expect([await there(first), await there(second), await there(third)]).toEqual([true, false, false]);
    await eraseFiles(env, first);
    expect(await there(first)).toBe(true);
    await eraseFiles(env, third);
    await eraseFiles(env, third);
    expect(await there(first)).toBe(true);
    await eraseFiles(env, second);
    expect(await there(first)).toBe(false);
  });

  test('claimed and erased at once: whoever still uses them has them', async () => {
    for (let round = 0; round < 8; round += 1) {
      const sha256 = freshHash();
      const [old, fresh] = [await stored(), await stored()];
      await claim(old, sha256);
      const [, place] = await Promise.all([eraseFiles(env, old), claim(fresh, sha256)]);
      expect(await env.MEDIA.head(place), place).not.toBeNull();
      await eraseFiles(env, fresh);
      expect([await there(old), await there(fresh)]).toEqual([false, false]);
    }
  });
});
