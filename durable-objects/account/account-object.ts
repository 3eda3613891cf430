/**
 * One account's credits. Invariant: the hold, the idempotency key and the order to start the generation are written together or not
 * at all, so a generation is never started without a hold and a hold never stays without a generation. Called by the edge (admission,
 * `me`) and by Generation objects (settlement).
 */
import { DurableObject } from 'cloudflare:workers';
import { Wakes } from '#durable-objects/shared/alarms.ts';
import { type ObjectConfig, parseConfig } from '#durable-objects/shared/config.ts';
import { log } from '#durable-objects/shared/log.ts';
import { migrate } from '#durable-objects/shared/migrations.ts';
import { Outbox } from '#durable-objects/shared/outbox.ts';
import { within } from '#durable-objects/shared/within.ts';
import { createWorkflow } from '#durable-objects/shared/workflow.ts';
import type { Credits, Tier } from '#schemas/http/accounts.ts';
import { isFinal } from '#schemas/http/generations.ts';
import type { Id } from '#schemas/ids.ts';
import { ok, type Result } from '#schemas/result.ts';
import * as machine from './core/credits-machine.ts';
import { accountMigrations } from './migrations.ts';
import type { AccountRpc, AdmitRequest, AdmittedGeneration } from './rpc.ts';
import { AccountStore } from './store.ts';

interface StartMessage {
  readonly kind: 'start';
  readonly admitted: AdmittedGeneration;
}

/** How long `admit` waits for the generation to start before it leaves that to the alarm. */
const startPatienceMs = 5_000;
/** About half an hour of trying; then the credits go back. */
const startAttempts = 12;
/** A hold older than the generation deadline by this much is settled by asking the generation; one that waits for somebody's agreement
 * is asked about again after as long. */
const overdueGraceMs = 15 * 60_000;
/** More than one account may have unfinished at once, so that those that wait for days hide no other. */
const overdueBatch = 100;

