/**
 * Recordings and uploads that wait to be looked at. Invariants: each has at most one live lease and its fencing token grows with every
 * lease; only the node and token of the present lease reach the media or settle it; a reported face is sealed before anything of the
 * report is written; a picture is passed on only if R2 holds what was named. A lease is not renewed: an inspection is bounded in time.
 * Called by Enrolment and Upload objects (`enqueue`, `cancel`) and, for the render nodes, by the edge.
 */
import { DurableObject } from 'cloudflare:workers';
import { sealTemplate } from '#durable-objects/face-index/vault.ts';
import * as machine from '#durable-objects/render-queue/core/job-machine.ts';
import { Wakes } from '#durable-objects/shared/alarms.ts';
import { migrate } from '#durable-objects/shared/migrations.ts';
import { Outbox } from '#durable-objects/shared/outbox.ts';
import { Waiters } from '#durable-objects/shared/waiters.ts';
import type { StoredMediaReport } from '#durable-objects/upload/rpc.ts';
import type { Id } from '#schemas/ids.ts';
import type {
  EnrolmentReport,
  InspectionFailure,
  InspectionId,
  InspectionLeaseRequest,
  MediaReport,
} from '#schemas/inspection.ts';
import type { StoredFile } from '#schemas/render.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import { inspectionQueueMigrations } from './migrations.ts';
import {
  type EnrolmentJob,
  type InspectionDeath,
  type InspectionJob,
  type InspectionQueueRpc,
  type LeasedWork,
  maxPictureBytes,
  type SealedReport,
} from './rpc.ts';
import { type InspectionState, InspectionStore } from './store.ts';

const leaseMs = 120_000;
/** A node is given time to fetch an upload as well, at the pace of a slow line; an enrolment's recording is small. */
const slowestBytesPerMs = 1_500;
const longestLeaseMs = 30 * 60_000;
/** Settled inspections are kept this long, so that a repeated completion is told from a stale one. */
const keepMs = 86_400_000;
const batch = 100;

type Input = machine.JobInput<InspectionFailure['code']>;
type Message =
  | { readonly kind: 'inspected'; readonly id: Id<'enr'>; readonly report: SealedReport }
  | { readonly kind: 'media-inspected'; readonly id: Id<'upl'>; readonly report: StoredMediaReport }
  | { readonly kind: 'failed'; readonly id: InspectionId; readonly code: InspectionDeath };
type Found = Exclude<Message, { kind: 'failed' }>;

interface Waiter {
  readonly nodeId: string;
  readonly kinds: InspectionLeaseRequest['kinds'];
}

