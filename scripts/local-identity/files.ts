/**
 * Files that hold secrets. Invariant: a file is either the old one or the whole new one, readable by its owner only, and an
 * unchanged file is not touched, so watchers do not restart. Called by local-identity.ts.
 */
import { randomUUID } from 'node:crypto';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const ownerOnly = 0o600;

/** The file's text, or null if there is none. */
export async function readTextIfPresent(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Writes atomically with mode 0600. @returns whether anything changed */
export async function writeSecretFile(path: string, text: string): Promise<boolean> {
  if ((await readTextIfPresent(path)) === text) {
    await chmod(path, ownerOnly);
    return false;
  }
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = join(dirname(path), `.${basename(path)}.${randomUUID()}`);
  try {
    await writeFile(draft, text, { mode: ownerOnly, flag: 'wx' });
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
  return true;
}
