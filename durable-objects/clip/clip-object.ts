/**
 * Clip: one object per clip, named by its id. Invariants: a withdrawal or lock is stored as an intent before the consent log is
 * asked, and answered only after the log has the entry; an intent that a crash left behind is settled by the alarm; every version
 * reaches the projections through the outbox. Called by the generation workflow (createDraft) and by the clip routes.
 */
import { DurableObject } from 'cloudflare:workers';
import { consentShard } from '#durable-objects/consent/core/shard.ts';
import type { LogReceipt } from '#durable-objects/consent/rpc.ts';
import { Wakes } from '#durable-objects/shared/alarms.ts';
import { shortError } from '#durable-objects/shared/core/drain.ts';
import { log } from '#durable-objects/shared/log.ts';
import { migrate } from '#durable-objects/shared/migrations.ts';
import { Outbox } from '#durable-objects/shared/outbox.ts';
import { sendProjection } from '#durable-objects/shared/project.ts';
import { clipKey } from '#schemas/consent.ts';
import type { PublishClip } from '#schemas/http/clips.ts';
import type { Id } from '#schemas/ids.ts';
import type { Projection } from '#schemas/projections.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import { beginLock, beginUnlock, finishLock, finishUnlock } from './core/clip-locks.ts';
import { beginWithdrawal, createDraft, finishWithdrawal, publish, readable } from './core/clip-machine.ts';
import { clipProjection, eraseProjection } from './core/clip-projection.ts';
import type { ClipState } from './core/clip-state.ts';
import { type ConsentDebt, consentDebts, lockDenies, withdrawalDenies } from './core/consent-debts.ts';
import { migrations } from './migrations.ts';
import type { ClipRecord, ClipRpc, DraftInput } from './rpc.ts';
import { readClip, writeClip } from './store.ts';

/** The alarm stays behind the call that follows the intent at once; then it tries every so often until the log has answered. */
const consentGraceMs = 2_000;
const consentRetryMs = 5_000;

type ClipMessage = { readonly kind: 'project'; readonly projection: Projection };

export class ClipObject extends DurableObject<Env> implements ClipRpc {
  #state: ClipState;
  readonly #wakes: Wakes<'outbox' | 'consent'>;
  readonly #outbox: Outbox<ClipMessage>;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage, migrations);
    this.#wakes = new Wakes(ctx.storage);
    this.#outbox = new Outbox({
      storage: ctx.storage,
      wakes: this.#wakes,
      deliver: (message) => sendProjection(env, message.projection),
    });
    this.#state = readClip(ctx.storage.sql);
    ctx.waitUntil(this.#wakes.ensureArmed());
  }

  async createDraft(input: DraftInput): Promise<Result<ClipRecord>> {
    return this.#recordOf(this.#apply(createDraft(this.#state, input)));
  }

  async read(): Promise<Result<ClipRecord>> {
    return readable(this.#state);
  }

  async publish(actorId: Id<'acc'>, input: PublishClip): Promise<Result<ClipRecord>> {
    const now = new Date().toISOString();
    return this.#recordOf(this.#apply(publish(this.#state, actorId, input, now)));
  }

  async withdraw(actorId: Id<'acc'>): Promise<Result<LogReceipt>> {
    const begun = this.#apply(beginWithdrawal(this.#state, actorId));
    if (!begun.ok) return begun;
    await this.#settleDebts();
    if (this.#state.kind === 'withdrawn') return ok(this.#state.receipt);
    return fail(
      'consent_unavailable',
      'The deletion is noted and will be finished. Ask again for its receipt.',
    );
  }

  async lock(actorId: Id<'acc'>): Promise<Result<ClipRecord>> {
    return this.#withConsent(beginLock(this.#state, actorId), 'The lock is noted and will be applied.');
  }

  async unlock(actorId: Id<'acc'>): Promise<Result<ClipRecord>> {
    return this.#withConsent(
      beginUnlock(this.#state, actorId),
      'The unlocking is noted and will be applied.',
    );
  }

  override async alarm(): Promise<void> {
    await this.#wakes.run(Date.now, {
      outbox: () => this.#outbox.drain(),
      consent: async () => {
        await this.#settleDebts();
        const done = consentDebts(this.#state).length === 0;
        this.#wakes.set('consent', done ? null : Date.now() + consentRetryMs);
      },
    });
  }

  /** Stores a transition with all that follows from it, then lets memory follow. */
  #apply(result: Result<ClipState>): Result<ClipState> {
    if (!result.ok || result.value === this.#state) return result;
    const before = this.#state;
    const after = result.value;
    if (after.kind === 'absent') return result;
    const now = Date.now();
    this.ctx.storage.transactionSync(() => {
      writeClip(this.ctx.storage.sql, after);
      if (before.kind === 'absent' || before.record.version !== after.record.version) {
        this.#project(clipProjection(after.record), now);
      }
      if (before.kind !== 'withdrawn' && after.kind === 'withdrawn') {
        this.#project(eraseProjection(after.record), now);
      }
      if (consentDebts(after).length === 0) this.#wakes.set('consent', null);
      else this.#wakes.notAfter('consent', now + consentGraceMs);
    });
    this.#state = after;
    this.#outbox.kick();
    return result;
  }

  #project(projection: Projection, now: number): void {
    this.#outbox.add('clip', { kind: 'project', projection }, now);
  }

  #recordOf(result: Result<ClipState>): Result<ClipRecord> {
    if (!result.ok) return result;
    return result.value.kind === 'absent' ? fail('not_found') : ok(result.value.record);
  }

  async #withConsent(begun: Result<ClipState>, later: string): Promise<Result<ClipRecord>> {
    const noted = this.#apply(begun);
    if (!noted.ok) return noted;
    const settled = await this.#settleDebts();
    if (this.#state.kind === 'withdrawn' || this.#state.kind === 'withdrawing') return fail('clip_deleted');
    return settled ? this.#recordOf(ok(this.#state)) : fail('consent_unavailable', later);
  }

  /** Asks the log for everything that is owed. False when it did not answer; the alarm will ask again. */
  async #settleDebts(): Promise<boolean> {
    try {
      for (const debt of consentDebts(this.#state)) await this.#settle(debt);
      return true;
    } catch (error) {
      log('error', 'consent log did not answer', { error: shortError(error) });
      return false;
    }
  }

  /** Other calls may run while the log is asked; the finishing transitions look at the state as it is then. */
  async #settle(debt: ConsentDebt): Promise<void> {
    if (this.#state.kind === 'absent') return;
    const key = clipKey(this.#state.record.clipId);
    const consentLog = this.env.CONSENT_LOG.getByName(consentShard(key));
    if (debt.kind === 'withdraw') {
      const receipt = await consentLog.revoke({
        key,
        denies: withdrawalDenies,
        idempotencyKey: debt.idempotencyKey,
      });
      this.#apply(ok(finishWithdrawal(this.#state, receipt)));
      return;
    }
    if (debt.kind === 'lock') {
      const receipt = await consentLog.revoke({
        key,
        denies: lockDenies,
        idempotencyKey: debt.idempotencyKey,
      });
      this.#apply(ok(finishLock(this.#state, debt.number, receipt.id)));
      return;
    }
    const revocationId =
      debt.revocationId ??
      (await consentLog.revoke({ key, denies: lockDenies, idempotencyKey: debt.lockIdempotencyKey })).id;
    const lifted = await consentLog.lift(revocationId, debt.idempotencyKey);
    if (!lifted.ok) throw new Error(`lift refused: ${lifted.error.code}`);
    this.#apply(ok(finishUnlock(this.#state, debt.number)));
  }
}
