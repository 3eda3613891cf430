/**
 * From an admitted generation to a draft (architecture.md §5). The Generation object holds the truth; every step is idempotent, so a
 * retried or replayed step changes nothing. Credits are not touched here: they follow the generation's final state. Consent is asked
 * before the job is queued and before the commit point; whoever withdraws in between ends the generation through its object.
 */
import { WorkflowEntrypoint, type WorkflowEvent, type WorkflowStep } from 'cloudflare:workers';
import type { AdmittedGeneration } from '#durable-objects/account/rpc.ts';
import { type JobOutcome, renderSettledEvent } from '#durable-objects/render-queue/rpc.ts';
import type { ErrorCode } from '#schemas/errors.ts';
import { sentenceOf } from '#schemas/errors.ts';
import type { Id } from '#schemas/ids.ts';
import {
  askDesk,
  holdForDesk,
  judgeOutput,
  judgeTexts,
  type PolicyRefusal,
  refusalOf,
} from './steps/apply-policy.ts';
import { caseMediaOf, quarantinedMedia } from './steps/case-media.ts';
import { checkOutput } from './steps/check-output.ts';
import { stillAgreed } from './steps/consent.ts';
import { deliverClip } from './steps/draft.ts';
import { registerClip } from './steps/fingerprints.ts';
import { deleteQuarantine, deleteRendition } from './steps/media-keys.ts';
import { standInsOf } from './steps/stand-ins.ts';
import { storeRendition } from './steps/store-rendition.ts';

export interface GenerateClipParams {
  readonly generationId: Id<'gen'>;
}

type Completed = Extract<JobOutcome, { status: 'completed' }>;

/** Checks a minute apart when every event is lost; the generation's own deadline ends it earlier. */
const maxChecks = 120;
/** Checks six hours apart for an agreement; the generation ends by itself after seven days. */
const maxReviewChecks = 40;

