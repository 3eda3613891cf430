/**
 * The pool of render jobs. Invariants: a job has at most one live lease and its fencing token grows with every lease; only the present
 * token can settle it; what follows from a change (news for the generation and the workflow, erased uploads) is written with it.
 * Called by the workflow (`enqueue`, `outcome`), Generation objects (`cancel`, `position`), render nodes through the edge, and the edge.
 */
import { DurableObject } from 'cloudflare:workers';
import { Wakes } from '#durable-objects/shared/alarms.ts';
import { type ObjectConfig, parseConfig } from '#durable-objects/shared/config.ts';
import { portraitKey } from '#durable-objects/shared/core/portrait-key.ts';
import { migrate } from '#durable-objects/shared/migrations.ts';
import { Outbox } from '#durable-objects/shared/outbox.ts';
import { Waiters } from '#durable-objects/shared/waiters.ts';
import type { EngineCapability } from '#schemas/engine.ts';
import type { Tier } from '#schemas/http/accounts.ts';
import type { RenderStatus } from '#schemas/http/generations.ts';
import type { Id } from '#schemas/ids.ts';
import type {
  Failure,
  Heartbeat,
  HeartbeatReply,
  LeaseRequest,
  OutputFile,
  RenderOutput,
  SeenFace,
} from '#schemas/render.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import { seeCompletion } from './completion.ts';
import { median, retryAfter, waitEstimate } from './core/estimates.ts';
import type { Passes } from './core/fair-queue.ts';
import * as machine from './core/job-machine.ts';
import { acceptor, kindOf, newestEngines } from './core/matching.ts';
import { quarantineKey } from './core/quarantine-key.ts';
import { deliver, type QueueMessage } from './deliveries.ts';
import { ErasuresStore } from './erasures-store.ts';
import { JobsStore, type StoredJob } from './jobs-store.ts';
import { renderQueueMigrations } from './migrations.ts';
import { NodesStore } from './nodes-store.ts';
import type {
  EnqueueRequest,
  JobOutcome,
  LeasedWork,
  NodeErasure,
  RenderQueueRpc,
  SeenAtCompletion,
} from './rpc.ts';
import { Schedule } from './schedule.ts';
import { verifyUploads } from './uploads.ts';

/** A node not seen for this long offers nothing and counts as offline. */
const nodeGoneMs = 2 * 60_000;
/** Settled jobs are kept, and nodes that went away are shown, for this long. */
const keepMs = 7 * 86_400_000;
/** Who had which job, and nodes that went away, are known for this long; what they were asked to erase, for longer than anybody waits. */
const ledgerMs = 30 * 86_400_000;
const erasureKeepMs = 120 * 86_400_000;
/** An upload that was authorised before its token was lost is over by then. */
const sweepAfterMs = 15 * 60_000;
const batch = 200;

/** A node whose lease request is held open. */
interface Waiter {
  readonly nodeId: string;
  readonly accepts: (kind: string) => boolean;
}

