/**
 * One enrolment: challenge, recording, inspection, decision. Invariant: every change goes through the machine and is written together
 * with what it owes (inspection, comparison, likeness, notices, erasure), so there is one decision and nothing of the recording is left
 * after it, whatever is repeated, late or lost. Called by the edge (`open`, `read`, recordings), InspectionQueue (`inspected`,
 * `inspectionFailed`), FaceIndex (`withdraw`) and whoever reviews (`reviewed`).
 */
import { DurableObject } from 'cloudflare:workers';
import type { InspectionDeath, SealedReport } from '#durable-objects/inspection-queue/rpc.ts';
import { Wakes } from '#durable-objects/shared/alarms.ts';
import { createId } from '#durable-objects/shared/id.ts';
import { migrate } from '#durable-objects/shared/migrations.ts';
import { Outbox } from '#durable-objects/shared/outbox.ts';
import type { Id } from '#schemas/ids.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import { challengeEntropy, makeChallenge } from './core/challenge.ts';
import * as machine from './core/enrolment-machine.ts';
import { deliverStep, type EnrolmentMessage, isStep, messageOf } from './deliveries.ts';
import { eraseFiles, recordingKey } from './files.ts';
import { enrolmentMigrations } from './migrations.ts';
import { enrolmentPolicy } from './policy.ts';
import { publicRecord } from './record.ts';
import type { EnrolmentRecord, EnrolmentRpc } from './rpc.ts';
import { EnrolmentStore } from './store.ts';

/** An upload that was under way when the enrolment ended is over by then: what it left is erased again. */
const sweepAfterMs = 15 * 60_000;
/** What was decided can be read this long. */
const keepMs = 30 * 86_400_000;

