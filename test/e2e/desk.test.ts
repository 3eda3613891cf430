/**
 * The moderators' desk as a moderator uses it: twenty cases of several kinds, decided with the keyboard alone; what a decision does to a clip,
 * what its author and whoever reported it read, and the appeal that gives it back.
 */
import { createHash } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Session } from '#schemas/http/accounts.ts';
import type { Clip } from '#schemas/http/clips.ts';
import { type Upload, uploadPartSize } from '#schemas/http/uploads.ts';
import { type ApiClient, createClient } from '../../scripts/demo/client.ts';
import { launchChromium } from '../support/browser.ts';
import { flipped, stripped } from '../support/ingest-run.ts';
import { topBoxes } from '../support/mp4-shapes.ts';
import { appUrl, feedClips, freshHandle, newVisitor } from './app.ts';
import { violations } from './axe.ts';

type Bytes = Uint8Array<ArrayBuffer>;

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

async function signIn(
  handle: string,
  extra: Record<string, unknown> = {},
): Promise<{ api: ApiClient; token: string }> {
  const session = await createClient(appUrl())<Session>('POST', '/api/v1/local/sign-in', {
    handle,
    ...extra,
  });
  return { api: createClient(appUrl(), session.token), token: session.token };
}

async function signInPage(page: Page, handle: string, extra: Record<string, unknown> = {}): Promise<void> {
  const answer = await page.request.post('/api/v1/local/sign-in', {
    data: { handle, ...extra },
    headers: { origin: appUrl() },
  });
  expect(answer.status()).toBe(200);
}

/** A moderator's page. */
async function moderator(name: string, width: 'desktop' | 'phone' = 'desktop') {
  const visitor = await newVisitor(browser, { width, bypassCSP: true });
  await signInPage(visitor.page, freshHandle(name), { roles: ['moderator'] });
  return visitor;
}

async function mediaOf(clipId: string): Promise<Bytes> {
  const answer = await fetch(`${appUrl()}/media/${clipId}/video.mp4`);
  expect(answer.status).toBe(200);
  return new Uint8Array(await answer.arrayBuffer());
}

/** A published clip, its bytes and whose it is. */
async function filmOf(id: string): Promise<{ id: string; owner: string; bytes: Bytes }> {
  const clip = await createClient(appUrl())<Clip>('GET', `/api/v1/clips/${id}`);
  return { id, owner: clip.owner.handle, bytes: await mediaOf(id) };
}

/** Sends a file in parts and follows its check to the end. */
async function upload(by: { api: ApiClient; token: string }, bytes: Bytes): Promise<Upload> {
  const file = { fileName: 'film.mp4', size: bytes.length, mediaType: 'video/mp4' };
  const { id } = await by.api<Upload>('POST', '/api/v1/uploads', file);
  for (let part = 1; (part - 1) * uploadPartSize < bytes.length; part += 1) {
    const body = bytes.slice((part - 1) * uploadPartSize, part * uploadPartSize);
    const digest = createHash('sha256').update(body).digest('base64');
    const answer = await fetch(`${appUrl()}/api/v1/uploads/${id}/parts/${part}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${by.token}`, 'content-digest': `sha-256=:${digest}:` },
      body,
    });
    expect(answer.status).toBe(200);
  }
  await by.api('POST', `/api/v1/uploads/${id}/complete`);
  for (const end = Date.now() + 150_000; Date.now() < end; ) {
    const now = await by.api<Upload>('GET', `/api/v1/uploads/${id}`);
    if (now.status !== 'checking') return now;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`the check of ${id} did not end`);
}

/** The film of one clip under the credentials of another of the same size. */
function grafted(film: Bytes, donor: Bytes): Bytes | null {
  const credentials = (bytes: Bytes) => topBoxes(bytes).find(({ type }) => type === 'uuid');
  const [mine, theirs] = [credentials(film), credentials(donor)];
  if (!mine || !theirs || mine.end - mine.start !== theirs.end - theirs.start) return null;
  const copy = film.slice();
  copy.set(donor.subarray(theirs.start, theirs.end), mine.start);
  return copy;
}

function report(clipId: string, reason: string): Promise<{ token: string }> {
  return createClient(appUrl())('POST', `/api/v1/clips/${clipId}/reports`, { reason, details: '' });
}

async function openDesk(page: Page): Promise<void> {
  await page.goto('/desk');
  await page.getByRole('heading', { level: 1, name: 'The desk' }).waitFor();
}

