/**
 * From an admitted generation to a draft (architecture.md §5). The Generation object holds the truth; every step is idempotent, so a
 * retried or replayed step changes nothing. Credits are not touched here: they follow the generation's final state.
 */
import { WorkflowEntrypoint, type WorkflowEvent, type WorkflowStep } from 'cloudflare:workers';
import type { AdmittedGeneration } from '#durable-objects/account/rpc.ts';
import { askGate } from '#durable-objects/consent/gate.ts';
import { type JobOutcome, renderSettledEvent } from '#durable-objects/render-queue/rpc.ts';
import type { ErrorCode } from '#schemas/errors.ts';
import { sentenceOf } from '#schemas/errors.ts';
import type { Id } from '#schemas/ids.ts';
import { checkOutput } from './steps/check-output.ts';
import { draftFrom } from './steps/draft.ts';
import { deleteMedia, deleteQuarantine } from './steps/media-keys.ts';
import { storeRendition } from './steps/store-rendition.ts';

export interface GenerateClipParams {
  readonly generationId: Id<'gen'>;
}

type Completed = Extract<JobOutcome, { status: 'completed' }>;

/** Checks a minute apart when every event is lost; the generation's own deadline ends it earlier. */
const maxChecks = 120;

const quick = {
  retries: { limit: 8, delay: '1 second', backoff: 'exponential' },
  timeout: '1 minute',
} as const;

export class GenerateClip extends WorkflowEntrypoint<Env, GenerateClipParams> {
  override async run(
    event: Readonly<WorkflowEvent<GenerateClipParams>>,
    step: WorkflowStep,
  ): Promise<string> {
    const { generationId } = event.payload;
    const generation = this.env.GENERATION.getByName(generationId);

    const admitted = await step.do('read the admission', quick, async () => {
      const admission = await generation.admission();
      if (!admission.ok) throw new Error('the generation is not open yet');
      return admission.value;
    });

    const queued = await step.do('queue the job', quick, () => this.enqueue(admitted));
    if (queued !== null) return this.failWith(step, generationId, queued);

    const outcome = await this.awaitRender(step, generationId);
    if (outcome.status === 'cancelled') return 'cancelled';
    if (outcome.status === 'dead')
      return this.failWith(
        step,
        generationId,
        outcome.code === 'lease_lost' ? 'engine_failed' : deathOf(outcome.code),
      );
    if (outcome.status === 'pending') return this.failWith(step, generationId, 'deadline_exceeded');

    const ending = await this.deliver(step, admitted, outcome);
    await step.do('clear quarantine', quick, () => deleteQuarantine(this.env, generationId));
    return ending;
  }

  private async enqueue(admitted: AdmittedGeneration): Promise<ErrorCode | null> {
    const { request, parent } = admitted;
    const result = await this.env.RENDER_QUEUE.getByName('main').enqueue({
      jobId: admitted.generationId,
      accountId: admitted.accountId,
      tier: admitted.tier,
      spec: {
        engine: request.engine,
        prompt: request.prompt,
        seed: admitted.seed,
        seconds: request.seconds,
        size: request.size,
        dialogue: request.dialogue,
        soundCues: request.soundCues,
        creatorHandle: admitted.handle,
        ...(parent === null ? {} : { parent: { prompt: parent.prompt, seed: parent.seed } }),
      },
    });
    return result.ok ? null : result.error.code;
  }

  /** The event is only a nudge: what counts is what the queue says. */
  private async awaitRender(step: WorkflowStep, jobId: Id<'gen'>): Promise<JobOutcome> {
    for (let check = 1; check <= maxChecks; check += 1) {
      const outcome = await step.do(
        `ask the queue ${check}`,
        quick,
        async (): Promise<JobOutcome> => await this.env.RENDER_QUEUE.getByName('main').outcome(jobId),
      );
      if (outcome.status !== 'pending') return outcome;
      try {
        await step.waitForEvent(`wait for the render ${check}`, {
          type: renderSettledEvent,
          timeout: '1 minute',
        });
      } catch {
        // Timed out: ask again.
      }
    }
    return { status: 'pending' };
  }

  private async deliver(step: WorkflowStep, admitted: AdmittedGeneration, job: Completed): Promise<string> {
    const { generationId, clipId } = admitted;
    const generation = this.env.GENERATION.getByName(generationId);

    const refusal = await step.do('check the output', quick, async () => {
      const state = await generation.finishing('checking');
      if (!state.ok) return state.error.code;
      const checked = await checkOutput(this.env, generationId, admitted.request, job);
      return checked.ok ? null : checked.error.code;
    });
    if (refusal === 'already_final') return 'ended before the check';
    if (refusal !== null) return this.failWith(step, generationId, refusal);

    const stored = await step.do(
      'sign and store',
      { retries: { limit: 3, delay: '2 seconds', backoff: 'exponential' }, timeout: '5 minutes' },
      async () => {
        const state = await generation.finishing('signing');
        return state.ok ? storeRendition(this.env, admitted, job) : state;
      },
    );
    if (!stored.ok) {
      await step.do('drop the rendition', quick, () => deleteMedia(this.env, clipId));
      return stored.error.code === 'already_final'
        ? 'ended before signing'
        : this.failWith(step, generationId, stored.error.code);
    }

    const committed = await step.do('commit', quick, () => this.commit(admitted));
    if (!committed) {
      await step.do('drop the rendition', quick, () => deleteMedia(this.env, clipId));
      return 'ended before the commit';
    }
    await step.do('make the draft', quick, async () => {
      const draft = await this.env.CLIP.getByName(clipId).createDraft(draftFrom(admitted, job, stored.value));
      if (!draft.ok) throw new Error(`draft refused: ${draft.error.code}`);
    });
    await step.do('ready', quick, async () => {
      await generation.ready(clipId);
    });
    return 'ready';
  }

  /** Consent is asked once more before anything becomes a draft: a parent revoked meanwhile stops the remix. */
  private async commit(admitted: AdmittedGeneration): Promise<boolean> {
    const generation = this.env.GENERATION.getByName(admitted.generationId);
    if (admitted.parent !== null) {
      const decision = await askGate(this.env, admitted.parent.keys, 'remix');
      if (!decision.allowed) {
        await generation.quarantine(
          'consent_denied',
          'Consent to remix was withdrawn while this clip was being made. Your credits were returned.',
        );
        return false;
      }
    }
    return (await generation.commit()).ok;
  }

  private async failWith(step: WorkflowStep, generationId: Id<'gen'>, code: ErrorCode): Promise<string> {
    await step.do('fail', quick, async () => {
      await this.env.GENERATION.getByName(generationId).fail(code, sentenceOf(code));
      await deleteQuarantine(this.env, generationId);
    });
    return `failed: ${code}`;
  }
}

/** What a render failure means to the creator. */
function deathOf(code: Exclude<Extract<JobOutcome, { status: 'dead' }>['code'], 'lease_lost'>): ErrorCode {
  switch (code) {
    case 'audio_missing':
      return 'audio_missing';
    case 'output_invalid':
      return 'output_invalid';
    case 'engine_refused':
      return 'capability_missing';
    case 'engine_failed':
    case 'node_shutdown':
    case 'out_of_resources':
      return 'engine_failed';
  }
}
