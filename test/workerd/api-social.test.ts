/** Profiles, follows, likes, comments, reports and signals, as two or more people meet over a clip. */
import { env } from 'cloudflare:workers';
import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { consentLogOf } from '#durable-objects/consent/gate.ts';
import { accountKey } from '#schemas/consent.ts';
import { type Profile, profileSchema } from '#schemas/http/accounts.ts';
import { type Clip, type Comment, clipSchema, commentSchema } from '#schemas/http/clips.ts';
import { type Page, pageOf } from '#schemas/http/common.ts';
import { idSchema } from '#schemas/ids.ts';
import { comments, reports } from '#schemas/tables.ts';
import { database } from '#workers/store/database.ts';
import {
  draftClip,
  freshHandle,
  type Person,
  person,
  publishedClip,
  stranger,
  suspend,
} from '../support/api-actors.ts';
import { type Browser, refusal } from '../support/api-browser.ts';

const people = (count: number) => Promise.all(Array.from({ length: count }, () => person()));

async function withdraw(owner: Person, clipId: string) {
  const answer = await owner.browser.send('DELETE', `/api/v1/clips/${clipId}`);
  expect(answer.status).toBe(200);
}

describe('profiles and follows', () => {
  it('show exact counts and whether I follow', async () => {
    const [ada, bob] = [await person(), await person()];
    const before = profileSchema.parse((await bob.browser.get(`/api/v1/accounts/${ada.handle}`)).body);
    expect(before).toMatchObject({ id: ada.id, followers: 0, following: 0, clips: 0, followedByMe: false });
    const followed = await bob.browser.send('PUT', `/api/v1/accounts/${ada.handle}/follow`);
    expect(followed.body).toMatchObject({ followers: 1, followedByMe: true });
    expect((await bob.browser.get(`/api/v1/accounts/${bob.handle}`)).body).toMatchObject({
      following: 1,
      followedByMe: null,
    });
    expect((await stranger().get(`/api/v1/accounts/${ada.handle.toUpperCase()}`)).body).toMatchObject({
      followers: 1,
      followedByMe: null,
    });
    const ended = await bob.browser.send('DELETE', `/api/v1/accounts/${ada.handle}/follow`);
    expect(ended.body).toMatchObject({ followers: 0, followedByMe: false });
  });

  it('count every follower once, however many follow at the same time and again', async () => {
    const star = await person();
    const crowd = await people(15);
    const follow = ({ browser }: Person, method = 'PUT') =>
      browser.send(method, `/api/v1/accounts/${star.handle}/follow`);
    const answers = await Promise.all([...crowd, ...crowd].map((one) => follow(one)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(((await stranger().get(`/api/v1/accounts/${star.handle}`)).body as Profile).followers).toBe(15);
    await Promise.all(crowd.slice(0, 5).flatMap((one) => [follow(one, 'DELETE'), follow(one, 'DELETE')]));
    expect(((await stranger().get(`/api/v1/accounts/${star.handle}`)).body as Profile).followers).toBe(10);
  });

  it('refuse oneself, nobody and the suspended', async () => {
    const [ada, gone] = [await person(), await person()];
    await suspend(gone.id);
    const follow = (handle: string) => ada.browser.send('PUT', `/api/v1/accounts/${handle}/follow`);
    expect(refusal(await follow(ada.handle))).toBe('409 conflict');
    expect(refusal(await follow(freshHandle()))).toBe('404 not_found');
    expect(refusal(await follow(gone.handle))).toBe('404 not_found');
    expect(refusal(await ada.browser.get(`/api/v1/accounts/${gone.handle}`))).toBe('404 not_found');
    expect(refusal(await ada.browser.get('/api/v1/accounts/no_such!'))).toBe('400 bad_request');
  });

  it('list only what is public, to the owner as well, and nothing that was withdrawn', async () => {
    const ada = await person();
    const listed = await publishedClip(ada);
    const withdrawn = await publishedClip(ada);
    await publishedClip(ada, 'unlisted');
    await publishedClip(ada, 'private');
    await draftClip(ada);
    await withdraw(ada, withdrawn);
    for (const viewer of [stranger(), ada.browser]) {
      const answer = await viewer.get(`/api/v1/accounts/${ada.handle}/clips?limit=50`);
      const page = pageOf(clipSchema).parse(answer.body);
      expect(page.items.map(({ id }) => id)).toEqual([listed]);
    }
  });

  it('page through clips without repeating or losing one', async () => {
    const ada = await person();
    const made: string[] = [];
    for (let count = 0; count < 5; count += 1) made.push(await publishedClip(ada));
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page: Page<Clip> = (await stranger().get(`/api/v1/accounts/${ada.handle}/clips?limit=2${query}`))
        .body as Page<Clip>;
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual([...made].reverse());
    expect(refusal(await stranger().get(`/api/v1/accounts/${ada.handle}/clips?cursor=forged`))).toBe(
      '400 cursor_invalid',
    );
  });
});

describe('likes', () => {
  it('are exact after thirty people like at once, twice, and ten take it back', async () => {
    const clip = await publishedClip(await person());
    const crowd = await people(30);
    const like = ({ browser }: Person, method: string) => browser.send(method, `/api/v1/clips/${clip}/like`);
    const answers = await Promise.all([...crowd, ...crowd].map((one) => like(one, 'PUT')));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect((await like(crowd[0] ?? fail(), 'PUT')).body).toEqual({ liked: true, likes: 30 });
    await Promise.all(crowd.slice(0, 10).map((one) => like(one, 'DELETE')));
    expect((await like(crowd[0] ?? fail(), 'DELETE')).body).toEqual({ liked: false, likes: 20 });
    const shown = (await (crowd[20] ?? fail()).browser.get(`/api/v1/clips/${clip}`)).body as Clip;
    expect(shown.counts.likes).toBe(20);
    expect(shown.viewer.liked).toBe(true);
  });

  it('need a clip one may see', async () => {
    const [ada, bob] = [await person(), await person()];
    const [draft, secret, unlisted, gone] = [
      await draftClip(ada),
      await publishedClip(ada, 'private'),
      await publishedClip(ada, 'unlisted'),
      await publishedClip(ada),
    ];
    await withdraw(ada, gone);
    const like = (clip: string) => bob.browser.send('PUT', `/api/v1/clips/${clip}/like`);
    expect(refusal(await like(draft))).toBe('404 not_found');
    expect(refusal(await like(secret))).toBe('404 not_found');
    expect(refusal(await like(gone))).toBe('410 clip_deleted');
    expect((await like(unlisted)).status).toBe(200);
    expect(refusal(await like('clip_00000000000000000000000000'))).toBe('404 not_found');
  });

  it('stop with the consent they stand on: a revoked account key ends them at once', async () => {
    const [ada, bob] = [await person(), await person()];
    const clip = await publishedClip(ada);
    expect((await bob.browser.send('PUT', `/api/v1/clips/${clip}/like`)).status).toBe(200);
    const key = accountKey(ada.id);
    const receipt = await consentLogOf(env, key).revoke({
      key,
      denies: ['serve', 'list'],
      idempotencyKey: `test:${clip}`,
    });
    expect(receipt.denies).toEqual(['serve', 'list']);
    for (const [method, path, body] of [
      ['PUT', 'like', undefined],
      ['GET', 'comments', undefined],
      ['POST', 'comments', { text: 'hello?' }],
    ] as const) {
      expect(refusal(await bob.browser.send(method, `/api/v1/clips/${clip}/${path}`, body))).toBe(
        '410 clip_deleted',
      );
    }
    const page = (await bob.browser.get(`/api/v1/accounts/${ada.handle}/clips`)).body as Page<Clip>;
    expect(page.items).toEqual([]);
  });
});

describe('comments', () => {
  const say = async (browser: Browser, clip: string, text: string) => {
    const answer = await browser.post(`/api/v1/clips/${clip}/comments`, { text });
    expect(answer.status).toBe(201);
    return commentSchema.parse(answer.body);
  };
  const read = async (browser: Browser, clip: string, query = '') => {
    const answer = await browser.get(`/api/v1/clips/${clip}/comments${query}`);
    expect(answer.status).toBe(200);
    return pageOf(commentSchema).parse(answer.body);
  };

  it('are read newest first, page by page, while others keep writing', async () => {
    const [ada, bob] = [await person(), await person()];
    const clip = await publishedClip(ada);
    const written: Comment[] = [];
    for (let count = 1; count <= 5; count += 1) written.push(await say(bob.browser, clip, `number ${count}`));
    const first = await read(stranger(), clip, '?limit=2');
    expect(first.items.map(({ text }) => text)).toEqual(['number 5', 'number 4']);
    await say(ada.browser, clip, 'in between');
    const second = await read(stranger(), clip, `?limit=2&cursor=${first.nextCursor}`);
    expect(second.items.map(({ text }) => text)).toEqual(['number 3', 'number 2']);
    const third = await read(stranger(), clip, `?limit=2&cursor=${second.nextCursor}`);
    expect(third).toMatchObject({
      items: [{ text: 'number 1', mine: false, author: { handle: bob.handle } }],
      nextCursor: null,
    });
    expect((await read(bob.browser, clip)).items.map(({ mine }) => mine)).toEqual([
      false,
      true,
      true,
      true,
      true,
      true,
    ]);
    const shown = (await stranger().get(`/api/v1/clips/${clip}`)).body as Clip;
    expect(shown.counts.comments).toBe(6);
    expect(refusal(await stranger().get(`/api/v1/clips/${clip}/comments?cursor=zzz`))).toBe(
      '400 cursor_invalid',
    );
  });

  it('are deleted by their author or the owner of the clip, by nobody else, and their words are erased', async () => {
    const [ada, bob, eve] = [await person(), await person(), await person()];
    const [clip, other] = [await publishedClip(ada), await publishedClip(eve)];
    const [mine, theirs] = [
      await say(bob.browser, clip, 'secret one'),
      await say(bob.browser, clip, 'secret two'),
    ];
    const erase = ({ browser }: Person, id: string, of = clip) =>
      browser.send('DELETE', `/api/v1/clips/${of}/comments/${id}`);
    expect(refusal(await erase(eve, mine.id))).toBe('403 forbidden');
    expect(refusal(await erase(eve, mine.id, other))).toBe('404 not_found');
    expect((await erase(bob, mine.id)).status).toBe(204);
    expect(refusal(await erase(bob, mine.id))).toBe('404 not_found');
    expect((await erase(ada, theirs.id)).status).toBe(204);
    expect((await read(stranger(), clip)).items).toEqual([]);
    const rows = await database(env).select().from(comments).where(eq(comments.clipId, clip));
    expect(JSON.stringify(rows)).not.toContain('secret');
  });

  it('can be taken back after the clip is gone', async () => {
    const [ada, bob] = [await person(), await person()];
    const clip = await publishedClip(ada);
    const { id } = await say(bob.browser, clip, 'regret');
    await withdraw(ada, clip);
    expect(refusal(await bob.browser.get(`/api/v1/clips/${clip}/comments`))).toBe('410 clip_deleted');
    expect((await bob.browser.send('DELETE', `/api/v1/clips/${clip}/comments/${id}`)).status).toBe(204);
  });

  it.each([
    [{ text: '' }],
    [{ text: '   ' }],
    [{ text: 'x'.repeat(501) }],
    [{ text: 5 }],
    [{}],
    [{ text: 'ok', pinned: true }],
  ])('refuse %j', async (body) => {
    const ada = await person();
    const clip = await draftClip(ada);
    expect(refusal(await ada.browser.post(`/api/v1/clips/${clip}/comments`, body))).toBe('400 bad_request');
    expect(await database(env).select().from(comments).where(eq(comments.clipId, clip))).toEqual([]);
  });
});

describe('reports', () => {
  it('are taken from anybody, with or without an account, and kept', async () => {
    const [ada, bob] = [await person(), await person()];
    const clip = await publishedClip(ada);
    for (const [browser, reporterId] of [
      [stranger(), null],
      [bob.browser, bob.id],
    ] as const) {
      const answer = await browser.post(`/api/v1/clips/${clip}/reports`, {
        reason: 'likeness',
        details: 'That is me.',
      });
      expect(answer.status).toBe(202);
      const id = idSchema('rep').parse((answer.body as { id: unknown }).id);
      const row = await database(env).select().from(reports).where(eq(reports.id, id)).get();
      expect(row).toMatchObject({ clipId: clip, reporterId, reason: 'likeness', details: 'That is me.' });
    }
  });

  it('are refused for what cannot be seen, and without a known reason', async () => {
    const ada = await person();
    const draft = await draftClip(ada);
    expect(refusal(await stranger().post(`/api/v1/clips/${draft}/reports`, { reason: 'spam' }))).toBe(
      '404 not_found',
    );
    const clip = await publishedClip(ada);
    expect(refusal(await stranger().post(`/api/v1/clips/${clip}/reports`, { reason: 'boring' }))).toBe(
      '400 bad_request',
    );
    expect(await database(env).select().from(reports).where(eq(reports.clipId, clip))).toEqual([]);
  });
});

describe('signals', () => {
  it('are noted for clips one may see, without an account too', async () => {
    const ada = await person();
    const [clip, draft] = [await publishedClip(ada), await draftClip(ada)];
    const signal = (id: string, body: object) => stranger().post(`/api/v1/clips/${id}/signals`, body);
    expect((await signal(clip, { type: 'finish', requestId: 'feed_1' })).status).toBe(204);
    expect(refusal(await signal(clip, { type: 'stare' }))).toBe('400 bad_request');
    expect(refusal(await signal(draft, { type: 'view' }))).toBe('404 not_found');
  });
});

function fail(): never {
  throw new Error('the crowd is too small');
}
