/**
 * The files of what is erased, in R2. Invariant: everything under the prefixes that belong to it is found, known by name or not; it is
 * called erased only when a listing afterwards is empty. Called by the erasure workflow.
 */

import { clipIdOf, type EraseParams } from '#durable-objects/shared/erasure.ts';
import type { Id } from '#schemas/ids.ts';
import { counted, type StoreAnswer } from './core/receipt.ts';
import { inChunks } from './in-chunks.ts';

/** R2 deletes at most this many keys per call. */
const deleteLimit = 1_000;

type MediaEnv = Pick<Env, 'MEDIA' | 'CAMEO'>;

/** What belongs to the subject alone; nothing once a likeness was enrolled again: what is there then is the new one's. */
async function ownPrefixes(env: MediaEnv, { subject, ownerId }: EraseParams): Promise<string[]> {
  if (clipIdOf(subject) !== null) return [`media/${subject}/`];
  return (await isEnrolledAgain(env, ownerId)) ? [] : [`likeness/${subject}/`];
}

/** Whether the owner of an erased likeness has enrolled another one since. */
export async function isEnrolledAgain(env: Pick<Env, 'CAMEO'>, ownerId: Id<'acc'>): Promise<boolean> {
  const cameo = await env.CAMEO.getByName(ownerId).read();
  return cameo.ok && cameo.value.status === 'enrolled';
}

/** What a job left in quarantine. */
const jobPrefix = (generationId: string): string => `quarantine/${generationId}/`;

async function keysBelow(env: MediaEnv, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  let cursor: string | undefined;
  do {
    const listed: R2Objects = await env.MEDIA.list({ prefix, ...(cursor === undefined ? {} : { cursor }) });
    keys.push(...listed.objects.map(({ key }) => key));
    cursor = listed.truncated ? listed.cursor : undefined;
  } while (cursor !== undefined);
  return keys;
}

/** Keys of everything there is, and of everything that is known to have been there. */
export async function findObjects(env: MediaEnv, params: EraseParams): Promise<string[]> {
  const prefixes = [...(await ownPrefixes(env, params)), ...params.generationIds.map(jobPrefix)];
  const found = await inChunks(prefixes, (prefix) => keysBelow(env, prefix));
  return [...new Set([...params.objectKeys, ...found.flat()])];
}

/** @throws Error when something is there again: the step is repeated */
export async function eraseObjects(
  env: MediaEnv,
  params: EraseParams,
  keys: readonly string[],
): Promise<StoreAnswer> {
  for (let from = 0; from < keys.length; from += deleteLimit) {
    await env.MEDIA.delete(keys.slice(from, from + deleteLimit));
  }
  const used = params.generationIds
    .map(jobPrefix)
    .filter((prefix) => keys.some((key) => key.startsWith(prefix)));
  const left = await inChunks([...(await ownPrefixes(env, params)), ...used], (prefix) =>
    keysBelow(env, prefix),
  );
  if (left.flat().length > 0) throw new Error(`${left.flat().length} objects are left`);
  if (keys.length === 0) return { status: 'none', items: 0, detail: 'There were no files.' };
  return {
    status: 'erased',
    items: keys.length,
    detail: `${counted(keys.length, 'file')}: ${kindsOf(keys)}.`,
  };
}

/** The last part of every key, each once: names of kinds of files, nothing about anybody. */
function kindsOf(keys: readonly string[]): string {
  return [...new Set(keys.map((key) => key.split('/').at(-1) ?? key))].sort().join(', ');
}
