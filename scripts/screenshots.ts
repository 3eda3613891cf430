/**
 * `npm run screenshots`: takes the README's pictures from a running Kinora (KINORA_URL, default the address of `npm start`), so that they
 * cannot show what is not there.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { launchChromium } from '../test/support/browser.ts';
import { say } from './terminal.ts';

const url = process.env.KINORA_URL ?? 'http://localhost:8787';
const folder = join(import.meta.dirname, '../docs/images');

interface Screen {
  readonly name: string;
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly scale: number;
  /** One of the demo people; a new account otherwise. */
  readonly as?: string;
}

const screens: readonly Screen[] = [
  { name: 'feed-desktop', path: '/', width: 1440, height: 900, scale: 1 },
  { name: 'feed-phone', path: '/', width: 390, height: 844, scale: 2 },
  { name: 'create-desktop', path: '/create', width: 1440, height: 900, scale: 1 },
  { name: 'appearances-desktop', path: '/cameo/appearances', width: 1440, height: 900, scale: 1, as: 'mira' },
];

async function signIn(context: BrowserContext, handle: string): Promise<void> {
  const answer = await context.request.post(`${url}/api/v1/local/sign-in`, {
    data: { handle },
    headers: { origin: url },
  });
  if (!answer.ok()) throw new Error(`Sign-in answered ${answer.status()}. Is Kinora running at ${url}?`);
}

await mkdir(folder, { recursive: true });
const browser = await launchChromium();
try {
  for (const { name, path, width, height, scale, as = 'you' } of screens) {
    const context = await browser.newContext({
      viewport: { width, height },
      deviceScaleFactor: scale,
      colorScheme: 'dark',
    });
    await signIn(context, as);
    const page = await context.newPage();
    await page.goto(`${url}${path}`);
    // The feed's first clip is under way: a frame from its middle tells more than its first.
    if (path === '/')
      await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 1.5);
    else await page.waitForLoadState('networkidle');
    await page.screenshot({ path: join(folder, `${name}.png`) });
    await context.close();
    say(`docs/images/${name}.png`);
  }
} finally {
  await browser.close();
}
