/**
 * Uploads end to end over HTTP, on the real edge and the real provenance worker, with a node that signs like a real one and sees what the
 * test says: everything that becomes of an upload, lost nodes, failing steps, evicted objects, and what is left in R2 afterwards.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Clip, Erasure } from '#schemas/http/clips.ts';
import type { Upload } from '#schemas/http/uploads.ts';
import type { Edge } from '../support/edge.ts';
import { eventually, expectStatus, nothingIn, storedKeys } from '../support/generation-run.ts';
import { type IngestBench, startIngestBench } from '../support/ingest-bench.ts';
import { checked, flipped, putPart, stripped, upload } from '../support/ingest-run.ts';
import { makeMp4 } from '../support/make-mp4.ts';
import { filmOf, mediaReport, poster, type ScriptedLooker } from '../support/scripted-media.ts';

let bench: IngestBench;
let edge: Edge;
let looker: ScriptedLooker;
beforeAll(async () => {
  bench = await startIngestBench('uploads');
  ({ edge, looker } = bench);
});
afterAll(() => edge.stop());

describe('an upload', () => {
  test('becomes a draft, signed here with what was sent as its parent, labelled, and is nobody’s until it is published', async () => {
    const by = await bench.person();
    const { bytes, seed } = bench.film();
    const sent = await upload(edge, by, bytes);
    expect(sent).toMatchObject({ status: 'checking', size: bytes.length, verification: null });
    const leased = await looker.next();
    expect(leased).toMatchObject({ kind: 'media', mayPublish: true, media: { size: bytes.length } });
    expect(JSON.stringify(leased)).not.toMatch(new RegExp(`${by.handle}|acc_|film\\.mp4`));
    const media = await expectStatus(looker.media(leased), 200);
    expect(Buffer.from(await media.arrayBuffer()).equals(bytes)).toBe(true);
    await looker.report(leased, mediaReport(seed));
    const done = await checked(by, sent);
    expect(done).toMatchObject({ status: 'ready', verification: { verdict: 'no-credentials' } });
    const clip = await by.api<Clip>('GET', `/api/v1/clips/${done.clipId}`);
    expect(clip).toMatchObject({
      status: 'draft',
      label: 'uploaded',
      size: '720x1280',
      engine: { name: 'upload' },
    });
    const stranger = await bench.person();
    await expect(stranger.api('GET', `/api/v1/clips/${done.clipId}`)).rejects.toMatchObject({ status: 404 });
    await expect(stranger.api('GET', `/api/v1/uploads/${sent.id}`)).rejects.toMatchObject({ status: 404 });
    const provenance = await by.api<{ state: string; manifest: { actions: { action: string }[] } }>(
      'GET',
      `/api/v1/clips/${done.clipId}/provenance`,
    );
    expect(provenance.state).toBe('Trusted');
    expect(provenance.manifest.actions.map(({ action }) => action)).toContain('c2pa.opened');
    expect(provenance.manifest.actions.map(({ action }) => action)).not.toContain('c2pa.created');
    await eventually('the list to show it', async () => {
      const { items } = await by.api<{ items: Upload[] }>('GET', '/api/v1/uploads');
      return items.some(({ id, clipId }) => id === sent.id && clipId === done.clipId) ? true : null;
    });
  });

  test('of somebody else’s clip is refused and leads to it; its own maker may publish it again', async () => {
    const { by, clip, signed, bytes, seed } = await bench.published();
    const other = await bench.person();
    const repost = await bench.ingest(other, stripped(signed), mediaReport(seed));
    expect(repost).toMatchObject({
      status: 'refused',
      clipId: clip.id,
      verification: { verdict: 'recovered' },
    });
    // Our own credentials settle it without a look.
    const whole = await checked(other, await upload(edge, other, signed));
    expect(whole).toMatchObject({
      status: 'refused',
      clipId: clip.id,
      verification: { verdict: 'made-here', layers: { watermark: { status: 'not-checked' } } },
    });
    const again = await bench.ingest(by, bytes, mediaReport(seed));
    expect(again).toMatchObject({ status: 'ready', verification: { verdict: 'recovered', clipId: clip.id } });
    expect(again.clipId).not.toBe(clip.id);
  });

  test('twice the same bytes is one object; deleting one leaves the other its bytes', async () => {
    const [one, two] = [await bench.person(), await bench.person()];
    const { bytes, seed } = bench.film();
    // Not a clip: only the verdict is kept, and the bytes.
    const report = mediaReport(seed, { fingerprints: null, policy: null });
    const first = await bench.ingest(one, bytes, report);
    const second = await bench.ingest(two, bytes, report);
    expect([first.status, second.status]).toEqual(['review', 'review']);
    expect(await storedKeys(edge, `uploads/${first.id}/file`)).toHaveLength(1);
    expect(await storedKeys(edge, `uploads/${second.id}/file`)).toHaveLength(0);
    const { UPLOAD } = await edge.kinora.getEnv();
    await UPLOAD.getByName(first.id).decided({ outcome: 'refuse', reason: 'No.' });
    await UPLOAD.getByName(second.id).decided({ outcome: 'publish', label: null });
    expect((await checked(one, first)).status).toBe('refused');
    expect(await checked(two, second)).toMatchObject({ status: 'ready' });
    await two.api('DELETE', `/api/v1/uploads/${second.id}`);
    await expect(two.api('GET', `/api/v1/uploads/${second.id}`)).rejects.toMatchObject({ status: 404 });
    expect(await storedKeys(edge, `uploads/${first.id}/file`)).toHaveLength(1);
  });

  test('that a policy rule refuses is refused, and one on the border waits for the desk', async () => {
    const finding = {
      stage: 'frames',
      rule: 'sexual-content',
      score: 0.97,
      at: 0.5,
      span: null,
      explanation: 'A frame shows nudity.',
    } as const;
    const [by, models] = [await bench.person(), [{ name: 'nsfwjs', version: 'test' }]];
    const [hard, soft] = [bench.film(), bench.film()];
    const refused = await bench.ingest(
      by,
      hard.bytes,
      mediaReport(hard.seed, {
        policy: {
          version: 't',
          models,
          findings: [{ ...finding, rule: 'sexual-content-throughout', outcome: 'refuse' }],
        },
      }),
    );
    expect(refused).toMatchObject({
      status: 'refused',
      reason: expect.stringContaining('nudity'),
      clipId: null,
    });
    await expect(by.api('DELETE', `/api/v1/uploads/${refused.id}`)).rejects.toMatchObject({ status: 409 });
    const { UPLOAD } = await edge.kinora.getEnv();
    // An overturned refusal: what it waited for goes on, without another look.
    await UPLOAD.getByName(refused.id).decided({ outcome: 'publish', label: null });
    const allowed = await eventually('the overturned refusal', async () => {
      const now = await by.api<Upload>('GET', `/api/v1/uploads/${refused.id}`);
      return now.status === 'ready' ? now : null;
    });
    expect(await by.api<Clip>('GET', `/api/v1/clips/${allowed.clipId}`)).toMatchObject({ status: 'draft' });
    const waiting = await bench.ingest(
      by,
      soft.bytes,
      mediaReport(soft.seed, {
        policy: { version: 't', models, findings: [{ ...finding, outcome: 'review' }] },
      }),
    );
    expect(waiting).toMatchObject({ status: 'review' });
    await UPLOAD.getByName(waiting.id).decided({ outcome: 'publish', label: null });
    const decided = await checked(by, waiting);
    expect(decided).toMatchObject({ status: 'ready' });
    expect(await by.api<Clip>('GET', `/api/v1/clips/${decided.clipId}`)).toMatchObject({ label: 'uploaded' });
  });

  test('whose credentials do not fit waits for the desk, and is refused when the desk says so', async () => {
    const { signed, seed } = await bench.standing();
    const by = await bench.person();
    const broken = await bench.ingest(by, flipped(signed), mediaReport(`${seed}-other`));
    expect(broken).toMatchObject({ status: 'review' });
    expect(['tampered', 'counterfeit']).toContain(broken.verification?.verdict);
    await expect(by.api('DELETE', `/api/v1/uploads/${broken.id}`)).rejects.toMatchObject({ status: 409 });
    const { UPLOAD } = await edge.kinora.getEnv();
    await UPLOAD.getByName(broken.id).decided({ outcome: 'refuse', reason: 'It was forged.' });
    expect(await checked(by, broken)).toMatchObject({
      status: 'refused',
      reason: 'It was forged.',
      clipId: null,
    });
  });

  test('that is no clip keeps its verdict: a picture, and a film of another size', async () => {
    const by = await bench.person();
    const small = await makeMp4({ shade: 200, width: 320, height: 240 });
    const done = await bench.ingest(by, small, mediaReport('small', { policy: null }));
    expect(done).toMatchObject({
      status: 'ready',
      clipId: null,
      reason: expect.stringContaining('720x1280'),
    });
    const picture = await upload(edge, by, poster, 'image/jpeg');
    const leased = await looker.next();
    expect(leased).toMatchObject({ mayPublish: false, media: { mediaType: 'image/jpeg' } });
    await looker.report(leased, mediaReport('a picture', { policy: null, color: null }));
    expect(await checked(by, picture)).toMatchObject({
      status: 'ready',
      clipId: null,
      reason: expect.stringContaining('MP4'),
      verification: { verdict: 'no-credentials', layers: { watermark: { status: 'none' } } },
    });
  });

  test('that lies about its kind is taken for what it is, and what is no media is refused with a sentence', async () => {
    const by = await bench.person();
    const { bytes, seed } = bench.film();
    const sent = await upload(edge, by, bytes, 'image/png');
    await looker.report(await looker.next(), mediaReport(seed));
    expect(await checked(by, sent)).toMatchObject({ status: 'ready', mediaType: 'video/mp4' });
    const html = await checked(
      by,
      await upload(edge, by, new TextEncoder().encode('<html>not a video</html>')),
    );
    expect(html).toMatchObject({
      status: 'refused',
      reason: expect.stringContaining('MP4'),
      verification: null,
    });
  });
});

describe('parts over the wire', () => {
  test('a wrong digest, a wrong length, a wrong number; what came before stays', async () => {
    const by = await bench.person();
    const bytes = new Uint8Array(1000).fill(1);
    const begun = await by.api<Upload>('POST', '/api/v1/uploads', {
      fileName: 'a.mp4',
      size: 1000,
      mediaType: 'video/mp4',
    });
    await expectStatus(putPart(edge, by, begun, 1, bytes), 200);
    const other = { 'content-digest': `sha-256=:${'A'.repeat(43)}=:` };
    await expectStatus(putPart(edge, by, begun, 1, new Uint8Array(1000).fill(2), other), 422);
    await expectStatus(putPart(edge, by, begun, 1, bytes, { 'content-digest': 'md5=:x:' }), 400);
    await expectStatus(putPart(edge, by, begun, 1, bytes.slice(1)), 400);
    await expectStatus(putPart(edge, by, begun, 1, new Uint8Array(2000)), 413);
    await expectStatus(putPart(edge, by, begun, 2, bytes), 400);
    await expectStatus(putPart(edge, await bench.person(), begun, 1, bytes), 404);
    expect((await by.api<Upload>('GET', `/api/v1/uploads/${begun.id}`)).parts).toEqual([1]);
    await by.api('DELETE', `/api/v1/uploads/${begun.id}`);
    await nothingIn(edge, `uploads/${begun.id}/`);
    await expectStatus(putPart(edge, by, begun, 1, bytes), 404);
  });
});

describe('failures', () => {
  test('no node for an hour: it fails with the reason and its bytes; a look that comes later serves the next try', async () => {
    const by = await bench.person();
    const { bytes, seed } = bench.film();
    let failed: Upload;
    {
      await using instances = await edge.kinora.introspectWorkflow('INGEST_CLIP');
      await instances.modifyAll(async (modify) => {
        for (let check = 1; check <= 60; check += 1) {
          await modify.forceEventTimeout({ name: `wait for the look ${check}` });
        }
      });
      failed = await checked(by, await upload(edge, by, bytes));
    }
    expect(failed).toMatchObject({
      status: 'failed',
      verification: null,
      reason: expect.stringContaining('in time'),
    });
    expect(await storedKeys(edge, `uploads/${failed.id}/file`)).toHaveLength(1);
    await looker.report(await looker.next(), mediaReport(seed));
    await by.api('POST', `/api/v1/uploads/${failed.id}/complete`);
    expect(await checked(by, failed)).toMatchObject({ status: 'ready' });
  });

  test('every step fails once before it succeeds: one clip', async () => {
    const by = await bench.person();
    const { bytes, seed } = bench.film();
    await using instances = await edge.kinora.introspectWorkflow('INGEST_CLIP');
    await instances.modifyAll(async (modify) => {
      await modify.disableRetryDelays();
      for (const name of [
        'read it through',
        'check its credentials',
        'see whether it has to be looked at',
        'ask for a look',
        'see whether it was looked at 1',
        'judge it',
        'decide what becomes of it',
        'end',
      ]) {
        await modify.mockStepError({ name }, new Error('struck by the test'), 1);
      }
    });
    const done = await bench.ingest(by, bytes, mediaReport(seed));
    expect(done.status).toBe('ready');
    const clips = await eventually('the draft', async () => {
      const { items } = await by.api<{ items: Clip[] }>('GET', '/api/v1/me/clips?status=draft');
      return items.length > 0 ? items : null;
    });
    expect(clips.map(({ id }) => id)).toEqual([done.clipId]);
  });

  test('a step that never succeeds ends it with its bytes kept, and trying again succeeds', async () => {
    const by = await bench.person();
    const { bytes, seed } = bench.film();
    let failed: Upload;
    {
      await using instances = await edge.kinora.introspectWorkflow('INGEST_CLIP');
      await instances.modifyAll(async (modify) => {
        await modify.disableRetryDelays();
        await modify.mockStepError({ name: 'judge it' }, new Error('struck by the test'));
      });
      failed = await bench.ingest(by, bytes, mediaReport(seed));
      expect(failed).toMatchObject({ status: 'failed', reason: expect.stringContaining('try again') });
    }
    await by.api('POST', `/api/v1/uploads/${failed.id}/complete`);
    const done = await checked(by, failed);
    expect(done).toMatchObject({ status: 'ready' });
    expect(await storedKeys(edge, `media/${done.clipId}/`)).not.toHaveLength(0);
  });

  test('every object is evicted between every two steps', async () => {
    const by = await bench.person();
    const { bytes, seed } = bench.film();
    const evict = (binding: string, name: string) =>
      edge.kinora.evictDurableObject(binding, { name }).catch((error: Error) => {
        if (!error.message.includes('not currently running')) throw error;
      });
    const begun = await by.api<Upload>('POST', '/api/v1/uploads', {
      fileName: 'film.mp4',
      size: bytes.length,
      mediaType: 'video/mp4',
    });
    const forget = async () => {
      await evict('UPLOAD', begun.id);
      await evict('INSPECTION_QUEUE', 'main');
      await evict('FINGERPRINT_INDEX', 'clips');
      await evict('HASH_BANK', 'main');
    };
    await forget();
    await expectStatus(putPart(edge, by, begun, 1, bytes), 200);
    await forget();
    await by.api('POST', `/api/v1/uploads/${begun.id}/complete`);
    const leased = await looker.next();
    await forget();
    await looker.report(leased, mediaReport(seed));
    await forget();
    expect(await checked(by, begun)).toMatchObject({ status: 'ready' });
  });

  test('taken back while it is checked: no clip, nothing kept', async () => {
    const by = await bench.person();
    const { bytes } = bench.film();
    const sent = await upload(edge, by, bytes);
    await looker.next();
    await by.api('DELETE', `/api/v1/uploads/${sent.id}`);
    await nothingIn(edge, `uploads/${sent.id}/`);
    await expect(by.api('GET', `/api/v1/uploads/${sent.id}`)).rejects.toMatchObject({ status: 404 });
    expect(await by.api('GET', '/api/v1/me/clips?status=draft')).toMatchObject({ items: [] });
  });
});

describe('what does not come back', () => {
  test('a match of the hash bank is refused, whatever its credentials say, and the desk is told', async () => {
    const { HASH_BANK, MODERATION_CASE, UPLOAD } = await edge.kinora.getEnv();
    const bank = HASH_BANK.getByName('main');
    const { bytes, seed } = bench.film();
    const entry = {
      id: 'dec_01jd0000000000000000000000',
      policyId: 'intimate-image',
      caseId: 'case_01jd0000000000000000000000',
      by: 'acc_01jd0000000000000000000000',
      fingerprints: filmOf(seed),
    };
    expect(await bank.propose(entry)).toMatchObject({ ok: true });
    const by = await bench.person();
    // Proposed by one person only: nothing is refused on one person's word.
    const before = await bench.ingest(by, bytes, mediaReport(seed));
    expect(before.status).toBe('ready');
    expect(await bank.confirm(entry.id, 'acc_01jd0000000000000000000001')).toMatchObject({ ok: true });
    const again = bench.film();
    const refused = await bench.ingest(await bench.person(), again.bytes, mediaReport(seed));
    expect(refused).toMatchObject({
      status: 'refused',
      clipId: null,
      reason: expect.stringContaining('removed'),
    });
    const { value: record } = await UPLOAD.getByName(refused.id).read();
    const opened = await MODERATION_CASE.getByName(record.caseId).read();
    expect(JSON.stringify(opened)).toContain(entry.id);
    expect(opened).toMatchObject({
      ok: true,
      value: { state: { subject: { kind: 'upload', id: refused.id } } },
    });
  });

  test('a clip made of an upload that is deleted: every store answers, and no node is asked about a job it never had', async () => {
    const { by, clip } = await bench.published();
    await by.api('DELETE', `/api/v1/clips/${clip.id}`);
    const receipt = await eventually('the receipt', async () => {
      const now = await by.api<Erasure>('GET', `/api/v1/clips/${clip.id}/erasure`).catch(() => null);
      return now?.complete === true ? now : null;
    });
    expect(receipt.stores.find(({ store }) => store === 'render-nodes')).toMatchObject({ status: 'none' });
    expect(receipt.stores.find(({ store }) => store === 'objects')).toMatchObject({ status: 'erased' });
    await nothingIn(edge, `media/${clip.id}/`);
  });
});

test('every file that is left belongs to an upload that somebody still has', async () => {
  const { UPLOAD } = await edge.kinora.getEnv();
  const ids = new Set((await storedKeys(edge, 'uploads/')).map((key) => key.split('/')[1] ?? ''));
  expect(ids.size).toBeGreaterThan(0);
  for (const id of ids) {
    const read = await UPLOAD.getByName(id).read();
    expect(read.ok && read.value.ownerId !== null, id).toBe(true);
  }
});
