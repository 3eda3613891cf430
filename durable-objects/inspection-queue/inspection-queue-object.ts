/**
 * Recordings that wait to be looked at. Invariants: a recording has at most one live lease and its fencing token grows with every lease;
 * only the node and token of the present lease reach the media or settle it; a reported face is sealed before anything of the report is
 * written. A lease is not renewed: an inspection takes seconds. Called by Enrolment objects (`enqueue`, `cancel`) and, for the render
 * nodes, by the edge.
 */
import { DurableObject } from 'cloudflare:workers';
import { sealTemplate } from '#durable-objects/face-index/vault.ts';
import * as machine from '#durable-objects/render-queue/core/job-machine.ts';
import { Wakes } from '#durable-objects/shared/alarms.ts';
import { migrate } from '#durable-objects/shared/migrations.ts';
import { Outbox } from '#durable-objects/shared/outbox.ts';
import { Waiters } from '#durable-objects/shared/waiters.ts';
import type { Id } from '#schemas/ids.ts';
import type {
  EnrolmentReport,
  InspectionFailure,
  InspectionLeaseRequest,
  LeasedInspection,
} from '#schemas/inspection.ts';
import type { StoredFile } from '#schemas/render.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import { inspectionQueueMigrations } from './migrations.ts';
import {
  type InspectionDeath,
  type InspectionJob,
  type InspectionQueueRpc,
  maxPortraitBytes,
  type SealedReport,
} from './rpc.ts';
import { type InspectionState, InspectionStore } from './store.ts';

const policy: machine.JobPolicy = {
  leaseMs: 120_000,
  maxAttempts: 3,
  backoff: { baseMs: 1_000, capMs: 10_000 },
};
/** Settled inspections are kept this long, so that a repeated completion is told from a stale one. */
const keepMs = 86_400_000;
const batch = 100;

type Input = machine.JobInput<InspectionFailure['code']>;
type Message =
  | { readonly kind: 'inspected'; readonly id: Id<'enr'>; readonly report: SealedReport }
  | { readonly kind: 'failed'; readonly id: Id<'enr'>; readonly code: InspectionDeath };

interface Waiter {
  readonly nodeId: string;
}

export class InspectionQueueObject extends DurableObject<Env> implements InspectionQueueRpc {
  readonly #store: InspectionStore;
  readonly #wakes: Wakes<'outbox' | 'leases' | 'ready' | 'prune'>;
  readonly #outbox: Outbox<Message>;
  readonly #waiters = new Waiters<Waiter, LeasedInspection>();

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

