/** The feed as a viewer uses it: plays by itself, keys, sound, panels, what is mounted, what it remembers. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../support/browser.ts';
import { activeSlide, activeVideo, newVisitor, signInLocally } from './app.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

/** Place of the clip in front of the viewer, once the scroll has come to rest. */
const position = (page: Page) =>
  page.evaluate(() => {
    const box = document.querySelector('.feed-scroller');
    const slide = document.querySelector('article.slide:not([inert])');
    if (!box || !slide) return null;
    const place = Number(slide.getAttribute('aria-posinset'));
    return Math.abs(box.scrollTop - (place - 1) * box.clientHeight) < 2 ? String(place) : 'moving';
  });
const standsAt = (page: Page, place: string) =>
  expect.poll(() => position(page), { timeout: 10_000 }).toBe(place);
const plays = (page: Page) =>
  expect.poll(async () => (await activeVideo(page))?.time ?? 0, { timeout: 20_000 }).toBeGreaterThan(0.3);

async function openFeed(width: 'phone' | 'desktop' = 'desktop') {
  const visitor = await newVisitor(browser, { width });
  await visitor.page.goto('/');
  await plays(visitor.page);
  return visitor;
}

describe('watching', () => {
  test('the first clip plays by itself, muted, and nothing is red in the console', async () => {
    const { page, context, problems } = await openFeed('phone');
    const video = await activeVideo(page);
    expect(video).toMatchObject({ paused: false, muted: true });
    expect(problems).toEqual([]);
    await context.close();
  });

  test('sound comes on a tap and is remembered for the visit', async () => {
    const { page, context } = await openFeed('phone');
    await activeSlide(page).getByRole('button', { name: 'Tap for sound' }).click();
    await expect.poll(() => activeVideo(page)).toMatchObject({ muted: false, paused: false });
    await page.reload();
    await plays(page);
    expect(await activeVideo(page)).toMatchObject({ muted: false });
    await context.close();
  });

  test('a tap pauses, another one goes on', async () => {
    const { page, context } = await openFeed('phone');
    await activeSlide(page).getByRole('button', { name: 'Pause' }).click();
    await expect.poll(() => activeVideo(page)).toMatchObject({ paused: true });
    await activeSlide(page).getByRole('button', { name: 'Play' }).click();
    await expect.poll(async () => (await activeVideo(page))?.paused).toBe(false);
    await context.close();
  });

  test('the progress bar is a slider: keys seek', async () => {
    const { page, context } = await openFeed();
    await page.keyboard.press(' ');
    await expect.poll(async () => (await activeVideo(page))?.paused).toBe(true);
    const slider = activeSlide(page).getByRole('slider', { name: 'Position in the clip' });
    await slider.focus();
    await page.keyboard.press('End');
    const { duration } = (await activeVideo(page)) ?? { duration: 0 };
    await expect.poll(async () => (await activeVideo(page))?.time ?? 0).toBeGreaterThan(duration - 0.2);
    await expect.poll(() => slider.getAttribute('aria-valuetext')).toMatch(/^0:0\d of 0:\d\d$/);
    // Arrow keys belong to the slider now, not to the feed.
    await page.keyboard.press('ArrowLeft');
    await standsAt(page, '1');
    await context.close();
  });

  test('the next clip is buffered before it is asked for; three videos at most exist', async () => {
    const { page, context } = await openFeed();
    await page.waitForFunction(() => {
      const next = document.querySelectorAll('article.slide')[1]?.querySelector('video');
      return next !== null && next !== undefined && next.buffered.length > 0 && next.buffered.end(0) > 1;
    });
    for (let step = 0; step < 3; step++) {
      await page.keyboard.press('j');
      await standsAt(page, String(step + 2));
      expect(await page.locator('video').count()).toBeLessThanOrEqual(3);
    }
    await plays(page);
    await context.close();
  });

  test('nothing shifts while posters and videos arrive', async () => {
    const { page, context } = await newVisitor(browser);
    await page.addInitScript(() => {
      Reflect.set(window, 'shift', 0);
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
          Reflect.set(
            window,
            'shift',
            Number(Reflect.get(window, 'shift')) + Number(Reflect.get(entry, 'value')),
          );
        }
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await page.goto('/');
    await plays(page);
    expect(await page.evaluate(() => Number(Reflect.get(window, 'shift')))).toBeLessThan(0.01);
    await context.close();
  });

  test('coming back from a clip page finds the same clip', async () => {
    const { page, context } = await openFeed();
    await page.keyboard.press('j');
    await standsAt(page, '2');
    const label = await activeSlide(page).getAttribute('aria-label');
    await activeSlide(page).getByRole('button', { name: 'More' }).click();
    await page.getByRole('link', { name: 'Open clip page' }).click();
    await page.waitForURL('**/clip/*');
    await page.getByRole('heading', { name: 'About this video' }).waitFor();
    await page.goBack();
    await standsAt(page, '2');
    expect(await activeSlide(page).getAttribute('aria-label')).toBe(label);
    await context.close();
  });
});

describe('keys', () => {
  test('arrows and j/k move, one clip a press, and stop at the start', async () => {
    const { page, context } = await openFeed();
    await page.keyboard.press('ArrowUp');
    await standsAt(page, '1');
    for (const [key, place] of [
      ['ArrowDown', '2'],
      ['j', '3'],
      ['k', '2'],
      ['ArrowUp', '1'],
    ] as const) {
      await page.keyboard.press(key);
      await standsAt(page, place);
    }
    await context.close();
  });

  test('space pauses, m switches the sound', async () => {
    const { page, context } = await openFeed();
    await page.keyboard.press(' ');
    await expect.poll(async () => (await activeVideo(page))?.paused).toBe(true);
    await page.keyboard.press(' ');
    await expect.poll(async () => (await activeVideo(page))?.paused).toBe(false);
    await page.keyboard.press('m');
    await expect.poll(async () => (await activeVideo(page))?.muted).toBe(false);
    await page.keyboard.press('m');
    await expect.poll(async () => (await activeVideo(page))?.muted).toBe(true);
    await context.close();
  });

  test('i and c open and close their panel beside the stage, ? the list of keys', async () => {
    const { page, context } = await openFeed();
    await page.keyboard.press('i');
    await page
      .getByRole('complementary', { name: 'About this video' })
      .getByRole('heading', { name: /Trusted/ })
      .waitFor();
    await page.keyboard.press('c');
    await page.getByRole('complementary', { name: 'Comments' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('complementary').waitFor({ state: 'detached' });
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    // While a dialog is open the feed does not move.
    await standsAt(page, '1');
    await context.close();
  });

  test('l likes when signed in, and offers to sign in otherwise', async () => {
    const { page, context } = await openFeed();
    await page.keyboard.press('l');
    await page.getByRole('dialog', { name: 'Sign in to like this clip' }).waitFor();
    await page.keyboard.press('Escape');
    await signInLocally(page, 'keys');
    await page.goto('/');
    await plays(page);
    const like = activeSlide(page).getByRole('button', { name: /^Like/ });
    const before = await like.getAttribute('aria-label');
    await page.keyboard.press('l');
    await expect.poll(() => like.getAttribute('aria-pressed')).toBe('true');
    await expect.poll(() => like.getAttribute('aria-label')).not.toBe(before);
    await page.reload();
    await plays(page);
    await page.keyboard.press('l');
    await context.close();
  });
});

describe('taking part', () => {
  test('a comment appears, is counted, and can be taken back', async () => {
    const { page, context } = await newVisitor(browser);
    await signInLocally(page, 'talker');
    await page.goto('/recent');
    await plays(page);
    await activeSlide(page)
      .getByRole('button', { name: /^Comments/ })
      .click();
    const sheet = page.getByRole('dialog', { name: 'Comments' });
    const words = `lovely light ${Date.now()}`;
    await sheet.getByLabel('Add a comment').fill(words);
    await sheet.getByRole('button', { name: 'Post' }).click();
    const line = sheet.locator('li', { hasText: words });
    await line.waitFor();
    await page.reload();
    await plays(page);
    await activeSlide(page)
      .getByRole('button', { name: /^Comments, [1-9]/ })
      .click();
    await sheet
      .locator('li', { hasText: words })
      .getByRole('button', { name: 'Delete this comment' })
      .click();
    await line.waitFor({ state: 'detached' });
    await page.reload();
    await plays(page);
    await activeSlide(page)
      .getByRole('button', { name: /^Comments/ })
      .click();
    await sheet.getByLabel('Add a comment').waitFor();
    expect(await sheet.getByText(words).count()).toBe(0);
    await context.close();
  });

  test('following somebody fills the following feed', async () => {
    const { page, context } = await newVisitor(browser, { width: 'desktop' });
    await page.goto('/following');
    await page.getByRole('heading', { name: 'People you follow' }).waitFor();
    await signInLocally(page, 'fan');
    await page.goto('/following');
    await page.getByRole('heading', { name: 'Nobody here yet' }).waitFor();
    await page.goto('/');
    await plays(page);
    const maker = (await activeSlide(page).getAttribute('aria-label'))?.replace('Clip by ', '') ?? '';
    await activeSlide(page)
      .getByRole('button', { name: `Follow ${maker}` })
      .click();
    await activeSlide(page)
      .getByRole('button', { name: `Following ${maker}` })
      .waitFor();
    await page.goto('/following');
    await expect
      .poll(() => activeSlide(page).getAttribute('aria-label'), { timeout: 15_000 })
      .toBe(`Clip by ${maker}`);
    await context.close();
  });

  test('seeing less of something takes it away at once', async () => {
    const { page, context } = await openFeed('phone');
    const first = await activeSlide(page).locator('video').getAttribute('src');
    await activeSlide(page).getByRole('button', { name: 'More' }).click();
    await page.getByRole('button', { name: 'See less like this' }).click();
    await expect.poll(() => activeSlide(page).locator('video').getAttribute('src')).not.toBe(first);
    const clipId = /clip_\w+/.exec(first ?? '')?.[0];
    expect(clipId).toBeDefined();
    expect(await page.locator(`[src*="${clipId}"], [href*="${clipId}"]`).count()).toBe(0);
    await context.close();
  });

  test('a report is received, without an account', async () => {
    const { page, context } = await openFeed('phone');
    await activeSlide(page).getByRole('button', { name: 'More' }).click();
    await page.getByRole('button', { name: 'Report' }).click();
    const sheet = page.getByRole('dialog', { name: 'Report this clip' });
    expect(await sheet.getByRole('button', { name: 'Send report' }).isDisabled()).toBe(true);
    await sheet.getByLabel('Spam or deception').check();
    await sheet.getByRole('button', { name: 'Send report' }).click();
    await page.getByText('The report was received').waitFor();
    await context.close();
  });
});

test('offline is said, and the page stays', async () => {
  const { page, context } = await openFeed('phone');
  await context.setOffline(true);
  await page.getByText('You are offline').waitFor();
  expect(await activeSlide(page).count()).toBe(1);
  await context.setOffline(false);
  await page.getByText('You are offline').waitFor({ state: 'detached' });
  await context.close();
});
