/**
 * A region gate: the real machine between the steps of region-gate-object.ts, each method named for the one it mirrors. Invariants:
 * a gate has one set of rows and one current instance; an instance that was superseded may go on answering from memory, but cannot
 * write rows; what an instance awaits dies with it. Called by world.ts, by logs (push) and by viewers (askMany).
 */
import type { GateEntry, RenewReply, RenewRequest } from '#durable-objects/consent/rpc.ts';
import type { Gate, GateVerdict } from '#durable-objects/region-gate/core/gate-machine.ts';
import type { PushReply, PushRequest } from '#durable-objects/region-gate/rpc.ts';
import type { Capability, ConsentKey } from '#schemas/consent.ts';
import type { GateMoment } from './history.ts';
import type { Host } from './host.ts';
import { leaseMs, type Protocol } from './protocol.ts';

/** As in region-gate-object.ts. */
const renewLimitMs = 2_000;
const retryMs = 100;

/** What a gate needs of the world around it. */
export interface GateSurroundings {
  readonly protocol: Protocol;
  readonly shards: readonly string[];
  strike(instance: GateInstance, moment: GateMoment): boolean;
  renew(
    instance: GateInstance,
    shard: string,
    request: RenewRequest,
    reply: (reply: RenewReply) => void,
  ): void;
  /** A message joined on late, early or not at all. */
  noticed(what: 'overtaken' | 'gap' | 'paged' | 'renewed', instance: GateInstance): void;
}

/** SQLite of one gate. */
interface ShardRows {
  readonly entries: Map<number, GateEntry>;
  position: number;
  /** Written by a mutant only. */
  leaseUntil: number;
}

export class GateSite {
  readonly name: string;
  readonly index: number;
  readonly region: number;
  readonly regionName: RenewRequest['region'];
  readonly rows: ReadonlyMap<string, ShardRows>;
  current: GateInstance;
  zombies: GateInstance[] = [];
  #incarnations = 0;
  readonly #world: GateSurroundings;

  constructor(
    at: { index: number; region: number; regionName: RenewRequest['region']; partition: number },
    host: Host,
    world: GateSurroundings,
  ) {
    this.index = at.index;
    this.region = at.region;
    this.regionName = at.regionName;
    this.name = `gate-${at.regionName}-${at.partition}`;
    this.#world = world;
    this.rows = new Map(
      world.shards.map((shard) => [shard, { entries: new Map(), position: 0, leaseUntil: 0 }]),
    );
    this.current = this.#instance(host);
  }

  /** A new instance; the old one goes on answering if `outlives` says so, else it is gone at once. */
  restart(host: Host, outlives: 'dead' | 'until-it-writes' | 'in-memory'): GateInstance {
    const old = this.current;
    this.current = this.#instance(host);
    old.superseded = true;
    old.outlives = outlives;
    if (outlives === 'dead') old.alive = false;
    else this.zombies.push(old);
    return old;
  }

  bury(zombie: GateInstance): void {
    zombie.alive = false;
    this.zombies = this.zombies.filter((other) => other !== zombie);
  }

  #instance(host: Host): GateInstance {
    return new GateInstance(this, `${this.name}/${this.#incarnations++}`, host, this.#world);
  }
}

export class GateInstance {
  readonly site: GateSite;
  readonly incarnation: string;
  readonly host: Host;
  alive = true;
  superseded = false;
  outlives: 'dead' | 'until-it-writes' | 'in-memory' = 'dead';
  readonly #world: GateSurroundings;
  readonly #gate: Gate;
  readonly #renewing = new Map<string, (() => void)[]>();

  constructor(site: GateSite, incarnation: string, host: Host, world: GateSurroundings) {
    this.site = site;
    this.incarnation = incarnation;
    this.host = host;
    this.#world = world;
    const { protocol, shards } = world;
    this.#gate = protocol.createGate(shards);
    for (const [shard, { entries, position, leaseUntil }] of site.rows) {
      // GateStore.entries: in order of position.
      const stored = [...entries.values()].sort((a, b) => a.position - b.position);
      this.#gate.restore(shard, stored, position);
      if (protocol.restoresLease) {
        const sentAt = leaseUntil - leaseMs + protocol.marginMs;
        this.#gate.renewed(shard, { sentAt, leaseMs, entries: [], from: 0, position: 0 }, protocol.marginMs);
      }
    }
  }

