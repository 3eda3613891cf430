/** The real InspectionQueue object: leases, fencing, lost nodes, sealed reports, portraits, cancelling. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { EnrolmentObject } from '#durable-objects/enrolment/enrolment-object.ts';
import { openTemplate } from '#durable-objects/face-index/vault.ts';
import type { EnrolmentJob, InspectionDeath, SealedReport } from '#durable-objects/inspection-queue/rpc.ts';
import { createId } from '#durable-objects/shared/id.ts';
import type { StoredMediaReport } from '#durable-objects/upload/rpc.ts';
import { UploadObject } from '#durable-objects/upload/upload-object.ts';
import type { Id } from '#schemas/ids.ts';
import type { MediaReport } from '#schemas/inspection.ts';
import { face, newEnrolmentId, report, sha256, traces } from '../support/api-enrolment.ts';
import { evict } from '../support/evict.ts';
import { eventually } from '../support/objects.ts';

const leaseMs = 120_000;
let queues = 0;
const newQueue = () => env.INSPECTION_QUEUE.getByName(`queue-${++queues}`);
type Queue = ReturnType<typeof newQueue>;

/** What the enrolments were told, by id. */
const told = new Map<string, (SealedReport | InspectionDeath)[]>();
const tell = (id: string | undefined, word: SealedReport | InspectionDeath) =>
  told.set(id ?? '', [...(told.get(id ?? '') ?? []), word]);

