/** The check page and the upload page as people use them: a file of ours, one that was changed, without sending anything, with the keyboard alone. */
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, FileChooser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../support/browser.ts';
import { makeMp4 } from '../support/make-mp4.ts';
import { appUrl, feedClips, newVisitor, signInLocally } from './app.ts';
import { violations } from './axe.ts';

let browser: Browser;
let clipId = '';
let film: Buffer;
const folder = mkdtempSync(join(tmpdir(), 'kinora-verify-'));

beforeAll(async () => {
  browser = await launchChromium();
  const { page, context } = await newVisitor(browser);
  clipId = (await feedClips(page))[0]?.id ?? '';
  const answer = await page.request.get(`/media/${clipId}/video.mp4`);
  expect(answer.status()).toBe(200);
  film = await answer.body();
  await context.close();
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

const asFile = (buffer: Buffer, name = 'film.mp4') => ({ name, mimeType: 'video/mp4', buffer });
const give = (page: Page, buffer: Buffer, name?: string) =>
  page.locator('input[type=file]').setInputFiles(asFile(buffer, name));
/** Long: a render node may look for half a minute where the credentials do not settle it. */
const verdict = (page: Page, name: string) =>
  page.getByRole('heading', { level: 2, name }).waitFor({ timeout: 90_000 });

/** With one bit of picture or sound turned over. */
function changed(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const at = copy.length - 100;
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

describe('the check page', () => {
  test('says who made a clip of ours, and shows why it says so in four levels', async () => {
    const { page, context, problems } = await newVisitor(browser, { width: 'desktop' });
    await page.goto('/verify');
    await give(page, film);
    await verdict(page, 'From Kinora');
    await page.getByText(/Made here by/).waitFor();
    expect(await page.getByRole('link', { name: 'The clip it is, on Kinora' }).getAttribute('href')).toBe(
      `/clip/${clipId}`,
    );
    // Summary, evidence, sources, details.
    await page.getByRole('heading', { name: 'In short' }).waitFor();
    await page.getByText('vouched for by').first().waitFor();
    const evidence = page.locator('.evidence');
    await evidence.getByText('The file carries Content Credentials that are intact and fit it.').click();
    await evidence.getByText('The file has not changed since it was signed.').waitFor();
    expect(await evidence.locator('.tone-bad').count()).toBe(0);
    await page.getByText('Every detail').click();
    await page.getByText('assertion.bmffHash.match').first().waitFor();
    await page
      .getByText(/self#jumbf=\/c2pa\//)
      .first()
      .waitFor();
    await page.getByText(/These checks say where a file comes from/).waitFor();
    expect(problems).toEqual([]);
    await page.getByRole('button', { name: 'Check another file' }).click();
    await page.getByText('Drop a file here').waitFor();
    await context.close();
  });

  test('sees a single bit that was changed, and says where', async () => {
    const { page, context } = await newVisitor(browser);
    await page.goto('/verify');
    await give(page, changed(film));
    await verdict(page, 'Changed after it was signed');
    await page.locator('.evidence').getByText('assertion.bmffHash.mismatch').waitFor();
    expect(await page.getByText(/Made here by/).count()).toBe(0);
    await context.close();
  });

  test('in this browser only: the same verdict of the credentials, and nothing of the file is sent', async () => {
    const { page, context, problems } = await newVisitor(browser, { width: 'desktop' });
    const sent: string[] = [];
    page.on('request', (request) => sent.push(`${request.method()} ${new URL(request.url()).pathname}`));
    await page.goto('/verify');
    await page.getByText(/Loads a reader of 9 MB once/).waitFor();
    await page.getByLabel('This browser only').check();
    sent.length = 0;
    await give(page, film);
    await verdict(page, 'From Kinora');
    await page.getByText('nothing was sent').waitFor();
    expect(sent.filter((line) => !line.startsWith('GET '))).toEqual([]);
    expect(sent.filter((line) => line.includes('/api/'))).toEqual(['GET /api/v1/trust-lists']);
    await page.locator('.evidence').getByText('This check stayed in your browser.').first().waitFor();
    await page.getByText('Every detail').click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Save the raw record (crJSON)' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('film.mp4.crjson.json');
    await page.getByRole('button', { name: 'Check another file' }).click();
    await give(page, changed(film));
    await verdict(page, 'Changed after it was signed');
    expect(problems).toEqual([]);
    await context.close();
  });

  test('works with the keyboard alone, and says its verdict to whoever does not see it', async () => {
    const { page, context } = await newVisitor(browser, { width: 'desktop' });
    const chosen = new Promise<FileChooser>((resolve) => page.once('filechooser', resolve));
    await page.goto('/verify');
    await page.getByRole('button', { name: 'Choose a file' }).focus();
    await page.keyboard.press('Enter');
    const chooser = await chosen;
    await chooser.setFiles(asFile(film));
    await verdict(page, 'From Kinora');
    // The focus is on the verdict: from there on, Tab reads on.
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('From Kinora');
    const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');
    for (let press = 0; press < 40 && !(await focused()).startsWith('Every detail'); press += 1)
      await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Every check' }).waitFor();
    await context.close();
  });

  test('takes a link to a clip, and the link of "About this video"', async () => {
    const { page, context } = await newVisitor(browser);
    await page.goto('/verify');
    await page.getByLabel('Or a link').fill(`${appUrl()}/clip/${clipId}`);
    await page.getByRole('button', { name: 'Check the link' }).click();
    await verdict(page, 'From Kinora');
    await page.goto(`/clip/${clipId}`);
    await page.getByRole('link', { name: 'Check it with everything' }).click();
    await page.waitForURL(`**/verify?clip=${clipId}`);
    await verdict(page, 'From Kinora');
    await context.close();
  });

  test('takes a file that is pasted, and one that is dropped anywhere', async () => {
    const { page, context } = await newVisitor(browser, { width: 'desktop' });
    for (const kind of ['paste', 'drop'] as const) {
      await page.goto('/verify');
      await page.getByText('Drop a file here').waitFor();
      await page.evaluate(
        ({ bytes, kind }) => {
          const data = new DataTransfer();
          data.items.add(
            new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], 'film.mp4', {
              type: 'video/mp4',
            }),
          );
          document.body.dispatchEvent(
            kind === 'paste'
              ? new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })
              : new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }),
          );
        },
        { bytes: changed(film).toString('base64'), kind },
      );
      await verdict(page, 'Changed after it was signed');
    }
    await context.close();
  });

  test('says of a file without credentials that this means nothing, and of one it cannot read why', async () => {
    const { page, context } = await newVisitor(browser);
    await page.goto('/verify');
    await page.getByLabel('This browser only').check();
    await give(page, Buffer.from(await makeMp4({ shade: 90 })));
    await verdict(page, 'No evidence found');
    await page
      .getByText(/says nothing about how it was made/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Check another file' }).click();
    await give(page, Buffer.from('this is not a film'));
    await page.getByRole('alert').waitFor();
    expect(await page.getByText('No evidence found').count()).toBe(0);
    await context.close();
  });

  test('offers another way for files that are too large to send', async () => {
    const { page, context } = await newVisitor(browser);
    const large = join(folder, 'large.mp4');
    writeFileSync(large, film);
    truncateSync(large, 96 * 1024 * 1024);
    const posts: string[] = [];
    page.on('request', (request) => request.method() === 'POST' && posts.push(request.url()));
    await page.goto('/verify');
    await page.locator('input[type=file]').setInputFiles(large);
    await page.getByRole('heading', { name: 'Too large for one request' }).waitFor();
    expect(await page.getByRole('link', { name: 'Upload it in parts' }).getAttribute('href')).toBe('/upload');
    await page.getByRole('button', { name: 'Check it in this browser' }).click();
    // Its tail is not what was signed.
    await page.locator('.verdict-head, [role=alert]').first().waitFor();
    expect(await page.getByText('From Kinora').count()).toBe(0);
    expect(posts).toEqual([]);
    await context.close();
  });

  test('without JavaScript says how to check a file all the same', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false, baseURL: appUrl() });
    const page = await context.newPage();
    await page.goto('/verify');
    const words = page.locator('noscript .noscript');
    expect(await words.textContent()).toContain('npx kinora verify FILE');
    expect(await words.evaluate((element) => element.getBoundingClientRect().top < innerHeight)).toBe(true);
    await context.close();
  });
});

