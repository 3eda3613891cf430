/** The actions of a clip, one column. Every control has a name; counts are part of it. */
import type { FeedItem } from '#schemas/http/clips.ts';
import { sendSignal } from '../api/clips.ts';
import { openOverlay, toast } from '../state/overlay.ts';
import { me } from '../state/session.ts';
import { Avatar } from '../ui/avatar.tsx';
import { formatCount } from '../ui/format.ts';
import { Icon } from '../ui/icons.tsx';
import { shareClip, toggleFollow, toggleLike } from './actions.ts';
import { removeEverywhere } from './feed-store.ts';
import type { PanelKind } from './panels.tsx';

interface ActionRailProps {
  readonly item: FeedItem;
  readonly requestId: string;
  readonly onChange: (item: FeedItem) => void;
  readonly onOpen: (kind: PanelKind) => void;
  readonly onGone: () => void;
}

export function ActionRail({ item, requestId, onChange, onOpen, onGone }: ActionRailProps) {
  const { owner, viewer, counts } = item;
  const mine = viewer.isOwner || me.value?.account.id === owner.id;
  const follows = viewer.followsOwner;
  return (
    <div class="rail">
      <div class="rail-author">
        <a href={`/@${owner.handle}`} aria-label={`Profile of ${owner.handle}`}>
          <Avatar handle={owner.handle} />
        </a>
        {!mine && (
          <button
            type="button"
            class={follows ? 'follow-badge follow-badge-on' : 'follow-badge'}
            aria-pressed={follows}
            aria-label={follows ? `Following ${owner.handle}. Unfollow` : `Follow ${owner.handle}`}
            onClick={() =>
              void toggleFollow(owner.handle, follows, (flag) =>
                onChange({ ...item, viewer: { ...viewer, followsOwner: flag } }),
              )
            }
          >
            <Icon name={follows ? 'check' : 'plus'} />
          </button>
        )}
      </div>
      <button
        type="button"
        class={viewer.liked ? 'rail-button rail-liked' : 'rail-button'}
        aria-pressed={viewer.liked}
        aria-label={`Like, ${formatCount(counts.likes)} so far`}
        onClick={() => void toggleLike(item, (clip) => onChange({ ...item, ...clip }))}
      >
        <Icon name="heart" filled={viewer.liked} />
        <span>{formatCount(counts.likes)}</span>
      </button>
      <button
        type="button"
        class="rail-button"
        aria-label={`Comments, ${formatCount(counts.comments)}`}
        onClick={() => onOpen('comments')}
      >
        <Icon name="comment" />
        <span>{formatCount(counts.comments)}</span>
      </button>
      {item.remixable && (
        <a
          class="rail-button"
          href={`/create?remix=${item.id}`}
          aria-label={`Remix, ${formatCount(counts.remixes)} so far`}
          onClick={() => sendSignal(item.id, 'open-composer', requestId)}
        >
          <Icon name="remix" />
          <span>{formatCount(counts.remixes)}</span>
        </a>
      )}
      <button
        type="button"
        class="rail-button"
        aria-label="Share"
        onClick={() => void shareClip(item, requestId)}
      >
        <Icon name="share" />
        <span aria-hidden="true">Share</span>
      </button>
      <button
        type="button"
        class="rail-button"
        aria-label="More"
        aria-haspopup="dialog"
        onClick={() => void openMore(item, requestId, onGone)}
      >
        <Icon name="more" />
      </button>
    </div>
  );
}

async function openMore(item: FeedItem, requestId: string, onGone: () => void): Promise<void> {
  const { MoreMenu } = await import('./more-menu.tsx');
  openOverlay((close) => (
    <MoreMenu
      item={item}
      onClose={close}
      onSeeLess={() => {
        sendSignal(item.id, 'see-less', requestId);
        onGone();
        toast('Noted. You will see less like this.');
      }}
      onDeleted={() => removeEverywhere(item.id)}
    />
  ));
}
