/**
 * Clip: one object per clip, named by its id. Invariants: a withdrawal, lock or hide is stored as an intent before the consent log is
 * asked, and answered only after the log has the entry; an intent that a crash left behind is settled by the alarm; every version
 * reaches the projections, and everybody concerned their inbox, through the outbox; nothing is published that somebody in it has not
 * agreed to. Called by the generation workflow (createDraft, recast), the Cameo object (withdraw) and the clip routes.
 */
import { DurableObject } from 'cloudflare:workers';
import { consentShard } from '#durable-objects/consent/core/shard.ts';
import type { LogReceipt } from '#durable-objects/consent/rpc.ts';
import { Wakes } from '#durable-objects/shared/alarms.ts';
import { shortError } from '#durable-objects/shared/core/drain.ts';
import { log } from '#durable-objects/shared/log.ts';
import { migrate } from '#durable-objects/shared/migrations.ts';
import { Outbox } from '#durable-objects/shared/outbox.ts';
import { clipKey } from '#schemas/consent.ts';
import type { PublishClip } from '#schemas/http/clips.ts';
import type { Id } from '#schemas/ids.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import { beginWithdrawal, createDraft, finishWithdrawal, publish, readable } from './core/clip-machine.ts';
import { type ClipNotice, noticesOf, recastRequest } from './core/clip-notices.ts';
import { clipProjection } from './core/clip-projection.ts';
import { saysMore } from './core/clip-publication.ts';
import { jobsOf, objectKeysOf, recast } from './core/clip-recast.ts';
import { type ClipState, hasSay, type WishKind } from './core/clip-state.ts';
import { beginLift, beginWish, finishLift, finishWish } from './core/clip-wishes.ts';
import { type ConsentDebt, consentDebts } from './core/consent-debts.ts';
import { type ClipMessage, deliver } from './deliveries.ts';
import { mayPublish } from './may-publish.ts';
import { migrations } from './migrations.ts';
import type { ClipRecord, ClipRpc, DraftInput, RecastInput } from './rpc.ts';
import { readClip, writeClip } from './store.ts';

