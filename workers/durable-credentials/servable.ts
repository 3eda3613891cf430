/**
 * Which clips the public may hear of when a tool asks for their manifests. Invariants: drafts and private clips are not mentioned at all; one that
 * consent has stopped is mentioned and not served; the gate is asked every time. Called by the Soft Binding Resolution routes.
 */
import { askGate } from '#durable-objects/consent/gate.ts';
import type { Region } from '#schemas/consent.ts';
import type { Id } from '#schemas/ids.ts';
import { canSee } from '../store/core/visibility.ts';

/** `stopped`: it was public, and consent for it was withdrawn or it was deleted. */
export type Standing = 'served' | 'stopped' | 'hidden';

/** @throws ConsentUnavailableError if the gate cannot be asked */
export async function standingOf(env: Env, region: Region, clipId: Id<'clip'>): Promise<Standing> {
  const read = await env.CLIP.getByName(clipId).read();
  if (!read.ok) return 'hidden';
  const clip = read.value;
  // What it was before it was withdrawn: a clip that nobody but its owner ever saw is not news.
  if (clip.status === 'withdrawn') return clip.visibility === 'private' ? 'hidden' : 'stopped';
  if (!canSee(clip, null)) return 'hidden';
  const { allowed } = await askGate(env, region, clip.keys, 'serve');
  return allowed ? 'served' : 'stopped';
}
