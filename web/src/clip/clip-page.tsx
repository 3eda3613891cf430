/** One clip by itself: the stage, its words and actions, where it comes from, what was made from it, and its comments. */

import { useEffect } from 'preact/hooks';
import { useRoute } from 'preact-iso';
import type { Clip, FeedItem } from '#schemas/http/clips.ts';
import { AboutVideo } from '../about/about-video.tsx';
import { asApiError } from '../api/client.ts';
import { getClip, getLineage, lockClip } from '../api/clips.ts';
import { ActionRail } from '../feed/action-rail.tsx';
import { Comments } from '../feed/comments.tsx';
import { toggleActivePlayer } from '../player/active.ts';
import { Player, SoundButton } from '../player/player.tsx';
import { arrivals } from '../state/inbox.ts';
import { overlays, toast } from '../state/overlay.ts';
import { navigate, useTitle } from '../state/page.ts';
import { useLoad } from '../state/use-load.ts';
import { formatAgo, labelName } from '../ui/format.ts';
import { CredentialsPin, Icon } from '../ui/icons.tsx';
import { EmptyState, ErrorNote, Loading } from '../ui/states.tsx';
import { ClipGrid } from './clip-grid.tsx';
import { CoOwnerTools } from './co-owner-tools.tsx';
import { openDelete } from './open-delete.tsx';
import { RecastTools } from './recast-tools.tsx';
import { StoppedClip } from './stopped.tsx';
import '../styles/clip.css';

export default function ClipPage() {
  const { params } = useRoute();
  const id = params.id ?? '';
  const { data, error, reload, set } = useLoad(`clip ${id}`, () => getClip(id));
  const turn = arrivals.value;
  // A notice may be about this very clip: a maker who is looking at it sees it stop. Not under an open dialog, which may be its cause.
  useEffect(() => {
    if (turn > 0 && overlays.peek().length === 0) reload();
  }, [turn, reload]);
  useTitle(data ? data.caption || `A clip by @${data.owner.handle}` : 'Clip');
  useEffect(() => {
    if (data?.status === 'draft' && data.viewer.isOwner) navigate(`/publish/${data.id}`, true);
  }, [data]);
  if (error?.status === 410 || error?.code === 'consent_denied') return <StoppedClip id={id} />;
  if (error?.status === 404 || error?.status === 400) {
    return (
      <div class="page">
        <EmptyState
          whole
          title="There is no such clip"
          action={
            <a class="button" href="/">
              Watch others
            </a>
          }
        >
          The link may be mistyped, or the clip is private.
        </EmptyState>
      </div>
    );
  }
  if (error) {
    return (
      <div class="page">
        <ErrorNote error={error} onRetry={reload} />
      </div>
    );
  }
  return data ? <ClipView clip={data} onChange={set} /> : <Loading />;
}

function ClipView({ clip, onChange }: { clip: Clip; onChange: (clip: Clip) => void }) {
  const item: FeedItem = { ...clip, why: 'You opened this clip by its link.' };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== ' ' || event.target !== document.body || overlays.peek().length > 0) return;
      event.preventDefault();
      toggleActivePlayer();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return (
    <div class={clip.size === '1280x720' ? 'clip-page clip-landscape' : 'clip-page'}>
      <div class="clip-stage">
        <div class="stage" style={{ backgroundColor: clip.color }}>
          <Player clip={clip} active mounted eager priority />
          <div class="stage-top">
            <SoundButton hasCaptions={clip.media.captions !== null} />
            <a class="pin-button" href="#about" aria-label="Content Credentials: about this video">
              <CredentialsPin />
            </a>
          </div>
        </div>
        <ActionRail
          item={item}
          requestId="clip-page"
          onChange={onChange}
          onOpen={(kind) => document.getElementById(kind)?.scrollIntoView({ block: 'start' })}
          onGone={() => navigate('/')}
        />
      </div>
      <div class="clip-side">
        <header class="clip-head">
          <p class="clip-by">
            <a href={`/@${clip.owner.handle}`}>@{clip.owner.handle}</a>
            <span class="fine">{formatAgo(clip.publishedAt ?? clip.createdAt, Date.now())}</span>
          </p>
          <h1>{clip.caption || clip.summary || 'Untitled clip'}</h1>
          <p class="chips">
            <span class="chip">{labelName(clip.label)}</span>
            {clip.visibility !== 'public' && <span class="chip">{clip.visibility}</span>}
            {clip.parent && (
              <a class="chip" href={`/clip/${clip.parent.id}`}>
                Remix of @{clip.parent.handle}
              </a>
            )}
          </p>
          {clip.viewer.isOwner && <OwnerTools clip={clip} onChange={onChange} />}
          {clip.viewer.isOwner && <RecastTools clip={clip} />}
          {clip.viewer.isCoOwner && !clip.viewer.isOwner && <CoOwnerTools clip={clip} onChange={onChange} />}
        </header>
        <section id="about" aria-labelledby="about-title">
          <h2 id="about-title">About this video</h2>
          <AboutVideo clip={clip} />
        </section>
        <Lineage clip={clip} />
        <section id="comments" aria-labelledby="comments-title">
          <h2 id="comments-title">Comments</h2>
          <Comments
            clip={clip}
            onCount={(comments) => onChange({ ...clip, counts: { ...clip.counts, comments } })}
          />
        </section>
      </div>
    </div>
  );
}

function OwnerTools({ clip, onChange }: { clip: Clip; onChange: (clip: Clip) => void }) {
  const toggleLock = async () => {
    try {
      onChange(await lockClip(clip.id, !clip.locked));
      toast(
        clip.locked ? 'Unlocked: others may remix it again.' : 'Locked: nobody can remix or download it.',
      );
    } catch (error) {
      toast(asApiError(error).message, { tone: 'bad' });
    }
  };
  return (
    <div class="button-row button-row-start">
      <button
        type="button"
        class="button button-small"
        aria-pressed={clip.locked}
        onClick={() => void toggleLock()}
      >
        <Icon name="lock" /> {clip.locked ? 'Unlock' : 'Lock'}
      </button>
      <button
        type="button"
        class="button button-small"
        onClick={() => void openDelete(clip, () => navigate('/'))}
      >
        <Icon name="trash" /> Delete
      </button>
    </div>
  );
}

function Lineage({ clip }: { clip: Clip }) {
  const { data } = useLoad(`lineage ${clip.id}`, () => getLineage(clip.id));
  if (!data || data.ancestors.length + data.remixes.length === 0) return null;
  return (
    <section aria-labelledby="lineage-title">
      <h2 id="lineage-title">Lineage</h2>
      {data.ancestors.length > 0 && (
        <>
          <h3 class="minor">Made from</h3>
          <ClipGrid clips={data.ancestors} compact />
        </>
      )}
      {data.remixes.length > 0 && (
        <>
          <h3 class="minor">Remixes</h3>
          <ClipGrid clips={data.remixes} compact />
        </>
      )}
    </section>
  );
}