/** How long the desk can look at an output that was quarantined. */
const keptForDesk = '30 days';

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

    const words = refusalOf(judgeTexts(admitted));
    if (words !== null) return this.refuse(step, generationId, words);
    if (!(await this.awaitAgreement(step, admitted))) return 'ended before the agreement';

    const queued = await step.do('queue the job', quick, () => this.enqueue(admitted));
    if (queued === 'consent_denied') return 'consent withdrawn before the job';
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

  /** Waits until everybody who wants to see the request first has agreed. False when the generation has ended instead. */
  private async awaitAgreement(step: WorkflowStep, admitted: AdmittedGeneration): Promise<boolean> {
    if (!admitted.cast.some((permit) => permit.reviewBeforeGeneration)) return true;
    const generation = this.env.GENERATION.getByName(admitted.generationId);
    for (let check = 1; check <= maxReviewChecks; check += 1) {
      const agreement = await step.do(`ask for agreement ${check}`, quick, async () => {
        const answer = await generation.agreement();
        return answer.ok ? answer.value : 'ended';
      });
      if (agreement !== 'awaited') return agreement === 'given';
      await nudged(step, `wait for agreement ${check}`, '6 hours');
    }
    return false;
  }

  private async enqueue(admitted: AdmittedGeneration): Promise<ErrorCode | null> {
    const { request, parent, cast } = admitted;
    if (!(await stillAgreed(this.env, admitted))) {
      await this.env.GENERATION.getByName(admitted.generationId).consentWithdrawn();
      return 'consent_denied';
    }
    const standIns = await standInsOf(this.env, admitted);
    if (!standIns.ok) return standIns.error.code;
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
        cast: cast.map(({ cameoId, handle, displayName, portrait, voice }) => ({
          cameoId,
          handle,
          displayName,
          portrait,
          voice,
        })),
        standIns: standIns.value,
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
      await nudged(step, `wait for the render ${check}`, '1 minute');
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

    const decision = judgeOutput(admitted, job);
    const refused = refusalOf(decision);
    if (refused?.stranger) return this.quarantine(step, admitted, job, refused);
    if (refused !== null) return this.refuse(step, generationId, refused);

    const stored = await step.do(
      'sign and store',
      { retries: { limit: 3, delay: '2 seconds', backoff: 'exponential' }, timeout: '5 minutes' },
      async () => {
        const state = await generation.finishing('signing');
        return state.ok ? storeRendition(this.env, admitted, job) : state;
      },
    );
    if (!stored.ok) {
      await step.do('drop the rendition', quick, () => deleteRendition(this.env, admitted));
      return stored.error.code === 'already_final'
        ? 'ended before signing'
        : this.failWith(step, generationId, stored.error.code);
    }

    const committed = await step.do('commit', quick, () => this.commit(admitted));
    if (!committed) {
      await step.do('drop the rendition', quick, () => deleteRendition(this.env, admitted));
      return 'ended before the commit';
    }
    const held = decision.outcome === 'review';
    if (held) {
      await step.do('ask the desk', quick, () =>
        holdForDesk(this.env, admitted, job, decision, caseMediaOf(stored.value)),
      );
    }
    const missed = await step.do('make the draft', quick, () =>
      deliverClip(this.env, admitted, job, stored.value, held),
    );
    if (missed !== null) {
      await step.do('drop the rendition', quick, () => deleteRendition(this.env, admitted));
      return this.failWith(step, generationId, missed);
    }
    await step.do('make it findable', quick, () => registerClip(this.env, admitted, job, stored.value));
    await step.do('ready', quick, async () => {
      await generation.ready(clipId);
    });
    return 'ready';
  }

  /** Consent is asked once more before anything becomes a draft: whoever withdrew meanwhile stops it here. */
  private async commit(admitted: AdmittedGeneration): Promise<boolean> {
    const generation = this.env.GENERATION.getByName(admitted.generationId);
    if (!(await stillAgreed(this.env, admitted))) {
      await generation.consentWithdrawn();
      return false;
    }
    return (await generation.commit()).ok;
  }

  /** The reason names stage, rule and place; the credits go back with the failure. */
  private async refuse(
    step: WorkflowStep,
    generationId: Id<'gen'>,
    { message, details }: PolicyRefusal,
  ): Promise<string> {
    await step.do('refuse', quick, async () => {
      await this.env.GENERATION.getByName(generationId).fail('policy_refused', message, details);
      await deleteQuarantine(this.env, generationId);
    });
    return 'failed: policy_refused';
  }

  /** Somebody who is not cast is in it: nobody is served it, the desk looks, and it is kept no longer than it may need to. */
  private async quarantine(
    step: WorkflowStep,
    admitted: AdmittedGeneration,
    job: Completed,
    { message, details }: PolicyRefusal,
  ): Promise<string> {
    const { generationId } = admitted;
    await step.do('quarantine', quick, async () => {
      await this.env.GENERATION.getByName(generationId).quarantine('policy_refused', message, details);
      const media = quarantinedMedia(generationId, job);
      await askDesk(this.env, admitted, job, judgeOutput(admitted, job), 'generation', media);
    });
    await step.sleep('keep it for the desk', keptForDesk);
    return 'quarantined: policy_refused';
  }

  private async failWith(step: WorkflowStep, generationId: Id<'gen'>, code: ErrorCode): Promise<string> {
    await step.do('fail', quick, async () => {
      await this.env.GENERATION.getByName(generationId).fail(code, sentenceOf(code));
      await deleteQuarantine(this.env, generationId);
    });
    return `failed: ${code}`;
  }
}

/** Waits for an event of this workflow. It is only a nudge, so a lost one costs time: the caller asks again either way. */
async function nudged(step: WorkflowStep, name: string, timeout: '1 minute' | '6 hours'): Promise<void> {
  try {
    await step.waitForEvent(name, { type: renderSettledEvent, timeout });
  } catch {
    // Timed out: ask again.
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
