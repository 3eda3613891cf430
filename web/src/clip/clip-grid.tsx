/** Posters in a grid, each a link to its clip. Boxes have their size and colour before the posters arrive. */
import type { Clip } from '#schemas/http/clips.ts';
import { formatClock, formatCount } from '../ui/format.ts';
import { Icon } from '../ui/icons.tsx';

interface ClipGridProps {
  readonly clips: readonly Clip[];
  readonly compact?: boolean;
  /** Where a poster leads; the clip page unless told otherwise. */
  readonly hrefOf?: (clip: Clip) => string;
}

export function ClipGrid({ clips, compact = false, hrefOf = (clip) => `/clip/${clip.id}` }: ClipGridProps) {
  return (
    <ul class={compact ? 'grid grid-compact' : 'grid'}>
      {clips.map((clip) => (
        <li key={clip.id}>
          <a class="tile" href={hrefOf(clip)} style={{ backgroundColor: clip.color }}>
            <img src={clip.media.poster} alt="" loading="lazy" decoding="async" />
            <span class="sr-only">
              {clip.caption || clip.summary || 'Untitled clip'}, by {clip.owner.handle}
            </span>
            <span class="tile-foot" aria-hidden="true">
              {clip.status === 'draft' ? (
                <span>Draft</span>
              ) : (
                <span class="with-icon">
                  <Icon name="heart" /> {formatCount(clip.counts.likes)}
                </span>
              )}
              <span>{formatClock(clip.durationMs / 1000)}</span>
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}
