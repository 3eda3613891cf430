/** One screen of the feed: the stage with the clip, what it says about itself, and the actions beside it. */
import { useState } from 'preact/hooks';
import type { FeedItem } from '#schemas/http/clips.ts';
import { sendSignal } from '../api/clips.ts';
import { peopleIn } from '../clip/people-in.ts';
import { Player, SoundButton } from '../player/player.tsx';
import { labelName } from '../ui/format.ts';
import { CredentialsPin } from '../ui/icons.tsx';
import { ActionRail } from './action-rail.tsx';
import type { PanelKind } from './panels.tsx';

interface FeedSlideProps {
  readonly item: FeedItem;
  readonly requestId: string;
  readonly position: number;
  /** Length of the list if known, else -1 (WAI-ARIA: unknown). */
  readonly total: number;
  readonly active: boolean;
  /** Next to the viewer: its video exists. */
  readonly near: boolean;
  /** Close enough that its poster and text exist. */
  readonly drawn: boolean;
  readonly eager: boolean;
  readonly onPlaying: () => void;
  readonly onChange: (item: FeedItem) => void;
  readonly onOpen: (kind: PanelKind) => void;
  readonly onGone: () => void;
}

export function FeedSlide(props: FeedSlideProps) {
  const { item, active, requestId } = props;
  return (
    <article
      inert={!active}
      class={item.size === '1280x720' ? 'slide slide-landscape' : 'slide'}
      aria-posinset={props.position + 1}
      aria-setsize={props.total}
      aria-label={`Clip by ${item.owner.handle}`}
      style={{ '--clip': item.color }}
    >
      {props.drawn && (
        <>
          <div class="stage" style={{ backgroundColor: item.color }}>
            <Player
              clip={item}
              active={active}
              mounted={props.near}
              eager={props.eager}
              priority={props.position === 0}
              onPlaying={props.onPlaying}
              onView={() => sendSignal(item.id, 'view', requestId)}
              onFinish={() => sendSignal(item.id, 'finish', requestId)}
            />
            <div class="stage-top">
              <SoundButton hasCaptions={item.media.captions !== null} />
              <button
                type="button"
                class="pin-button"
                aria-label="Content Credentials: about this video"
                onClick={() => props.onOpen('about')}
              >
                <CredentialsPin />
              </button>
            </div>
            <SlideText item={item} />
          </div>
          <ActionRail
            item={item}
            requestId={requestId}
            onChange={props.onChange}
            onOpen={props.onOpen}
            onGone={props.onGone}
          />
        </>
      )}
    </article>
  );
}

/** Who is in it, in one chip; the panel "About this video" lists everybody with how they were verified. */
function CastChip({ cast }: { cast: FeedItem['cast'] }) {
  const people = peopleIn(cast);
  const first = people[0];
  if (!first) return null;
  return (
    <span class="chip chip-glass">
      with @{first.account.handle}
      {people.length > 1 && ` +${people.length - 1}`}
      {people.some((who) => who.verification === 'demo') && ' · demo'}
    </span>
  );
}

function SlideText({ item }: { item: FeedItem }) {
  const [open, setOpen] = useState(false);
  const caption = item.caption || item.summary;
  return (
    <div class="stage-text">
      <p class="stage-author">
        <a href={`/@${item.owner.handle}`}>@{item.owner.handle}</a>
        {item.owner.demo && <span class="chip chip-glass">demo</span>}
      </p>
      {caption && (
        <p class={open ? 'stage-caption stage-caption-open' : 'stage-caption'}>
          {caption}
          {caption.length > 110 && (
            <button type="button" class="link-button" aria-expanded={open} onClick={() => setOpen(!open)}>
              {open ? 'less' : 'more'}
            </button>
          )}
        </p>
      )}
      <p class="stage-chips">
        <span class="chip chip-glass">{labelName(item.label)}</span>
        <CastChip cast={item.cast} />
        {item.parent && (
          <a class="chip chip-glass" href={`/clip/${item.parent.id}`}>
            Remix of @{item.parent.handle}
          </a>
        )}
      </p>
    </div>
  );
}
