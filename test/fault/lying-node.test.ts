/** A render node that lies: whatever it sends, nothing that was not checked becomes a clip, nothing is charged, nothing is kept. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RenderOutput } from '#schemas/render.ts';
import type { ApiClient } from '../../scripts/demo/client.ts';
import { type Edge, startEdge } from '../support/edge.ts';
import {
  ask,
  drafts,
  ending,
  expectStatus,
  leaseNext,
  nothingIn,
  uploadAll,
  usedCredits,
} from '../support/generation-run.ts';
import { makeMp4 } from '../support/make-mp4.ts';
import { describeRender, makeRendered, type Rendered } from '../support/rendered.ts';
import { storedFile } from '../support/scripted-node.ts';

let edge: Edge;
let honest: Rendered;
let people = 0;

beforeAll(async () => {
  [edge, honest] = await Promise.all([startEdge({ RENDER_LEASE_MS: '5000' }), makeRendered()]);
  await edge.node.lease();
});
afterAll(() => edge.stop());

async function person(): Promise<ApiClient> {
  people += 1;
  return edge.signIn(`liar-${people}`);
}

const claim = { width: 720, height: 1280, seconds: 2 };

/** Renders with these files and facts, and expects the generation to fail with `code`. */
async function expectRefused(
  rendered: Rendered,
  code: string,
  output: RenderOutput = rendered.output,
): Promise<void> {
  const api = await person();
  const generation = await ask(api);
  const job = await leaseNext(edge);
  await uploadAll(edge, job, rendered);
  await expectStatus(edge.node.complete(job, output), 200);
  expect(await ending(api, generation.id)).toMatchObject({ status: 'failed', error: { code } });
  expect(await usedCredits(api)).toBe(0);
  expect(await drafts(api)).toEqual([]);
  await nothingIn(edge, `quarantine/${generation.id}/`);
  await nothingIn(edge, 'media/');
}

describe('the video', () => {
  test('is no video at all', async () =>
    expectRefused(
      await describeRender(new TextEncoder().encode('<html>not a video</html>'), claim),
      'output_invalid',
    ));

  test('is cut off', async () => {
    const video = await makeMp4(claim);
    await expectRefused(
      await describeRender(video.slice(0, Math.floor(video.length * 0.6)), claim),
      'output_invalid',
    );
  });

  test('has another size than was asked for', async () =>
    expectRefused(await describeRender(await makeMp4({ ...claim, width: 640 }), claim), 'output_invalid'));

  test('is shorter than was asked for', async () =>
    expectRefused(await describeRender(await makeMp4({ ...claim, seconds: 1 }), claim), 'output_invalid'));
});

describe('what it says', () => {
  test('names a checksum that is not the file’s: refused, and the job goes on', async () => {
    const api = await person();
    const generation = await ask(api);
    const job = await leaseNext(edge);
    await uploadAll(edge, job, honest);
    const other = storedFile(new TextEncoder().encode('another file'));
    const files = {
      ...honest.output.files,
      'video.mp4': { ...honest.output.files['video.mp4'], sha256: other.sha256 },
    };
    await expectStatus(edge.node.complete(job, { ...honest.output, files }), 422);
    await expectStatus(edge.node.complete(job, honest.output), 200);
    const end = await ending(api, generation.id);
    expect(end.status).toBe('ready');
    await api('DELETE', `/api/v1/clips/${end.clipId}`);
    await nothingIn(edge, 'media/');
  });

  test('names a poster that is no picture', async () => {
    const bytes = new TextEncoder().encode('GIF89a');
    const files = new Map(honest.files).set('poster.jpg', bytes);
    await expectRefused(
      {
        files,
        output: { ...honest.output, files: { ...honest.output.files, 'poster.jpg': storedFile(bytes) } },
      },
      'output_invalid',
    );
  });
});

describe('the wire', () => {
  test('bytes that do not match the signed digest are not stored', async () => {
    const api = await person();
    const generation = await ask(api);
    const job = await leaseNext(edge);
    const path = `/render/v1/jobs/${job.jobId}/output/poster.jpg?fence=${job.fence}`;
    const sent = new TextEncoder().encode('one thing');
    const signed = await edge.node.sign('PUT', path, sent);
    await expectStatus(
      fetch(signed.url, {
        method: 'PUT',
        headers: signed.headers,
        body: new TextEncoder().encode('other one'),
      }),
      422,
    );
    await nothingIn(edge, `quarantine/${generation.id}/`);
    await api('DELETE', `/api/v1/generations/${generation.id}`);
  });

  test('a file over its limit is refused before it is read', async () => {
    const api = await person();
    const generation = await ask(api);
    const job = await leaseNext(edge);
    await expectStatus(edge.node.upload(job, 'poster.jpg', new Uint8Array(2 * 1024 * 1024 + 1)), 413);
    await api('DELETE', `/api/v1/generations/${generation.id}`);
  });

  test('a node nobody registered gets nothing', async () => {
    const { createScriptedNode } = await import('../support/scripted-node.ts');
    const { privateKey } = await createScriptedNode.identity();
    const body = { engines: [], waitMs: 0 };
    await expectStatus(
      createScriptedNode(edge.url, 'node_stranger', privateKey).request('POST', '/render/v1/lease', body),
      401,
    );
    await expectStatus(
      createScriptedNode(edge.url, 'node_test', privateKey).request('POST', '/render/v1/lease', body),
      401,
    );
    await expectStatus(fetch(`${edge.url}/render/v1/lease`, { method: 'POST', body: '{}' }), 401);
  });
});
