/**
 * FeedShard: the candidate pool of a region in memory, and who has seen what. Invariants: SQL and memory change in one synchronous
 * step, so an eviction loses nothing; a page is durable before it is answered, and asking for it again answers the same less what
 * was removed. Called by the feed route (page) and by the projection consumer (upsert, remove).
 */
import { DurableObject } from 'cloudflare:workers';
import { Wakes } from '#durable-objects/shared/alarms.ts';
import { createId } from '#durable-objects/shared/id.ts';
import { migrate } from '#durable-objects/shared/migrations.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import { CandidateStore } from './candidate-store.ts';
import { type CandidatePool, createCandidatePool } from './core/candidate-pool.ts';
import { presentPage } from './core/present-page.ts';
import { pageOf, startSession } from './core/session.ts';
import { migrations } from './migrations.ts';
import type { FeedCandidate, FeedPage, FeedPageRequest, FeedRemoval, FeedShardRpc } from './rpc.ts';
import { SessionStore } from './session-store.ts';

/** Clips one shard holds (shared/feed.md §2e: memory of one object); the oldest leave first. */
export const poolLimit = 64_000;
export const pageSizeLimit = 50;
/** Longer than a queue message can be retried, so that no old version comes back. */
const removalMemoryMs = 14 * 24 * 3_600_000;
const sweepEveryMs = 10 * 60_000;
const sweepBatch = 1_000;

export class FeedShardObject extends DurableObject<Env> implements FeedShardRpc {
  readonly #candidates: CandidateStore;
  readonly #sessions: SessionStore;
  readonly #pool: CandidatePool;
  readonly #wakes: Wakes<'sweep'>;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage, migrations);
    this.#wakes = new Wakes(ctx.storage);
    this.#candidates = new CandidateStore(ctx.storage.sql);
    this.#sessions = new SessionStore(ctx.storage.sql);
    this.#pool = createCandidatePool(this.#candidates.all(), this.#candidates.removals());
    ctx.waitUntil(this.#wakes.ensureArmed());
  }

  async upsert(candidates: readonly FeedCandidate[]): Promise<void> {
    for (const candidate of candidates) {
      if (!this.#pool.upsert(candidate)) continue;
      this.#candidates.put(candidate);
      if (this.#pool.size > poolLimit) this.#makeRoom();
    }
  }

  async remove(removals: readonly FeedRemoval[]): Promise<void> {
    const now = Date.now();
    for (const { clipId, version } of removals) {
      if (this.#pool.remove(clipId, version)) this.#candidates.remove(clipId, version, now);
    }
    if (removals.length > 0) this.#wakes.notAfter('sweep', now + sweepEveryMs);
  }

  async page(request: FeedPageRequest): Promise<Result<FeedPage>> {
    if (!Number.isInteger(request.limit) || request.limit < 1 || request.limit > pageSizeLimit) {
      return fail('bad_request', `limit must be a whole number from 1 to ${pageSizeLimit}`);
    }
    const now = Date.now();
    const { position } = request;
    const known = position === null ? null : this.#sessions.find(position.session, now);
    if (position !== null && known === null) return fail('cursor_invalid');
    const session = known ?? startSession(createId('ses', now), request);
    const seq = position?.seq ?? 0;
    const result = pageOf(this.#pool, session, seq, request, now);
    if (!result.ok) return result;
    const { page, fresh } = result.value;
    if (fresh) {
      this.ctx.storage.transactionSync(() => {
        this.#wakes.notAfter('sweep', now + sweepEveryMs);
        if (known === null) this.#sessions.add(session, now);
        this.#sessions.addPage(session, page);
      });
    }
    return ok({
      items: presentPage(this.#pool, page, request, now),
      next: page.more ? { session: session.id, seq: seq + 1 } : null,
    });
  }

  override async alarm(): Promise<void> {
    await this.#wakes.run(Date.now, { sweep: () => this.#sweep() });
  }

  #makeRoom(): void {
    const oldest = this.#pool.oldest();
    if (oldest === null) return;
    this.#pool.drop(oldest);
    this.#candidates.drop(oldest);
  }

  /** Forgets expired sessions and old removals, a batch at a time. */
  #sweep(): void {
    const now = Date.now();
    const moreSessions = this.#sessions.prune(now);
    const forgotten = this.#candidates.forgetRemovals(now - removalMemoryMs, sweepBatch);
    for (const clipId of forgotten) this.#pool.forgetRemoval(clipId);
    if (moreSessions || forgotten.length === sweepBatch) this.#wakes.set('sweep', now + 1_000);
    else if (this.#sessions.isEmpty() && !this.#candidates.hasRemovals()) this.#wakes.set('sweep', null);
    else this.#wakes.set('sweep', now + sweepEveryMs);
  }
}