/** Presses the key for the next case until there is one or nothing is left; the page may not listen yet when its heading is there. */
async function takeNext(page: Page): Promise<boolean> {
  for (let press = 0; press < 20; press += 1) {
    if (await caseTitle(page).isVisible()) return true;
    if (await nothingLeft(page).isVisible()) return false;
    await page.keyboard.press('n');
    await caseTitle(page)
      .waitFor({ timeout: 2000 })
      .catch(() => {});
  }
  throw new Error('the desk neither shows a case nor says that there is none');
}

/** Presses a key until the action it stands for is chosen; the page may not listen yet when the case is there. */
async function choose(page: Page, key: string, name: string): Promise<void> {
  const action = page.getByRole('radio', { name: new RegExp(`^${name}`) });
  for (let press = 0; press < 20 && !(await action.isChecked()); press += 1) {
    await page.keyboard.press(key);
    await page.waitForTimeout(150);
  }
  expect(await action.isChecked()).toBe(true);
}

/** Skips until it is a case of this kind: other tests report things too. */
async function takeCase(page: Page, title: RegExp): Promise<void> {
  for (let skipped = 0; skipped < 60; skipped += 1) {
    expect(await takeNext(page)).toBe(true);
    if (title.test((await caseTitle(page).textContent()) ?? '')) return;
    const caseId = (await page.locator('.desk-case .mono').first().textContent()) ?? '';
    await page.keyboard.press('s');
    await page.locator('.desk-case').filter({ hasText: caseId }).waitFor({ state: 'detached' });
    await caseTitle(page).or(nothingLeft(page)).waitFor();
  }
  throw new Error(`no case is called ${title.source}`);
}

const nothingLeft = (page: Page) => page.getByRole('heading', { name: 'Nothing to decide' });
const caseTitle = (page: Page) => page.locator('#desk-case-title');
const undoBar = (page: Page) => page.locator('.desk-undo');

