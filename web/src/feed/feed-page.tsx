/**
 * The feed: one clip a screen, the next one buffered, three videos mounted at most. Invariant: exactly the active slide is
 * reachable by keyboard and screen reader; the others are inert. The list itself lives in feed-store.ts.
 */

import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { FeedItem, FeedMode } from '#schemas/http/clips.ts';
import { sendSignal } from '../api/clips.ts';
import { useMedia, useTitle, wideQuery } from '../state/page.ts';
import { reducedMotion } from '../state/preferences.ts';
import { me } from '../state/session.ts';
import { Icon } from '../ui/icons.tsx';
import { FeedTabs } from '../ui/nav.tsx';
import { Loading } from '../ui/states.tsx';
import { FeedEmpty, FeedEnd, FeedFailed } from './feed-edges.tsx';
import { type FeedStore, feedOf } from './feed-store.ts';
import { openPanel, type PanelKind, PanelView } from './panels.tsx';
import { FeedSlide } from './slide.tsx';
import { useFeedKeys } from './use-feed-keys.ts';

function modeOf(path: string): FeedMode {
  return path === '/following' ? 'following' : path === '/recent' ? 'recent' : 'discover';
}

const titles = { discover: 'Kinora', following: 'Following', recent: 'Recent' } as const;

export default function FeedPage() {
  const { path } = useLocation();
  const mode = modeOf(path);
  useTitle(titles[mode]);
  const signedOut = mode === 'following' && me.value === null;
  return (
    <div class="feed">
      <h1 class="sr-only">{mode === 'discover' ? 'Discover clips' : titles[mode]}</h1>
      <FeedTabs />
      {signedOut ? (
        <FeedEmpty mode={mode} signedOut />
      ) : mode === 'following' && me.value === undefined ? (
        <Loading />
      ) : (
        <FeedList key={mode} store={feedOf(mode)} />
      )}
    </div>
  );
}

function FeedList({ store }: { store: FeedStore }) {
  const { entries, status, error } = store.state.value;
  const scroller = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState(store.index);
  const [playing, setPlaying] = useState(-1);
  const [panel, setPanel] = useState<PanelKind | null>(null);
  const wide = useMedia(wideQuery);
  const entry = entries[current];
  const last = entries.length + (status === 'end' && entries.length > 0 ? 1 : 0) - 1;

  useEffect(() => {
    if (status === 'idle') void store.loadMore();
  }, [store, status]);

  useEffect(() => {
    store.index = current;
    if (status === 'ready' && current >= entries.length - 3) void store.loadMore();
  }, [store, current, status, entries.length]);

  const scrollTo = useCallback((index: number, smooth = true) => {
    const box = scroller.current;
    box?.scrollTo({
      top: index * box.clientHeight,
      behavior: smooth && !reducedMotion() ? 'smooth' : 'instant',
    });
  }, []);

  // Coming back: stand where the viewer left, without a visible scroll.
  useEffect(() => {
    if (store.index > 0) scrollTo(store.index, false);
  }, [entries.length > 0]);

  useEffect(() => {
    const box = scroller.current;
    if (!box) return;
    let frame = 0;
    const onScroll = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() =>
        setCurrent(Math.round(box.scrollTop / Math.max(1, box.clientHeight))),
      );
    };
    box.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      cancelAnimationFrame(frame);
      box.removeEventListener('scroll', onScroll);
    };
  }, []);

  const shownId = entry?.item.id;
  const shownRequest = entry?.requestId;
  useEffect(() => {
    if (!shownId) return;
    const timer = setTimeout(() => sendSignal(shownId, 'impression', shownRequest), 1000);
    return () => clearTimeout(timer);
  }, [shownId, shownRequest]);

  const change = useCallback((item: FeedItem) => store.change(item.id, () => item), [store]);
  const open = useCallback(
    (kind: PanelKind) => {
      const item = store.state.peek().entries[current]?.item;
      if (!item) return;
      if (wide) setPanel((old) => (old === kind ? null : kind));
      else openPanel(kind, item, (count) => store.change(item.id, (old) => withComments(old, count)));
    },
    [store, current, wide],
  );
  const step = useCallback(
    (by: number) => scrollTo(Math.min(last, Math.max(0, current + by))),
    [scrollTo, current, last],
  );
  useFeedKeys({ clip: entry?.item ?? null, change, open, step });

  // Until the first clip plays, nothing else may compete with it for the wire.
  const settled = playing >= 0 || current > 0;
  const showPanel = wide && panel && entry;
  return (
    <div class={showPanel ? 'feed-body feed-with-panel' : 'feed-body'}>
      <div
        ref={scroller}
        class="feed-scroller"
        role="feed"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard.
        tabIndex={0}
        aria-label="Clips"
        aria-busy={status === 'loading'}
      >
        {entries.map(({ item, requestId }, index) => (
          <FeedSlide
            key={item.id}
            item={item}
            requestId={requestId}
            position={index}
            total={status === 'end' ? entries.length : -1}
            active={index === current}
            near={Math.abs(index - current) <= (settled ? 1 : 0)}
            drawn={Math.abs(index - current) <= (settled ? 2 : 0)}
            eager={index === current + 1 && playing === current}
            onPlaying={() => setPlaying(index)}
            onChange={change}
            onOpen={open}
            onGone={() => store.remove(item.id)}
          />
        ))}
        {status === 'end' && entries.length > 0 && (
          <FeedEnd active={current >= entries.length} onRestart={() => void store.restart()} />
        )}
        {status === 'end' && entries.length === 0 && <FeedEmpty mode={store.mode} signedOut={false} />}
        {status === 'failed' && error && <FeedFailed error={error} onRetry={() => void store.loadMore()} />}
        {(status === 'loading' || status === 'idle') && entries.length === 0 && (
          <div class="slide slide-edge">
            <Loading label="Loading clips" />
          </div>
        )}
      </div>
      <p class="sr-only" aria-live="polite">
        {entry
          ? `Clip ${current + 1}, by ${entry.item.owner.handle}: ${entry.item.caption || entry.item.summary}`
          : ''}
      </p>
      <div class="feed-steps">
        <button
          type="button"
          class="round-button"
          aria-label="Previous clip"
          disabled={current === 0}
          onClick={() => step(-1)}
        >
          <Icon name="up" />
        </button>
        <button
          type="button"
          class="round-button"
          aria-label="Next clip"
          disabled={current >= last}
          onClick={() => step(1)}
        >
          <Icon name="down" />
        </button>
      </div>
      {showPanel && (
        <PanelView
          key={`${panel}-${entry.item.id}`}
          kind={panel}
          clip={entry.item}
          onClose={() => setPanel(null)}
          onCount={(count) => store.change(entry.item.id, (old) => withComments(old, count))}
        />
      )}
    </div>
  );
}

function withComments(item: FeedItem, comments: number): FeedItem {
  return { ...item, counts: { ...item.counts, comments } };
}
