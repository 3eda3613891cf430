/**
 * The three feeds as they were left: coming back from a clip page finds the same clips at the same place. Invariant: no clip
 * appears twice in one list, and only one page is being loaded per list. Called by the feed page only.
 */
import { signal } from '@preact/signals';
import type { Clip, FeedItem, FeedMode } from '#schemas/http/clips.ts';
import { type ApiError, asApiError } from '../api/client.ts';
import { getFeed } from '../api/clips.ts';

/** A clip and the ranking request that brought it, named in every signal about it. */
export interface FeedEntry {
  readonly item: FeedItem;
  readonly requestId: string;
}

export interface FeedState {
  readonly entries: readonly FeedEntry[];
  readonly cursor: string | null;
  readonly status: 'idle' | 'loading' | 'ready' | 'end' | 'failed';
  readonly error: ApiError | null;
}

const initial: FeedState = { entries: [], cursor: null, status: 'idle', error: null };

/** Adds a page without repeating what is there. */
export function appendPage(
  entries: readonly FeedEntry[],
  page: { items: readonly FeedItem[]; requestId: string },
): readonly FeedEntry[] {
  const known = new Set(entries.map((entry) => entry.item.id));
  const fresh = page.items.filter((item) => !known.has(item.id) && known.add(item.id));
  return [...entries, ...fresh.map((item) => ({ item, requestId: page.requestId }))];
}

function createFeed(mode: FeedMode) {
  const state = signal<FeedState>(initial);
  let index = 0;
  let turn = 0;

  async function loadMore(): Promise<void> {
    const { status, cursor } = state.value;
    if (status === 'loading' || status === 'end') return;
    const mine = ++turn;
    state.value = { ...state.value, status: 'loading', error: null };
    try {
      const page = await getFeed(mode, cursor);
      if (mine !== turn) return;
      const entries = appendPage(state.value.entries, page);
      // A page of nothing new with a cursor would ask for ever.
      const end = page.nextCursor === null || entries.length === state.value.entries.length;
      state.value = { entries, cursor: page.nextCursor, status: end ? 'end' : 'ready', error: null };
    } catch (error) {
      if (mine !== turn) return;
      const failure = asApiError(error);
      state.value = {
        ...state.value,
        cursor: failure.code === 'cursor_invalid' ? null : cursor,
        status: 'failed',
        error: failure,
      };
    }
  }

  return {
    mode,
    state,
    loadMore,
    /** The clip in front of the viewer, kept across visits. */
    get index() {
      return index;
    },
    set index(value: number) {
      index = value;
    },
    restart(): Promise<void> {
      turn++;
      index = 0;
      state.value = initial;
      return loadMore();
    },
    change(id: string, change: (clip: FeedItem) => FeedItem): void {
      state.value = {
        ...state.value,
        entries: state.value.entries.map((entry) =>
          entry.item.id === id ? { ...entry, item: change(entry.item) } : entry,
        ),
      };
    },
    remove(id: string): void {
      state.value = { ...state.value, entries: state.value.entries.filter((entry) => entry.item.id !== id) };
    },
  };
}

export type FeedStore = ReturnType<typeof createFeed>;

const stores: Record<FeedMode, FeedStore> = {
  discover: createFeed('discover'),
  following: createFeed('following'),
  recent: createFeed('recent'),
};

export const feedOf = (mode: FeedMode): FeedStore => stores[mode];

/** Carries a change of one clip (a like, a deletion) into every list that shows it. */
export function changeEverywhere(id: string, change: (clip: FeedItem) => FeedItem): void {
  for (const store of Object.values(stores)) store.change(id, change);
}

/** Follow state belongs to the owner: every clip of that account changes. */
export function setFollowedEverywhere(handle: string, followed: boolean): void {
  for (const store of Object.values(stores)) {
    for (const { item } of store.state.value.entries) {
      if (item.owner.handle !== handle) continue;
      store.change(item.id, (clip) => ({ ...clip, viewer: { ...clip.viewer, followsOwner: followed } }));
    }
  }
}

export function removeEverywhere(id: string): void {
  for (const store of Object.values(stores)) store.remove(id);
}

/** After signing in or out, and after publishing, what was loaded is somebody else's view. */
export function forgetFeeds(): void {
  for (const store of Object.values(stores)) {
    store.index = 0;
    store.state.value = initial;
  }
}

/** Merges a like answer into a clip. */
export function withLike<T extends Clip>(clip: T, liked: boolean, likes: number): T {
  return { ...clip, counts: { ...clip.counts, likes }, viewer: { ...clip.viewer, liked } };
}
