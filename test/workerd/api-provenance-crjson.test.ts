/** crJSON is offered to whoever may see the clip: the document that was checked when it was signed, as it was kept. */
import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { consentLogOf } from '#durable-objects/consent/gate.ts';
import { accountKey } from '#schemas/consent.ts';
import { crJsonKeyOf } from '#schemas/provenance.ts';
import { draftClip, person, publishedClip, stranger } from '../support/api-actors.ts';
import { refusal } from '../support/api-browser.ts';

const document = {
  '@context': { '@vocab': 'https://c2pa.org/crjson' },
  manifests: [{ label: 'urn:c2pa:test', assertions: { 'c2pa.actions.v2': { allActionsIncluded: true } } }],
};

async function keep(clipId: Parameters<typeof env.CLIP.getByName>[0]): Promise<void> {
  const clip = await env.CLIP.getByName(clipId).read();
  if (!clip.ok) throw new Error('no clip');
  await env.MEDIA.put(crJsonKeyOf(clip.value.media.manifest.key), JSON.stringify(document));
}

const addressOf = (clipId: string) => `/api/v1/clips/${clipId}/provenance?format=crjson`;

test('anybody reads the crJSON of a public clip', async () => {
  const clipId = await publishedClip(await person());
  await keep(clipId);
  const answer = await stranger().get(addressOf(clipId));
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual(document);
});

test('it goes where the clip goes: drafts are their maker’s, and what consent stopped is gone', async () => {
  const maker = await person();
  const [draft, published] = [await draftClip(maker), await publishedClip(maker)];
  await keep(draft);
  await keep(published);
  expect(refusal(await stranger().get(addressOf(draft)))).toBe('404 not_found');
  const key = accountKey(maker.id);
  await consentLogOf(env, key).revoke({ key, denies: ['serve'], idempotencyKey: maker.id });
  expect(refusal(await stranger().get(addressOf(published)))).toBe('410 clip_deleted');
});

test('a clip from before it was kept says so, and another format is refused', async () => {
  const clipId = await publishedClip(await person());
  expect(refusal(await stranger().get(addressOf(clipId)))).toBe('404 not_found');
  expect(refusal(await stranger().get(addressOf(clipId).replace('crjson', 'xml')))).toBe('400 bad_request');
});
