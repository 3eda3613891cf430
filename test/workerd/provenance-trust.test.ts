/** Trust lists as data: refreshed whole or not at all, never backwards, and named in every report. */
import { env } from 'cloudflare:workers';
import { describe, expect, inject, it } from 'vitest';
import { trustAnchors } from '#workers/provenance/config.ts';
import { trustLists } from '#workers/provenance/trust/lists.ts';
import { listKey, publishers } from '#workers/provenance/trust/publishers.ts';
import { refreshTrustLists } from '#workers/provenance/trust/refresh.ts';

const anchors = trustAnchors(env);
const { C2PA_TRUST_ANCHORS: certificate } = inject('signingSecrets');

const dated = (issuedAt: string) =>
  JSON.stringify({
    LoTE: { ListAndSchemeInformation: { LoTESequenceNumber: 7, ListIssueDateTime: issuedAt } },
  });

/** What the publishers answer; anything else is 404. */
function publishing(answers: Partial<Record<string, string>>) {
  return async (address: string): Promise<Response> => {
    const text = answers[address];
    return text === undefined ? new Response('', { status: 404 }) : new Response(text);
  };
}

const at = () => new Date('2026-11-22T03:17:00.000Z');
const everything = (issuedAt: string) => ({
  [publishers.official.pem]: `Subject\tCN=somebody\n${certificate}`,
  [publishers.official.json ?? '']: dated(issuedAt),
  [publishers.timestamp.pem]: certificate,
  [publishers.timestamp.json ?? '']: dated(issuedAt),
  [publishers.interim.pem]: certificate,
});

const outcomes = async (answers: Partial<Record<string, string>>) =>
  Object.fromEntries(
    (await refreshTrustLists(env.TRUST_LISTS, publishing(answers), at)).map(({ list, outcome }) => [
      list,
      outcome,
    ]),
  );
const all = (outcome: string) => ({ official: outcome, timestamp: outcome, interim: outcome });

describe('refreshing', () => {
  it('puts every list in force with its date and version, and keeps each version by its hash', async () => {
    expect(await outcomes(everything('2026-08-05T00:11:39Z'))).toEqual(all('replaced'));
    const lists = await trustLists(env.TRUST_LISTS, anchors);
    expect(lists.official).toMatchObject({
      name: 'C2PA Trust List',
      version: '7 of 2026-08-05',
      issuedAt: '2026-08-05T00:11:39Z',
    });
    expect(lists.interim).toMatchObject({ issuedAt: null });
    expect(lists.own.pem).toBe(anchors.pem);
    const kept = await env.TRUST_LISTS.list({ prefix: `${listKey('official')}:` });
    expect(kept.keys).toHaveLength(1);
  });

  it('changes nothing when nothing changed', async () => {
    await outcomes(everything('2026-08-05T00:11:39Z'));
    expect(await outcomes(everything('2026-08-05T00:11:39Z'))).toEqual(all('unchanged'));
  });

  it('never goes back to an older list', async () => {
    await outcomes(everything('2026-08-05T00:11:39Z'));
    expect(await outcomes(everything('2026-08-04T00:00:00Z'))).toEqual({
      ...all('refused'),
      interim: 'unchanged',
    });
    expect((await trustLists(env.TRUST_LISTS, anchors)).official?.version).toBe('7 of 2026-08-05');
  });

  it.each([
    ['nobody answers', {}, 'unreachable'],
    ['a page comes instead', { [publishers.interim.pem]: '<html>moved</html>' }, 'refused'],
    [
      'a certificate is damaged',
      { [publishers.interim.pem]: certificate.replace(/\n(.{20})/, '\nAAAA$1') },
      'refused',
    ],
    [
      'it is far too long',
      { [publishers.interim.pem]: `${certificate}${' '.repeat(2_100_000)}` },
      'unreachable',
    ],
  ])('%s: the list in use stays in force', async (_, answers, outcome) => {
    await outcomes(everything('2026-08-05T00:11:39Z'));
    const before = await trustLists(env.TRUST_LISTS, anchors);
    expect((await outcomes(answers)).interim).toBe(outcome);
    expect(await trustLists(env.TRUST_LISTS, anchors)).toEqual(before);
  });
});

it('a list that is damaged in the store is left out, and ours still counts', async () => {
  await env.TRUST_LISTS.put(listKey('official'), '{"pem":"nonsense"}');
  const lists = await trustLists(env.TRUST_LISTS, anchors);
  expect(lists.official).toBeUndefined();
  expect(lists.own.pem).toBe(anchors.pem);
});
