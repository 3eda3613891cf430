/** `npm run check`: exactly what CI runs. Stops at the first thing that is wrong. */
import { spawnSync } from 'node:child_process';
import { say } from './terminal.ts';

const steps = [
  ['lint and format', 'npm', ['run', '--silent', 'lint']],
  ['types', 'npm', ['run', '--silent', 'types']],
  ['generated files', 'npm', ['run', '--silent', 'generate', '--', '--check']],
  ['tests', 'npm', ['test', '--silent']],
] as const;

for (const [name, command, args] of steps) {
  say(`\n› ${name}`);
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) {
    say(`\n${name} failed.`);
    process.exit(status ?? 1);
  }
}
