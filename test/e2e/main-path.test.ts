/** The whole promise in one walk: passkey, prompt, live progress, publish, watch with sound, Content Credentials, delete, gone. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../support/browser.ts';
import { appUrl, freshHandle, newVisitor } from './app.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

/** A platform authenticator with resident keys that always agrees, as a phone's fingerprint reader would. */
async function addAuthenticator(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

/** Watches the progress bar until the draft is there; every value it showed, in order. */
async function watchProgress(page: Page): Promise<number[]> {
  const bar = page.getByRole('progressbar');
  const shown: number[] = [];
  const ready = page.getByRole('heading', { name: 'Publish it?' });
  const end = Date.now() + 180_000;
  while (Date.now() < end && !(await ready.isVisible())) {
    const value = await bar.getAttribute('aria-valuenow', { timeout: 500 }).catch(() => null);
    if (value !== null && shown.at(-1) !== Number(value)) shown.push(Number(value));
  }
  await ready.waitFor();
  return shown;
}

test('from a sentence to a signed clip, and back to nothing', async () => {
  const { page, context, problems } = await newVisitor(browser, { width: 'desktop' });
  await addAuthenticator(page);
  const handle = freshHandle('e2e');

  // An account with a passkey, then the same passkey on its own.
  await page.goto('/sign-in');
  await page.getByLabel('Your handle').fill(handle);
  await page.getByRole('button', { name: 'Create account with a passkey' }).click();
  await page.waitForURL(`**/@${handle}`);
  await page.goto('/settings');
  await page.getByText('One passkey.').waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(`${appUrl()}/`);
  expect((await page.request.get('/api/v1/me')).status()).toBe(401);
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await page.waitForURL(`**/@${handle}`);

  // A prompt with a spoken line, three seconds long.
  await page.getByRole('link', { name: 'Create', exact: true }).click();
  await page
    .getByLabel('What happens?')
    .fill('a basketball bounces off the rim, hits the backboard and drops in, at sunset');
  await page.getByLabel(/^Length/).fill('3');
  await page.getByRole('button', { name: 'Add a line' }).click();
  await page.getByLabel('Line 1', { exact: true }).fill('Here we go');
  await page.getByText('3 credits').waitFor();
  await page.getByRole('button', { name: 'Make clip' }).click();
  await page.waitForURL('**/create/gen_*');
  const job = page.url();
  await page.getByRole('progressbar').waitFor();
  await page.reload();
  expect(page.url()).toBe(job);
  const shown = await watchProgress(page);
  expect(shown.length).toBeGreaterThan(1);
  expect(shown).toEqual([...shown].sort((a, b) => a - b));

  // The draft plays, with an audio track that is really decoded.
  const playing = await page.waitForFunction(() => {
    const video = document.querySelector('video');
    return video !== null && video.currentTime > 1 && video.duration;
  });
  expect(await playing.jsonValue()).toBeCloseTo(3, 0);
  await page.waitForFunction(() => {
    const video = document.querySelector('video');
    return video !== null && Number(Reflect.get(video, 'webkitAudioDecodedByteCount')) > 0;
  });
  expect(await page.getByRole('checkbox', { name: /Show the prompt/ }).isChecked()).toBe(false);
  await page.getByRole('textbox', { name: 'Caption' }).fill('Straight in');
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  await page.waitForURL('**/clip/clip_*');
  const clipId = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  await page.getByRole('heading', { level: 1, name: 'Straight in' }).waitFor();

  // Its credentials: the verdict, the record, every check.
  await page.getByRole('heading', { name: /^Verified\s+Trusted$/ }).waitFor();
  await page.getByText('What the record says').click();
  await page.getByText(/made by an algorithm, without a trained model/).waitFor();
  await page.getByText('Every check').click();
  await page.getByText('claimSignature.validated').first().waitFor();
  expect(await page.locator('.check-failure').count()).toBe(0);
  const manifest = await page.request.get(`/media/${clipId}/manifest.c2pa`);
  expect(manifest.status()).toBe(200);
  expect((await manifest.body()).byteLength).toBeGreaterThan(1000);

  // A stranger sees it in the feed, without the prompt.
  const stranger = await newVisitor(browser);
  await stranger.page.goto('/recent');
  await stranger.page.getByText('Straight in').first().waitFor();
  await stranger.page.goto(`/clip/${clipId}`);
  await stranger.page.getByText('Kept private by its maker.').waitFor();
  expect((await stranger.page.request.get(`/media/${clipId}/video.mp4`)).status()).toBe(200);

  // Deleting says what stops, shows a receipt, and the clip is gone for everybody.
  await page.getByRole('button', { name: 'Delete' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('stop being served').waitFor();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await dialog.getByRole('heading', { name: 'Clip deleted' }).waitFor();
  expect(await dialog.getByText(/^[0-9a-f]{64}$/).count()).toBe(1);
  for (const file of ['video.mp4', 'poster.jpg', 'manifest.c2pa']) {
    expect((await stranger.page.request.get(`/media/${clipId}/${file}`)).status(), file).toBe(410);
  }
  const receiptUrl = await dialog.getByRole('link', { name: 'Public record' }).getAttribute('href');
  const record = (await (await stranger.page.request.get(receiptUrl ?? '')).json()) as { denies?: string[] };
  expect(record.denies).toContain('serve');
  expect(JSON.stringify(record)).not.toContain(handle);
  await stranger.page.reload();
  await stranger.page.getByRole('heading', { name: 'This clip was taken back' }).waitFor();
  await stranger.page.goto('/recent');
  await stranger.page.locator('article.slide').first().waitFor();
  expect(await stranger.page.getByText('Straight in').count()).toBe(0);
  await dialog.getByRole('button', { name: 'Done' }).click();
  await page.waitForURL(`${appUrl()}/`);

  // 401 before sign-in is the browser's own line about an expected answer; nothing else may be red.
  expect(problems.filter((line) => !line.includes('401'))).toEqual([]);
  await context.close();
  await stranger.context.close();
});

test('a cancelled job charges nothing', async () => {
  const { page, context } = await newVisitor(browser);
  const handle = freshHandle('cancel');
  await page.goto('/sign-in');
  await page.getByLabel('Your handle').fill(handle);
  await page.getByRole('button', { name: `Continue as @${handle}` }).click();
  await page.waitForURL(`**/@${handle}`);
  const available = async () =>
    ((await (await page.request.get('/api/v1/me')).json()) as { credits: { available: number } }).credits
      .available;
  const before = await available();
  await page.goto('/create');
  await page.getByLabel('What happens?').fill('snow falls on a village');
  await page.getByLabel(/^Length/).fill('20');
  await page.getByRole('button', { name: 'Make clip' }).click();
  await page.getByRole('progressbar').waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('heading', { name: 'Cancelled' }).waitFor();
  await expect.poll(available, { timeout: 20_000 }).toBe(before);
  await page.getByRole('link', { name: 'Try these words again' }).click();
  expect(await page.getByLabel('What happens?').inputValue()).toBe('snow falls on a village');
  await context.close();
});
