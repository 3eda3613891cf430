/** Where a feed has no clip to show: nothing yet, the end, or a fault. Each says why and what to do next. */
import type { FeedMode } from '#schemas/http/clips.ts';
import type { ApiError } from '../api/client.ts';
import { askToSignIn } from '../auth/ask.ts';
import { Reel } from '../ui/logo.tsx';
import { EmptyState, ErrorNote } from '../ui/states.tsx';

export function FeedEmpty({ mode, signedOut }: { mode: FeedMode; signedOut: boolean }) {
  if (signedOut) {
    return (
      <div class="slide slide-edge">
        <EmptyState
          title="People you follow"
          action={
            <>
              <button
                type="button"
                class="button button-primary"
                onClick={() => void askToSignIn('follow people')}
              >
                Sign in
              </button>
              <a class="button" href="/">
                Discover clips
              </a>
            </>
          }
        >
          Sign in and follow makers you like; their clips gather here in order, with nothing in between.
        </EmptyState>
      </div>
    );
  }
  return (
    <div class="slide slide-edge">
      <EmptyState
        title={mode === 'following' ? 'Nobody here yet' : 'An empty reel'}
        action={
          <a class="button button-primary" href={mode === 'following' ? '/' : '/create'}>
            {mode === 'following' ? 'Discover clips' : 'Make the first clip'}
          </a>
        }
      >
        {mode === 'following'
          ? 'Follow makers from their clips or profiles, and this feed fills with what they publish.'
          : 'No clip has been published here so far. Write a sentence and make one.'}
      </EmptyState>
    </div>
  );
}

export function FeedEnd({ active, onRestart }: { active: boolean; onRestart: () => void }) {
  return (
    <section inert={!active} class="slide slide-edge" aria-label="End of the feed">
      <div class="state state-empty">
        <Reel progress={1} turning={false} />
        <h2>That was the whole reel</h2>
        <p>You have seen everything there is right now. The next clip could be yours.</p>
        <div class="button-row">
          <a class="button button-primary" href="/create">
            Make a clip
          </a>
          <button type="button" class="button" onClick={onRestart}>
            From the start
          </button>
        </div>
      </div>
    </section>
  );
}

export function FeedFailed({ error, onRetry }: { error: ApiError; onRetry: () => void }) {
  return (
    <div class="slide slide-edge">
      <ErrorNote error={error} onRetry={onRetry} />
    </div>
  );
}
