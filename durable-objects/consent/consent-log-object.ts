/**
 * ConsentLog: the append-only record of revocations, one object per shard (core/shard.ts). Invariants: an answer leaves only after
 * the entry is durable (the platform's output gate holds it until then); what is in memory is exactly what stands in SQL.
 * Called by gate.ts, by Clip objects, and by the edge for public records.
 */
import { DurableObject } from 'cloudflare:workers';
import { createHash } from 'node:crypto';
import { createId } from '#durable-objects/shared/id.ts';
import { migrate } from '#durable-objects/shared/migrations.ts';
import { type Capability, type ConsentKey, capabilitySchema, consentKeySchema } from '#schemas/consent.ts';
import type { Id } from '#schemas/ids.ts';
import { ok, type Result } from '#schemas/result.ts';
import { type AppendContext, type Appended, lift, revoke } from './core/consent-machine.ts';
import { type Decision, decide } from './core/decide.ts';
import { createDenialIndex, type DenialIndex } from './core/denial-index.ts';
import type { LogEntry } from './core/log-entry.ts';
import { migrations } from './migrations.ts';
import type { ConsentLogRpc, LogReceipt, RevokeRequest } from './rpc.ts';
import { ConsentStore } from './store.ts';

/** Hex SHA-256 of UTF-8 text. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export class ConsentLogObject extends DurableObject<Env> implements ConsentLogRpc {
  readonly #store: ConsentStore;
  readonly #denials: DenialIndex = createDenialIndex();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage, migrations);
    this.#store = new ConsentStore(ctx.storage.sql);
    for (const entry of this.#store.standing()) this.#denials.apply(entry);
  }

  /** @throws for a malformed request, or an idempotency key that made another entry: both are faults of the caller */
  async revoke(request: RevokeRequest): Promise<LogReceipt> {
    const key = consentKeySchema.parse(request.key);
    const denies = capabilitySchema.array().nonempty().parse(request.denies);
    const result = this.#append(request.idempotencyKey, (previous, context) =>
      revoke(this.#store.head(), { key, denies }, previous, context),
    );
    if (!result.ok) throw new Error(`revoke refused: ${result.error.code}`);
    return this.#receipt(result.value);
  }

  async lift(revocationId: Id<'rev'>, idempotencyKey: string): Promise<Result<LogReceipt>> {
    const result = this.#append(idempotencyKey, (previous, context) =>
      lift(
        this.#store.head(),
        revocationId,
        { previous, target: this.#store.byId(revocationId), liftedBy: this.#store.liftOf(revocationId) },
        context,
      ),
    );
    return result.ok ? ok(this.#receipt(result.value)) : result;
  }

  async evaluate(keys: readonly ConsentKey[], capability: Capability): Promise<Decision> {
    return decide(keys, capability, this.#denials.denied);
  }

  async evaluateMany(sets: readonly (readonly ConsentKey[])[], capability: Capability): Promise<Decision[]> {
    return sets.map((keys) => decide(keys, capability, this.#denials.denied));
  }

  async entry(id: Id<'rev'>): Promise<LogReceipt | null> {
    const entry = this.#store.byId(id);
    return entry === null ? null : this.#receipt(entry);
  }

  async latest(key: ConsentKey): Promise<LogReceipt | null> {
    for (const entry of this.#store.standingOn(key)) {
      if (entry.denies.includes('serve')) return this.#receipt(entry);
    }
    return null;
  }

  /** Asks the machine and writes what it appends, entry and request together; memory follows only after the transaction. */
  #append(
    idempotencyKey: string,
    ask: (
      previous: LogEntry | null,
      context: AppendContext,
    ) => Result<{ entry: LogEntry; appended: Appended | null }>,
  ): Result<LogEntry> {
    const now = Date.now();
    const context = { id: createId('rev', now), at: new Date(now).toISOString(), sha256 };
    const result = ask(this.#store.byRequest(idempotencyKey), context);
    if (!result.ok) return result;
    const { entry, appended } = result.value;
    this.ctx.storage.transactionSync(() => {
      if (appended !== null) this.#store.append(entry);
      this.#store.answer(idempotencyKey, entry.position);
    });
    if (appended !== null) this.#denials.apply(entry);
    return ok(entry);
  }

  #receipt(entry: LogEntry): LogReceipt {
    const { id, position, key, denies, at, hash, previousHash } = entry;
    const lifted = entry.lifts !== null || this.#store.liftOf(id) !== null;
    return { id, position, key, denies, at, hash, previousHash, lifted };
  }
}