  /** RegionGateObject.askMany. */
  askMany(
    sets: readonly (readonly ConsentKey[])[],
    capability: Capability,
    answer: (verdict: GateVerdict) => void,
  ): void {
    const known = this.#gate.ask(sets, capability, this.host.now());
    if (known.available) {
      answer(known);
      this.#renewAhead();
      return;
    }
    if (this.#world.strike(this, 'asked')) return;
    let left = known.stale.length;
    const decide = () => {
      if (left < 0) return;
      left = -1;
      if (this.alive) answer(this.#gate.ask(sets, capability, this.host.now()));
    };
    for (const shard of known.stale) {
      this.#renew(shard, () => {
        left--;
        if (left === 0) decide();
      });
    }
    if (left > 0) this.host.after(renewLimitMs, decide);
  }

  /** RegionGateObject.push. */
  push({ shard, from, to, entries }: PushRequest, answer: (reply: PushReply) => void): void {
    if (this.#world.strike(this, 'push-received')) return;
    if (from > this.#gate.position(shard)) this.#world.noticed('gap', this);
    if (to < this.#gate.position(shard)) this.#world.noticed('overtaken', this);
    this.#gate.apply(shard, entries, to, from);
    if (!this.#keep(shard, entries)) return;
    if (this.#world.strike(this, 'push-applied')) return;
    answer({ incarnation: this.incarnation, position: this.#gate.position(shard) });
  }

  #renewAhead(): void {
    const now = this.host.now();
    for (const shard of this.#world.shards) {
      const inUse = this.#gate.leaseUntil(shard) > now;
      if (inUse && this.#gate.renewDue(shard, now, leaseMs)) this.#renew(shard, null);
    }
  }

  #renew(shard: string, done: (() => void) | null): void {
    const running = this.#renewing.get(shard);
    if (running !== undefined) {
      if (done !== null) running.push(done);
      return;
    }
    this.#renewing.set(shard, done === null ? [] : [done]);
    this.#tryToRenew(shard, this.host.now() + renewLimitMs);
  }

  #tryToRenew(shard: string, giveUpAt: number): void {
    this.#fetch(shard, (outcome) => {
      if (!this.alive) return;
      if (outcome === 'more') this.#tryToRenew(shard, giveUpAt);
      else if (outcome === 'failed' && this.host.now() + retryMs < giveUpAt) {
        this.host.after(retryMs, () => {
          if (this.alive) this.#tryToRenew(shard, giveUpAt);
        });
      } else {
        const waiting = this.#renewing.get(shard) ?? [];
        this.#renewing.delete(shard);
        for (const resolve of waiting) resolve();
      }
    });
  }

  #fetch(shard: string, done: (outcome: 'leased' | 'more' | 'failed') => void): void {
    const { protocol } = this.#world;
    const from = this.#gate.position(shard);
    const sentAt = this.host.now();
    const { incarnation, site } = this;
    let open = true;
    const request = { gate: site.name, region: site.regionName, incarnation, position: from };
    this.#world.renew(this, shard, request, ({ entries, position, leaseMs: given }) => {
      if (!open || !this.alive) return;
      open = false;
      if (this.#world.strike(this, 'renewal-received')) return;
      if (position < this.#gate.position(shard)) this.#world.noticed('overtaken', this);
      if (given === null) this.#world.noticed('paged', this);
      const counted = protocol.leaseFrom(sentAt, this.host.now());
      const renewal = { sentAt: counted, leaseMs: given, entries, from, position };
      this.#gate.renewed(shard, renewal, protocol.marginMs);
      if (!this.#keep(shard, entries)) return;
      if (given !== null) this.#world.noticed('renewed', this);
      if (this.#world.strike(this, 'renewed')) return;
      done(given === null ? 'more' : 'leased');
    });
    this.host.after(renewLimitMs, () => {
      if (!open || !this.alive) return;
      open = false;
      done('failed');
    });
    this.#world.strike(this, 'renewal-sent');
  }

  /** Rows, unless this instance was superseded: the platform then ends it, or (worse than the platform) it goes on in memory. */
  #keep(shard: string, entries: readonly GateEntry[]): boolean {
    if (this.superseded) {
      if (entries.length > 0 && this.outlives === 'until-it-writes') this.site.bury(this);
      return this.alive;
    }
    const rows = this.site.rows.get(shard);
    if (rows === undefined) throw new Error(`no rows for ${shard}`);
    for (const entry of entries) rows.entries.set(entry.position, entry);
    rows.position = Math.max(rows.position, this.#gate.position(shard));
    rows.leaseUntil = this.#gate.leaseUntil(shard);
    return true;
  }
}
