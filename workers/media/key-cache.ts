/**
 * Consent keys of clips this isolate has served, so that the gate can be asked before the clip has answered. A recast gives a clip other
 * keys: what was asked of remembered ones counts only if the clip still names the same (serve-media.ts). Whether they are denied is asked
 * every time.
 */
import type { ConsentKey } from '#schemas/consent.ts';
import type { Id } from '#schemas/ids.ts';

const limit = 10_000;
const cache = new Map<Id<'clip'>, readonly ConsentKey[]>();

export function keysOf(clipId: Id<'clip'>): readonly ConsentKey[] | null {
  return cache.get(clipId) ?? null;
}

export function rememberKeys(clipId: Id<'clip'>, keys: readonly ConsentKey[]): void {
  if (cache.size >= limit && !cache.has(clipId)) {
    // Maps keep insertion order: the first key is the oldest.
    const oldest = cache.keys().next();
    if (!oldest.done) cache.delete(oldest.value);
  }
  cache.set(clipId, keys);
}
