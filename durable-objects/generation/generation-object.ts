/**
 * The one truth about a generation's status. Invariant: every change goes through the machine and is written together with what it
 * owes (settlement, cancelled job, projection), so there is one final state and one settlement whatever is repeated, late or lost.
 * Called by the Account object (`open`), the workflow, the render queue, heartbeats through the edge, the creator, and the Cameo objects
 * of the people in it (`consentWithdrawn`, `reviewDecided`).
 */
import { DurableObject } from 'cloudflare:workers';
import type { AdmittedGeneration } from '#durable-objects/account/rpc.ts';
import type { SubjectDecision } from '#durable-objects/moderation-case/rpc.ts';
import { Wakes } from '#durable-objects/shared/alarms.ts';
import { type ObjectConfig, parseConfig } from '#durable-objects/shared/config.ts';
import { migrate } from '#durable-objects/shared/migrations.ts';
import { Outbox } from '#durable-objects/shared/outbox.ts';
import { type ErrorCode, sentenceOf } from '#schemas/errors.ts';
import { type Generation, isFinal } from '#schemas/http/generations.ts';
import type { Id } from '#schemas/ids.ts';
import type { GenerationProjection } from '#schemas/projections.ts';
import type { RenderStage } from '#schemas/render.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import { forgotten } from './core/forget.ts';
import * as machine from './core/generation-machine.ts';
import { deliver, type GenerationMessage } from './deliveries.ts';
import { generationMigrations } from './migrations.ts';
import { publicRecord, type QueuePosition } from './record.ts';
import type { ErrorDetails, GenerationRecord, GenerationRpc } from './rpc.ts';
import { GenerationStore, type StoredGeneration } from './store.ts';
import { Watchers } from './watchers.ts';

/** While somebody watches a queued generation, its position is looked up this often. */
const positionEveryMs = 2_000;

