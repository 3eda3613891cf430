/** Finds and starts Debian's Chromium, which plays H.264 and AAC. Used by the browser tests, screenshots and Lighthouse. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Path of the browser, or null: then browser tests are skipped and say so. */
export function findChromium(): string | null {
  const candidates = [
    process.env.CHROMIUM_PATH,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ];
  return candidates.find((path) => path !== undefined && existsSync(path)) ?? null;
}

/** Switches that keep it from looking for hosts that a closed network does not reach. */
export const chromiumArguments = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
] as const;

/**
 * A camera and a microphone that are always there and always allowed: Chromium's own test picture, or files.
 * @param files a `.y4m` or `.mjpeg` picture and a `.wav` sound, played in a loop
 */
export function fakeCamera(files: { video?: string; audio?: string } = {}): string[] {
  return [
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    ...(files.video ? [`--use-file-for-fake-video-capture=${files.video}`] : []),
    ...(files.audio ? [`--use-file-for-fake-audio-capture=${files.audio}`] : []),
  ];
}

/** @throws Error when there is no browser */
export async function launchChromium(extra: readonly string[] = []): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('No Chromium was found. Debian: apt-get install chromium');
  return chromium.launch({ executablePath, args: [...chromiumArguments, ...extra] });
}
