/** One job, live: the reel fills, the stage is said in words, and the draft takes its place when it is ready. Survives reload. */

import { useEffect, useState } from 'preact/hooks';
import { useRoute } from 'preact-iso';
import type { Generation } from '#schemas/http/generations.ts';
import { asApiError } from '../api/client.ts';
import { getClip } from '../api/clips.ts';
import { cancelGeneration } from '../api/generations.ts';
import { toast } from '../state/overlay.ts';
import { useTitle } from '../state/page.ts';
import { loadMe } from '../state/session.ts';
import { useLoad } from '../state/use-load.ts';
import { Reel } from '../ui/logo.tsx';
import { EmptyState, ErrorNote, Loading } from '../ui/states.tsx';
import { changeComposition } from './draft-prompt.ts';
import { DraftStudio } from './draft-studio.tsx';
import { awaitsAgreement, progressLine, stageWords, stepOf, steps } from './stage-words.ts';
import { useGeneration } from './use-generation.ts';
import '../styles/studio.css';

export default function GenerationPage() {
  const { params } = useRoute();
  const id = params.id ?? '';
  const { generation, error } = useGeneration(id);
  const percent = Math.round((generation?.progress ?? 0) * 100);
  const status = generation?.status;
  useTitle(status === 'ready' ? 'Draft ready' : generation ? `${percent} %` : 'Making a clip');
  useEffect(() => {
    // What was held has been captured or returned.
    if (status === 'ready' || status === 'failed' || status === 'cancelled') void loadMe();
  }, [status]);
  if (!generation) {
    if (error?.status === 404 || error?.status === 401 || error?.status === 400) {
      return (
        <div class="page">
          <EmptyState
            whole
            title="There is no such job"
            action={
              <a class="button button-primary" href="/create">
                Make a clip
              </a>
            }
          >
            {error.status === 401
              ? 'Sign in to see what you are making.'
              : 'It may belong to another account.'}
          </EmptyState>
        </div>
      );
    }
    return error ? (
      <div class="page">
        <ErrorNote error={error} />
      </div>
    ) : (
      <Loading />
    );
  }
  if (generation.status === 'ready' && generation.clipId) return <ReadyDraft clipId={generation.clipId} />;
  return (
    <div class="page making">
      {error && <p class="banner">The connection is interrupted. Your clip goes on being made.</p>}
      {generation.status === 'queued' ||
      generation.status === 'running' ||
      generation.status === 'finishing' ? (
        <Making generation={generation} percent={percent} />
      ) : (
        <Ended generation={generation} />
      )}
    </div>
  );
}

function ReadyDraft({ clipId }: { clipId: string }) {
  const { data, error, reload } = useLoad(`clip ${clipId}`, () => getClip(clipId));
  if (error) {
    return (
      <div class="page">
        <ErrorNote error={error} onRetry={reload} />
      </div>
    );
  }
  return data ? <DraftStudio clip={data} /> : <Loading label="Loading your draft" />;
}

function Making({ generation, percent }: { generation: Generation; percent: number }) {
  const [cancelling, setCancelling] = useState(false);
  const current = stepOf(generation.stage);
  const waiting = awaitsAgreement(generation);
  const stage = waiting ? 'Waiting for agreement' : stageWords(generation.stage);
  const cancel = async () => {
    setCancelling(true);
    try {
      await cancelGeneration(generation.id);
    } catch (error) {
      toast(asApiError(error).message, { tone: 'bad' });
      setCancelling(false);
    }
  };
  return (
    <>
      <h1 class="sr-only">Making your clip</h1>
      <div
        class="making-reel"
        role="progressbar"
        aria-label="Progress"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        aria-valuetext={`${percent} percent, ${stage}`}
      >
        <Reel progress={generation.progress} turning={!waiting} />
        <p class="making-percent" aria-hidden="true">
          {percent}
          <span>%</span>
        </p>
      </div>
      <p class="making-stage" aria-live="polite">
        {stage}
      </p>
      {waiting ? (
        <p class="quiet making-line">
          Somebody in it wants to see the words first, and has been asked. Your credits are only held; if they
          refuse, or do not answer within a week, you get them back.
        </p>
      ) : (
        <p class="quiet making-line">{progressLine(generation)}</p>
      )}
      <ol class="making-steps">
        {steps.map((step, index) => (
          <li
            key={step.label}
            class={index < current ? 'step step-done' : index === current ? 'step step-now' : 'step'}
            aria-current={index === current ? 'step' : undefined}
          >
            {step.label}
          </li>
        ))}
      </ol>
      <blockquote class="making-prompt">{generation.prompt}</blockquote>
      <p class="fine">You can leave this page; the clip will be among your drafts.</p>
      <div class="button-row">
        <button type="button" class="button" disabled={cancelling} onClick={() => void cancel()}>
          {cancelling ? 'Stopping…' : 'Cancel'}
        </button>
      </div>
    </>
  );
}

const endings = {
  failed: ['It did not work out', 'Your credits were returned.'],
  cancelled: ['Cancelled', 'Nothing was charged.'],
  quarantined: ['Held back', 'The result was not delivered, and nothing was charged.'],
} as const;

function Ended({ generation }: { generation: Generation }) {
  const [title, fallback] = endings[generation.status as keyof typeof endings] ?? endings.failed;
  return (
    <EmptyState
      whole
      title={title}
      action={
        <a
          class="button button-primary"
          href="/create"
          onClick={() =>
            changeComposition({
              prompt: generation.prompt,
              seconds: generation.seconds,
              size: generation.size,
            })
          }
        >
          Try these words again
        </a>
      }
    >
      {generation.error?.message ?? fallback}
    </EmptyState>
  );
}