export class AccountObject extends DurableObject<Env> implements AccountRpc {
  readonly #config: ObjectConfig;
  readonly #store: AccountStore;
  readonly #wakes: Wakes<'outbox' | 'idempotency' | 'overdue'>;
  readonly #outbox: Outbox<StartMessage>;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#config = parseConfig(env);
    migrate(ctx.storage, accountMigrations);
    this.#store = new AccountStore(ctx.storage.sql);
    this.#wakes = new Wakes(ctx.storage);
    this.#outbox = new Outbox<StartMessage>({
      storage: ctx.storage,
      wakes: this.#wakes,
      deliver: (message) => this.#start(message.admitted),
      onPark: (message, now) => this.#settle(message.admitted.generationId, 'release', now),
      limits: { maxAttempts: startAttempts },
    });
    ctx.waitUntil(this.#wakes.ensureArmed());
  }

  async configure({ accountId, tier }: { accountId: Id<'acc'>; tier: Tier }): Promise<void> {
    this.#own(accountId);
    this.#store.configure(accountId, tier);
  }

  async admit(request: AdmitRequest): Promise<Result<{ generationId: Id<'gen'>; replayed: boolean }>> {
    const { generation, idempotencyKey, requestHash, maxUnfinished } = request;
    this.#own(generation.accountId);
    const now = Date.now();
    const admission = this.ctx.storage.transactionSync(() => {
      const tier = this.#store.account()?.tier ?? generation.tier;
      const decided = machine.admit(
        {
          tier,
          today: this.#store.totals(machine.dayOf(now)),
          unfinished: this.#store.unfinished(),
          existing: this.#store.hold(generation.generationId),
          remembered: idempotencyKey === null ? null : this.#store.remembered(idempotencyKey),
        },
        { generationId: generation.generationId, credits: generation.credits, requestHash, maxUnfinished },
        now,
      );
      if (!decided.ok || decided.value.kind === 'replay') return decided;
      this.#store.configure(generation.accountId, tier);
      this.#store.insertHold(decided.value.hold, now);
      this.#wakes.notAfter('overdue', now + this.#config.deadlineMs + overdueGraceMs);
      if (idempotencyKey !== null) {
        this.#store.remember(idempotencyKey, requestHash, generation.generationId, now);
        this.#wakes.notAfter('idempotency', now + machine.idempotencyMs);
      }
      this.#outbox.add(generation.generationId, { kind: 'start', admitted: generation }, now);
      return decided;
    });
    if (!admission.ok) return admission;
    if (admission.value.kind === 'replay')
      return ok({ generationId: admission.value.generationId, replayed: true });
    // A start that fails or takes too long is the alarm's: the admission stands.
    await within(this.#outbox.drain(), startPatienceMs).catch(() => undefined);
    return ok({ generationId: generation.generationId, replayed: false });
  }

  async recall(idempotencyKey: string, requestHash: string): Promise<Result<Id<'gen'> | null>> {
    return machine.recall(this.#store.remembered(idempotencyKey), requestHash, Date.now());
  }

  async settle(generationId: Id<'gen'>, settlement: machine.Settlement): Promise<Result<void>> {
    return this.ctx.storage.transactionSync(() => this.#settle(generationId, settlement, Date.now()));
  }

  async credits(): Promise<Credits> {
    const now = Date.now();
    return machine.balance(
      this.#store.account()?.tier ?? 'free',
      this.#store.totals(machine.dayOf(now)),
      now,
    );
  }

  override async alarm(): Promise<void> {
    await this.#wakes.run(Date.now, {
      outbox: () => this.#outbox.drain(),
      idempotency: () => this.#forgetKeys(),
      overdue: () => this.#settleOverdue(),
    });
  }

  #settle(generationId: Id<'gen'>, settlement: machine.Settlement, now: number): Result<void> {
    const settled = machine.settle(this.#store.hold(generationId), settlement);
    if (!settled.ok) return settled;
    if (settled.value.changed) this.#store.settleHold(settled.value.hold, now);
    return ok(undefined);
  }

  /** Receivers are idempotent: `open` by its record, the workflow by its instance id. */
  async #start(admitted: AdmittedGeneration): Promise<void> {
    // A hold given back in the meantime must not start a clip that nobody pays for.
    if (this.#store.hold(admitted.generationId)?.state !== 'held') return;
    await this.env.GENERATION.getByName(admitted.generationId).open(admitted);
    await createWorkflow(this.env, admitted.generationId);
  }

  #forgetKeys(): void {
    const oldest = this.#store.forget(Date.now() - machine.idempotencyMs);
    this.#wakes.set('idempotency', oldest === null ? null : oldest + machine.idempotencyMs);
  }

  /** The net under the settlement outbox of the generations: a hold is never kept for longer than its generation can live. */
  async #settleOverdue(): Promise<void> {
    const age = this.#config.deadlineMs + overdueGraceMs;
    const overdue = this.#store.overdue(Date.now() - age, overdueBatch);
    for (const { generationId } of overdue) {
      const read = await this.env.GENERATION.getByName(generationId).read();
      if (read.ok && !isFinal(read.value.status)) continue;
      if (!read.ok && read.error.code !== 'not_found') continue;
      this.#settle(
        generationId,
        read.ok && read.value.status === 'ready' ? 'capture' : 'release',
        Date.now(),
      );
      log('warn', 'overdue hold settled', { generationId });
    }
    const oldest = this.#store.oldestUnfinished();
    // Whatever is still unsettled is asked about again, but not in a tight loop.
    this.#wakes.set('overdue', oldest === null ? null : Math.max(oldest + age, Date.now() + overdueGraceMs));
  }

  /** @throws when the object's name and the account in the request differ: a fault of the caller, never of a person */
  #own(accountId: Id<'acc'>): void {
    const mine = this.#store.account()?.accountId ?? accountId;
    if (mine !== accountId) throw new Error(`this object belongs to ${mine}, not to ${accountId}`);
  }
}
