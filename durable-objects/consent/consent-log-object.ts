/**
 * ConsentLog: the append-only record of revocations, one object per shard (core/shard.ts). Invariants: an answer leaves only after
 * the entry is durable (the platform's output gate holds it until then), and a revocation's only after no gate can be answering
 * without it (lease-book.ts). Called by Clip and Cameo objects, by region gates, and by the edge for public records.
 */
import { DurableObject } from 'cloudflare:workers';
import { randomBytes } from 'node:crypto';
import { Wakes } from '#durable-objects/shared/alarms.ts';
import { parseConfig } from '#durable-objects/shared/config.ts';
import { createId } from '#durable-objects/shared/id.ts';
import { migrate } from '#durable-objects/shared/migrations.ts';
import { type ConsentKey, capabilitySchema, consentKeySchema } from '#schemas/consent.ts';
import type { Id } from '#schemas/ids.ts';
import { ok, type Result } from '#schemas/result.ts';
import { type AppendContext, type Appended, lift, revoke } from './core/consent-machine.ts';
import type { LogEntry } from './core/log-entry.ts';
import type { Tile } from './core/tile-path.ts';
import { LeaseBook } from './lease-book.ts';
import { migrations } from './migrations.ts';
import { PublicLog } from './public-log.ts';
import type {
  ConsentLogRpc,
  LogReceipt,
  PublicEntry,
  RenewReply,
  RenewRequest,
  RevokeRequest,
} from './rpc.ts';
import { ConsentStore } from './store.ts';
import { sha256 } from './transparency.ts';

/** 16 random bytes, hex. */
function createSalt(): string {
  return randomBytes(16).toString('hex');
}

export class ConsentLogObject extends DurableObject<Env> implements ConsentLogRpc {
  readonly #store: ConsentStore;
  readonly #public: PublicLog;
  readonly #wakes: Wakes<'push'>;
  readonly #leases: LeaseBook;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage, migrations);
    this.#store = new ConsentStore(ctx.storage.sql);
    this.#public = new PublicLog(ctx.storage, this.#store, env);
    this.#wakes = new Wakes(ctx.storage);
    const shard = ctx.id.name;
    if (shard === undefined) throw new Error('a consent log is addressed by its name');
    this.#leases = new LeaseBook({
      storage: ctx.storage,
      wakes: this.#wakes,
      leaseMs: parseConfig(env).consent.leaseMs,
      head: () => this.#store.head().position,
      entriesAfter: (position, limit) => this.#store.entriesAfter(position, limit),
      push: (lease, request) =>
        env.REGION_GATE.getByName(lease.gate, { locationHint: lease.region }).push({ shard, ...request }),
    });
    ctx.waitUntil(this.#wakes.ensureArmed());
  }

  /** @throws for a malformed request, or an idempotency key that made another entry: both are faults of the caller */
  async revoke(request: RevokeRequest): Promise<LogReceipt> {
    const key = consentKeySchema.parse(request.key);
    const denies = capabilitySchema.array().nonempty().parse(request.denies);
    const result = this.#append(request.idempotencyKey, (previous, context) =>
      revoke(this.#store.head(), { key, denies }, previous, context),
    );
    if (!result.ok) throw new Error(`revoke refused: ${result.error.code}`);
    await this.#leases.settled(result.value.position);
    return this.#receipt(result.value);
  }

  /** Does not wait for the gates: one that has not heard of it denies a little longer, which harms nobody's consent. */
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

  /** Every entry that the gate has not, a page at a time, and with the last page a lease. */
  async renew(request: RenewRequest): Promise<RenewReply> {
    return this.#leases.renew(request);
  }

  async entry(id: Id<'rev'>): Promise<LogReceipt | null> {
    const entry = this.#store.byId(id);
    return entry === null ? null : this.#receipt(entry);
  }

  async latest(keys: readonly ConsentKey[]): Promise<LogReceipt | null> {
    const serving = keys.flatMap((key) =>
      [...this.#store.standingOn(key)].filter((entry) => entry.denies.includes('serve')),
    );
    const newest = serving.reduce<LogEntry | null>(
      (best, entry) => (best === null || entry.position > best.position ? entry : best),
      null,
    );
    return newest === null ? null : this.#receipt(newest);
  }

  async record(id: Id<'rev'>): Promise<PublicEntry | null> {
    return this.#public.record(id);
  }

  async checkpoint(): Promise<string> {
    return this.#public.checkpoint();
  }

  async verifierKey(): Promise<string> {
    return this.#public.verifierKey();
  }

  async tile(tile: Tile): Promise<Uint8Array<ArrayBuffer> | null> {
    return this.#public.tile(tile);
  }

  /** Asks the machine and writes what it appends, entry, request and waits together; memory follows only after the transaction. */
  #append(
    idempotencyKey: string,
    ask: (
      previous: LogEntry | null,
      context: AppendContext,
    ) => Result<{ entry: LogEntry; appended: Appended | null }>,
  ): Result<LogEntry> {
    const now = Date.now();
    const context = { id: createId('rev', now), at: new Date(now).toISOString(), salt: createSalt(), sha256 };
    const result = ask(this.#store.byRequest(idempotencyKey), context);
    if (!result.ok) return result;
    const { entry, appended } = result.value;
    const waiting = appended === null ? null : this.#leases.plan(entry, now);
    this.ctx.storage.transactionSync(() => {
      if (waiting !== null) {
        this.#store.append(entry);
        this.#public.append(entry);
        this.#leases.write(waiting, entry.position, now);
      }
      this.#store.answer(idempotencyKey, entry.position);
    });
    if (waiting !== null) this.#leases.adopt(waiting);
    return ok(entry);
  }

  override async alarm(): Promise<void> {
    await this.#wakes.run(Date.now, { push: () => this.#leases.wake() });
  }

  #receipt(entry: LogEntry): LogReceipt {
    const { id, position, key, denies, at, hash, previousHash, salt } = entry;
    const lifted = entry.lifts !== null || this.#store.liftOf(id) !== null;
    const { regions, waitedMs } = this.#leases.settlementOf(position);
    return { id, position, key, denies, at, hash, previousHash, lifted, salt, regions, waitedMs };
  }
}