  async cancel(id: Id<'enr'>): Promise<void> {
    if (this.#apply(id, { type: 'cancel' }).ok) return;
    const now = Date.now();
    this.ctx.storage.transactionSync(() => {
      this.#store.insert(id, null, machine.cancelledJob(now));
      this.#wakes.notAfter('prune', now + keepMs);
    });
  }

  async lease(nodeId: string, request: InspectionLeaseRequest): Promise<LeasedInspection | null> {
    const waiter: Waiter = { nodeId };
    return this.#lease(waiter) ?? (await this.#waiters.wait(waiter, request.waitMs));
  }

  async job(nodeId: string, id: Id<'enr'>, fence: number): Promise<Result<InspectionJob>> {
    const stored = this.#store.get(id);
    if (stored === null) return fail('not_found');
    const { job, state } = stored;
    const held = state.status === 'leased' && state.nodeId === nodeId && state.fence === fence;
    return held && job !== null ? ok(job) : fail('stale_lease');
  }

  async portraitKey(nodeId: string, id: Id<'enr'>, fence: number): Promise<Result<{ objectKey: string }>> {
    const job = await this.job(nodeId, id, fence);
    if (!job.ok) return job;
    if (!job.value.wantPortrait) return fail('conflict', 'No portrait is wanted of this person.');
    return ok({ objectKey: portraitKey(id, fence) });
  }

  async complete(
    nodeId: string,
    id: Id<'enr'>,
    fence: number,
    report: EnrolmentReport,
  ): Promise<Result<void>> {
    const stored = this.#store.get(id);
    if (stored === null) return fail('not_found');
    const input: Input = { type: 'complete', nodeId, fence };
    const foreseen = machine.transition(stored.state, input, policy, Date.now());
    if (!foreseen.ok) return foreseen;
    if (!foreseen.value.changed) return ok(undefined);
    const { embedding, portrait, ...rest } = report;
    const wanted = stored.job?.wantPortrait === true;
    const seen = wanted && portrait !== null ? await this.#seen(portraitKey(id, fence), portrait) : ok(null);
    if (!seen.ok) return seen;
    const template = embedding === null ? null : await sealTemplate(this.env, `enrolment:${id}`, embedding);
    const sealed: SealedReport = {
      ...rest,
      voice: wanted ? rest.voice : null,
      portrait: seen.value,
      template,
    };
    // The lease may have been lost or the inspection cancelled meanwhile: the machine decides on what is true now.
    return done(this.#apply(id, input, sealed));
  }

  async fail(nodeId: string, id: Id<'enr'>, failure: InspectionFailure): Promise<Result<void>> {
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

  #lease({ nodeId }: Waiter): LeasedInspection | null {
    const id = this.#store.next(Date.now());
    if (id === null) return null;
    const leased = this.#apply(id, { type: 'lease', nodeId });
    const job = this.#store.get(id)?.job;
    if (!leased.ok || job === null || job === undefined) throw new Error(`${id} could not be leased`);
    const { fence, leaseExpiresAt } = leased.value;
    return {
      inspectionId: id,
      kind: job.kind,
      fence,
      challenge: job.challenge,
      media: { size: job.media.size, mediaType: job.media.mediaType },
      wantPortrait: job.wantPortrait,
      leaseExpiresAt: new Date(leaseExpiresAt ?? Date.now()).toISOString(),
    };
  }

  /** The only way an inspection changes: machine, row and debts in one transaction. */
  #apply(id: Id<'enr'>, input: Input, report?: SealedReport): Result<InspectionState> {
    const now = Date.now();
    const stored = this.#store.get(id);
    if (stored === null) return fail('not_found');
    const moved = machine.transition(stored.state, input, policy, now);
    if (!moved.ok) return moved;
    const { state, changed } = moved.value;
    if (!changed) return ok(state);
    this.ctx.storage.transactionSync(() => {
      this.#store.save(id, state);
      if (state.status === 'completed' && report !== undefined) {
        this.#outbox.add(id, { kind: 'inspected', id, report }, now);
      }
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

  #dispatch(): void {
    if (this.#waiters.size > 0) this.#waiters.serve((waiter) => this.#lease(waiter));
  }

  #deliver(message: Message): Promise<void> {
    const enrolment = this.env.ENROLMENT.getByName(message.id);
    return message.kind === 'inspected'
      ? enrolment.inspected(message.report)
      : enrolment.inspectionFailed(message.code);
  }

  /** The portrait a node names, if R2 holds it as named. */
  async #seen(objectKey: string, named: StoredFile): Promise<Result<SealedReport['portrait']>> {
    const object = await this.env.MEDIA.head(objectKey);
    if (object === null) return fail('output_invalid', 'The portrait has not arrived.');
    if (object.size !== named.size || object.size > maxPortraitBytes) {
      return fail('output_invalid', `The portrait has ${object.size} bytes and ${named.size} were named.`);
    }
    if (object.checksums.toJSON().sha256 !== named.sha256) return fail('checksum_mismatch');
    return ok({ ...named, objectKey });
  }
}

/** Beside the recording, so that what erases one erases both. */
function portraitKey(id: Id<'enr'>, fence: number): string {
  return `enrolments/${id}/portrait-${fence}.jpg`;
}

function done(applied: Result<unknown>): Result<void> {
  return applied.ok ? ok(undefined) : applied;
}