/** The alarm stays behind the call that follows the intent at once; then it tries every so often until the log has answered. */
const consentGraceMs = 2_000;
const consentRetryMs = 5_000;

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
      deliver: (message) => deliver(this.env, message),
    });
    this.#state = readClip(ctx.storage.sql);
    ctx.waitUntil(this.#wakes.ensureArmed());
  }

  async createDraft(input: DraftInput): Promise<Result<ClipRecord>> {
    return this.#recordOf(this.#apply(createDraft(this.#state, input)));
  }

  async recast(input: RecastInput): Promise<Result<ClipRecord>> {
    const done = this.#apply(recast(this.#state, input));
    // The wishes of those who left are lifted; the rendition does not wait for it.
    if (done.ok) this.ctx.waitUntil(this.#settleDebts());
    return this.#recordOf(done);
  }

  async read(): Promise<Result<ClipRecord>> {
    return readable(this.#state);
  }

  async publish(actorId: Id<'acc'>, input: PublishClip): Promise<Result<ClipRecord>> {
    const now = new Date().toISOString();
    const foreseen = publish(this.#state, actorId, input, now);
    if (!foreseen.ok || this.#state.kind === 'absent') return this.#recordOf(foreseen);
    const { record } = this.#state;
    if (foreseen.value !== this.#state && saysMore(record, input)) {
      const agreed = await mayPublish(this.env, record, input);
      if (!agreed.ok) return agreed;
      // A stand-in may have come in while people were asked: they were asked about another rendition.
      if (this.#state.record.generationId !== record.generationId) {
        return fail(
          'conflict',
          'This clip was made again while it was being published. Publish it once more.',
        );
      }
    }
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
    return this.#wish('lock', actorId, 'The lock is noted and will be applied.');
  }

  async unlock(actorId: Id<'acc'>): Promise<Result<ClipRecord>> {
    return this.#lift('lock', actorId, 'The unlocking is noted and will be applied.');
  }

  async hide(actorId: Id<'acc'>): Promise<Result<ClipRecord>> {
    return this.#wish('hide', actorId, 'Hiding is noted and will be applied.');
  }

  async unhide(actorId: Id<'acc'>): Promise<Result<ClipRecord>> {
    return this.#lift('hide', actorId, 'Showing it again is noted and will be applied.');
  }

  async askRecast(actorId: Id<'acc'>, note: string): Promise<Result<void>> {
    if (this.#state.kind === 'absent') return fail('not_found');
    if (this.#state.kind !== 'live') return fail('clip_deleted');
    const { record } = this.#state;
    if (!hasSay(record, actorId) || record.ownerId === actorId) {
      return fail('forbidden', 'Only somebody who appears in this clip can ask for a stand-in.');
    }
    const now = Date.now();
    this.ctx.storage.transactionSync(() => this.#notify(recastRequest(record, actorId, note), now));
    this.#outbox.kick();
    return ok(undefined);
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
      const old = before.kind === 'absent' ? null : before.record;
      const { record } = after;
      if (old?.version !== record.version) {
        this.#outbox.add('clip', { kind: 'project', projection: clipProjection(record) }, now);
      }
      if (old !== null && old.generationId !== record.generationId) {
        this.#outbox.add('objects', { kind: 'delete-objects', objectKeys: objectKeysOf(old) }, now);
      }
      if (before.kind !== 'withdrawn' && after.kind === 'withdrawn') {
        this.#erase(record, after.receipt.id, now);
      }
      this.#notify(noticesOf(before, after), now);
      if (consentDebts(after).length === 0) this.#wakes.set('consent', null);
      else this.#wakes.notAfter('consent', now + consentGraceMs);
    });
    this.#state = after;
    this.#outbox.kick();
    return result;
  }

  #erase(record: ClipRecord, revocationId: Id<'rev'>, now: number): void {
    const params = {
      subject: record.clipId,
      ownerId: record.ownerId,
      revocationId,
      objectKeys: objectKeysOf(record),
      generationIds: jobsOf(record),
    };
    this.#outbox.add('erase', { kind: 'erase', params }, now);
  }

  /** Each inbox has its own order, so that one that does not answer holds no other up. */
  #notify(notices: readonly ClipNotice[], now: number): void {
    for (const { to, notice } of notices) {
      this.#outbox.add(`notify:${to}`, { kind: 'notify', to, notice }, now);
    }
  }

  #recordOf(result: Result<ClipState>): Result<ClipRecord> {
    if (!result.ok) return result;
    return result.value.kind === 'absent' ? fail('not_found') : ok(result.value.record);
  }

  #wish(kind: WishKind, actorId: Id<'acc'>, later: string): Promise<Result<ClipRecord>> {
    return this.#withConsent(beginWish(this.#state, kind, actorId), later);
  }

  #lift(kind: WishKind, actorId: Id<'acc'>, later: string): Promise<Result<ClipRecord>> {
    return this.#withConsent(beginLift(this.#state, kind, actorId), later);
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
    if (debt.kind === 'lift') {
      const revocationId = debt.revocationId ?? (await consentLog.revoke({ key, ...debt.denial })).id;
      const lifted = await consentLog.lift(revocationId, debt.idempotencyKey);
      if (!lifted.ok) throw new Error(`lift refused: ${lifted.error.code}`);
      this.#apply(ok(finishLift(this.#state, debt.number)));
      return;
    }
    const { denies, idempotencyKey } = debt;
    const receipt = await consentLog.revoke({ key, denies, idempotencyKey });
    const after =
      debt.kind === 'withdraw'
        ? finishWithdrawal(this.#state, receipt)
        : finishWish(this.#state, debt.number, receipt.id);
    this.#apply(ok(after));
  }
}
