/**
 * The command line. Invariant: it prints what it found and ends with a code that scripts can go by; it asks the network for nothing unless it is
 * told to. Started by kinora.mjs (`npx kinora`).
 */
import { usage, verifyCommand } from './verify-file.ts';

const [command, ...rest] = process.argv.slice(2);
if (command === 'verify') {
  process.exitCode = await verifyCommand(rest, {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    colour: process.stdout.isTTY === true && process.env.NO_COLOR === undefined,
    progress: process.stderr.isTTY === true,
  });
} else {
  const asked = command === undefined || command === 'help' || command === '--help' || command === '-h';
  (asked ? process.stdout : process.stderr).write(
    asked ? usage : `There is no command "${command}".\n\n${usage}`,
  );
  process.exitCode = asked ? 0 : 64;
}
