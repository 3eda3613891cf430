/** What the verify routes refuse before anything is stored. What they answer is tried in test/fault/ingest.test.ts, with both Workers. */
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { parseLinkHosts } from '#workers/api/core/link-hosts.ts';
import { fetchListed } from '#workers/api/routes/verify/fetch-listed.ts';
import { maxVerifyBytes } from '#workers/api/routes/verify/receive-file.ts';
import { draftClip, edge, person, publishedClip, stranger } from '../support/api-actors.ts';
import { refusal } from '../support/api-browser.ts';

let callers = 0;
/** From an address nobody has asked from, unless the test names one. */
async function verify(
  body: BodyInit | null,
  headers: Record<string, string> = {},
  query = '',
): Promise<{ status: number; code: string; message: string }> {
  callers += 1;
  const response = await edge(
    new Request(`http://localhost/api/v1/verify${query}`, {
      method: 'POST',
      headers: { 'CF-Connecting-IP': `2001:db8:1::${callers.toString(16)}`, ...headers },
      ...(body === null ? {} : { body }),
    }),
  );
  const answer = (await response.json()) as { error?: { code: string; message: string } };
  return { status: response.status, code: answer.error?.code ?? '', message: answer.error?.message ?? '' };
}

const kept = async () => (await env.MEDIA.list({ prefix: 'uploads/' })).objects.length;

describe('a file', () => {
  test('that is no media is refused by its bytes, whatever it calls itself', async () => {
    for (const type of ['video/mp4', 'text/html', 'multipart/form-data; boundary=x']) {
      const said = await verify('<!doctype html><title>not a film</title>', {
        'Content-Type': type,
        'Content-Length': '40',
      });
      expect(said).toMatchObject({ status: 415, code: 'media_type_unsupported' });
      expect(said.message).toContain('video/mp4');
    }
    expect(await kept()).toBe(0);
  });

  test('that is too large, empty or of no known length is refused before it is read', async () => {
    const large = await verify('x', { 'Content-Length': String(maxVerifyBytes + 1) });
    expect(large).toMatchObject({ status: 413, code: 'payload_too_large' });
    expect(large.message).toMatch(/browser|parts/);
    expect(await verify(null)).toMatchObject({ status: 400, code: 'bad_request' });
    expect(await verify('x', { 'Content-Length': 'many' })).toMatchObject({ status: 400 });
    expect(await kept()).toBe(0);
  });

  test.each(['?wait=-1', '?wait=26', '?wait=soon'])('%s is refused', async (query) => {
    expect(await verify('x', { 'Content-Length': '1' }, query)).toMatchObject({
      status: 400,
      code: 'bad_request',
    });
  });

  test('too many from one address wait; nobody else does', async () => {
    const from = { 'CF-Connecting-IP': '2001:db8:2::1' };
    const codes = new Set<string>();
    for (let times = 0; times < 70; times += 1) codes.add((await verify(null, from)).code);
    expect(codes).toEqual(new Set(['bad_request', 'rate_limited']));
    expect((await verify(null)).code).toBe('bad_request');
  });
});

describe('a link', () => {
  test('names a clip or an address, one of them', async () => {
    const id = await publishedClip(await person());
    expect(refusal(await stranger().get('/api/v1/verify'))).toBe('400 bad_request');
    expect(refusal(await stranger().get(`/api/v1/verify?clip=${id}&url=https://example.com/a`))).toBe(
      '400 bad_request',
    );
    expect(refusal(await stranger().get('/api/v1/verify?url=file:///etc/passwd'))).toBe('400 bad_request');
  });

  test('to a clip that is not public shows nothing, whichever way it is named', async () => {
    const id = await draftClip(await person());
    for (const query of [
      `clip=${id}`,
      `url=http://localhost/clip/${id}`,
      `url=http://localhost/media/${id}/video.mp4`,
    ]) {
      expect(refusal(await stranger().get(`/api/v1/verify?${query}`))).toBe('404 not_found');
    }
    expect(refusal(await stranger().get('/api/v1/verify?url=http://localhost/api/v1/me'))).toBe(
      '404 not_found',
    );
  });

  test('to another host is followed only if the operator listed it', async () => {
    expect(refusal(await stranger().get('/api/v1/verify?url=https://example.com/film.mp4'))).toBe(
      '400 bad_request',
    );
  });
});

describe('hosts the operator listed', () => {
  afterEach(() => void vi.unstubAllGlobals());
  const config = { verifyLinkHosts: parseLinkHosts('media.example.org, cdn.example.net') };
  const jpeg = Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, ...new Array<number>(60).fill(0)]);
  const answering = (status: number, headers: Record<string, string> = {}) => {
    const fetched = vi.fn(async () => new Response(status === 200 ? jpeg : null, { status, headers }));
    vi.stubGlobal('fetch', fetched);
    return fetched;
  };

  test('are fetched over HTTPS, and what comes is looked at like any other file', async () => {
    const fetched = answering(200, { 'Content-Length': String(jpeg.length) });
    const body = await fetchListed(config, 'https://media.example.org/a.jpg');
    expect(body).toMatchObject({ mediaType: 'image/jpeg', size: jpeg.length });
    expect(fetched.mock.calls).toHaveLength(1);
  });

  test.each([
    'http://media.example.org/a.jpg',
    'https://media.example.org:8443/a.jpg',
    'https://user@media.example.org/a.jpg',
    'https://media.example.org.evil.example/a.jpg',
    'https://evil.example/media.example.org',
    'https://127.0.0.1/a.jpg',
    'https://[::1]/a.jpg',
    'https://localhost/a.jpg',
  ])('are the only ones: %s', async (url) => {
    const fetched = answering(200);
    await expect(fetchListed(config, url)).rejects.toMatchObject({ refusal: { code: 'bad_request' } });
    expect(fetched).not.toHaveBeenCalled();
  });

  test('cannot send us anywhere else, nor more than a file may have', async () => {
    answering(302, { Location: 'http://169.254.169.254/' });
    await expect(fetchListed(config, 'https://cdn.example.net/a')).rejects.toMatchObject({
      refusal: { code: 'not_found' },
    });
    answering(200, { 'Content-Length': String(maxVerifyBytes + 1) });
    await expect(fetchListed(config, 'https://cdn.example.net/a')).rejects.toMatchObject({
      refusal: { code: 'payload_too_large' },
    });
  });

  test('must be names of the public network', () => {
    expect(parseLinkHosts('')).toEqual([]);
    for (const list of [
      '127.0.0.1',
      'localhost',
      'printer.local',
      'https://a.example',
      '10.0.0.1, a.example',
      '[::1]',
    ])
      expect(() => parseLinkHosts(list), list).toThrow('VERIFY_LINK_HOSTS');
  });
});
