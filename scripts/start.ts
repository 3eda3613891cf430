/**
 * `npm start`: one command from a fresh clone to a feed that plays. Everything runs on this machine; Ctrl-C stops everything.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seedDemo } from './demo/seed.ts';
import { startStack } from './local-stack.ts';
import { stopChildren, tailOf } from './processes.ts';
import { accent, bold, dim, formatSeconds, say, startStep } from './terminal.ts';

const root = join(import.meta.dirname, '..');
const state = join(root, '.wrangler/state');
const started = performance.now();

let stopping = false;
async function stop(code: number): Promise<never> {
  if (!stopping) {
    stopping = true;
    say(dim('\n  Stopping …'));
    await stopChildren();
  }
  process.exit(code);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));

say(`\n  ${bold('Kinora')} ${dim('short AI video, with consent')}\n`);
try {
  const stack = await startStack({
    root,
    state,
    port: Number(process.env.PORT ?? 8787),
    onStep: startStep,
  });
  for (const child of [stack.edge, stack.node]) {
    void child.exited.then((code) => {
      if (stopping) return;
      say(
        `\n  ${child.name} ended unexpectedly (${code}). The end of ${child.logFile}:\n${tailOf(child.logFile)}`,
      );
      void stop(1);
    });
  }
  // Once: a demo clip that somebody deleted stays deleted.
  const seeded = join(state, 'stamps/demo-library');
  if (!existsSync(seeded)) {
    await seedDemo({
      url: stack.url,
      onStep: startStep,
      onFirstClip: () => say(`  ${dim('The first clip plays already:')} ${accent(stack.url)}`),
    });
    writeFileSync(seeded, '');
  }
  say(`\n  Ready after ${formatSeconds((performance.now() - started) / 1000)}:  ${bold(accent(stack.url))}`);
  say(dim(`  API ${stack.url}/api/docs   Ctrl-C stops everything\n`));
} catch (error) {
  if (!stopping) {
    say(`\n  Could not start: ${error instanceof Error ? error.message : String(error)}\n`);
    await stop(1);
  }
}
