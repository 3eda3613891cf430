/**
 * RegionGate: the local view of revocations, one object per region and partition, named `gate-<region>-<partition>`. Invariants: an
 * answer needs an unexpired lease that this very instance was given (core/gate-machine.ts); what it applied survives a restart, a
 * lease does not. Called by consent/gate.ts for whoever wants to serve, list, remix, download or cast, and by consent logs (`push`).
 */
import { DurableObject } from 'cloudflare:workers';
import { consentShards } from '#durable-objects/consent/core/shard.ts';
import { parseConfig } from '#durable-objects/shared/config.ts';
import { shortError } from '#durable-objects/shared/core/drain.ts';
import { log } from '#durable-objects/shared/log.ts';
import { migrate } from '#durable-objects/shared/migrations.ts';
import { within } from '#durable-objects/shared/within.ts';
import { type Capability, type ConsentKey, type Region, regionSchema } from '#schemas/consent.ts';
import { type AppliedEntry, createGate, type Gate } from './core/gate-machine.ts';
import { migrations } from './migrations.ts';
import type { GateAnswer, PushReply, PushRequest, RegionGateRpc } from './rpc.ts';
import { GateStore } from './store.ts';

/** How long a question waits for a lease. */
const renewLimitMs = 2_000;
/** Between two tries at a log that does not answer. */
const retryMs = 100;

/** @throws if the name is not that of a gate */
export function regionOfGate(name: string | undefined): Region {
  return regionSchema.parse(/^gate-([a-z]+)-\d+$/.exec(name ?? '')?.[1]);
}

export class RegionGateObject extends DurableObject<Env> implements RegionGateRpc {
  /** Of this instance: whatever it is given ends with it. */
  readonly #incarnation = crypto.randomUUID();
  readonly #name: string;
  readonly #region: Region;
  readonly #config: { readonly leaseMs: number; readonly marginMs: number };
  readonly #store: GateStore;
  readonly #gate: Gate = createGate(consentShards);
  readonly #renewing = new Map<string, Promise<boolean>>();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#region = regionOfGate(ctx.id.name);
    this.#name = ctx.id.name ?? '';
    this.#config = parseConfig(env).consent;
    migrate(ctx.storage, migrations);
    this.#store = new GateStore(ctx.storage.sql);
    for (const shard of consentShards) {
      this.#gate.restore(shard, this.#store.entries(shard), this.#store.position(shard));
    }
  }

  async askMany(sets: readonly (readonly ConsentKey[])[], capability: Capability): Promise<GateAnswer> {
    const known = this.#gate.ask(sets, capability, Date.now());
    if (known.available) {
      this.#renewAhead();
      return known;
    }
    const renewed = Promise.all(known.stale.map((shard) => this.#renew(shard)));
    await within(renewed, renewLimitMs).catch(() => {});
    const verdict = this.#gate.ask(sets, capability, Date.now());
    if (verdict.available) return verdict;
    // A renewal that is still under way may be about to succeed.
    return { available: false, retryAfterSeconds: this.#renewing.size > 0 ? 1 : 2 };
  }

  async push({ shard, from, to, entries }: PushRequest): Promise<PushReply> {
    this.#gate.apply(shard, entries, to, from);
    this.#keep(shard, entries);
    return { incarnation: this.#incarnation, position: this.#gate.position(shard) };
  }

  /** Only what is in use is renewed, so an idle region costs nothing and holds nobody up. */
  #renewAhead(): void {
    const now = Date.now();
    for (const shard of consentShards) {
      const inUse = this.#gate.leaseUntil(shard) > now;
      if (inUse && this.#gate.renewDue(shard, now, this.#config.leaseMs))
        this.ctx.waitUntil(this.#renew(shard));
    }
  }

  /** One renewal per shard at a time; resolves with whether there is a new lease, never rejects. */
  #renew(shard: string): Promise<boolean> {
    const running = this.#renewing.get(shard);
    if (running !== undefined) return running;
    const work = this.#tryToRenew(shard).finally(() => this.#renewing.delete(shard));
    this.#renewing.set(shard, work);
    return work;
  }

  async #tryToRenew(shard: string): Promise<boolean> {
    const giveUpAt = Date.now() + renewLimitMs;
    for (;;) {
      try {
        if (await this.#fetch(shard)) return true;
      } catch (error) {
        log('warn', 'lease not renewed', { gate: this.#name, shard, error: shortError(error) });
        if (Date.now() + retryMs >= giveUpAt) return false;
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
    }
  }

  /** One page. False while there are more. @throws when the log does not answer or does not get anywhere */
  async #fetch(shard: string): Promise<boolean> {
    const consentLog = this.env.CONSENT_LOG.getByName(shard);
    const from = this.#gate.position(shard);
    const sentAt = Date.now();
    const reply = await within(
      consentLog.renew({
        gate: this.#name,
        region: this.#region,
        incarnation: this.#incarnation,
        position: from,
      }),
      renewLimitMs,
    );
    const { leaseMs, entries, position } = reply;
    if (leaseMs === null && position <= from) throw new Error('the consent log sent an empty page');
    this.#gate.renewed(shard, { sentAt, leaseMs, entries, from, position }, this.#config.marginMs);
    this.#keep(shard, entries);
    return leaseMs !== null;
  }

  #keep(shard: string, entries: readonly AppliedEntry[]): void {
    if (entries.length === 0) return;
    this.ctx.storage.transactionSync(() => this.#store.add(shard, entries, this.#gate.position(shard)));
  }
}
