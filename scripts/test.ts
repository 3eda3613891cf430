/**
 * `npm test`: every test that can run here, and a last line a person can read. Browser tests run when Debian's Chromium is found and
 * are named when they are not. `npm run test:e2e` runs them alone and fails without a browser.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { findChromium } from '../test/support/browser.ts';
import { ensureLocalIdentity } from './local-identity.ts';
import { buildWebApp } from './local-stack.ts';
import { say } from './terminal.ts';

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
  /** Names of what failed, so that the end of a long log says it. */
  readonly broken: string[];
}

const root = join(import.meta.dirname, '..');
const reports = mkdtempSync(join(tmpdir(), 'kinora-tests-'));

/** Runs some of vitest's projects and adds up what came out. A run that breaks down counts as a failure. */
function runProjects(projects: readonly string[], total: Counts): void {
  const outputFile = join(reports, `${projects.join('-')}.json`);
  const { status } = spawnSync(
    join(root, 'node_modules/.bin/vitest'),
    [
      'run',
      ...projects.flatMap((name) => ['--project', name]),
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${outputFile}`,
    ],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, WRANGLER_SEND_METRICS: 'false', CLOUDFLARE_CF_FETCH_ENABLED: 'false' },
    },
  );
  let report: {
    numPassedTests: number;
    numFailedTests: number;
    numPendingTests: number;
    numTodoTests: number;
    testResults: { name: string; status: string; assertionResults: { fullName: string; status: string }[] }[];
  };
  try {
    report = JSON.parse(readFileSync(outputFile, 'utf8'));
  } catch {
    total.failed += 1;
    total.broken.push(`${projects.join(', ')}: ended without a report`);
    return;
  }
  for (const file of report.testResults) {
    const failed = file.assertionResults.filter((test) => test.status === 'failed');
    const path = relative(root, file.name);
    total.broken.push(...failed.map((test) => `${path}: ${test.fullName}`));
    if (failed.length === 0 && file.status === 'failed') total.broken.push(`${path}: could not be run`);
  }
  total.passed += report.numPassedTests;
  total.failed += report.numFailedTests;
  total.skipped += report.numPendingTests + report.numTodoTests;
  if (status !== 0 && report.numFailedTests === 0) total.failed += 1;
}

const onlyBrowser = process.argv[2] === 'e2e';
const browser = findChromium();
const total: Counts = { passed: 0, failed: 0, skipped: 0, broken: [] };

try {
  await ensureLocalIdentity(root);
  await buildWebApp(root);
  if (!onlyBrowser) {
    runProjects(['node', 'property', 'workerd', 'provenance'], total);
    runProjects(['fault'], total);
  }
  if (browser !== null) runProjects(['e2e'], total);
  else if (onlyBrowser) {
    say('No Chromium was found. Install it (Debian: apt-get install chromium) or name it in CHROMIUM_PATH.');
    total.failed += 1;
  }
} finally {
  rmSync(reports, { recursive: true });
}

say();
if (browser === null && !onlyBrowser)
  say('Browser tests were skipped: no Chromium was found (Debian: apt-get install chromium).');
for (const name of total.broken) say(`failed: ${name}`);
say(`tests: ${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed === 0 ? 0 : 1);
