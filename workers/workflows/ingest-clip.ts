/**
 * From bytes that arrived to what becomes of them (K-51): read through once → Content Credentials → a node's look, where they do not settle
 * it → verdict → a draft, a place at the desk, a refusal, or the verdict alone. Invariants: every step may be repeated; what was taken back
 * meanwhile ends it at the next step and leaves nothing; without a render node the upload waits for an hour and then fails with its bytes
 * kept, never with a guess. Started and woken by the Upload object.
 */
import { WorkflowEntrypoint, type WorkflowEvent, type WorkflowStep } from 'cloudflare:workers';
import { shortError } from '#durable-objects/shared/core/drain.ts';
import { log } from '#durable-objects/shared/log.ts';
import { claimObject, eraseFiles, ownKey } from '#durable-objects/upload/files.ts';
import { type UploadOutcome, type UploadRecord, uploadChangedEvent } from '#durable-objects/upload/rpc.ts';
import type { Id } from '#schemas/ids.ts';
import type { ProvenanceReport } from '#schemas/provenance.ts';
import type { Result } from '#schemas/result.ts';
import { settleUpload } from './ingest/ending.ts';
import { deathSentence, examine, isOursIntact, unlooked } from './ingest/examine.ts';
import { type Fitness, fitnessOf } from './ingest/fitness.ts';
import { namedBy } from './ingest/known-clip.ts';
import { hashObject, sniffObject } from './ingest/read-object.ts';

export interface IngestClipParams {
  readonly uploadId: Id<'upl'>;
}

const quick = {
  retries: { limit: 10, delay: '1 second', backoff: 'exponential' },
  timeout: '2 minutes',
} as const;
/** Reading gigabytes. */
const long = { ...quick, timeout: '15 minutes' } as const;

/** A minute between two questions: an hour. */
const maxChecks = 60;
/** Six hours between two questions: 90 days. */
const maxDeskChecks = 360;

/** An upload whose bytes are known. */
type Identified = UploadRecord & { readonly objectKey: string; readonly sha256: string };

export class IngestClip extends WorkflowEntrypoint<Env, IngestClipParams> {
  override async run(event: Readonly<WorkflowEvent<IngestClipParams>>, step: WorkflowStep): Promise<string> {
    const { uploadId } = event.payload;
    try {
      return await this.check(uploadId, step);
    } catch (error) {
      // A step that failed however often it was tried. Whoever sent the file is told, and may try again.
      log('error', 'ingest gave up', { uploadId, error: shortError(error) });
      const reason =
        'Something on our side kept the check from finishing. Its bytes are kept: try again later.';
      return this.end(step, uploadId, { status: 'failed', reason }, 'give up');
    }
  }

  private async check(uploadId: Id<'upl'>, step: WorkflowStep): Promise<string> {
    const identified = await step.do('read it through', long, () => this.identify(uploadId));
    if (typeof identified !== 'string') return this.end(step, uploadId, identified);
    if (identified === 'gone') return 'taken back before it was read';

    const credentials = await step.do('check its credentials', long, () => this.credentials(uploadId));
    if (credentials === 'gone') return 'taken back';
    if ('status' in credentials) return this.end(step, uploadId, credentials);
    const { report, fitness } = credentials;

    const needsLook = await step.do('see whether it has to be looked at', quick, () =>
      this.needsLook(uploadId, report),
    );
    const looked = needsLook ? await this.awaitLook(step, uploadId, fitness.fit) : null;
    if (looked === 'gone') return 'taken back while it waited';
    if (looked === 'late') {
      const reason = `${unlooked.late} Its bytes are kept: try again later.`;
      return this.end(step, uploadId, { status: 'failed', reason });
    }

    const judged = await step.do('judge it', quick, () => this.judge(uploadId, report));
    if (judged === 'gone') return 'taken back before the verdict';
    return this.settle(step, uploadId, judged.contradicted, fitness);
  }

  /** Its digest, its kind, and where its bytes lie from now on: once, however often they were sent. */
  private async identify(uploadId: Id<'upl'>): Promise<'known' | 'gone' | UploadOutcome> {
    const upload = this.env.UPLOAD.getByName(uploadId);
    const read = await upload.read();
    if (!read.ok || read.value.status !== 'checking') return 'gone';
    const { size, objectKey: stored } = read.value;
    const objectKey = stored ?? ownKey(uploadId);
    const [sha256, mediaType] = await Promise.all([
      hashObject(this.env, objectKey),
      sniffObject(this.env, objectKey),
    ]);
    if (sha256 === null)
      return { status: 'failed', reason: 'Its bytes are not there any more. Send it again.' };
    if (mediaType === null) {
      return {
        status: 'refused',
        reason: 'The bytes are not of a kind that is taken here: MP4, MOV, JPEG, PNG, WebP, WAV or M4A.',
        caseId: null,
        clipId: null,
      };
    }
    const place = await claimObject(this.env, uploadId, { sha256, size, mediaType });
    const told = await upload.identified({ sha256, objectKey: place, mediaType });
    if (!told.ok) {
      await eraseFiles(this.env, uploadId);
      return 'gone';
    }
    if (place !== ownKey(uploadId)) await this.env.MEDIA.delete(ownKey(uploadId));
    return 'known';
  }

