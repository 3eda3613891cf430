/** Consent as people meet it: enrol, allow, be cast, be told, take it back, and be served nowhere; refusals in words; the camera. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeCamera, launchChromium } from '../support/browser.ts';
import { newVisitor, signInLocally, type Width } from './app.ts';
import { violations } from './axe.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

interface Person {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly problems: string[];
  readonly handle: string;
}

/** Somebody signed in and enrolled with a drawn portrait, by the button a developer would press. */
async function enrolled(name: string, width: Width): Promise<Person> {
  const visitor = await newVisitor(browser, { width, bypassCSP: true });
  const { page } = visitor;
  const handle = await signInLocally(page, name);
  await page.goto('/cameo');
  await page.getByRole('button', { name: 'Try it without a camera' }).click();
  await page.getByRole('heading', { level: 1, name: 'Your likeness' }).waitFor();
  await page.getByText('demo, not a person').first().waitFor();
  return { ...visitor, handle };
}

/** `who` opens up to approved people and gives `grantee` a contract, on their page. */
async function allow(
  who: Person,
  grantee: Person,
  asks: { generation?: boolean; publication?: boolean } = {},
) {
  const { page } = who;
  await page.goto('/cameo');
  await page.getByLabel('People I approve').click();
  await page.getByText('Who may cast you: people i approve.').waitFor();
  await page.getByRole('button', { name: 'Add', exact: true }).last().click();
  const dialog = page.getByRole('dialog', { name: 'New contract' });
  await dialog.getByLabel('Who', { exact: true }).fill(grantee.handle);
  await dialog.getByLabel('For what').fill('our films');
  await dialog.getByLabel('How often').fill('5');
  await dialog.getByLabel('I agree before it is made').setChecked(asks.generation ?? false);
  await dialog.getByLabel('I agree before it is published').setChecked(asks.publication ?? false);
  await dialog.getByRole('button', { name: 'Give this contract' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByText('0 of 5 used').waitFor();
}

/** Fills the composer with a two-second clip that casts somebody, and presses the button. */
async function cast(maker: Person, who: Person, prompt: string): Promise<void> {
  const { page } = maker;
  await page.goto('/create');
  await page.getByLabel('What happens?').fill(prompt);
  await page.getByLabel(/^Length/).fill('2');
  await page.getByRole('button', { name: 'Cast somebody' }).click();
  await page.getByLabel('Find somebody you may cast').fill(who.handle.slice(0, 12));
  await page
    .getByRole('list', { name: 'People you may cast' })
    .getByRole('button', { name: new RegExp(`@${who.handle}`) })
    .click();
  await page.getByRole('button', { name: `Take @${who.handle} out` }).waitFor();
  await page.getByRole('button', { name: 'Make clip' }).click();
}

const until = (page: Page, name: string) => page.getByRole('heading', { name }).waitFor({ timeout: 180_000 });

/** Status of an address as this page would load it. */
const statusOf = (page: Page, path: string) =>
  page.evaluate(async (address) => (await fetch(address, { cache: 'no-store' })).status, path);

test('cast, told at once, published, taken back: served nowhere, with a receipt anybody can check', async () => {
  const alice = await enrolled('alice', 'desktop');
  const bo = await enrolled('bo', 'phone');
  await allow(bo, alice);

  // Bo looks at an empty inbox while Alice casts him: it is there without a reload, and on every page's badge.
  await bo.page.goto('/inbox');
  await bo.page.getByRole('link', { name: /^Inbox/ }).waitFor();
  await cast(alice, bo, 'bo juggles three lanterns on a rooftop at night');
  await alice.page.waitForURL('**/create/gen_*');
  await bo.page
    .getByRole('list', { name: /^Notices/ })
    .getByText(`@${alice.handle}`)
    .first()
    .waitFor();
  await bo.page.getByRole('link', { name: /^Inbox\s*\d+ unread$/ }).waitFor();
  expect(await violations(bo.page), 'inbox').toEqual([]);

  // The draft: Alice sees who is in it before she publishes.
  await until(alice.page, 'Publish it?');
  await alice.page.getByText(`who is in it: @${bo.handle}`).waitFor();
  await alice.page.getByRole('textbox', { name: 'Caption' }).fill('Lanterns');
  await alice.page.getByRole('button', { name: 'Publish', exact: true }).click();
  await alice.page.waitForURL('**/clip/clip_*');
  const clipId = new URL(alice.page.url()).pathname.split('/').at(-1) ?? '';
  await alice.page.getByText('In this clip').waitFor();
  await alice.page.getByText('demo, not a person').waitFor();
  const media = [
    `/media/${clipId}/video.mp4`,
    `/media/${clipId}/poster.jpg`,
    `/media/${clipId}/manifest.c2pa`,
  ];
  for (const path of media) expect(await statusOf(alice.page, path), path).toBe(200);
  const stranger = await newVisitor(browser, { width: 'phone', bypassCSP: true });
  await stranger.page.goto(`/clip/${clipId}`);
  await stranger.page.getByRole('heading', { level: 1, name: 'Lanterns' }).waitFor();

  // Bo's page of clips: everything one tap away.
  await bo.page.goto('/cameo/appearances');
  await bo.page.getByText('published', { exact: true }).waitFor();
  for (const name of [
    'Delete',
    'Lock',
    'Hide',
    'Ask to recast',
    `Revoke @${alice.handle}`,
    'Revoke everything',
  ])
    await bo.page.getByRole('button', { name, exact: true }).waitFor();
  expect(await violations(bo.page), 'appearances').toEqual([]);
  await bo.page.getByRole('button', { name: 'Lock', exact: true }).click();
  await bo.page.getByRole('button', { name: 'Unlock', exact: true }).waitFor();
  await bo.page.getByRole('button', { name: 'Undo' }).click();
  await bo.page.getByRole('button', { name: 'Lock', exact: true }).waitFor();

  // What will stop is counted before it does, anew for every choice.
  await bo.page.getByRole('button', { name: `Revoke @${alice.handle}`, exact: true }).click();
  const preview = bo.page.getByRole('region', { name: 'What will stop' });
  await preview.getByText('1 piece stops being served, everywhere').waitFor();
  await preview.getByText('clip', { exact: true }).waitFor();
  expect(await violations(bo.page), 'preview').toEqual([]);
  await bo.page.getByRole('radio', { name: /^Keep/ }).check();
  await preview.getByText('1 piece stays').waitFor();
  for (const path of media) expect(await statusOf(alice.page, path), 'a preview changes nothing').toBe(200);
  await bo.page.getByRole('radio', { name: /^Delete/ }).check();
  await preview.getByText('1 piece stops being served, everywhere').waitFor();
  await bo.page.getByRole('button', { name: 'Revoke and delete' }).click();
  await bo.page.getByRole('dialog', { name: 'Your receipt' }).waitFor();

  // The receipt is there: from now on nobody is served, whoever they are and wherever they look.
  for (const { page } of [alice, bo, stranger]) {
    for (const path of media) expect([403, 404, 410], path).toContain(await statusOf(page, path));
    const feed = await page.request.get('/api/v1/feed?mode=recent&limit=50');
    expect(await feed.text()).not.toContain(clipId);
  }
  await bo.page.getByText('This reaches 1 clip').waitFor();
  expect(await violations(bo.page), 'receipt').toEqual([]);
  const record = await bo.page.getByRole('link', { name: 'Public record' }).getAttribute('href');
  const answer = await stranger.page.request.get(record ?? '', { headers: { accept: 'application/json' } });
  expect(answer.status()).toBe(200);
  const published = await answer.text();
  expect(published).toContain('"denies"');
  expect(published).not.toContain(bo.handle);
  expect(published).not.toContain(alice.handle);
  await bo.page.getByRole('button', { name: 'Done' }).click();
  await bo.page.getByText('stopped', { exact: true }).first().waitFor();

  // Alice's open page and the stranger's, looked at again, say what happened and not who.
  for (const { page } of [alice, stranger]) {
    await page.reload();
    await page.getByRole('heading', { name: 'This clip was taken back' }).waitFor();
    await page.getByText(/Consent was withdrawn on/).waitFor();
    expect(await page.locator('main').textContent()).not.toContain(bo.handle);
  }
  expect(await violations(stranger.page), 'stopped clip').toEqual([]);

  // And nothing new: Bo is nobody Alice may cast.
  const castable = await alice.page.request.get(`/api/v1/cameo/castable?query=${bo.handle}`);
  expect(await castable.text()).not.toContain(bo.handle);
  await Promise.all([alice.context.close(), bo.context.close(), stranger.context.close()]);
});

test('a rule is broken: the words are marked, nobody is named; a person who wants to agree first is waited for', async () => {
  const alice = await enrolled('ava', 'phone');
  const bo = await enrolled('ben', 'desktop');
  await allow(bo, alice, { generation: true });

  await cast(alice, bo, 'standing on a stage, asking the crowd to vote for the green party');
  const refusal = alice.page.getByRole('alert').filter({ hasText: 'Not with this cast' });
  await refusal.waitFor();
  const marked = (await refusal.locator('mark').textContent()) ?? '';
  expect('standing on a stage, asking the crowd to vote for the green party').toContain(marked);
  expect(await refusal.textContent()).not.toContain(bo.handle);
  expect(await violations(alice.page), 'refusal').toEqual([]);
  await refusal.getByRole('button', { name: 'Show me the words' }).click();
  const selected = await alice.page.evaluate(() => {
    const field = document.activeElement;
    return field instanceof HTMLTextAreaElement
      ? field.value.slice(field.selectionStart, field.selectionEnd)
      : null;
  });
  expect(selected).toBe(marked);

  // Other words: it waits for Bo, and says so without a name.
  await alice.page.getByLabel('What happens?').fill('watering sunflowers in a quiet garden');
  await alice.page.getByRole('button', { name: 'Make clip' }).click();
  await alice.page.waitForURL('**/create/gen_*');
  await alice.page.getByText('Waiting for agreement').waitFor();
  expect(await violations(alice.page), 'waiting').toEqual([]);
  await bo.page.goto('/cameo/appearances');
  await bo.page.getByText('Nothing is made unless you agree.').waitFor();
  expect(await violations(bo.page), 'review').toEqual([]);
  await bo.page.getByRole('button', { name: 'Agree' }).click();
  await until(alice.page, 'Publish it?');
  await Promise.all([alice.context.close(), bo.context.close()]);
});

describe('enrolment by camera', () => {
  let withCamera: Browser;
  beforeAll(async () => {
    withCamera = await launchChromium(fakeCamera());
  });
  afterAll(() => withCamera.close());

  async function toCamera(page: Page): Promise<void> {
    await signInLocally(page, 'cam');
    await page.goto('/cameo');
    await page.getByRole('link', { name: /^Enrol/ }).click();
    await page.waitForURL('**/cameo/enrol');
    const go = page.getByRole('button', { name: 'Go on to the camera' });
    expect(await go.isDisabled()).toBe(true);
    await page.getByLabel(/I agree that my face and voice/).check();
    await go.click();
  }

  test('challenge, recording, sending, checks: a picture without a face does not pass, and every check says why', async () => {
    const { page, context, problems } = await newVisitor(withCamera, { width: 'phone', bypassCSP: true });
    await context.grantPermissions(['camera', 'microphone']);
    await toCamera(page);
    await page.getByLabel('Your camera, mirrored').waitFor();
    await page.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0);
    expect(await violations(page), 'camera').toEqual([]);
    await page.getByRole('button', { name: 'Start recording' }).click();
    const prompts = new Set<string>();
    const send = page.getByRole('button', { name: 'Send for checking' });
    while (!(await send.isVisible())) {
      const words = await page
        .locator('.guide-words')
        .textContent({ timeout: 300 })
        .catch(() => '');
      if (words) prompts.add(words);
    }
    // Six digits are said one by one (a digit may come twice), and three turns with the front in between.
    const digits = [...prompts].filter((words) => /^Say \d$/.test(words));
    expect(digits.length).toBeGreaterThan(1);
    expect([...prompts].some((words) => /^(Turn your head|Lift your chin)/.test(words))).toBe(true);
    expect(prompts).toContain('And back to the front');
    expect(await violations(page), 'take').toEqual([]);
    await send.click();
    await page.getByRole('heading', { name: 'That did not pass' }).waitFor({ timeout: 180_000 });
    const checks = page.getByRole('list', { name: 'Checks' });
    expect(await checks.getByText('Did not pass').count()).toBeGreaterThan(0);
    expect(await checks.textContent()).toMatch(/face/i);
    expect(await violations(page), 'result').toEqual([]);
    // Another try is one tap away, with another challenge.
    await page.getByRole('button', { name: 'Try again with a new challenge' }).click();
    await page.getByRole('button', { name: 'Start recording' }).waitFor();
    await page.goto('/cameo');
    await page.getByRole('heading', { name: 'Be in the picture, on your terms' }).waitFor();
    // 401 before sign-in and 404 before enrolment are the browser's own lines about expected answers; nothing else may be red.
    expect(problems.filter((line) => !/status of 40[14]/.test(line))).toEqual([]);
    await context.close();
  });

  test('the camera is for the enrolment page alone', async () => {
    const { page, context } = await newVisitor(withCamera, { width: 'phone' });
    await context.grantPermissions(['camera', 'microphone']);
    await page.goto('/status');
    const refused = await page.evaluate(() =>
      navigator.mediaDevices.getUserMedia({ audio: true, video: true }).then(
        () => 'given',
        (error: Error) => error.name,
      ),
    );
    expect(refused).toBe('NotAllowedError');
    await context.close();
  });
});

test('no camera, or none allowed: said in words, and asking again is possible', async () => {
  const { page, context } = await newVisitor(browser, { width: 'phone', bypassCSP: true });
  await signInLocally(page, 'nocam');
  await page.goto('/cameo/enrol');
  await page.getByLabel(/I agree that my face and voice/).check();
  await page.getByRole('button', { name: 'Go on to the camera' }).click();
  await page
    .getByRole('heading', { name: /No camera or no microphone was found|were not allowed/ })
    .waitFor();
  await page.getByRole('button', { name: 'Ask again' }).waitFor();
  expect(await violations(page), 'no camera').toEqual([]);
  await context.close();
});
