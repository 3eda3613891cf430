/** Search finds what is public and nothing else, and what consent stops is not found any more the moment it was answered. */
import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { consentLogOf } from '#durable-objects/consent/gate.ts';
import { accountKey } from '#schemas/consent.ts';
import { searchSchema } from '#schemas/http/search.ts';
import { freshHandle, person, publishedClip, stranger, suspend } from '../support/api-actors.ts';
import { refusal } from '../support/api-browser.ts';

const anybody = stranger();
const find = async (q: string) => {
  const answer = await anybody.get(`/api/v1/search?limit=50&q=${encodeURIComponent(q)}`);
  expect(answer.status).toBe(200);
  return searchSchema.parse(answer.body);
};

test('a published clip is found by its caption; drafts, unlisted ones and hidden prompts are not', async () => {
  const owner = await person();
  const listed = await publishedClip(owner);
  const unlisted = await publishedClip(owner, 'unlisted');
  const found = (await find('look')).clips.map(({ id }) => id);
  expect(found).toContain(listed);
  expect(found).not.toContain(unlisted);
  // The prompt says "stair"; it was not shown. The summary does.
  expect((await find('red ball rolls')).clips.map(({ id }) => id)).not.toContain(listed);
  expect((await find('on a stair')).clips.map(({ id }) => id)).toContain(listed);
});

test('what is withdrawn by any key is not listed from the answer on', async () => {
  const owner = await person();
  const clip = await publishedClip(owner);
  const key = accountKey(owner.id);
  await consentLogOf(env, key).revoke({ key, denies: ['list'], idempotencyKey: owner.id });
  expect((await find('look')).clips.map(({ id }) => id)).not.toContain(clip);
});

test('people are found by the beginning of their handle, suspended ones are not', async () => {
  const handle = freshHandle('findable');
  const someone = await person({ handle });
  expect((await find(`@${handle.slice(0, -2)}`)).accounts.map(({ id }) => id)).toContain(someone.id);
  await suspend(someone.id);
  expect((await find(handle)).accounts).toEqual([]);
});

test('signs of the pattern language are plain characters, and too little is refused', async () => {
  expect((await find('%%')).clips).toEqual([]);
  expect((await find('__')).accounts).toEqual([]);
  expect(refusal(await anybody.get('/api/v1/search?q=a'))).toBe('400 bad_request');
  expect(refusal(await anybody.get('/api/v1/search'))).toBe('400 bad_request');
});