export class RenderQueueObject extends DurableObject<Env> implements RenderQueueRpc {
  readonly #config: ObjectConfig;
  readonly #policy: machine.JobPolicy;
  readonly #jobs: JobsStore;
  readonly #nodes: NodesStore;
  readonly #erasures: ErasuresStore;
  readonly #schedule: Schedule;
  readonly #wakes: Wakes<'outbox' | 'leases' | 'ready' | 'prune'>;
  readonly #outbox: Outbox<QueueMessage>;
  readonly #waiters = new Waiters<Waiter, LeasedWork>();
  #medianSeconds: { readonly value: number | null } | null = null;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#config = parseConfig(env);
    const { leaseMs, maxAttempts } = this.#config;
    this.#policy = { leaseMs, maxAttempts, backoff: { baseMs: 2_000, capMs: 60_000 } };
    migrate(ctx.storage, renderQueueMigrations);
    this.#jobs = new JobsStore(ctx.storage.sql);
    this.#nodes = new NodesStore(ctx.storage.sql);
    this.#erasures = new ErasuresStore(ctx.storage.sql);
    this.#schedule = new Schedule(this.#jobs, Date.now());
    this.#wakes = new Wakes(ctx.storage);
    this.#outbox = new Outbox<QueueMessage>({
      storage: ctx.storage,
      wakes: this.#wakes,
      deliver: (message) => deliver(env, message),
      limits: { concurrency: 32, batch: 1_000 },
    });
    ctx.waitUntil(this.#wakes.ensureArmed());
  }

  async enqueue({ jobId, accountId, tier, spec }: EnqueueRequest): Promise<Result<void>> {
    if (this.#jobs.get(jobId) !== null) return ok(undefined);
    const excess = this.#excess(tier);
    if (excess >= 0) {
      return fail('backlog_full', undefined, {
        retryAfterSeconds: this.#retryAfter(tier, excess),
        waiting: this.#schedule.sizeOf(tier),
      });
    }
    const now = Date.now();
    const job = {
      id: jobId,
      accountId,
      tier,
      kind: kindOf(spec),
      cost: spec.seconds,
      spec: JSON.stringify(spec),
    };
    const seq = this.#jobs.insert(job, machine.waitingJob(now));
    const { spec: _, ...entry } = job;
    this.#schedule.add({ ...entry, seq }, now, now);
    this.#dispatch();
    return ok(undefined);
  }

  async admission(
    tier: Tier,
  ): Promise<{ backlogFull: boolean; retryAfterSeconds: number; engines: EngineCapability[] }> {
    const excess = this.#excess(tier);
    const backlogFull = excess >= 0;
    return {
      backlogFull,
      retryAfterSeconds: backlogFull ? this.#retryAfter(tier, excess) : 0,
      engines: this.#engines(),
    };
  }

  async cancel(jobId: Id<'gen'>): Promise<void> {
    if (this.#apply(jobId, { type: 'cancel' }).ok) return;
    // Cancelled before the workflow enqueued it: the tombstone makes the enqueue that still comes a cancelled job.
    const now = Date.now();
    this.ctx.storage.transactionSync(() => {
      this.#jobs.insert(
        { id: jobId, accountId: '', tier: 'free', kind: '', cost: 0, spec: '{}' },
        machine.cancelledJob(now),
      );
      this.#wakes.notAfter('prune', now + keepMs);
    });
  }

  async outcome(jobId: Id<'gen'>): Promise<JobOutcome> {
    const job = this.#jobs.get(jobId);
    switch (job?.state.status) {
      case 'completed':
        return {
          status: 'completed',
          fence: job.state.fence,
          nodeId: job.state.nodeId ?? '',
          ...this.#jobs.finished(jobId),
        };
      case 'dead':
        return {
          status: 'dead',
          code: job.state.code ?? 'lease_lost',
          message: job.state.message ?? '',
          attempts: job.state.fence,
        };
      case 'cancelled':
        return { status: 'cancelled' };
      default:
        return { status: 'pending' };
    }
  }

  async position(jobId: Id<'gen'>): Promise<{ ahead: number; estimateSeconds: number | null } | null> {
    const ahead = this.#schedule.ahead(jobId, Date.now());
    return ahead === null
      ? null
      : { ahead, estimateSeconds: waitEstimate(ahead, this.#slots(), this.#median()) };
  }

  async lease(nodeId: string, request: LeaseRequest): Promise<LeasedWork | null> {
    this.#nodes.offered(nodeId, request.software, request.engines, Date.now());
    const waiter: Waiter = { nodeId, accepts: acceptor(request.engines) };
    const job = this.#lease(waiter) ?? (await this.#waiters.wait(waiter, request.waitMs));
    this.#nodes.seen(nodeId, Date.now());
    return job;
  }

  async heartbeat(nodeId: string, jobId: Id<'gen'>, beat: Heartbeat): Promise<Result<HeartbeatReply>> {
    const applied = this.#apply(jobId, { type: 'heartbeat', nodeId, fence: beat.fence });
    if (!applied.ok) return applied;
    this.#nodes.seen(nodeId, Date.now());
    const { status, leaseExpiresAt } = applied.value;
    return ok({
      directive: status === 'cancelled' ? 'cancel' : 'continue',
      leaseExpiresAt: new Date(leaseExpiresAt ?? Date.now()).toISOString(),
    });
  }

  async authorizeUpload(
    nodeId: string,
    jobId: Id<'gen'>,
    fence: number,
    file: OutputFile,
  ): Promise<Result<{ objectKey: string }>> {
    const job = this.#jobs.get(jobId);
    if (job === null) return fail('not_found');
    // Storing a file shows that the node is alive: it is a heartbeat too.
    const applied = this.#apply(jobId, { type: 'heartbeat', nodeId, fence });
    if (!applied.ok) return applied;
    if (applied.value.status !== 'leased') return fail('stale_lease');
    this.#jobs.authorize(jobId, fence, file);
    return ok({ objectKey: quarantineKey(jobId, fence, file) });
  }

  async authorizePortrait(
    nodeId: string,
    jobId: Id<'gen'>,
    fence: number,
    cameoId: Id<'cam'>,
  ): Promise<Result<{ objectKey: string }>> {
    const job = this.#jobs.get(jobId);
    if (job === null) return fail('not_found');
    const { status, fence: current, nodeId: holder } = job.state;
    if (status !== 'leased' || current !== fence || holder !== nodeId) return fail('stale_lease');
    const member = this.#jobs.spec(jobId).cast.find((candidate) => candidate.cameoId === cameoId);
    if (member?.portrait.kind !== 'photo')
      return fail('not_found', 'There is no such photograph in this job.');
    return ok({ objectKey: portraitKey(cameoId) });
  }

  async complete(
    nodeId: string,
    jobId: Id<'gen'>,
    fence: number,
    output: RenderOutput,
    faces: readonly SeenFace[] = [],
  ): Promise<Result<void>> {
    const job = this.#jobs.get(jobId);
    if (job === null) return fail('not_found');
    const input = { type: 'complete', nodeId, fence } as const;
    const foreseen = machine.transition(job.state, input, this.#policy, Date.now());
    if (!foreseen.ok) return foreseen;
    if (!foreseen.value.changed) return ok(undefined);
    const files = await verifyUploads(this.env.MEDIA, this.#jobs, jobId, fence, output);
    if (!files.ok) return files;
    const offered = [...this.#nodes.enginesOf(nodeId), ...this.#engines()];
    const seen = await seeCompletion(this.env, this.#jobs.spec(jobId).engine, offered, output, faces);
    if (!seen.ok) return seen;
    // The lease may have been lost or the job cancelled while others were asked: the machine decides on what is true now.
    return done(this.#apply(jobId, input, { output, seen: seen.value }));
  }

  async fail(nodeId: string, jobId: Id<'gen'>, failure: Failure): Promise<Result<void>> {
    return done(this.#apply(jobId, { type: 'fail', nodeId, failure, jitter: Math.random() }));
  }

  async orderErasure(jobIds: readonly Id<'gen'>[]): Promise<NodeErasure[]> {
    return this.ctx.storage.transactionSync(() => {
      this.#erasures.order(jobIds, Date.now());
      this.#erasures.blankJobs(jobIds);
      return this.#erasures.of(jobIds);
    });
  }

  async erasuresOf(jobIds: readonly Id<'gen'>[]): Promise<NodeErasure[]> {
    return this.#erasures.of(jobIds);
  }

  async confirmErasures(nodeId: string, erased: readonly Id<'gen'>[]): Promise<Id<'gen'>[]> {
    const now = Date.now();
    this.#nodes.seen(nodeId, now);
    this.#erasures.confirm(nodeId, erased, now);
    return this.#erasures.openFor(nodeId);
  }

  async status(): Promise<RenderStatus> {
    const now = Date.now();
    const running = this.#jobs.leasedByNode();
    return {
      queued: this.#schedule.size,
      running: this.#jobs.leasedCount(),
      deadLetters: this.#jobs.settledSince('dead', 0),
      finishedLastHour: this.#jobs.settledSince('completed', now - 3_600_000),
      failedLastHour: this.#jobs.settledSince('dead', now - 3_600_000),
      medianRenderSeconds: this.#median(),
      nodes: this.#nodes.since(now - keepMs).map((node) => ({
        id: node.id,
        online: node.lastSeenAt > now - nodeGoneMs,
        lastSeenAt: new Date(node.lastSeenAt).toISOString(),
        software: node.software,
        engines: node.engines.map(({ name, version }) => ({ name, version })),
        runningJobs: running.get(node.id) ?? 0,
      })),
    };
  }

  async engines(): Promise<EngineCapability[]> {
    return this.#engines();
  }

  override async alarm(): Promise<void> {
    await this.#wakes.run(Date.now, {
      outbox: () => this.#outbox.drain(),
      leases: () => this.#expireLeases(),
      ready: () => this.#releaseDelayed(),
      prune: () => this.#prune(),
    });
  }

  /** Leases the next fitting job to this node; null when none waits. */
  #lease(waiter: Waiter): LeasedWork | null {
    const { fair } = this.#schedule;
    const entry = fair.peek(waiter.accepts);
    if (entry === undefined) return null;
    const jobId = entry.id as Id<'gen'>;
    const leased = this.#apply(jobId, { type: 'lease', nodeId: waiter.nodeId });
    if (!leased.ok) throw new Error(`job ${jobId} was in the schedule and could not be leased`);
    const { fence, leaseExpiresAt } = leased.value;
    return {
      jobId,
      fence,
      attempt: fence,
      spec: this.#jobs.spec(jobId),
      leaseExpiresAt: new Date(leaseExpiresAt ?? Date.now()).toISOString(),
      heartbeatEveryMs: Math.max(250, Math.round(this.#policy.leaseMs / 4)),
    };
  }

  /** The only way a job changes: machine, row, passes and debts in one transaction; the schedule follows once it has gone through. */
  #apply(
    jobId: Id<'gen'>,
    input: machine.JobInput,
    finished?: { output: RenderOutput; seen: SeenAtCompletion },
  ): Result<machine.JobState> {
    const now = Date.now();
    const job = this.#jobs.get(jobId);
    if (job === null) return fail('not_found');
    const moved = machine.transition(job.state, input, this.#policy, now);
    if (!moved.ok) return moved;
    const { state, changed, effects } = moved.value;
    if (!changed) return ok(state);
    const passes = this.#passesAfter(job, effects);
    this.ctx.storage.transactionSync(() => {
      this.#jobs.save(jobId, state);
      if (input.type === 'lease') this.#erasures.leased(jobId, input.nodeId, now);
      if (finished !== undefined) this.#jobs.saveFinished(jobId, finished);
      if (passes !== null) this.#jobs.savePasses(passes);
      for (const effect of effects) this.#owe(jobId, state, effect, now);
      if (state.leaseExpiresAt !== null) this.#wakes.notAfter('leases', state.leaseExpiresAt);
      if (state.status === 'waiting' && state.notBefore > now) this.#wakes.notAfter('ready', state.notBefore);
    });
    if (job.state.status === 'waiting') this.#schedule.remove(jobId);
    if (passes !== null) this.#schedule.fair.apply(passes);
    if (state.status === 'waiting') {
      this.#schedule.add(job.entry, state.notBefore, now);
      this.#dispatch();
    }
    if (state.status === 'completed') this.#medianSeconds = null;
    if (effects.length > 0) this.#outbox.kick();
    return ok(state);
  }

  #passesAfter(job: StoredJob, effects: readonly machine.JobEffect[]): Passes | null {
    if (effects.some(({ type }) => type === 'started')) return this.#schedule.fair.charged(job.entry);
    if (effects.some(({ type }) => type === 'requeued')) return this.#schedule.fair.refunded(job.entry);
    return null;
  }

  #owe(jobId: Id<'gen'>, state: machine.JobState, effect: machine.JobEffect, now: number): void {
    switch (effect.type) {
      case 'started':
      case 'requeued':
        this.#outbox.add(`generation:${jobId}`, { kind: effect.type, jobId, attempt: effect.attempt }, now);
        break;
      case 'lost':
        this.#erase(`erase:${jobId}`, this.#jobs.uploadKeys(jobId, { fence: effect.fence }), now, 0);
        break;
      case 'settled': {
        const keep = state.status === 'completed' ? state.fence : null;
        this.#outbox.add(`workflow:${jobId}`, { kind: 'settled', jobId }, now);
        this.#erase(`sweep:${jobId}`, this.#jobs.uploadKeys(jobId, { except: keep }), now, sweepAfterMs);
        this.#wakes.notAfter('prune', now + keepMs);
      }
    }
  }

  #erase(entity: string, objectKeys: readonly string[], now: number, delayMs: number): void {
    if (objectKeys.length > 0) this.#outbox.add(entity, { kind: 'erase', objectKeys }, now, delayMs);
  }

  #dispatch(): void {
    if (this.#waiters.size > 0) this.#waiters.serve((waiter) => this.#lease(waiter));
  }

  #expireLeases(): void {
    const now = Date.now();
    for (const jobId of this.#jobs.expired(now, batch)) this.#apply(jobId, { type: 'expire' });
    this.#wakes.set('leases', this.#jobs.nextExpiry());
  }

  #releaseDelayed(): void {
    this.#wakes.set('ready', this.#schedule.release(Date.now()));
    this.#dispatch();
  }

  #prune(): void {
    const now = Date.now();
    const oldest = this.ctx.storage.transactionSync(() => {
      this.#jobs.prunePasses();
      this.#nodes.prune(now - ledgerMs);
      this.#erasures.prune(now - ledgerMs, now - erasureKeepMs);
      return this.#jobs.prune(now - keepMs, batch);
    });
    this.#wakes.set('prune', oldest === null ? null : Math.max(oldest + keepMs, now + 1_000));
  }

  #engines(): EngineCapability[] {
    return newestEngines(this.#nodes.since(Date.now() - nodeGoneMs).flatMap((node) => node.engines));
  }

  /** Waiting jobs of a tier over the last one it may have; negative while there is room. */
  #excess(tier: Tier): number {
    return this.#schedule.sizeOf(tier) - this.#config.backlog[tier];
  }

  #retryAfter(tier: Tier, excess: number): number {
    return retryAfter(tier, excess, this.#slots(), this.#median());
  }

  /** Jobs that are rendered at once: those that are, and the nodes that ask for more; at least one per node that was seen lately. */
  #slots(): number {
    return Math.max(
      this.#jobs.leasedCount() + this.#waiters.size,
      this.#nodes.since(Date.now() - nodeGoneMs).length,
    );
  }

  #median(): number | null {
    this.#medianSeconds ??= { value: median(this.#jobs.renderSeconds(50)) };
    return this.#medianSeconds.value;
  }
}

function done(applied: Result<unknown>): Result<void> {
  return applied.ok ? ok(undefined) : applied;
}