export class InspectionQueueObject extends DurableObject<Env> implements InspectionQueueRpc {
  readonly #store: InspectionStore;
  readonly #wakes: Wakes<'outbox' | 'leases' | 'ready' | 'prune'>;
  readonly #outbox: Outbox<Message>;
  readonly #waiters = new Waiters<Waiter, LeasedWork>();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage, inspectionQueueMigrations);
    this.#store = new InspectionStore(ctx.storage.sql);
    this.#wakes = new Wakes(ctx.storage);
    this.#outbox = new Outbox<Message>({
      storage: ctx.storage,
      wakes: this.#wakes,
      deliver: (message) => this.#deliver(message),
    });
    ctx.waitUntil(this.#wakes.ensureArmed());
  }

  async enqueue(job: InspectionJob): Promise<void> {
    if (this.#store.get(job.inspectionId) !== null) return;
    this.#store.insert(job.inspectionId, job, machine.waitingJob(Date.now()));
    this.#dispatch();
  }

  async cancel(id: InspectionId): Promise<void> {
    if (this.#apply(id, { type: 'cancel' }).ok) return;
    const now = Date.now();
    this.ctx.storage.transactionSync(() => {
      this.#store.insert(id, null, machine.cancelledJob(now));
      this.#wakes.notAfter('prune', now + keepMs);
    });
  }

  async lease(nodeId: string, { kinds, waitMs }: InspectionLeaseRequest): Promise<LeasedWork | null> {
    const waiter: Waiter = { nodeId, kinds };
    return this.#lease(waiter) ?? (await this.#waiters.wait(waiter, waitMs));
  }

  async job(nodeId: string, id: InspectionId, fence: number): Promise<Result<InspectionJob>> {
    const stored = this.#store.get(id);
    if (stored === null) return fail('not_found');
    const { job, state } = stored;
    const held = state.status === 'leased' && state.nodeId === nodeId && state.fence === fence;
    return held && job !== null ? ok(job) : fail('stale_lease');
  }

  async pictureKey(nodeId: string, id: InspectionId, fence: number): Promise<Result<{ objectKey: string }>> {
    const job = await this.job(nodeId, id, fence);
    if (!job.ok) return job;
    if (!wantsPicture(job.value)) return fail('conflict', 'No picture is wanted of this.');
    return ok({ objectKey: pictureKey(id, fence) });
  }

  async complete(
    nodeId: string,
    id: InspectionId,
    fence: number,
    report: EnrolmentReport | MediaReport,
  ): Promise<Result<void>> {
    const stored = this.#store.get(id);
    if (stored === null) return fail('not_found');
    const { job, state } = stored;
    const input: Input = { type: 'complete', nodeId, fence };
    const foreseen = machine.transition(state, input, policyOf(job), Date.now());
    if (!foreseen.ok) return foreseen;
    if (!foreseen.value.changed) return ok(undefined);
    if (job === null) throw new Error(`${id} is leased and nobody asked for it`);
    const found = await this.#found(job, fence, report);
    // The lease may have been lost or the inspection cancelled meanwhile: the machine decides on what is true now.
    return found.ok ? done(this.#apply(id, input, found.value)) : found;
  }

  async fail(nodeId: string, id: InspectionId, failure: InspectionFailure): Promise<Result<void>> {
    return done(this.#apply(id, { type: 'fail', nodeId, failure, jitter: Math.random() }));
  }

  override async alarm(): Promise<void> {
    await this.#wakes.run(Date.now, {
      outbox: () => this.#outbox.drain(),
      leases: () => {
        for (const id of this.#store.expired(Date.now(), batch)) this.#apply(id, { type: 'expire' });
        this.#wakes.set('leases', this.#store.nextExpiry());
      },
      ready: () => {
        this.#wakes.set('ready', this.#store.nextReady(Date.now()));
        this.#dispatch();
      },
      prune: () => {
        const oldest = this.#store.prune(Date.now() - keepMs);
        this.#wakes.set('prune', oldest === null ? null : oldest + keepMs);
      },
    });
  }

  #lease({ nodeId, kinds }: Waiter): LeasedWork | null {
    const id = this.#store.next(Date.now(), kinds);
    if (id === null) return null;
    const leased = this.#apply(id, { type: 'lease', nodeId });
    const job = this.#store.get(id)?.job;
    if (!leased.ok || job === null || job === undefined) throw new Error(`${id} could not be leased`);
    const { fence, leaseExpiresAt } = leased.value;
    const common = {
      fence,
      media: { size: job.media.size, mediaType: job.media.mediaType },
      leaseExpiresAt: new Date(leaseExpiresAt ?? Date.now()).toISOString(),
    };
    return job.kind === 'media'
      ? { ...common, inspectionId: job.inspectionId, kind: 'media', mayPublish: job.mayPublish }
      : {
          ...common,
          inspectionId: job.inspectionId,
          kind: 'enrolment',
          challenge: job.challenge,
          wantPortrait: job.wantPortrait,
        };
  }

  /** The only way an inspection changes: machine, row and debts in one transaction. */
  #apply(id: InspectionId, input: Input, found?: Found): Result<InspectionState> {
    const now = Date.now();
    const stored = this.#store.get(id);
    if (stored === null) return fail('not_found');
    const moved = machine.transition(stored.state, input, policyOf(stored.job), now);
    if (!moved.ok) return moved;
    const { state, changed } = moved.value;
    if (!changed) return ok(state);
    this.ctx.storage.transactionSync(() => {
      this.#store.save(id, state);
      if (state.status === 'completed' && found !== undefined) this.#outbox.add(id, found, now);
      if (state.status === 'dead') {
        this.#outbox.add(id, { kind: 'failed', id, code: state.code ?? 'lease_lost' }, now);
      }
      if (machine.isSettled(state.status)) this.#wakes.notAfter('prune', now + keepMs);
      if (state.leaseExpiresAt !== null) this.#wakes.notAfter('leases', state.leaseExpiresAt);
      if (state.status === 'waiting' && state.notBefore > now) this.#wakes.notAfter('ready', state.notBefore);
    });
    if (state.status === 'waiting') this.#dispatch();
    if (machine.isSettled(state.status)) this.#outbox.kick();
    return ok(state);
  }

  /** What leaves the queue of a report: the picture as R2 holds it, a face sealed, and nothing that was not wanted. */
  async #found(
    job: InspectionJob,
    fence: number,
    report: EnrolmentReport | MediaReport,
  ): Promise<Result<Found>> {
    if (job.kind === 'media') {
      if (!('probe' in report)) return fail('output_invalid', 'This is no report about an upload.');
      const poster = await this.#seen(job, fence, report.poster);
      if (!poster.ok) return poster;
      const policy = job.mayPublish ? report.policy : null;
      const seen = { ...report, policy, poster: poster.value };
      return ok({ kind: 'media-inspected', id: job.inspectionId, report: seen });
    }
    if (!('checks' in report)) return fail('output_invalid', 'This is no report about a recording.');
    return this.#enrolment(job, fence, report);
  }

  async #enrolment(job: EnrolmentJob, fence: number, report: EnrolmentReport): Promise<Result<Found>> {
    const { embedding, portrait: named, ...rest } = report;
    const portrait = await this.#seen(job, fence, named);
    if (!portrait.ok) return portrait;
    const context = `enrolment:${job.inspectionId}` as const;
    const template = embedding === null ? null : await sealTemplate(this.env, context, embedding);
    const voice = job.wantPortrait ? rest.voice : null;
    const sealed: SealedReport = { ...rest, voice, portrait: portrait.value, template };
    return ok({ kind: 'inspected', id: job.inspectionId, report: sealed });
  }

  #dispatch(): void {
    if (this.#waiters.size > 0) this.#waiters.serve((waiter) => this.#lease(waiter));
  }

  async #deliver(message: Message): Promise<void> {
    if (message.kind === 'inspected') {
      return this.env.ENROLMENT.getByName(message.id).inspected(message.report);
    }
    if (message.kind === 'media-inspected') {
      return this.env.UPLOAD.getByName(message.id).inspected(message.report);
    }
    const of = isUpload(message.id) ? this.env.UPLOAD : this.env.ENROLMENT;
    return of.getByName(message.id).inspectionFailed(message.code);
  }

  /** The picture a node names, if R2 holds it as named; null where none is wanted or named. */
  async #seen(
    job: InspectionJob,
    fence: number,
    named: StoredFile | null,
  ): Promise<Result<(StoredFile & { readonly objectKey: string }) | null>> {
    if (named === null || !wantsPicture(job)) return ok(null);
    const objectKey = pictureKey(job.inspectionId, fence);
    const object = await this.env.MEDIA.head(objectKey);
    if (object === null) return fail('output_invalid', 'The picture has not arrived.');
    if (object.size !== named.size || object.size > maxPictureBytes) {
      return fail('output_invalid', `The picture has ${object.size} bytes and ${named.size} were named.`);
    }
    if (object.checksums.toJSON().sha256 !== named.sha256) return fail('checksum_mismatch');
    return ok({ ...named, objectKey });
  }
}

function isUpload(id: InspectionId): id is Id<'upl'> {
  return id.startsWith('upl_');
}

function wantsPicture(job: InspectionJob): boolean {
  return job.kind === 'media' ? job.mayPublish : job.wantPortrait;
}

/** Beside the recording or the upload, so that what erases one erases both. */
function pictureKey(id: InspectionId, fence: number): string {
  return isUpload(id) ? `uploads/${id}/poster-${fence}.jpg` : `enrolments/${id}/portrait-${fence}.jpg`;
}

function policyOf(job: InspectionJob | null): machine.JobPolicy {
  const fetching = job?.kind === 'media' ? job.media.size / slowestBytesPerMs : 0;
  return {
    leaseMs: Math.min(longestLeaseMs, leaseMs + Math.ceil(fetching)),
    maxAttempts: 3,
    backoff: { baseMs: 1_000, capMs: 10_000 },
  };
}

function done(applied: Result<unknown>): Result<void> {
  return applied.ok ? ok(undefined) : applied;
}
