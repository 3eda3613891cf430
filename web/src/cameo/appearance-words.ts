/** How an appearance stands, in a word or two. Pure. */
import type { Appearance } from '#schemas/http/cameo.ts';

export interface AppearanceState {
  readonly label: string;
  readonly tone: 'good' | 'plain' | 'waiting' | 'stopped';
}

const jobs: Readonly<Record<Appearance['generationStatus'], AppearanceState>> = {
  queued: { label: 'waiting to be made', tone: 'plain' },
  running: { label: 'being made', tone: 'plain' },
  finishing: { label: 'being made', tone: 'plain' },
  ready: { label: 'draft', tone: 'plain' },
  failed: { label: 'not made', tone: 'stopped' },
  cancelled: { label: 'cancelled', tone: 'stopped' },
  quarantined: { label: 'held back', tone: 'stopped' },
};

export function appearanceState(
  item: Pick<Appearance, 'generationStatus' | 'clipStatus' | 'served' | 'review'>,
): AppearanceState {
  if (item.clipStatus === 'withdrawn') return { label: 'deleted', tone: 'stopped' };
  if (item.clipStatus !== null && !item.served) return { label: 'stopped', tone: 'stopped' };
  if (item.review !== null) return { label: 'waiting for you', tone: 'waiting' };
  if (item.clipStatus === 'published') return { label: 'published', tone: 'good' };
  if (item.clipStatus === 'draft') return { label: 'draft', tone: 'plain' };
  return jobs[item.generationStatus];
}

/**
 * One entry for each clip: a recast makes the same clip again, and what is said of its older version is said of the clip.
 * @param items newest first
 */
export function newestPerClip<T extends Pick<Appearance, 'clipId'>>(items: readonly T[]): readonly T[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    if (item.clipId === null) return true;
    if (seen.has(item.clipId)) return false;
    seen.add(item.clipId);
    return true;
  });
}
