/** axe finds nothing, nothing scrolls sideways at 360 px, and dialogs keep the focus: every page, phone and desktop, both themes. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../support/browser.ts';
import { activeSlide, appUrl, feedClips, newVisitor, signInLocally, type Theme, type Width } from './app.ts';
import { violations } from './axe.ts';

let browser: Browser;
let clips: { id: string; size: string }[] = [];
beforeAll(async () => {
  browser = await launchChromium();
  const { page, context } = await newVisitor(browser);
  clips = await feedClips(page);
  await context.close();
});
afterAll(() => browser.close());

/** Pages with what shows that they have arrived. */
function pages(): { name: string; path: string; ready: (page: Page) => Promise<unknown> }[] {
  const heading = (name: string | RegExp) => (page: Page) =>
    page.getByRole('heading', { name }).first().waitFor();
  const wide = clips.find((clip) => clip.size === '1280x720');
  return [
    { name: 'feed', path: '/', ready: (page) => activeSlide(page).locator('video').waitFor() },
    { name: 'following', path: '/following', ready: heading('People you follow') },
    {
      name: 'create',
      path: '/create',
      ready: (page) => page.getByText('credits', { exact: false }).first().waitFor(),
    },
    { name: 'clip', path: `/clip/${clips[0]?.id}`, ready: heading(/Verified/) },
    ...(wide ? [{ name: 'wide clip', path: `/clip/${wide.id}`, ready: heading(/Verified/) }] : []),
    { name: 'sign-in', path: '/sign-in', ready: (page: Page) => page.getByLabel('Your handle').waitFor() },
    { name: 'status', path: '/status', ready: heading('Nodes') },
    { name: 'settings', path: '/settings', ready: heading('Appearance') },
    { name: 'drafts', path: '/drafts', ready: heading('Your drafts') },
    { name: 'cameo', path: '/cameo', ready: heading('Your likeness') },
    { name: 'enrol', path: '/cameo/enrol', ready: heading('Enrol your likeness') },
    { name: 'appearances', path: '/cameo/appearances', ready: heading('Clips with you') },
    { name: 'inbox', path: '/inbox', ready: heading('Your inbox') },
    { name: 'not found', path: '/nowhere/at-all', ready: heading('This leaf is missing') },
  ];
}

const views: [Width, Theme][] = [
  ['phone', 'dark'],
  ['phone', 'light'],
  ['desktop', 'dark'],
  ['desktop', 'light'],
];

describe.each(views)('%s, %s', (width, theme) => {
  test('axe finds nothing on any page', async () => {
    const { page, context } = await newVisitor(browser, { width, theme, bypassCSP: true });
    for (const { name, path, ready } of pages()) {
      await page.goto(path);
      await ready(page);
      expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe(theme);
      expect(await violations(page), name).toEqual([]);
    }
    await context.close();
  });

  test('axe finds nothing in panels, dialogs and the signed-in pages', async () => {
    const { page, context } = await newVisitor(browser, { width, theme, bypassCSP: true });
    await page.goto('/');
    await activeSlide(page).locator('video').waitFor();
    await page.keyboard.press('i');
    await page.getByRole('heading', { name: /Verified/ }).waitFor();
    await page.getByText('What the record says').click();
    await page.getByText('Every check').click();
    expect(await violations(page), 'about').toEqual([]);
    await page.keyboard.press('Escape');
    await activeSlide(page).getByRole('button', { name: 'More' }).click();
    expect(await violations(page), 'more').toEqual([]);
    await page.getByRole('button', { name: 'Report' }).click();
    await page.getByRole('dialog', { name: 'Report this clip' }).waitFor();
    expect(await violations(page), 'report').toEqual([]);
    const handle = await signInLocally(page, 'axe');
    for (const path of [`/@${handle}`, '/settings', '/drafts', '/inbox', '/cameo/enrol', '/create']) {
      await page.goto(path);
      await page.getByRole('heading', { level: 1 }).first().waitFor();
      expect(await violations(page), path).toEqual([]);
    }
    await page.getByRole('button', { name: 'Add a line' }).click();
    await page.getByRole('button', { name: 'Add a sound' }).click();
    await page.getByRole('button', { name: 'Cast somebody' }).click();
    await page.getByLabel('Find somebody you may cast').waitFor();
    expect(await violations(page), 'create with lines').toEqual([]);
    await page.goto('/cameo');
    await page.getByRole('heading', { name: 'Be in the picture, on your terms' }).waitFor();
    expect(await violations(page), 'before enrolling').toEqual([]);
    await page.getByRole('button', { name: 'Try it without a camera' }).click();
    await page.getByRole('heading', { level: 1, name: 'Your likeness' }).waitFor();
    await page.getByText('Nobody has one yet').waitFor();
    expect(await violations(page), 'my likeness').toEqual([]);
    await page.getByRole('button', { name: 'Add', exact: true }).last().click();
    await page.getByRole('dialog', { name: 'New contract' }).waitFor();
    expect(await violations(page), 'new contract').toEqual([]);
    await page.keyboard.press('Escape');
    for (const name of ['Revoke…', 'Delete…']) {
      await page.getByRole('button', { name }).click();
      await page.getByText('Nothing exists that this would touch.').waitFor();
      expect(await violations(page), name).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    await page.goto('/cameo/appearances');
    await page.getByRole('heading', { name: 'You are in no clip' }).waitFor();
    expect(await violations(page), 'appearances').toEqual([]);
    await context.close();
  });
});

test('no page scrolls sideways at 360 px', async () => {
  const { page, context } = await newVisitor(browser, { width: 'small' });
  for (const { name, path, ready } of pages()) {
    await page.goto(path);
    await ready(page);
    const extra = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(extra, name).toBeLessThanOrEqual(0);
  }
  await signInLocally(page, 'narrow');
  await page.request.post('/api/v1/local/cameo', { data: {}, headers: { origin: appUrl() } });
  for (const path of ['/cameo', '/cameo/appearances', '/cameo/enrol', '/inbox']) {
    await page.goto(path);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    const extra = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(extra, path).toBeLessThanOrEqual(0);
  }
  await context.close();
});

test('a dialog keeps the focus and gives it back', async () => {
  const { page, context } = await newVisitor(browser, { width: 'phone' });
  await page.goto('/');
  const more = activeSlide(page).getByRole('button', { name: 'More' });
  await more.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'More' }).waitFor();
  for (let press = 0; press < 12; press++) {
    await page.keyboard.press('Tab');
    const place = await page.evaluate(() => {
      const element = document.activeElement;
      return element === document.body || element === null
        ? 'browser'
        : element.closest('dialog')
          ? 'dialog'
          : 'page';
    });
    expect(place).not.toBe('page');
  }
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await more.evaluate((element) => element === document.activeElement)).toBe(true);
  await context.close();
});

test('with reduced motion nothing keeps moving but the film', async () => {
  const { page, context } = await newVisitor(browser, { width: 'desktop' });
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('/sign-in');
  await page.getByLabel('Your handle').waitFor();
  const running = await page.evaluate(
    () =>
      document
        .getAnimations()
        .filter((animation) => animation.effect?.getComputedTiming().iterations === Infinity).length,
  );
  expect(running).toBe(0);
  await context.close();
});
