/** The upload routes: limits by tier, how many a day and at once, the list, and what anybody else sees of it. */
import { introspectWorkflow } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Page } from '#schemas/http/common.ts';
import {
  dailyUploads,
  openUploads,
  type Upload,
  uploadLimits,
  uploadPartSize,
} from '#schemas/http/uploads.ts';
import { uploads } from '#schemas/tables.ts';
import { database } from '#workers/store/database.ts';
import { edge, type Person, person, stranger } from '../support/api-actors.ts';
import { codeOf, refusal } from '../support/api-browser.ts';

let checks: Awaited<ReturnType<typeof introspectWorkflow>>;
beforeAll(async () => {
  checks = await introspectWorkflow(env.INGEST_CLIP);
  await checks.modifyAll(async (modify) => modify.mockStepResult({ name: 'read it through' }, 'gone'));
});
afterAll(() => checks.dispose());

const file = { fileName: ' My film.mp4 ', size: 1000, mediaType: 'video/mp4' };

async function begin(by: Person, change: Partial<typeof file> = {}): Promise<Upload> {
  const answer = await by.browser.post('/api/v1/uploads', { ...file, ...change });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body as Upload;
}

async function put(by: Person, id: string, n: number, bytes: Uint8Array<ArrayBuffer>): Promise<number> {
  const response = await edge(
    new Request(`http://localhost/api/v1/uploads/${id}/parts/${n}`, {
      method: 'PUT',
      headers: { Authorization: `Bearer ${by.token}`, 'Content-Length': String(bytes.length) },
      body: bytes,
    }),
  );
  await response.text();
  return response.status;
}

test('an upload begins, takes its parts in any order and says which have come', async () => {
  const by = await person();
  const upload = await begin(by, { size: uploadPartSize + 5 });
  expect(upload).toMatchObject({
    status: 'receiving',
    fileName: 'My film.mp4',
    partSize: uploadPartSize,
    parts: [],
  });
  expect(Date.parse(upload.expiresAt) - Date.parse(upload.createdAt)).toBe(86_400_000);
  expect(await put(by, upload.id, 2, new Uint8Array(5))).toBe(200);
  const early = await by.browser.send('POST', `/api/v1/uploads/${upload.id}/complete`);
  expect(refusal(early)).toBe('409 upload_incomplete');
  expect(early.body).toMatchObject({ error: { details: { missing: [1] } } });
  expect(await put(by, upload.id, 1, new Uint8Array(uploadPartSize))).toBe(200);
  const done = await by.browser.send('POST', `/api/v1/uploads/${upload.id}/complete`);
  expect(done).toMatchObject({ status: 202, body: { status: 'checking', parts: [1, 2] } });
  const read = await by.browser.get(`/api/v1/uploads/${upload.id}`);
  expect(Object.keys(read.body as object)).not.toEqual(
    expect.arrayContaining(['objectKey', 'report', 'ownerId']),
  );
});

describe('limits', () => {
  test.each(['free', 'plus', 'pro'] as const)('%s: the size', async (tier) => {
    const by = await person({ tier });
    const limit = uploadLimits[tier];
    const over = await by.browser.post('/api/v1/uploads', { ...file, size: limit + 1 });
    expect(refusal(over)).toBe('413 payload_too_large');
    expect(over.body).toMatchObject({ error: { details: { limit } } });
    await begin(by, { size: limit });
  });

  test('no more are under way than the tier allows, also when all are asked for at once', async () => {
    const by = await person();
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => by.browser.post('/api/v1/uploads', file)),
    );
    const begun = answers.filter(({ status }) => status === 201);
    expect(begun).toHaveLength(openUploads.free);
    expect(new Set(answers.filter(({ status }) => status !== 201).map(refusal))).toEqual(
      new Set(['409 conflict']),
    );
    const [first] = begun.map(({ body }) => body as Upload);
    if (first === undefined) throw new Error('none has begun');
    expect((await by.browser.send('DELETE', `/api/v1/uploads/${first.id}`)).status).toBe(204);
    await vi.waitFor(() => begin(by), { timeout: 10_000, interval: 100 });
  });

  test('no more a day than the tier allows', async () => {
    const by = await person();
    const upload = await begin(by);
    const row = await database(env).select().from(uploads).all();
    const mine = row.find(({ id }) => id === upload.id);
    if (mine === undefined) throw new Error('no row');
    const earlier = Array.from({ length: dailyUploads.free - 1 }, (_, index) => ({
      ...mine,
      id: `upl_0${String(index).padStart(25, '0')}` as const,
      ownerId: by.id,
      status: 'ready' as const,
    }));
    for (const one of earlier) await database(env).insert(uploads).values(one);
    const over = await by.browser.post('/api/v1/uploads', file);
    expect(refusal(over)).toBe('429 rate_limited');
    expect(over.headers.get('Retry-After')).toBe('3600');
    await begin(await person());
  });

  test.each([
    [{ size: 0 }, 'size'],
    [{ size: 1.5 }, 'size'],
    [{ mediaType: 'video/webm' }, 'mediaType'],
    [{ fileName: '   ' }, 'fileName'],
  ])('%j is no file', async (change, field) => {
    const answer = await (await person()).browser.post('/api/v1/uploads', { ...file, ...change });
    expect(refusal(answer)).toBe('400 bad_request');
    expect(JSON.stringify(answer.body)).toContain(field);
  });
});

describe('the list', () => {
  test('shows what I sent, newest first and page by page, and nothing that was taken back', async () => {
    const by = await person({ tier: 'plus' });
    const sent: Upload[] = [];
    for (let index = 0; index < 4; index += 1) sent.push(await begin(by, { fileName: `${index}.mp4` }));
    const [back] = sent.splice(1, 1);
    expect((await by.browser.send('DELETE', `/api/v1/uploads/${back?.id}`)).status).toBe(204);
    expect(refusal(await by.browser.get(`/api/v1/uploads/${back?.id}`))).toBe('404 not_found');
    await vi.waitFor(
      async () => {
        const { body } = await by.browser.get('/api/v1/uploads');
        expect((body as Page<Upload>).items.map(({ id }) => id)).toEqual(sent.map(({ id }) => id).reverse());
      },
      { timeout: 10_000, interval: 50 },
    );
    const first = (await by.browser.get('/api/v1/uploads?limit=2')).body as Page<Upload>;
    const rest = (await by.browser.get(`/api/v1/uploads?limit=2&cursor=${first.nextCursor}`))
      .body as Page<Upload>;
    expect([...first.items, ...rest.items].map(({ fileName }) => fileName)).toEqual([
      '3.mp4',
      '2.mp4',
      '0.mp4',
    ]);
    expect(rest.nextCursor).toBeNull();
    expect((await (await person()).browser.get('/api/v1/uploads')).body).toEqual({
      items: [],
      nextCursor: null,
    });
    expect(codeOf(await stranger().get('/api/v1/uploads'))).toBe('unauthenticated');
  });

  test('what was taken back keeps no name', async () => {
    const by = await person();
    const upload = await begin(by, { fileName: 'a-name-nobody-needs.mp4' });
    await by.browser.send('DELETE', `/api/v1/uploads/${upload.id}`);
    await vi.waitFor(
      async () => {
        const rows = await database(env).select().from(uploads).all();
        expect(rows.find(({ id }) => id === upload.id)?.status).toBe('expired');
        expect(JSON.stringify(rows)).not.toContain('a-name-nobody-needs');
      },
      { timeout: 10_000, interval: 50 },
    );
  });
});