  private async credentials(
    uploadId: Id<'upl'>,
  ): Promise<'gone' | UploadOutcome | { report: ProvenanceReport; fitness: Fitness }> {
    const record = await this.known(uploadId);
    if (record === null) return 'gone';
    const verified = await this.env.PROVENANCE.verify(record.objectKey, record.mediaType);
    if (!verified.ok) {
      const reason = verified.error.message ?? 'Its Content Credentials could not be read.';
      return { status: 'refused', reason, caseId: null, clipId: null };
    }
    return { report: verified.value, fitness: await fitnessOf(this.env, record) };
  }

  /** Credentials of ours settle where it comes from; only its own maker may publish it again, and that takes a look. */
  private async needsLook(uploadId: Id<'upl'>, report: ProvenanceReport): Promise<boolean> {
    if (!isOursIntact(report)) return true;
    const record = await this.known(uploadId);
    const named = record === null ? null : await namedBy(this.env, report, originOf(this.env, record));
    return named !== null && record !== null && (await this.isOwn(record, named.clipId));
  }

  private async isOwn({ ownerId }: UploadRecord, clipId: Id<'clip'>): Promise<boolean> {
    const clip = await this.env.CLIP.getByName(clipId).read();
    return clip.ok && clip.value.ownerId === ownerId;
  }

  /** The event is only a nudge: what counts is what the upload says. */
  private async awaitLook(
    step: WorkflowStep,
    uploadId: Id<'upl'>,
    mayPublish: boolean,
  ): Promise<'looked' | 'late' | 'gone'> {
    await step.do('ask for a look', quick, async () => {
      const record = await this.known(uploadId);
      if (record === null) return;
      await this.env.UPLOAD.getByName(uploadId).stage('mark');
      const { objectKey, size, mediaType } = record;
      await this.env.INSPECTION_QUEUE.getByName('main').enqueue({
        inspectionId: uploadId,
        kind: 'media',
        media: { objectKey, size, mediaType },
        mayPublish,
      });
    });
    for (let check = 1; check <= maxChecks; check += 1) {
      const seen = await step.do(`see whether it was looked at ${check}`, quick, async () => {
        const record = await this.known(uploadId);
        if (record === null) return 'gone';
        return record.report !== null || record.inspectionDeath !== null ? 'looked' : 'awaited';
      });
      if (seen !== 'awaited') return seen;
      await nudged(step, `wait for the look ${check}`, '1 minute');
    }
    return 'late';
  }

  private async judge(
    uploadId: Id<'upl'>,
    report: ProvenanceReport,
  ): Promise<'gone' | { contradicted: boolean }> {
    const record = await this.known(uploadId);
    if (record === null) return 'gone';
    const { size, mediaType, sha256, report: media, inspectionDeath } = record;
    const seen = media ?? (inspectionDeath === null ? unlooked.needless : deathSentence(inspectionDeath));
    const file = { size, mediaType, sha256 };
    const { verification, contradicted } = await examine(
      this.env,
      file,
      report,
      seen,
      originOf(this.env, record),
    );
    const told = await this.env.UPLOAD.getByName(uploadId).verified(verification);
    return told.ok ? { contradicted } : 'gone';
  }

  /** What becomes of it; where the desk has it, what the desk decides. */
  private async settle(
    step: WorkflowStep,
    uploadId: Id<'upl'>,
    contradicted: boolean,
    fitness: Fitness,
  ): Promise<string> {
    const facts = { contradicted, fitness };
    const first = await step.do('decide what becomes of it', long, async () => {
      const record = await this.known(uploadId);
      return record === null
        ? null
        : settleUpload(this.env, record, originOf(this.env, record), facts, record.decision);
    });
    if (first === null) return 'taken back after the verdict';
    const said = await this.end(step, uploadId, first);
    if (first.status !== 'review') return said;

    for (let check = 1; check <= maxDeskChecks; check += 1) {
      const second = await step.do(`ask the desk ${check}`, long, async () => {
        const record = await this.known(uploadId);
        if (record?.decision == null) return null;
        return settleUpload(this.env, record, originOf(this.env, record), facts, record.decision);
      });
      if (second !== null) return this.end(step, uploadId, second, 'end after the desk');
      await nudged(step, `wait for the desk ${check}`, '6 hours');
    }
    return 'the desk did not decide';
  }

  private async end(
    step: WorkflowStep,
    uploadId: Id<'upl'>,
    outcome: UploadOutcome,
    name = 'end',
  ): Promise<string> {
    const told = await step.do(name, quick, async (): Promise<Result<true>> => {
      const settled = await this.env.UPLOAD.getByName(uploadId).settled(outcome);
      return settled.ok ? { ok: true, value: true } : settled;
    });
    return told.ok ? outcome.status : `ended otherwise: ${told.error.code}`;
  }

  /** Null once it was taken back, or before it was read through. */
  private async known(uploadId: Id<'upl'>): Promise<Identified | null> {
    const read = await this.env.UPLOAD.getByName(uploadId).read();
    if (!read.ok) return null;
    const { objectKey, sha256 } = read.value;
    return objectKey === null || sha256 === null ? null : { ...read.value, objectKey, sha256 };
  }
}

/** Scheme and host that addresses of ours begin with. */
function originOf(env: Env, { origin }: Pick<UploadRecord, 'origin'>): string {
  return env.ORIGIN === '' ? origin : env.ORIGIN.replace(/\/$/, '');
}

/** Waits for an event of this workflow. It is only a nudge, so a lost one costs time: the caller asks again either way. */
async function nudged(step: WorkflowStep, name: string, timeout: '1 minute' | '6 hours'): Promise<void> {
  try {
    await step.waitForEvent(name, { type: uploadChangedEvent, timeout });
  } catch {
    // Timed out: ask again.
  }
}
