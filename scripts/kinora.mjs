#!/usr/bin/env node
/**
 * `npx kinora …`: starts kinora.ts with a Node that reads TypeScript, which is the one among the packages where the caller's own is older than
 * 22.18. Plain JavaScript, so that any Node can run it.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const able = major > 22 || (major === 22 && minor >= 18);
const node = able
  ? process.execPath
  : join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin/node');
const { status, signal, error } = spawnSync(
  node,
  [fileURLToPath(new URL('./kinora.ts', import.meta.url)), ...process.argv.slice(2)],
  { stdio: 'inherit' },
);
if (error) throw error;
if (signal) process.kill(process.pid, signal);
process.exit(status ?? 1);
