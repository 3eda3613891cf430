/** Everything that is not public yet: jobs that are being made, live, and drafts. */
import { useEffect } from 'preact/hooks';
import type { Clip } from '#schemas/http/clips.ts';
import type { Generation } from '#schemas/http/generations.ts';
import { listMyClips } from '../api/clips.ts';
import { listGenerations } from '../api/generations.ts';
import { isFinal } from '../api/limits.ts';
import { askToSignIn } from '../auth/ask.ts';
import { ClipGrid } from '../clip/clip-grid.tsx';
import { useTitle } from '../state/page.ts';
import { me, requireKnownMe } from '../state/session.ts';
import { useLoad, usePages } from '../state/use-load.ts';
import { Reel } from '../ui/logo.tsx';
import { EmptyState, ErrorNote, Loading } from '../ui/states.tsx';
import { awaitsAgreement, progressLine, stageWords } from './stage-words.ts';
import { useGeneration } from './use-generation.ts';
import '../styles/draft.css';

export default function DraftsPage() {
  useTitle('Drafts');
  useEffect(() => {
    void requireKnownMe();
  }, []);
  if (me.value === undefined) return <Loading />;
  if (me.value === null) {
    return (
      <div class="page">
        <EmptyState
          whole
          title="Your drafts"
          action={
            <button
              type="button"
              class="button button-primary"
              onClick={() => void askToSignIn('see your drafts')}
            >
              Sign in
            </button>
          }
        >
          Clips stay here until you decide to publish them. Sign in to see yours.
        </EmptyState>
      </div>
    );
  }
  return <Drafts key={me.value.account.id} />;
}

function Drafts() {
  const jobs = useLoad('my generations', () => listGenerations(null));
  const drafts = usePages<Clip>('my drafts', (cursor) => listMyClips('draft', cursor));
  const running = jobs.data?.items.filter((job) => !isFinal(job.status)) ?? [];
  const failure = drafts.error ?? jobs.error;
  const empty =
    !drafts.loading && !jobs.loading && !failure && drafts.items.length === 0 && running.length === 0;
  return (
    <div class="page">
      <header class="page-head">
        <h1>Drafts</h1>
        <p class="lead">Only you see these.</p>
      </header>
      {running.length > 0 && (
        <section aria-labelledby="making-title">
          <h2 id="making-title" class="minor">
            Being made
          </h2>
          <ul class="job-list">
            {running.map((job) => (
              <Job key={job.id} first={job} />
            ))}
          </ul>
        </section>
      )}
      {drafts.items.length > 0 && <ClipGrid clips={drafts.items} hrefOf={(clip) => `/publish/${clip.id}`} />}
      {drafts.loading && <Loading label="Loading drafts" />}
      {failure && (
        <ErrorNote
          error={failure}
          onRetry={() => {
            if (drafts.error) drafts.more();
            if (jobs.error) jobs.reload();
          }}
        />
      )}
      {empty && (
        <EmptyState
          title="No drafts"
          action={
            <a class="button button-primary" href="/create">
              Write a clip
            </a>
          }
        >
          What you make lands here first. Nothing is public until you say so.
        </EmptyState>
      )}
      {drafts.hasMore && !drafts.loading && (
        <button type="button" class="button" onClick={drafts.more}>
          More drafts
        </button>
      )}
    </div>
  );
}

function Job({ first }: { first: Generation }) {
  const { generation } = useGeneration(first.id);
  const job = generation ?? first;
  return (
    <li>
      <a class="job" href={`/create/${job.id}`}>
        <Reel progress={job.progress} turning={!isFinal(job.status)} />
        <span>
          <strong>{job.prompt}</strong>
          <span class="fine">
            {job.status === 'ready'
              ? 'Ready: open it to publish'
              : job.status === 'failed'
                ? 'Failed; nothing was charged'
                : job.status === 'cancelled'
                  ? 'Cancelled'
                  : awaitsAgreement(job)
                    ? progressLine(job)
                    : `${Math.round(job.progress * 100)} % · ${stageWords(job.stage)} · ${progressLine(job)}`}
          </span>
        </span>
      </a>
    </li>
  );
}