describe('everybody can use them', () => {
  test.each(['dark', 'light'] as const)(
    'axe finds nothing, and nothing scrolls sideways at 360 px: %s',
    async (theme) => {
      const { page, context } = await newVisitor(browser, { width: 'small', theme, bypassCSP: true });
      const fits = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      await page.goto('/verify');
      await page.getByText('Drop a file here').waitFor();
      expect(await violations(page), 'start').toEqual([]);
      expect(await fits(), 'start').toBeLessThanOrEqual(0);
      await page.getByLabel('This browser only').check();
      await give(
        page,
        changed(film),
        'a-file-with-a-name-that-goes-on-and-on-and-on-without-any-space-in-it.mp4',
      );
      await verdict(page, 'Changed after it was signed');
      await page.getByText('Every detail').click();
      expect(await violations(page), 'result').toEqual([]);
      expect(await fits(), 'result').toBeLessThanOrEqual(0);
      await signInLocally(page, 'uploader');
      await page.goto('/upload');
      await page.getByText('Drop files here').waitFor();
      expect(await violations(page), 'upload').toEqual([]);
      expect(await fits(), 'upload').toBeLessThanOrEqual(0);
      await context.close();
    },
  );
});

describe('the upload page', () => {
  /** An unsigned film of more than two parts: a box of nothing behind it. */
  async function longFilm(): Promise<Buffer> {
    const padding = Buffer.alloc(17 * 1024 * 1024);
    padding.writeUInt32BE(padding.length);
    padding.write('free', 4, 'latin1');
    return Buffer.concat([Buffer.from(await makeMp4({ shade: 120 })), padding]);
  }

  test('goes on after a reload, sending only what is missing, and shows the check live', async () => {
    const { page, context } = await newVisitor(browser);
    await signInLocally(page, 'uploads');
    const long = join(folder, 'long.mp4');
    writeFileSync(long, await longFilm());
    const parts: string[] = [];
    page.on('request', (request) => {
      const part = /parts\/(\d+)$/.exec(request.url())?.[1];
      if (request.method() === 'PUT' && part) parts.push(part);
    });
    await page.goto('/upload');
    // The last part never gets through.
    await page.route('**/parts/3', (route) => route.abort());
    await page.locator('input[type=file]').setInputFiles(long);
    await expect.poll(() => parts.filter((part) => part !== '3').length, { timeout: 60_000 }).toBe(2);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Paused').waitFor();
    page.once('dialog', (dialog) => void dialog.accept());
    await page.reload();
    await page.getByText(/Choose the same file again/).waitFor();
    await page.unroute('**/parts/3');
    parts.length = 0;
    await page.locator('input[type=file]').setInputFiles(long);
    await page
      .getByText(
        /Waiting to be checked|Putting the parts together|Reading its|Looking for|Checked|Ready|A moderator/,
      )
      .first()
      .waitFor({ timeout: 60_000 });
    expect(parts).toEqual(['3']);
    expect(await page.locator('.upload-row').count()).toBe(1);
    await context.close();
  });

  test('tells whoever uploads somebody else’s clip where that clip is', async () => {
    const { page, context } = await newVisitor(browser, { width: 'desktop' });
    await signInLocally(page, 'repost');
    await page.goto('/upload');
    await give(page, film, 'not-mine.mp4');
    await page.getByText('Not taken').waitFor({ timeout: 90_000 });
    await page.getByText('This clip is on Kinora already.', { exact: false }).waitFor();
    expect(await page.getByRole('link', { name: 'See the clip it is' }).getAttribute('href')).toBe(
      `/clip/${clipId}`,
    );
    await verdict(page, 'From Kinora');
    await context.close();
  });

  test('asks to sign in first, and offers the check that needs no account', async () => {
    const { page, context } = await newVisitor(browser);
    await page.goto('/upload');
    await page.getByRole('heading', { level: 1, name: 'Upload a clip' }).waitFor();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await page.locator('input[type=file]').count()).toBe(0);
    await context.close();
  });

  test('is one step from the studio', async () => {
    const { page, context } = await newVisitor(browser);
    await page.goto('/create');
    await page.getByRole('link', { name: 'Upload a clip instead' }).click();
    await page.waitForURL('**/upload');
    await context.close();
  });
});
