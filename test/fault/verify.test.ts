/**
 * Verification end to end over HTTP, on the real edge and the real provenance worker, with a node that sees what the test says: every
 * verdict, withdrawn clips, links, nodes that die or are late, and that nothing of what was sent is kept.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fingerprintsSchema } from '#schemas/fingerprint.ts';
import type { Clip } from '#schemas/http/clips.ts';
import { watermarkIdSchema } from '#schemas/provenance.ts';
import type { Verdict } from '#schemas/verdict.ts';
import type { Edge } from '../support/edge.ts';
import {
  ask,
  ending,
  eventually,
  expectStatus,
  leaseNext,
  storedKeys,
  uploadAll,
} from '../support/generation-run.ts';
import { type IngestBench, startIngestBench } from '../support/ingest-bench.ts';
import { checked, flipped, stripped, upload, verify } from '../support/ingest-run.ts';
import { makeRendered } from '../support/rendered.ts';
import { mediaReport, type ScriptedLooker } from '../support/scripted-media.ts';

let bench: IngestBench;
let edge: Edge;
let looker: ScriptedLooker;
beforeAll(async () => {
  bench = await startIngestBench('verifies');
  ({ edge, looker } = bench);
});
afterAll(() => edge.stop());

describe('verify', () => {
  test('a clip an engine made here: by its credentials, and by its mark when they are gone', async () => {
    const by = await bench.person();
    const generation = await ask(by.api);
    const job = await leaseNext(edge);
    const rendered = await makeRendered({ shade: 120 });
    await uploadAll(edge, job, rendered);
    await expectStatus(edge.node.complete(job, rendered.output), 200);
    const { clipId } = await ending(by.api, generation.id);
    const clip = await by.api<Clip>('POST', `/api/v1/clips/${clipId}/publish`, { caption: 'Made here.' });
    expect(clip.label).toBe('ai-generated');
    const served = await expectStatus(fetch(`${edge.url}${clip.media.video}`), 200);
    const signed = new Uint8Array(await served.arrayBuffer());
    const made = await verify(edge, signed);
    expect(made).toMatchObject({ verdict: 'made-here', clipId, maker: { handle: by.handle } });
    expect(made.summary).toMatch(/^Made here:/);
    const seen = new TextDecoder().decode(rendered.files.get('fingerprints.json'));
    const copy = await bench.verifyLookedAt(
      stripped(signed),
      mediaReport('', {
        watermark: { id: job.watermark.id, confidence: 0.8, frames: 20, at: 0 },
        fingerprints: fingerprintsSchema.parse(JSON.parse(seen)),
      }),
    );
    expect(copy).toMatchObject({ verdict: 'recovered', clipId, maker: { handle: by.handle } });
    expect(copy.summary).toContain('invisible mark');
    const other = await bench.person();
    const repost = await checked(other, await upload(edge, other, signed));
    expect(repost).toMatchObject({ status: 'refused', clipId });
  });

  test('ours, damaged, stripped, marked; and nothing of it is kept', async () => {
    const { signed, seed, clip, by } = await bench.standing();
    const before = await storedKeys(edge, 'uploads/');
    const intact = await verify(edge, signed);
    expect(intact).toMatchObject({
      verdict: 'made-here',
      clipId: clip.id,
      maker: { handle: by.handle },
      withdrawn: null,
    });
    expect(intact.file).toMatchObject({ size: signed.length, mediaType: 'video/mp4' });

    const damaged = await bench.verifyLookedAt(flipped(signed), mediaReport(seed));
    expect(damaged).toMatchObject({ verdict: 'tampered', layers: { fingerprint: { status: 'agrees' } } });
    const forged = await bench.verifyLookedAt(flipped(signed), mediaReport('something else'));
    expect(forged).toMatchObject({ verdict: 'counterfeit', clipId: null, maker: null });

    const bare = stripped(signed);
    expect(await verify(edge, bare)).toMatchObject({
      verdict: 'no-credentials',
      layers: { watermark: { status: 'not-checked' }, fingerprint: { status: 'not-checked' } },
    });
    const recovered = await bench.verifyLookedAt(bare, mediaReport(seed));
    expect(recovered).toMatchObject({ verdict: 'recovered', clipId: clip.id, maker: { handle: by.handle } });

    const mark = { id: watermarkIdSchema.parse('00112233aa'), confidence: 0.81, frames: 24, at: 0.5 };
    const { DB } = await edge.kinora.getEnv();
    await DB.prepare(
      'insert into watermarks (watermark_id, generation_id, clip_id, manifest_label, created_at) values (?, ?, ?, ?, ?)',
    )
      .bind(mark.id, `gen_${clip.id.slice(5)}`, clip.id, 'urn:c2pa:test', new Date().toISOString())
      .run();
    const marked = await bench.verifyLookedAt(bare, mediaReport(seed, { watermark: mark }));
    expect(marked).toMatchObject({
      verdict: 'recovered',
      layers: { watermark: { status: 'found', watermarkId: mark.id } },
    });
    const copied = await bench.verifyLookedAt(bare, mediaReport('a stranger’s film', { watermark: mark }));
    expect(copied).toMatchObject({
      verdict: 'counterfeit',
      clipId: null,
      layers: { watermark: { status: 'found' }, fingerprint: { status: 'disagrees' } },
    });
    const unknown = await bench.verifyLookedAt(bare, mediaReport('nobody’s film'));
    expect(unknown).toMatchObject({ verdict: 'no-credentials', layers: { fingerprint: { status: 'none' } } });

    await eventually('nothing more to be kept', async () =>
      (await storedKeys(edge, 'uploads/')).length === before.length ? true : null,
    );
    expect(await looker.lease()).toBeNull();
  });

  test('a copy of a withdrawn clip names the withdrawal, by its credentials and by its fingerprint', async () => {
    const { signed, seed, clip, by } = await bench.published();
    expect(await (await fetch(`${edge.url}/api/v1/verify?clip=${clip.id}`)).json()).toMatchObject({
      verdict: 'made-here',
      clipId: clip.id,
    });
    expect(
      await (
        await fetch(`${edge.url}/api/v1/verify?url=${encodeURIComponent(edge.url + clip.media.video)}`)
      ).json(),
    ).toMatchObject({ verdict: 'made-here', clipId: clip.id });
    const bare = bench.verifyLookedAt(stripped(signed), mediaReport(seed));
    await bare;
    await by.api('DELETE', `/api/v1/clips/${clip.id}`);
    const intact = await verify(edge, signed);
    expect(intact).toMatchObject({
      verdict: 'made-here',
      clipId: clip.id,
      maker: null,
      withdrawn: { at: expect.stringMatching(/^20/), url: `${edge.url}/revocations/${clip.id}` },
    });
    expect(intact.summary).toContain('withdrawn');
    await expectStatus(fetch(`${edge.url}/revocations/${clip.id}`), 200);
    const gone = await fetch(`${edge.url}/api/v1/verify?clip=${clip.id}`);
    expect(gone.status).toBe(410);
    expect(await gone.json()).toMatchObject({
      error: { details: { withdrawnAt: expect.stringMatching(/^20/) } },
    });
    const other = await bench.person();
    const repost = await checked(other, await upload(edge, other, signed));
    expect(repost).toMatchObject({ status: 'refused', reason: expect.stringContaining('withdrawn') });
  });

  test('anybody may ask whom we trust, and under which version of which list', async () => {
    const answer = await fetch(`${edge.url}/api/v1/trust-lists`);
    expect(answer.status).toBe(200);
    const lists: Record<string, { name: string; version: string; pem: string }> = await answer.json();
    expect(lists.own).toMatchObject({ version: 'deployed' });
    expect(lists.own?.pem).toContain('BEGIN CERTIFICATE');
  });

  test('links to other places are not followed', async () => {
    for (const url of [
      'http://169.254.169.254/latest/meta-data',
      'https://127.0.0.1/x.mp4',
      'https://example.com/x.mp4',
      `${edge.url}/api/v1/me`,
    ]) {
      const response = await fetch(`${edge.url}/api/v1/verify?url=${encodeURIComponent(url)}`);
      expect([400, 404]).toContain(response.status);
    }
  });

  test('a node that dies under it, and one that takes too long', async () => {
    const { signed, seed } = await bench.standing();
    const answer = verify(edge, stripped(signed), 20);
    await looker.fail(await looker.next(), 'node_shutdown', true);
    await looker.report(await looker.next(), mediaReport(seed));
    expect(await answer).toMatchObject({ verdict: 'recovered' });
    const late = verify(edge, stripped(signed), 1);
    await looker.next();
    expect(await late).toMatchObject({
      verdict: 'no-credentials',
      layers: { watermark: { status: 'not-checked', reason: expect.stringContaining('in time') } },
    });
    await eventually('nothing to be kept of it', async () => {
      const keys = await storedKeys(edge, 'uploads/');
      const { UPLOAD } = await edge.kinora.getEnv();
      for (const key of keys) {
        const id = key.split('/')[1] ?? '';
        if (!(await UPLOAD.getByName(id).read()).ok) return null;
      }
      return true;
    });
  });
});

const testdata = resolve(
  process.env.KINORA_TESTDATA ?? join(import.meta.dirname, '../../../shared/testdata'),
);
const c2pa = join(testdata, 'c2pa');
describe.skipIf(!existsSync(c2pa))(
  `files made by others (${existsSync(c2pa) ? 'all there' : 'SKIPPED: no test data'})`,
  () => {
    const expected: readonly [string, Verdict][] = [
      ['no_manifest.jpg', 'no-credentials'],
      ['video1_no_manifest.mp4', 'no-credentials'],
      ['XCA.jpg', 'tampered'],
      ['E-sig-CA.jpg', 'tampered'],
      ['adobe-20220124-E-dat-CA.jpg', 'tampered'],
      ['C.jpg', 'signed-unknown'],
      ['CA.jpg', 'signed-unknown'],
      ['video1.mp4', 'signed-unknown'],
      ['sample1.webp', 'no-credentials'],
    ];
    test.each(expected)('%s', async (name, verdict) => {
      const said = await verify(edge, new Uint8Array(readFileSync(join(c2pa, name))));
      expect(said.verdict, said.summary).toBe(verdict);
      expect(said.maker).toBeNull();
    });

    test.each(['nested_moov_1000.mp4', 'riff_bomb_1000.wav', 'sample3.invalid.wav'])(
      '%s, made to break readers, gets an answer',
      async (name) => {
        const response = await fetch(`${edge.url}/api/v1/verify?wait=0`, {
          method: 'POST',
          body: new Uint8Array(readFileSync(join(c2pa, name))),
        });
        expect([200, 415]).toContain(response.status);
        const said = await response.json();
        if (response.status === 200) expect(['no-credentials', 'tampered']).toContain(said.verdict);
      },
    );
  },
);
