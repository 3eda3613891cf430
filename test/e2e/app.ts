/**
 * What every browser test needs: the address of the running app (the e2e project's global setup provides it), contexts of the widths
 * people have, and sign-in. Called by the tests of this folder.
 */
import type { Browser, BrowserContext, Page } from 'playwright-core';

/** @throws Error when the app was not started by the e2e project's global setup */
export function appUrl(): string {
  const url = process.env.KINORA_E2E_URL;
  if (!url) throw new Error('KINORA_E2E_URL is not set: run the browser tests with `npm run test:e2e`.');
  return url.replace(/\/$/, '');
}

export const widths = {
  small: { width: 360, height: 640 },
  phone: { width: 390, height: 844 },
  desktop: { width: 1440, height: 900 },
} as const;
export type Width = keyof typeof widths;
export type Theme = 'dark' | 'light';

/** A fresh visitor. `problems` collects what a developer would see in red: page errors, console errors, policy violations. */
export async function newVisitor(
  browser: Browser,
  options: { width?: Width; theme?: Theme; bypassCSP?: boolean } = {},
): Promise<{ context: BrowserContext; page: Page; problems: string[] }> {
  const width = options.width ?? 'phone';
  const context = await browser.newContext({
    viewport: widths[width],
    hasTouch: width !== 'desktop',
    bypassCSP: options.bypassCSP ?? false,
    baseURL: appUrl(),
  });
  if (options.theme === 'light')
    await context.addInitScript(() => localStorage.setItem('kinora.theme', 'light'));
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(`page: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()}`);
  });
  return { context, page, problems };
}

let people = 0;

/** A handle nobody has used in this run or an earlier one. */
export function freshHandle(name: string): string {
  people += 1;
  return `${name}-${Date.now().toString(36)}${people}`;
}

/** Signs in with one click, as a newcomer does on their own machine. */
export async function signInLocally(page: Page, name: string): Promise<string> {
  const handle = freshHandle(name);
  await page.goto('/sign-in');
  await page.getByLabel('Your handle').fill(handle);
  await page.getByRole('button', { name: `Continue as @${handle}` }).click();
  await page.waitForURL(`**/@${handle}`);
  return handle;
}

/** Ids of published clips, best first. @throws Error if the feed is empty */
export async function feedClips(page: Page): Promise<{ id: string; size: string }[]> {
  const answer = await page.request.get('/api/v1/feed?mode=discover&limit=20');
  const feed = (await answer.json()) as { items: { id: string; size: string }[] };
  if (feed.items.length === 0) throw new Error('The feed is empty: the global setup seeds it.');
  return feed.items;
}

/** The slide in front of the viewer. */
export const activeSlide = (page: Page) => page.locator('article.slide:not([inert])');

/** State of the video in front of the viewer. */
export function activeVideo(page: Page) {
  return page.evaluate(() => {
    const video = document.querySelector<HTMLVideoElement>('article.slide:not([inert]) video');
    return video === null
      ? null
      : {
          time: video.currentTime,
          paused: video.paused,
          muted: video.muted,
          ready: video.readyState,
          duration: video.duration,
        };
  });
}