beforeEach(() => {
  vi.spyOn(EnrolmentObject.prototype, 'inspected').mockImplementation(async function (
    this: EnrolmentObject,
    seen,
  ) {
    tell(nameOf(this), seen);
  });
  vi.spyOn(EnrolmentObject.prototype, 'inspectionFailed').mockImplementation(async function (
    this: EnrolmentObject,
    code,
  ) {
    tell(nameOf(this), code);
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

function nameOf(object: EnrolmentObject): string | undefined {
  return (Reflect.get(object, 'ctx') as DurableObjectState).id.name;
}

async function pass(queue: Queue, ms: number): Promise<void> {
  vi.setSystemTime(Date.now() + ms);
  await runDurableObjectAlarm(queue);
}

async function enqueue(queue: Queue, change: Partial<EnrolmentJob> = {}): Promise<Id<'enr'>> {
  const inspectionId = newEnrolmentId();
  await queue.enqueue({
    inspectionId,
    kind: 'enrolment',
    challenge: { digits: '481516', turns: ['left', 'up', 'right'] },
    media: { objectKey: `enrolments/${inspectionId}/recording-1`, size: 100, mediaType: 'video/webm' },
    wantPortrait: true,
    ...change,
  });
  return inspectionId;
}

const ask = (queue: Queue, nodeId = 'node-1', waitMs = 0) =>
  queue.lease(nodeId, { kinds: ['enrolment'], waitMs, software: 'test' });

const stale = { ok: false, error: { code: 'stale_lease' } };

describe('leases', () => {
  test('a recording is leased once, with its challenge and not with where it lies', async () => {
    const queue = newQueue();
    const id = await enqueue(queue);
    const leased = await ask(queue);
    expect(leased).toMatchObject({
      inspectionId: id,
      kind: 'enrolment',
      fence: 1,
      challenge: { digits: '481516', turns: ['left', 'up', 'right'] },
      media: { size: 100, mediaType: 'video/webm' },
      wantPortrait: true,
    });
    expect(JSON.stringify(leased)).not.toContain('recording-1');
    expect(await ask(queue, 'node-2')).toBeNull();
    expect(await queue.job('node-1', id, 1)).toMatchObject({ ok: true });
    for (const [node, fence] of [
      ['node-2', 1],
      ['node-1', 2],
    ] as const) {
      expect(await queue.job(node, id, fence)).toMatchObject(stale);
      expect(await queue.pictureKey(node, id, fence)).toMatchObject(stale);
      expect(await queue.complete(node, id, fence, report())).toMatchObject(stale);
      expect(
        await queue.fail(node, id, { fence, code: 'inspection_failed', message: '', retryable: true }),
      ).toMatchObject(stale);
    }
    expect(await queue.job('node-1', newEnrolmentId(), 1)).toMatchObject({
      ok: false,
      error: { code: 'not_found' },
    });
  });

  test('oldest first, the same one only once, and a waiting node gets it the moment it is there', async () => {
    const queue = newQueue();
    const first = await enqueue(queue);
    const second = await enqueue(queue);
    await queue.enqueue({
      inspectionId: first,
      kind: 'enrolment',
      challenge: { digits: '000000', turns: ['up', 'up', 'left'] },
      media: { objectKey: 'elsewhere', size: 1, mediaType: 'video/mp4' },
      wantPortrait: false,
    });
    expect((await ask(queue))?.inspectionId).toBe(first);
    expect((await ask(queue))?.inspectionId).toBe(second);
    const waiting = ask(queue, 'node-3', 20_000);
    const third = await enqueue(queue);
    expect(await waiting).toMatchObject({ inspectionId: third, fence: 1 });
    expect(await ask(queue, 'node-1', 30)).toBeNull();
  });

  test('a node that vanishes loses it to the next; after three the enrolment is told', async () => {
    const queue = newQueue();
    const id = await enqueue(queue);
    for (let fence = 1; fence <= 3; fence += 1) {
      expect(await ask(queue, `node-${fence}`)).toMatchObject({ inspectionId: id, fence });
      await pass(queue, leaseMs + 1);
      expect(await queue.complete(`node-${fence}`, id, fence, report())).toMatchObject(stale);
    }
    expect(await ask(queue)).toBeNull();
    await eventually('the enrolment is told', async () => (told.get(id)?.length === 1 ? true : null));
    expect(told.get(id)).toEqual(['lease_lost']);
  });

  test('a failure that may pass is tried again after a pause, one that will not is not', async () => {
    const queue = newQueue();
    const id = await enqueue(queue);
    await ask(queue);
    await queue.fail('node-1', id, { fence: 1, code: 'inspection_failed', message: 'x', retryable: true });
    expect(await ask(queue)).toBeNull();
    await pass(queue, 5_000);
    expect(await ask(queue)).toMatchObject({ inspectionId: id, fence: 2 });
    await queue.fail('node-1', id, { fence: 2, code: 'unreadable_media', message: 'x', retryable: false });
    await eventually('the enrolment is told', async () => (told.get(id)?.length === 1 ? true : null));
    expect(told.get(id)).toEqual(['unreadable_media']);
  });

  test('survive an eviction', async () => {
    const queue = newQueue();
    const id = await enqueue(queue);
    await ask(queue);
    await evict(queue);
    expect(await ask(queue, 'node-2')).toBeNull();
    expect(await queue.complete('node-1', id, 1, report())).toMatchObject({ ok: true });
  });

  test('what was cancelled is not looked at, also when the cancel came first', async () => {
    const queue = newQueue();
    const id = await enqueue(queue);
    await queue.cancel(id);
    expect(await ask(queue)).toBeNull();
    const late = newEnrolmentId();
    await queue.cancel(late);
    await queue.cancel(late);
    await enqueue(queue, { inspectionId: late });
    expect(await ask(queue)).toBeNull();
    const leased = await enqueue(queue);
    await ask(queue);
    await queue.cancel(leased);
    expect(await queue.complete('node-1', leased, 1, report())).toMatchObject(stale);
  });
});

describe('reports', () => {
  test('reach the enrolment once, the face sealed before it is written anywhere', async () => {
    const queue = newQueue();
    const id = await enqueue(queue);
    await ask(queue);
    vi.mocked(EnrolmentObject.prototype.inspected).mockImplementationOnce(async () => {
      throw new Error('the enrolment does not answer');
    });
    expect(await queue.complete('node-1', id, 1, report())).toEqual({ ok: true, value: undefined });
    expect(await queue.complete('node-1', id, 1, report())).toMatchObject({ ok: true });
    // The row waits for the next attempt: what lies there is what an intruder would find.
    const kept = await runInDurableObject(queue, (_, { storage }) =>
      JSON.stringify([
        storage.sql.exec('SELECT * FROM outbox').toArray(),
        storage.sql.exec('SELECT * FROM inspections').toArray(),
      ]),
    );
    expect(kept).toContain('wrappedKey');
    expect(kept).not.toMatch(traces(face(1)));
    await pass(queue, 5_000);
    await eventually('the enrolment is told', async () => (told.get(id)?.length === 1 ? true : null));
    const [word] = told.get(id) ?? [];
    if (word === undefined || typeof word === 'string' || word.template === null)
      throw new Error('no report');
    expect(word).toMatchObject({ speech: 'verified', portrait: null, voice: { pitchHz: 181.5 } });
    expect(word).not.toHaveProperty('embedding');
    expect([...(await openTemplate(env, `enrolment:${id}`, word.template))]).toEqual(face(1));
  });

  test('name a portrait only if it lies there as named', async () => {
    const queue = newQueue();
    const id = await enqueue(queue);
    await ask(queue);
    const bytes = new TextEncoder().encode('not really a portrait');
    const portrait = { sha256: await sha256(bytes), size: bytes.length };
    const complete = (change: object) =>
      queue.complete('node-1', id, 1, report({ portrait: { ...portrait, ...change } }));
    expect(await complete({})).toMatchObject({ ok: false, error: { code: 'output_invalid' } });
    const place = await queue.pictureKey('node-1', id, 1);
    if (!place.ok) throw new Error(place.error.code);
    await env.MEDIA.put(place.value.objectKey, bytes, { sha256: portrait.sha256 });
    expect(await complete({ size: 5 })).toMatchObject({ ok: false, error: { code: 'output_invalid' } });
    expect(await complete({ sha256: 'a'.repeat(64) })).toMatchObject({
      ok: false,
      error: { code: 'checksum_mismatch' },
    });
    expect(await complete({})).toMatchObject({ ok: true });
    await eventually('the enrolment is told', async () => (told.get(id)?.length === 1 ? true : null));
    expect(told.get(id)?.[0]).toMatchObject({ portrait: { ...portrait, objectKey: place.value.objectKey } });
  });

  test('bring neither portrait nor voice of somebody who did not ask to keep them', async () => {
    const queue = newQueue();
    const id = await enqueue(queue, { wantPortrait: false });
    await ask(queue);
    expect(await queue.pictureKey('node-1', id, 1)).toMatchObject({
      ok: false,
      error: { code: 'conflict' },
    });
    await queue.complete('node-1', id, 1, report({ portrait: { sha256: 'a'.repeat(64), size: 5 } }));
    await eventually('the enrolment is told', async () => (told.get(id)?.length === 1 ? true : null));
    expect(told.get(id)?.[0]).toMatchObject({ portrait: null, voice: null });
  });
});

describe('uploads', () => {
  const heard = new Map<string, (StoredMediaReport | InspectionDeath)[]>();
  const hear = (object: UploadObject, word: StoredMediaReport | InspectionDeath) => {
    const id = (Reflect.get(object, 'ctx') as DurableObjectState).id.name ?? '';
    heard.set(id, [...(heard.get(id) ?? []), word]);
  };
  beforeEach(() => {
    vi.spyOn(UploadObject.prototype, 'inspected').mockImplementation(async function (
      this: UploadObject,
      seen,
    ) {
      hear(this, seen);
    });
    vi.spyOn(UploadObject.prototype, 'inspectionFailed').mockImplementation(async function (
      this: UploadObject,
      code,
    ) {
      hear(this, code);
    });
  });

  const seen: MediaReport = {
    probe: {
      kind: 'video',
      width: 720,
      height: 1280,
      durationMs: 2000,
      videoCodec: 'avc',
      audioCodec: 'aac',
    },
    watermark: { id: '00c0ffee00', confidence: 0.9, frames: 12, at: 0.1 },
    fingerprints: null,
    policy: { version: 'test', models: [{ name: 'test', version: '1' }], findings: [] },
    poster: null,
    color: '#102030',
  };
  const upload = async (queue: Queue, change: { size?: number; mayPublish?: boolean } = {}) => {
    const inspectionId = createId('upl', Date.now());
    const { size = 100, mayPublish = true } = change;
    const media = { objectKey: `uploads/${inspectionId}/whole`, size, mediaType: 'video/mp4' };
    await queue.enqueue({ inspectionId, kind: 'media', media, mayPublish });
    return inspectionId;
  };
  const askMedia = (queue: Queue, kinds: ('media' | 'enrolment')[] = ['media']) =>
    queue.lease('node-1', { kinds, waitMs: 0, software: 'test' });
  const wordsOf = (id: string) => eventually(`word for ${id}`, async () => heard.get(id) ?? null);

  test('go only to nodes that look at uploads, without where they lie and without a key', async () => {
    const queue = newQueue();
    const id = await upload(queue);
    const recording = await enqueue(queue);
    expect(await ask(queue)).toMatchObject({ inspectionId: recording });
    expect(await ask(queue)).toBeNull();
    const leased = await askMedia(queue, ['enrolment', 'media']);
    expect(leased).toMatchObject({ inspectionId: id, kind: 'media', fence: 1, mayPublish: true });
    expect(JSON.stringify(leased)).not.toContain('whole');
    expect(leased).not.toHaveProperty('watermarkKey');
  });

  test('the report reaches the upload with its poster as R2 holds it; a report of the other kind does not', async () => {
    const queue = newQueue();
    const id = await upload(queue);
    await askMedia(queue);
    expect(await queue.complete('node-1', id, 1, report())).toMatchObject({
      ok: false,
      error: { code: 'output_invalid' },
    });
    const poster = Uint8Array.from([0xff, 0xd8, 0xff, 0xe0]);
    const named = { sha256: await sha256(poster), size: poster.length };
    expect(await queue.complete('node-1', id, 1, { ...seen, poster: named })).toMatchObject({
      ok: false,
      error: { code: 'output_invalid' },
    });
    const place = await queue.pictureKey('node-1', id, 1);
    if (!place.ok) throw new Error(place.error.code);
    await env.MEDIA.put(place.value.objectKey, poster, { sha256: named.sha256 });
    expect(await queue.complete('node-1', id, 1, { ...seen, poster: named })).toMatchObject({ ok: true });
    const { objectKey } = place.value;
    expect(await wordsOf(id)).toEqual([{ ...seen, poster: { ...named, objectKey } }]);
    expect(objectKey.startsWith(`uploads/${id}/`)).toBe(true);
  });

  test('of what cannot become a clip neither poster nor policy is passed on', async () => {
    const queue = newQueue();
    const id = await upload(queue, { mayPublish: false });
    await askMedia(queue);
    expect(await queue.pictureKey('node-1', id, 1)).toMatchObject({ ok: false, error: { code: 'conflict' } });
    const poster = { sha256: '0'.repeat(64), size: 1 };
    expect(await queue.complete('node-1', id, 1, { ...seen, poster })).toMatchObject({ ok: true });
    expect(await wordsOf(id)).toEqual([{ ...seen, policy: null, poster: null }]);
  });

  test('a node that vanishes loses it to the next, a large one later; after three the upload is told', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const queue = newQueue();
    const id = await upload(queue, { size: 600_000_000 });
    const first = await askMedia(queue);
    const given = Date.parse(first?.leaseExpiresAt ?? '') - Date.now();
    expect(given).toBeGreaterThan(2 * leaseMs);
    await pass(queue, leaseMs + 1);
    expect(await queue.job('node-1', id, 1)).toMatchObject({ ok: true });
    for (let fence = 2; fence <= 3; fence += 1) {
      await pass(queue, given);
      await pass(queue, 20_000);
      expect(await askMedia(queue)).toMatchObject({ inspectionId: id, fence });
    }
    await pass(queue, given);
    expect(await wordsOf(id)).toEqual(['lease_lost']);
  });
});