export class GenerationObject extends DurableObject<Env> implements GenerationRpc {
  readonly #config: ObjectConfig;
  readonly #store: GenerationStore;
  readonly #wakes: Wakes<'outbox' | 'deadline' | 'position'>;
  readonly #outbox: Outbox<GenerationMessage>;
  readonly #watchers: Watchers;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#config = parseConfig(env);
    migrate(ctx.storage, generationMigrations);
    this.#store = new GenerationStore(ctx.storage.sql);
    this.#wakes = new Wakes(ctx.storage);
    this.#outbox = new Outbox<GenerationMessage>({
      storage: ctx.storage,
      wakes: this.#wakes,
      deliver: (message) => deliver(this.env, message),
    });
    this.#watchers = new Watchers(ctx, () => this.#current());
    ctx.waitUntil(this.#wakes.ensureArmed());
  }

  async open(admitted: AdmittedGeneration): Promise<void> {
    const now = Date.now();
    this.ctx.storage.transactionSync(() => {
      if (this.#store.load() !== null) return;
      const awaiting = admitted.cast.flatMap((permit) =>
        permit.reviewBeforeGeneration ? [permit.accountId] : [],
      );
      const state = machine.opened(now, this.#config.deadlineMs, awaiting);
      this.#store.insert(admitted, state);
      this.#wakes.set('deadline', machine.dueAt(state));
      for (const effect of ['project', 'tell-cast'] as const)
        this.#owe({ admitted, state, policy: null }, effect, now);
    });
    this.#outbox.kick();
  }

  async read(): Promise<Result<GenerationRecord>> {
    const generation = await this.#current();
    const stored = this.#store.load();
    if (generation === null || stored === null) return notFound();
    return ok({ ...generation, accountId: stored.admitted.accountId });
  }

  async admission(): Promise<Result<AdmittedGeneration>> {
    const stored = this.#store.load();
    return stored === null ? notFound() : ok(stored.admitted);
  }

  async progress(input: { attempt: number; stage: RenderStage; progress: number }): Promise<void> {
    this.#apply({ type: 'progress', ...input });
  }

  async requeued(attempt: number): Promise<void> {
    this.#apply({ type: 'requeued', attempt });
  }

  async finishing(stage: RenderStage): Promise<Result<void>> {
    return done(this.#apply({ type: 'finishing', stage }));
  }

  async commit(): Promise<Result<void>> {
    return done(this.#apply({ type: 'commit' }));
  }

  async ready(clipId: Id<'clip'>): Promise<Result<void>> {
    return done(this.#apply({ type: 'ready', clipId }));
  }

  async fail(code: ErrorCode, message: string, details?: ErrorDetails): Promise<Result<void>> {
    return done(this.#apply({ type: 'fail', ...errorWith(code, message, details) }));
  }

  async quarantine(code: ErrorCode, message: string, details?: ErrorDetails): Promise<Result<void>> {
    return done(this.#apply({ type: 'quarantine', ...errorWith(code, message, details) }));
  }

  async heldBack(policy: NonNullable<Generation['policy']>): Promise<void> {
    const now = Date.now();
    this.ctx.storage.transactionSync(() => {
      const stored = this.#store.load();
      if (stored === null || stored.policy !== null) return;
      const state = { ...stored.state, version: stored.state.version + 1, updatedAt: now };
      this.#store.savePolicy(policy);
      this.#store.save(state);
      this.#owe({ ...stored, state, policy }, 'project', now);
    });
    this.#outbox.kick();
  }

  async policy(): Promise<NonNullable<Generation['policy']> | null> {
    return this.#store.load()?.policy ?? null;
  }

  async decided(_decision: SubjectDecision): Promise<void> {
    const stored = this.#store.load();
    if (stored?.state.status !== 'quarantined') return;
    // Neither way is it delivered: the credits went back when it was quarantined.
    const { generationId } = stored.admitted;
    this.#outbox.add('quarantine', { kind: 'clear-quarantine', generationId }, Date.now());
    this.#outbox.kick();
  }

  async cancel(): Promise<Result<GenerationRecord>> {
    const applied = this.#apply({ type: 'cancel' });
    return applied.ok ? this.read() : applied;
  }

  async consentWithdrawn(): Promise<void> {
    this.#apply({ type: 'withdrawn' });
  }

  async reviewDecided(accountId: Id<'acc'>, decision: 'approve' | 'refuse'): Promise<void> {
    this.#apply({ type: 'reviewed', accountId, decision, deadlineMs: this.#config.deadlineMs });
  }

  async agreement(): Promise<Result<'awaited' | 'given' | 'ended'>> {
    const state = this.#store.load()?.state;
    if (state === undefined) return notFound();
    if (isFinal(state.status)) return ok('ended');
    return ok(state.awaiting.length > 0 ? 'awaited' : 'given');
  }

  async forget(cameoId: Id<'cam'> | null): Promise<boolean> {
    return this.ctx.storage.transactionSync(() => {
      const stored = this.#store.load();
      if (stored === null) return true;
      if (!isFinal(stored.state.status)) return false;
      this.#store.saveAdmission(forgotten(stored.admitted, cameoId));
      return true;
    });
  }

  /** Live progress. The edge has authorised the caller and hands the upgrade on unchanged. */
  override async fetch(request: Request): Promise<Response> {
    if (request.headers.get('upgrade')?.toLowerCase() !== 'websocket') {
      return new Response('This address answers WebSocket upgrades only.', {
        status: 426,
        headers: { upgrade: 'websocket' },
      });
    }
    const generation = await this.#current();
    if (generation === null) return new Response(sentenceOf('not_found'), { status: 404 });
    const response = this.#watchers.accept(generation);
    // It may have changed while the position was looked up: whoever connects late must not miss the end.
    const state = this.#store.load()?.state;
    if (state !== undefined && !isFinal(generation.status)) {
      if (state.status !== generation.status || isFinal(state.status))
        this.#watchers.notify(isFinal(state.status));
      this.#planPosition(state);
    }
    return response;
  }

  override async webSocketMessage(): Promise<void> {
    // Clients have nothing to say here; `ping` is answered by the platform without waking the object.
  }

  override async webSocketClose(socket: WebSocket, code: number, reason: string): Promise<void> {
    // 1005 and 1006 say that no code came over the wire; they may not be sent back (RFC 6455 §7.4.1).
    if (code !== 1005 && code !== 1006) socket.close(code, reason);
  }

  override async alarm(): Promise<void> {
    await this.#wakes.run(Date.now, {
      outbox: () => this.#outbox.drain(),
      deadline: () => this.#deadline(),
      position: () => this.#refreshPosition(),
    });
  }

  /** The only way a status changes: machine, row, debts and wakes in one transaction, then the news to whoever watches. */
  #apply(input: machine.GenerationInput): Result<machine.GenerationState> {
    const now = Date.now();
    const applied = this.ctx.storage.transactionSync((): Result<machine.Transition> => {
      const stored = this.#store.load();
      if (stored === null) return notFound();
      const moved = machine.transition(stored.state, input, now);
      if (!moved.ok || !moved.value.changed) return moved;
      const { state, effects } = moved.value;
      this.#store.save(state);
      for (const effect of effects) this.#owe({ ...stored, state }, effect, now);
      this.#wakes.set('deadline', isFinal(state.status) ? null : machine.dueAt(state));
      if (state.status !== 'queued') this.#wakes.set('position', null);
      return moved;
    });
    if (!applied.ok) return applied;
    const { state, changed, effects } = applied.value;
    if (changed) {
      this.#planPosition(state);
      this.#watchers.notify(isFinal(state.status));
      if (effects.length > 0) this.#outbox.kick();
    }
    return ok(state);
  }

  /** Writes the outbox row of one effect. Each entity keeps its own order: a slow queue does not hold up a settlement. */
  #owe(stored: StoredGeneration, effect: machine.GenerationEffect, now: number): void {
    const { generationId, accountId } = stored.admitted;
    if (effect === 'capture' || effect === 'release') {
      this.#outbox.add('credits', { kind: 'settle', accountId, generationId, settlement: effect }, now);
    } else if (effect === 'cancel-job' || effect === 'nudge-workflow') {
      this.#outbox.add('job', { kind: effect, generationId }, now);
    } else if (effect === 'tell-cast') {
      // Each likeness has its own order: one that does not answer holds no other up.
      for (const { accountId: person } of stored.admitted.cast) {
        const { status } = stored.state;
        this.#outbox.add(
          `cast:${person}`,
          { kind: 'cast-changed', accountId: person, generationId, status },
          now,
        );
      }
    } else {
      const generation = publicRecord(stored, null, now);
      const projection: GenerationProjection = {
        kind: 'generation',
        version: stored.state.version,
        accountId,
        generation,
      };
      this.#outbox.add('projection', { kind: 'project', projection }, now);
    }
  }

  /** The public record with the queue's word on where it stands; the state is read after that answer, so it is never older. */
  async #current(): Promise<Generation | null> {
    const before = this.#store.load();
    if (before === null) return null;
    const position =
      before.state.status === 'queued' ? await this.#position(before.admitted.generationId) : null;
    return publicRecord(this.#store.load() ?? before, position, Date.now());
  }

  async #position(generationId: Id<'gen'>): Promise<QueuePosition | null> {
    try {
      return await this.env.RENDER_QUEUE.getByName('main').position(generationId);
    } catch {
      // The status is worth more than the position: it is shown without.
      return null;
    }
  }

  #planPosition(state: machine.GenerationState): void {
    if (state.status === 'queued' && this.#watchers.count > 0)
      this.#wakes.notAfter('position', Date.now() + positionEveryMs);
  }

  #refreshPosition(): void {
    const stored = this.#store.load();
    const wanted = stored !== null && stored.state.status === 'queued' && this.#watchers.count > 0;
    this.#wakes.set('position', wanted ? Date.now() + positionEveryMs : null);
    if (wanted) this.#watchers.notify(false);
  }

  #deadline(): void {
    const stored = this.#store.load();
    if (stored === null || isFinal(stored.state.status)) this.#wakes.set('deadline', null);
    else if (Date.now() < machine.dueAt(stored.state))
      this.#wakes.set('deadline', machine.dueAt(stored.state));
    else this.#apply({ type: 'deadline' });
  }
}

function notFound(): { ok: false; error: { code: 'not_found'; message: string } } {
  return { ok: false, error: { code: 'not_found', message: 'There is no such generation.' } };
}

function errorWith(
  code: ErrorCode,
  message: string,
  details: ErrorDetails | undefined,
): NonNullable<machine.GenerationState['error']> {
  const sentence = message === '' ? sentenceOf(code) : message;
  return { code, message: sentence, ...(details === undefined ? {} : { details }) };
}

function done(applied: Result<unknown>): Result<void> {
  return applied.ok ? ok(undefined) : fail(applied.error.code, applied.error.message, applied.error.details);
}