describe('the desk', () => {
  test('twenty cases of several kinds, decided with the keyboard alone', async () => {
    const visitor = await newVisitor(browser);
    const ids = (await feedClips(visitor.page)).map(({ id }) => id);
    await visitor.context.close();
    const films = await Promise.all(ids.slice(0, 6).map(filmOf));

    // Ours, reported by people without an account.
    for (const { id } of films) await report(id, 'spam');
    // A stripped copy of somebody else's clip is recognised and needs nobody.
    const [first] = films;
    if (!first) throw new Error('the feed is empty');
    const stranger = await signIn(freshHandle('sender'));
    expect(await upload(stranger, stripped(first.bytes))).toMatchObject({
      status: 'refused',
      verification: { verdict: 'recovered', clipId: first.id },
    });
    // Films of their own that somebody damaged, or put another clip's credentials on: these a person looks at.
    const wanted = films.flatMap(({ owner, bytes }, at) => {
      const forged = grafted(bytes, films[(at + 1) % films.length]?.bytes ?? bytes);
      return [flipped(bytes), tamperedAt(bytes, 400 + at), ...(forged ? [forged] : [])].map((file) => ({
        owner,
        file,
      }));
    });
    expect(wanted.length).toBeGreaterThanOrEqual(12);
    const verdicts = new Set<string>();
    for (const { owner, file } of wanted.slice(0, 14)) {
      const seen = await upload(await signIn(owner), file);
      expect(seen.status).toBe('review');
      verdicts.add(seen.verification?.verdict ?? '');
    }
    expect(verdicts).toContain('tampered');
    const uploaded = Math.min(14, wanted.length);

    const { page, context, problems } = await moderator('mod');
    await openDesk(page);
    expect(await violations(page)).toEqual([]);
    let decided = 0;
    let uploads = 0;
    for (let more = await takeNext(page); more && decided < 60; decided += 1) {
      const caseId = (await page.locator('.desk-case .mono').first().textContent()) ?? '';
      const title = (await caseTitle(page).textContent()) ?? '';
      // Nothing is seen as it is before the key is held.
      if (decided === 0) {
        await expectVeiled(page, true);
        await page.keyboard.down('v');
        await expectVeiled(page, false);
        await page.keyboard.up('v');
        await expectVeiled(page, true);
        expect(await violations(page)).toEqual([]);
      }
      await page.keyboard.press('2');
      await page.getByRole('tab', { name: /^Origin/, selected: true }).waitFor();
      const isUpload = title.startsWith('Upload');
      uploads += isUpload ? 1 : 0;
      await choose(page, isUpload ? 'r' : 'a', isUpload ? 'Refuse' : 'Allow');
      if (isUpload) await page.locator('.desk-statement').waitFor();
      await page.keyboard.press('Control+Enter');
      await undoBar(page)
        .getByText(isUpload ? /^Refused/ : /^Allowed/)
        .waitFor();
      // The next one, or none, is there before the next key.
      await page.locator('.desk-case').filter({ hasText: caseId }).waitFor({ state: 'detached' });
      await caseTitle(page).or(nothingLeft(page)).waitFor();
      more = await caseTitle(page).isVisible();
    }
    expect(decided).toBeGreaterThanOrEqual(films.length + uploaded);
    expect(uploads).toBeGreaterThanOrEqual(uploaded);
    // A still that was on its way when its case was decided is refused, as it must be.
    expect(problems.filter((problem) => !problem.includes('409'))).toEqual([]);
    await context.close();
  });

  test('removed, read, appealed, given back', async () => {
    const visitor = await newVisitor(browser);
    const ids = (await feedClips(visitor.page)).map(({ id }) => id);
    await visitor.context.close();
    const clipId = ids.at(-1) ?? '';
    const { token } = await report(clipId, 'violence');
    const clip = await createClient(appUrl())<{ owner: { handle: string } }>(
      'GET',
      `/api/v1/clips/${clipId}`,
    );
    const author = await signIn(clip.owner.handle);

    const { page, context } = await moderator('first');
    await openDesk(page);
    await takeCase(page, new RegExp(`^Clip by @${clip.owner.handle}$`));
    await choose(page, 'x', 'Remove');
    await page.locator('.desk-statement').waitFor();
    const statement = await page.locator('.desk-statement').textContent();
    // Taken back once, then for good.
    await page.keyboard.press('Control+Enter');
    await undoBar(page)
      .getByText(/^Removed/)
      .waitFor();
    await page.keyboard.press('u');
    await caseTitle(page).waitFor();
    await choose(page, 'x', 'Remove');
    await page.locator('.desk-statement').waitFor();
    await page.keyboard.press('Control+Enter');
    await undoBar(page).getByText('It has taken effect.').waitFor({ timeout: 20_000 });
    await context.close();
    await eventually(async () => (await fetch(`${appUrl()}/media/${clipId}/video.mp4`)).status === 410);

    // Whoever reported it, and whoever made it.
    const reader = await newVisitor(browser);
    await eventually(async () => {
      const told = await createClient(appUrl())<{ status: string }>('GET', `/api/v1/reports/${token}`);
      return told.status === 'decided';
    });
    await reader.page.goto(`/reports/${token}`);
    await reader.page.getByRole('heading', { name: 'Your report was decided' }).waitFor();
    await signInPage(reader.page, clip.owner.handle);
    const decisionId = await decisionOf(author.api);
    await reader.page.goto(`/decisions/${decisionId}`);
    await reader.page.getByRole('heading', { name: 'The statement of reasons' }).waitFor();
    expect(await reader.page.locator('.desk-statement').textContent()).toBe(statement);
    await reader.page.getByLabel('Why is it wrong?').fill('It is a ball that falls over.');
    await reader.page.getByRole('button', { name: 'Appeal' }).click();
    await reader.page.getByText('Somebody else than who decided looks at it').waitFor();
    await reader.context.close();

    // Somebody else, who does not see the first decision.
    const second = await moderator('second', 'phone');
    await openDesk(second.page);
    await takeCase(second.page, /^Appeal/);
    await second.page.getByRole('heading', { level: 1, name: /^Appeal/ }).waitFor();
    await second.page.getByText('It is a ball that falls over.').waitFor();
    await second.page.keyboard.press('4');
    expect(await second.page.getByText(/^Removed under/).count()).toBe(0);
    await choose(second.page, 'a', 'Allow');
    await second.page.keyboard.press('Control+Enter');
    await undoBar(second.page).getByText('Appeal granted').waitFor();
    await second.context.close();
    await eventually(async () => (await fetch(`${appUrl()}/media/${clipId}/video.mp4`)).status === 200);
  });
});

function tamperedAt(film: Bytes, fromTheEnd: number): Bytes {
  const copy = film.slice();
  const at = copy.length - fromTheEnd;
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

async function expectVeiled(page: Page, veiled: boolean): Promise<void> {
  await page.locator(veiled ? '.desk-video.veiled' : '.desk-video:not(.veiled)').waitFor();
}

async function decisionOf(author: ApiClient): Promise<string> {
  let found = '';
  await eventually(async () => {
    const inbox = await author<{ items: { kind: string; decisionId?: string }[] }>(
      'GET',
      '/api/v1/inbox?limit=20',
    );
    found = inbox.items.find(({ kind }) => kind === 'decision')?.decisionId ?? '';
    return found !== '';
  });
  return found;
}

async function eventually(check: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; Date.now() < end; ) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  throw new Error('it did not happen within 30 s');
}