export class EnrolmentObject extends DurableObject<Env> implements EnrolmentRpc {
  readonly #policy: machine.EnrolmentPolicy;
  readonly #store: EnrolmentStore;
  readonly #wakes: Wakes<'outbox' | 'due' | 'forget'>;
  readonly #outbox: Outbox<EnrolmentMessage>;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#policy = enrolmentPolicy(env);
    migrate(ctx.storage, enrolmentMigrations);
    this.#store = new EnrolmentStore(ctx.storage.sql);
    this.#wakes = new Wakes(ctx.storage);
    this.#outbox = new Outbox<EnrolmentMessage>({
      storage: ctx.storage,
      wakes: this.#wakes,
      deliver: (message) => this.#deliver(message),
      onPark: (message) => {
        if (isStep(message)) this.#apply({ type: 'stuck' });
      },
    });
    ctx.waitUntil(this.#wakes.ensureArmed());
  }

  async open(input: {
    enrolmentId: Id<'enr'>;
    accountId: Id<'acc'>;
    keepForRendering: boolean;
  }): Promise<EnrolmentRecord> {
    const now = Date.now();
    const stored = this.ctx.storage.transactionSync(() => {
      const before = this.#store.load();
      if (before !== null) return before;
      const challenge = makeChallenge(crypto.getRandomValues(new Uint32Array(challengeEntropy)));
      const opening = { ...input, challenge };
      const state = machine.opened(now, this.#policy);
      this.#store.insert(opening, state);
      this.#wakes.set('due', state.dueAt);
      return { opening, state };
    });
    return publicRecord(stored, now);
  }

  async read(accountId: Id<'acc'>): Promise<Result<EnrolmentRecord>> {
    const stored = this.#store.load();
    if (stored === null || stored.opening.accountId !== accountId) return notFound();
    return ok(publicRecord(stored, Date.now()));
  }

  async beginRecording(accountId: Id<'acc'>): Promise<Result<{ objectKey: string; attempt: number }>> {
    const stored = this.#store.load();
    if (stored === null || stored.opening.accountId !== accountId) return notFound();
    const begun = this.#apply({ type: 'begin' });
    if (!begun.ok) return begun;
    const { attempt } = begun.value;
    return ok({ objectKey: recordingKey(stored.opening.enrolmentId, attempt), attempt });
  }

  async recorded(input: {
    attempt: number;
    size: number;
    mediaType: string;
    sha256: string;
  }): Promise<Result<EnrolmentRecord>> {
    const { attempt, ...recording } = input;
    return this.#recordAfter(this.#apply({ type: 'recorded', attempt, recording }));
  }

  async abandonRecording(attempt: number): Promise<void> {
    this.#apply({ type: 'abandon', attempt });
  }

  async inspected(report: SealedReport): Promise<void> {
    this.#apply({ type: 'inspected', report });
  }

  async inspectionFailed(code: InspectionDeath): Promise<void> {
    this.#apply({ type: 'inspection-failed', code });
  }

  async reviewed(decision: 'accept' | 'refuse'): Promise<Result<EnrolmentRecord>> {
    return this.#recordAfter(this.#apply({ type: 'reviewed', decision }));
  }

  async withdraw(): Promise<void> {
    this.#apply({ type: 'withdrawn' });
  }

  override async alarm(): Promise<void> {
    await this.#wakes.run(Date.now, {
      outbox: () => this.#outbox.drain(),
      due: () => {
        this.#apply({ type: 'due' });
        this.#wakes.set('due', this.#store.load()?.state.dueAt ?? null);
      },
      forget: () => {
        this.#store.forget();
        this.#wakes.set('forget', null);
      },
    });
  }

  /** The only way an enrolment changes: machine, row, debts and wakes in one transaction. */
  #apply(input: machine.EnrolmentInput): Result<machine.EnrolmentState> {
    const now = Date.now();
    const applied = this.ctx.storage.transactionSync((): Result<machine.Transition> => {
      const stored = this.#store.load();
      if (stored === null) return notFound();
      const moved = machine.transition(stored.state, input, this.#policy, now);
      if (!moved.ok || !moved.value.changed) return moved;
      const { state, effects } = moved.value;
      this.#store.save(state);
      for (const effect of effects) this.#owe(stored.opening.enrolmentId, stored.state.attempt, effect, now);
      this.#wakes.set('due', state.dueAt);
      if (machine.isFinal(state.phase)) this.#wakes.set('forget', now + keepMs);
      return moved;
    });
    if (!applied.ok) return applied;
    if (applied.value.effects.length > 0) this.#outbox.kick();
    return ok(applied.value.state);
  }

  /** Steps keep their order; files and notices go their own way, so that a slow receiver holds up no erasure. */
  #owe(id: Id<'enr'>, attempt: number, effect: machine.EnrolmentEffect, now: number): void {
    if (effect === 'erase-files') {
      this.#outbox.add('files', { kind: 'erase-files' }, now);
      this.#outbox.add('sweep', { kind: 'erase-files' }, now, sweepAfterMs);
    } else if (effect === 'erase-attempt') {
      this.#outbox.add('files', { kind: 'erase-file', objectKey: recordingKey(id, attempt) }, now);
    } else {
      const message = messageOf(effect, createId('cam', now));
      this.#outbox.add(isStep(message) ? 'steps' : 'inbox', message, now);
    }
  }

  async #deliver(message: EnrolmentMessage): Promise<void> {
    const stored = this.#store.load();
    if (stored === null) return;
    if (message.kind === 'erase-files') return eraseFiles(this.env.MEDIA, stored.opening.enrolmentId);
    if (message.kind === 'erase-file') return this.env.MEDIA.delete(message.objectKey);
    const heard = await deliverStep(this.env, stored, message, () => this.#store.load()?.state.phase ?? null);
    if (heard !== null) this.#apply(heard);
  }

  #recordAfter(applied: Result<unknown>): Result<EnrolmentRecord> {
    if (!applied.ok) return applied;
    const stored = this.#store.load();
    return stored === null ? notFound() : ok(publicRecord(stored, Date.now()));
  }
}

function notFound(): Result<never> {
  return fail('not_found', 'There is no such enrolment.');
}
