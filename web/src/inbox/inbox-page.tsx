/** What happened to me and my likeness (K-14), newest first, live. Opening an item reads it. */
import { useEffect, useState } from 'preact/hooks';
import type { InboxItem } from '#schemas/http/inbox.ts';
import { asApiError } from '../api/client.ts';
import { listInbox, markRead } from '../api/inbox.ts';
import { SignedIn } from '../auth/signed-in.tsx';
import { arrivals, unread } from '../state/inbox.ts';
import { toast } from '../state/overlay.ts';
import { useTitle } from '../state/page.ts';
import { usePages } from '../state/use-load.ts';
import { formatAgo } from '../ui/format.ts';
import { Icon } from '../ui/icons.tsx';
import { EmptyState, ErrorNote, Loading } from '../ui/states.tsx';
import { kinds, placeOf } from './inbox-words.ts';
import '../styles/inbox.css';

export default function InboxPage() {
  useTitle('Inbox');
  return (
    <SignedIn
      title="Your inbox"
      purpose="read your inbox"
      why="Whoever casts you, you learn of it here as it happens. Sign in to read it."
    >
      {(me) => <Inbox key={me.account.id} />}
    </SignedIn>
  );
}

function Inbox() {
  const pages = usePages<InboxItem>('inbox', async (cursor) => {
    const page = await listInbox(cursor);
    unread.value = page.unread;
    return page;
  });
  const [busy, setBusy] = useState(false);
  const turn = arrivals.value;
  // What is new is put on top; what is on the screen keeps its place.
  useEffect(() => {
    if (turn === 0) return;
    let current = true;
    listInbox(null).then(
      (page) => {
        if (!current) return;
        unread.value = page.unread;
        pages.setItems((old) => {
          const known = new Set(old.map((item) => item.id));
          return [...page.items.filter((item) => !known.has(item.id)), ...old];
        });
      },
      () => {},
    );
    return () => {
      current = false;
    };
  }, [turn]);
  const read = (ids: 'all' | readonly string[]) => {
    const now = new Date().toISOString();
    pages.setItems((old) =>
      old.map((item) =>
        ids === 'all' || ids.includes(item.id) ? { ...item, readAt: item.readAt ?? now } : item,
      ),
    );
    return markRead(ids).then((answer) => {
      unread.value = answer.unread;
    });
  };
  const readAll = async () => {
    setBusy(true);
    try {
      await read('all');
    } catch (error) {
      toast(asApiError(error).message, { tone: 'bad' });
    } finally {
      setBusy(false);
    }
  };
  const empty = !pages.loading && !pages.error && pages.items.length === 0;
  return (
    <div class="page inbox">
      <header class="page-head inbox-head">
        <h1>Inbox</h1>
        {unread.value > 0 && (
          <button type="button" class="button button-small" disabled={busy} onClick={() => void readAll()}>
            <Icon name="check" /> Mark all read
          </button>
        )}
      </header>
      {pages.items.length > 0 && (
        <ul class="inbox-list" aria-label="Notices, newest first">
          {pages.items.map((item) => (
            <Notice key={item.id} item={item} onRead={() => void read([item.id]).catch(() => {})} />
          ))}
        </ul>
      )}
      {pages.loading && <Loading label="Loading your inbox" />}
      {pages.error && <ErrorNote error={pages.error} onRetry={pages.more} />}
      {empty && (
        <EmptyState
          title="Nothing yet"
          action={
            <a class="button" href="/cameo">
              Your likeness
            </a>
          }
        >
          If somebody casts you, asks you, or stops a clip you are in, it is here at once.
        </EmptyState>
      )}
      {pages.hasMore && !pages.loading && (
        <div class="button-row">
          <button type="button" class="button" onClick={pages.more}>
            Earlier
          </button>
        </div>
      )}
    </div>
  );
}

function Notice({ item, onRead }: { item: InboxItem; onRead: () => void }) {
  const [icon, tone] = kinds[item.kind];
  return (
    <li>
      <a
        class={item.readAt ? 'notice' : 'notice notice-new'}
        href={placeOf(item)}
        onClick={item.readAt ? undefined : onRead}
      >
        <span class={`notice-icon notice-${tone}`}>
          <Icon name={icon} />
        </span>
        <span class="notice-text">
          <span>{item.text}</span>
          <span class="fine">
            {item.actor && `@${item.actor.handle} · `}
            <time dateTime={item.createdAt}>{formatAgo(item.createdAt, Date.now())}</time>
          </span>
        </span>
        {!item.readAt && (
          <span class="notice-dot">
            <span class="sr-only">Unread</span>
          </span>
        )}
      </a>
    </li>
  );
}
