/** Being cast, over HTTP from end to end: asked, refused by name of the rule, admitted, told, stopped. No render node answers here. */
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { type Appearance, cameoReceiptSchema, type Grant } from '#schemas/http/cameo.ts';
import type { Page } from '#schemas/http/common.ts';
import type { Generation } from '#schemas/http/generations.ts';
import type { InboxItem } from '#schemas/http/inbox.ts';
import { type Person, person } from '../support/api-actors.ts';
import { type Answer, refusal } from '../support/api-browser.ts';
import { leaseRequest } from '../support/objects.ts';

const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 20_000, interval: 50 });

let ada: Person;
beforeAll(async () => {
  // A node that was here once, so that admission knows what engines can do.
  await env.RENDER_QUEUE.getByName('main').lease('node-1', leaseRequest());
  ada = await person({ tier: 'pro' });
});

async function enrolled(settings: Record<string, unknown>): Promise<Person> {
  const who = await person();
  expect((await who.browser.post('/api/v1/local/cameo', {})).status).toBe(200);
  const answer = await who.browser.send('PATCH', '/api/v1/cameo', settings);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return who;
}

const ask = (by: Person, cameos: readonly Person[], more: Record<string, unknown> = {}): Promise<Answer> =>
  by.browser.post('/api/v1/generations', {
    prompt: 'a walk along the beach',
    cameos: cameos.map(({ handle }) => handle),
    ...more,
  });

async function admitted(by: Person, cameos: readonly Person[]): Promise<string> {
  const answer = await ask(by, cameos);
  expect(answer.status, JSON.stringify(answer.body)).toBe(202);
  return (answer.body as Generation).id;
}

async function noticesOf(who: Person): Promise<InboxItem[]> {
  return ((await who.browser.get('/api/v1/inbox')).body as Page<InboxItem>).items;
}

async function appearancesOf(who: Person): Promise<Appearance[]> {
  const answer = await who.browser.get('/api/v1/cameo/appearances');
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return (answer.body as Page<Appearance>).items;
}

const generationOf = async (by: Person, id: string) =>
  (await by.browser.get(`/api/v1/generations/${id}`)).body as Generation;

describe('casting somebody', () => {
  it('tells them at once; the clip is on their page and stops when they withdraw', async () => {
    const bo = await enrolled({ level: 'everyone' });
    const id = await admitted(ada, [bo]);
    await eventually(async () => {
      const [notice] = await noticesOf(bo);
      expect(notice).toMatchObject({ kind: 'cast', generationId: id });
      expect(notice?.actor?.handle).toBe(ada.handle);
      expect(await appearancesOf(bo)).toMatchObject([{ generationId: id, prompt: 'a walk along the beach' }]);
    });
    expect(await appearancesOf(ada)).toEqual([]);
    const target = { scope: 'account', target: ada.handle, existing: 'delete' };
    expect((await bo.browser.post('/api/v1/cameo/revocations/preview', target)).body).toMatchObject({
      generations: 1,
    });
    const receipt = cameoReceiptSchema.parse(
      (await bo.browser.post('/api/v1/cameo/revocations', target)).body,
    );
    expect(receipt).toMatchObject({ scope: 'account', stopped: { generations: 1 } });
    expect(receipt.entries.every(({ key }) => key.startsWith('grant:'))).toBe(true);
    await eventually(async () =>
      expect(await generationOf(ada, id)).toMatchObject({
        status: 'cancelled',
        error: { code: 'consent_denied' },
      }),
    );
    expect(refusal(await ask(ada, [bo]))).toBe('403 consent_denied');
  });

  it('is refused in the same words for no likeness, no permission and no such person', async () => {
    const [closed, without] = [await enrolled({ level: 'only-me' }), await person()];
    const nobody = { ...without, handle: 'nobody-has-this-handle' };
    const words = new Set<string>();
    for (const other of [closed, without, nobody]) {
      const answer = await ask(ada, [other]);
      expect(refusal(answer)).toBe('403 consent_denied');
      words.add((answer.body as { error: { message: string } }).error.message.replace(other.handle, '…'));
    }
    expect(words.size).toBe(1);
  });

  it('names the rule and the span', async () => {
    const bo = await enrolled({ level: 'everyone', rules: { words: ['pineapple'], denied: ['political'] } });
    const prompt = 'they eat a Pineapple';
    const dialogue = ['hello', 'and now: vote for me'];
    const [word, said] = [await ask(ada, [bo], { prompt }), await ask(ada, [bo], { dialogue })];
    expect(refusal(word)).toBe('403 cameo_rule');
    expect(word.body).toMatchObject({
      error: {
        details: { kind: 'word', rule: 'pineapple', field: 'prompt', start: 11, end: 20, text: 'Pineapple' },
      },
    });
    expect(said.body).toMatchObject({
      error: { code: 'cameo_rule', details: { kind: 'class', rule: 'political' } },
    });
    const details = (said.body as { error: { details: { field: string; text: string } } }).error.details;
    expect(details.field).toMatch(/^dialogue.*1/);
    expect(details.text.toLowerCase()).toContain('vote for');
  });

  it('uses a contract up, gives a use back when the maker cancels, and waits for a review that is asked for', async () => {
    const bo = await enrolled({ level: 'approved' });
    const terms = { handle: ada.handle, purpose: 'one film', uses: 1, reviewBeforeGeneration: true };
    const made = (await bo.browser.post('/api/v1/cameo/grants', terms)).body as Grant;
    const id = await admitted(ada, [bo]);
    expect(refusal(await ask(ada, [bo]))).toBe('403 consent_denied');
    await eventually(async () => expect((await appearancesOf(bo))[0]?.review).toBe('before-generation'));
    expect((await noticesOf(bo)).map(({ kind }) => kind)).toContain('review-generation');
    await ada.browser.send('DELETE', `/api/v1/generations/${id}`);
    await eventually(async () => {
      const given = (await bo.browser.get('/api/v1/cameo/grants')).body as Page<Grant>;
      expect(given.items).toMatchObject([{ id: made.id, used: 0, status: 'active' }]);
    });
    const again = await admitted(ada, [bo]);
    await eventually(async () => expect((await appearancesOf(bo))[0]).toMatchObject({ generationId: again }));
    const [waiting] = await appearancesOf(bo);
    const answer = await bo.browser.post(`/api/v1/cameo/reviews/${waiting?.reviewId}`, {
      decision: 'refuse',
    });
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    await eventually(async () =>
      expect(await generationOf(ada, again)).toMatchObject({
        status: 'failed',
        error: { code: 'consent_denied' },
      }),
    );
    await eventually(async () =>
      expect((await noticesOf(ada)).map(({ kind }) => kind)).toContain('review-refused'),
    );
  });

  it('of oneself needs no permission and tells nobody', async () => {
    const me = await enrolled({ level: 'only-me' });
    const id = await admitted(me, [me]);
    await eventually(async () => expect((await appearancesOf(me))[0]?.generationId).toBe(id));
    expect(await noticesOf(me)).toEqual([]);
  });
});
