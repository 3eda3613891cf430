/** Enrolment over HTTP: whose challenge it is, what a recording must be, single use, the day's limit. */
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Enrolment, enrolmentSchema, recordingLimits } from '#schemas/http/cameo.ts';
import { edge, type Person, person } from '../support/api-actors.ts';
import { refusal } from '../support/api-browser.ts';
import { filesOf, recordingBytes, sha256 } from '../support/api-enrolment.ts';
import { eventually } from '../support/objects.ts';

afterEach(() => {
  vi.useRealTimers();
});

async function challenge(by: Person): Promise<Enrolment> {
  const answer = await by.browser.post('/api/v1/cameo/enrolments', {});
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return enrolmentSchema.strict().parse(answer.body);
}

async function send(
  by: Person,
  id: string,
  body: BodyInit,
  headers: Record<string, string> = { 'Content-Type': 'video/webm;codecs=vp8,opus' },
) {
  const response = await edge(
    new Request(`http://localhost/api/v1/cameo/enrolments/${id}/recording`, {
      method: 'PUT',
      headers: { Authorization: `Bearer ${by.token}`, ...headers },
      body,
    }),
  );
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** A body of announced length, whatever it then brings. */
function announced(bytes: Uint8Array<ArrayBuffer>, length: number) {
  return { 'Content-Type': 'video/webm', 'Content-Length': String(length), body: bytes };
}

describe('a challenge', () => {
  it('has six digits and three turns and the limits of a recording', async () => {
    const ada = await person();
    const opened = await challenge(ada);
    expect(opened).toMatchObject({ status: 'open', checks: [], limits: recordingLimits });
    expect(opened).not.toHaveProperty('accountId');
    expect((await ada.browser.get(`/api/v1/cameo/enrolments/${opened.id}`)).body).toEqual(opened);
    expect((await challenge(ada)).challenge).not.toEqual(opened.challenge);
  });

  it("is nobody else's, to read or to answer", async () => {
    const [ada, bo] = [await person(), await person()];
    const { id } = await challenge(ada);
    expect(refusal(await bo.browser.get(`/api/v1/cameo/enrolments/${id}`))).toBe('404 not_found');
    expect(refusal(await send(bo, id, recordingBytes()))).toBe('404 not_found');
    // Not even what would be wrong about it.
    expect(refusal(await send(bo, id, 'x', { 'Content-Type': 'text/plain' }))).toBe('404 not_found');
    const never = `enr_${'0'.repeat(26)}`;
    expect(refusal(await bo.browser.get(`/api/v1/cameo/enrolments/${never}`))).toBe('404 not_found');
    expect(await ada.browser.get(`/api/v1/cameo/enrolments/${id}`)).toMatchObject({
      body: { status: 'open' },
    });
  });

  it('can be asked for ten times a day', async () => {
    const ada = await person();
    for (let count = 0; count < 10; count += 1) await challenge(ada);
    const answer = await ada.browser.post('/api/v1/cameo/enrolments', {});
    expect(refusal(answer)).toBe('429 rate_limited');
    expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(80_000);
    await challenge(await person());
  });
});

describe('a recording', () => {
  it('is taken once, byte for byte, and then inspected', async () => {
    const ada = await person();
    const { id } = await challenge(ada);
    const bytes = recordingBytes();
    const answer = await send(ada, id, bytes);
    expect(answer.status, JSON.stringify(answer.body)).toBe(202);
    expect(answer.body).toMatchObject({ id, status: 'inspecting', checks: [] });
    const [key] = await filesOf(enrolmentSchema.parse(answer.body).id);
    const object = await env.MEDIA.get(key ?? '');
    expect(new Uint8Array((await object?.arrayBuffer()) ?? new ArrayBuffer())).toEqual(bytes);
    expect(object?.httpMetadata?.contentType).toBe('video/webm');
    expect(refusal(await send(ada, id, recordingBytes()))).toBe('400 challenge_expired');
    const leased = await eventually(
      'the recording to be leased',
      async () =>
        await env.INSPECTION_QUEUE.getByName('main').lease('node-1', {
          kinds: ['enrolment'],
          waitMs: 0,
          software: '',
        }),
    );
    expect(leased).toMatchObject({
      inspectionId: id,
      media: { size: bytes.length, mediaType: 'video/webm' },
    });
  });

  it('may be many megabytes', async () => {
    const ada = await person();
    const { id } = await challenge(ada);
    const bytes = new Uint8Array(9 * 1024 * 1024);
    for (let start = 0; start < bytes.length; start += 65_536)
      crypto.getRandomValues(bytes.subarray(start, Math.min(start + 65_536, bytes.length)));
    bytes.set([0, 0, 0, 24, 0x66, 0x74, 0x79, 0x70, 0x6d, 0x70, 0x34, 0x32]);
    expect((await send(ada, id, bytes, { 'Content-Type': 'video/mp4' })).status).toBe(202);
    const [key] = await filesOf(enrolmentSchema.shape.id.parse(id));
    const object = await env.MEDIA.get(key ?? '');
    const stored = new Uint8Array((await object?.arrayBuffer()) ?? new ArrayBuffer());
    expect(await sha256(stored)).toBe(await sha256(bytes));
  });

  it.each([
    [
      'a type nobody asked for',
      () => recordingBytes(),
      { 'Content-Type': 'video/quicktime' },
      '415 media_type_unsupported',
    ],
    ['no type', () => recordingBytes(), { 'Content-Type': '' }, '415 media_type_unsupported'],
    [
      'bytes of another type',
      () => new TextEncoder().encode('<!doctype html><title>no</title>'),
      undefined,
      '415 media_type_unsupported',
    ],
    [
      'MP4 that says WebM',
      () => Uint8Array.from([0, 0, 0, 24, 0x66, 0x74, 0x79, 0x70, 1, 2, 3, 4]),
      undefined,
      '415 media_type_unsupported',
    ],
    ['hardly a byte', () => Uint8Array.from([0x1a, 0x45]), undefined, '415 media_type_unsupported'],
    ['nothing', () => new Uint8Array(0), undefined, '400 bad_request'],
  ] as const)('of %s is refused and the challenge stays good', async (_what, bytes, headers, expected) => {
    const ada = await person();
    const { id } = await challenge(ada);
    expect(refusal(await send(ada, id, bytes(), headers))).toBe(expected);
    await eventually('the challenge to be open', async () => {
      const { body } = await ada.browser.get(`/api/v1/cameo/enrolments/${id}`);
      return (body as Enrolment).status === 'open' ? true : null;
    });
    expect((await send(ada, id, recordingBytes())).status).toBe(202);
  });

  it('that is too large is refused by what it announces, before a byte is read', async () => {
    const ada = await person();
    const { id } = await challenge(ada);
    const { body, ...headers } = announced(recordingBytes(), recordingLimits.maxBytes + 1);
    expect(refusal(await send(ada, id, body, headers))).toBe('413 payload_too_large');
    expect((await send(ada, id, recordingBytes())).status).toBe(202);
  });

  it('longer or shorter than announced is refused, nothing of it stays, and the challenge is given back', async () => {
    const ada = await person();
    const { id } = await challenge(ada);
    const bytes = recordingBytes();
    for (const length of [bytes.length - 5, bytes.length + 5]) {
      const { body, ...headers } = announced(bytes, length);
      expect(refusal(await send(ada, id, body, headers))).toBe('400 bad_request');
    }
    await eventually('its files to go', async () =>
      (await filesOf(enrolmentSchema.shape.id.parse(id))).length === 0 ? true : null,
    );
    expect((await send(ada, id, bytes)).status).toBe(202);
  });

  it('whose challenge lapsed is told so', async () => {
    const ada = await person();
    const { id } = await challenge(ada);
    vi.setSystemTime(Date.now() + 10 * 60_000 + 1);
    expect((await ada.browser.get(`/api/v1/cameo/enrolments/${id}`)).body).toMatchObject({
      status: 'expired',
    });
    expect(refusal(await send(ada, id, recordingBytes()))).toBe('400 challenge_expired');
  });

  it('sent twice at once counts once', async () => {
    const ada = await person();
    const { id } = await challenge(ada);
    const answers = await Promise.all(Array.from({ length: 5 }, () => send(ada, id, recordingBytes())));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    for (const answer of answers)
      if (answer.status !== 202) expect(refusal(answer)).toBe('400 challenge_expired');
    expect(await filesOf(enrolmentSchema.shape.id.parse(id))).toHaveLength(1);
  });
});
