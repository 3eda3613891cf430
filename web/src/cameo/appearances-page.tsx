/** Drafts and posts with my likeness (K-14, K-15): what waits for my decision first, then everything, each action one tap away. */
import { useState } from 'preact/hooks';
import type { Appearance } from '#schemas/http/cameo.ts';
import { decideReview, listAppearances } from '../api/cameo.ts';
import { asApiError } from '../api/client.ts';
import { SignedIn } from '../auth/signed-in.tsx';
import { toast } from '../state/overlay.ts';
import { useTitle } from '../state/page.ts';
import { usePages } from '../state/use-load.ts';
import { EmptyState, ErrorNote, Loading } from '../ui/states.tsx';
import { AppearanceCard, AppearanceHead } from './appearance-card.tsx';
import { newestPerClip } from './appearance-words.ts';
import { openRevokeAll } from './open-revoke.tsx';
import '../styles/appearances.css';

export default function AppearancesPage() {
  useTitle('Clips with me');
  return (
    <SignedIn
      title="Clips with you"
      purpose="see clips with your likeness"
      why="Every draft and post with your likeness is listed here. Sign in to see yours."
    >
      {(me) => <Appearances key={me.account.id} myId={me.account.id} />}
    </SignedIn>
  );
}

function Appearances({ myId }: { myId: string }) {
  const [turn, setTurn] = useState(0);
  const pages = usePages<Appearance>(`appearances ${turn}`, listAppearances);
  const clips = newestPerClip(pages.items);
  const waiting = pages.items.filter((item) => item.review !== null && item.reviewId !== null);
  const change = (item: Appearance) =>
    pages.setItems((old) => old.map((other) => (other.generationId === item.generationId ? item : other)));
  const reload = () => setTurn((value) => value + 1);
  const empty = !pages.loading && !pages.error && pages.items.length === 0;
  return (
    <div class="page appearances">
      <header class="page-head">
        <h1>Clips with you</h1>
        <p class="lead">
          You co-own every one of them. What you stop here is stopped everywhere, remixes included.
        </p>
        {pages.items.length > 0 && (
          <div class="button-row button-row-start">
            <a class="button" href="/cameo">
              Who may cast you
            </a>
            <button type="button" class="button button-danger" onClick={() => openRevokeAll(reload)}>
              Revoke everything…
            </button>
          </div>
        )}
      </header>
      {waiting.length > 0 && (
        <section class="reviews" aria-labelledby="reviews-title">
          <h2 id="reviews-title">Waiting for you</h2>
          <ul class="appearance-list">
            {waiting.map((item) => (
              <Review key={item.generationId} item={item} onChange={change} onStale={reload} />
            ))}
          </ul>
        </section>
      )}
      {pages.items.length > 0 && (
        <section aria-labelledby="all-title">
          <h2 id="all-title" class={waiting.length > 0 ? 'minor' : 'sr-only'}>
            All of them
          </h2>
          <ul class="appearance-list">
            {clips.map((item) => (
              <AppearanceCard
                key={item.generationId}
                item={item}
                myId={myId}
                onChange={change}
                onRevoked={reload}
              />
            ))}
          </ul>
        </section>
      )}
      {pages.loading && <Loading label="Loading clips with you" />}
      {pages.error && <ErrorNote error={pages.error} onRetry={pages.more} />}
      {empty && (
        <EmptyState
          title="You are in no clip"
          action={
            <>
              <a class="button" href="/cameo">
                Your likeness
              </a>
              <a class="button button-primary" href="/create">
                Cast yourself
              </a>
            </>
          }
        >
          As soon as somebody casts you, the draft is here and in your inbox.
        </EmptyState>
      )}
      {pages.hasMore && !pages.loading && (
        <div class="button-row">
          <button type="button" class="button" onClick={pages.more}>
            More
          </button>
        </div>
      )}
    </div>
  );
}

function Review(props: { item: Appearance; onChange: (item: Appearance) => void; onStale: () => void }) {
  const { item } = props;
  const [busy, setBusy] = useState(false);
  const decide = async (decision: 'approve' | 'refuse') => {
    if (!item.reviewId || busy) return;
    setBusy(true);
    try {
      props.onChange(await decideReview(item.reviewId, decision));
      toast(decision === 'approve' ? 'You agreed.' : 'You refused. They were told, without a reason.');
    } catch (error) {
      const failure = asApiError(error);
      toast(failure.message, { tone: 'bad' });
      if (failure.status === 404 || failure.status === 409) props.onStale();
      setBusy(false);
    }
  };
  return (
    <li class="appearance appearance-review">
      <AppearanceHead item={item} />
      <p class="review-question">
        {item.review === 'before-generation'
          ? `@${item.maker.handle} wants to make this with you. Nothing is made unless you agree.`
          : `@${item.maker.handle} wants to publish this. It stays a draft unless you agree.`}
      </p>
      <div class="button-row button-row-start">
        <button
          type="button"
          class="button button-primary"
          disabled={busy}
          onClick={() => void decide('approve')}
        >
          Agree
        </button>
        <button type="button" class="button" disabled={busy} onClick={() => void decide('refuse')}>
          Refuse
        </button>
        {item.clipId && (
          <a class="button button-quiet" href={`/clip/${item.clipId}`}>
            Watch it
          </a>
        )}
      </div>
    </li>
  );
}
