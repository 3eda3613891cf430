/**
 * What a history does to the world: its deeds, its faults, and the traps it sets in the middle of calls. Invariant: an eviction takes
 * memory and everything awaited, never rows. Called by world.ts.
 */
import { deniesOf } from './catalogue.ts';
import type { Eviction, GateMoment, Injected, LogMoment } from './history.ts';
import type { Host } from './host.ts';
import type { LogActor } from './log-actor.ts';
import { createRandom, type Random } from './random.ts';
import type { World } from './world.ts';

interface Trap extends Eviction {
  readonly of: 'log' | 'gate';
  readonly index: number;
  readonly moment: LogMoment | GateMoment;
  left: number;
}

export class Storm {
  readonly #world: World;
  readonly #chance: Random;
  #traps: Trap[] = [];

  constructor(world: World) {
    this.#world = world;
    this.#chance = createRandom(world.history.seed, 7);
  }

  calmDown(): void {
    this.#traps = [];
  }

  /** True if a trap evicts the object right here. */
  strike(of: 'log' | 'gate', index: number, moment: LogMoment | GateMoment): boolean {
    for (const trap of this.#traps) {
      if (trap.of !== of || trap.index !== index || trap.moment !== moment) continue;
      if (trap.left-- > 0) continue;
      this.#traps = this.#traps.filter((other) => other !== trap);
      this.#world.coverage.struck++;
      if (of === 'log') this.#evictLog(index, trap);
      else this.#evictGate(index, trap);
      return true;
    }
    return false;
  }

  #evictLog(index: number, { forMs, jumpMs }: Eviction): void {
    const log = this.#world.logs[index];
    if (log === undefined || !log.up) return;
    if (log.isWaiting) this.#world.coverage.logRestartDuringWait++;
    if (jumpMs !== 0 && log.rows.leases.size > 0) this.#world.coverage.logJump++;
    const reading = log.host.now() + jumpMs;
    log.stop();
    this.#world.network.trouble(forMs);
    this.#world.scheduler.at(this.#world.scheduler.now + forMs, () => {
      this.#world.ledger.logStarted(log);
      // An entry that had nobody to wait for left no row: it counts as soon as its log is up.
      for (const { position, id, lifts } of log.rows.entries) {
        const waits = log.rows.waits.has(position) || log.rows.settlements.has(position);
        if (lifts === null && !waits) this.#world.ledger.settled(id, null);
      }
      log.start(this.#world.createMachine('log', reading));
    });
  }

  #evictGate(index: number, { forMs, jumpMs }: Eviction): void {
    const site = this.#world.sites[index];
    if (site === undefined) return;
    if (this.#world.isWaiting) this.#world.coverage.gateRestartDuringWait++;
    const reading = site.current.host.now() + jumpMs;
    const outlives = forMs === 0 ? 'dead' : this.#chance.chance(0.5) ? 'in-memory' : 'until-it-writes';
    const old = site.restart(this.#world.createMachine('gate', reading), outlives);
    this.#world.network.trouble(forMs);
    if (forMs > 0) this.#world.scheduler.at(this.#world.scheduler.now + forMs, () => site.bury(old));
  }

  #hostAt(index: number): { host: Host; log: LogActor | null } {
    const all = this.#world.logs.length + this.#world.sites.length;
    const log = this.#world.logs[index % all];
    if (log !== undefined) return { host: log.host, log };
    const site = this.#world.sites[(index % all) - this.#world.logs.length];
    if (site === undefined) throw new Error('there is no such machine');
    return { host: site.current.host, log: null };
  }

  /** @param index of the event in its history; names its idempotency keys */
  inject(event: Injected, index: number): void {
    const { topology } = this.#world.history;
    const waiting = this.#world.isWaiting;
    switch (event.kind) {
      case 'publish':
        this.#world.viewers.publish(event);
        break;
      case 'revoke':
      case 'burst': {
        const key = this.#world.catalogue.keys[event.key % this.#world.catalogue.keys.length];
        if (key === undefined) break;
        if (event.kind === 'revoke') {
          this.#world.clients.revoke({
            key,
            denies: deniesOf(event.denies),
            idempotencyKey: `revoke-${index}`,
          });
          break;
        }
        if (event.count === 1000) this.#world.coverage.thousand++;
        for (let i = 0; i < event.count; i++) {
          const idempotencyKey = `burst-${index}-${i % event.requests}`;
          this.#world.clients.revoke({ key, denies: deniesOf(0), idempotencyKey });
        }
        break;
      }
      case 'repeat':
        this.#world.clients.repeat(event.of);
        break;
      case 'lift':
        this.#world.clients.lift(event.of);
        break;
      case 'reconsent':
        this.#world.catalogue.reconsent(event.cameo);
        this.#world.viewers.publish({ owner: event.cameo, cameo: event.cameo, remixOf: 0, asks: false });
        break;
      case 'cut':
        if (waiting) this.#world.coverage.cutDuringWait++;
        this.#world.network.cut({ ...event, region: event.region % topology.regions });
        break;
      case 'restart-gate':
        this.#evictGate(event.gate % this.#world.sites.length, event);
        break;
      case 'restart-log':
        this.#evictLog(event.shard % topology.shards, event);
        break;
      case 'strike-log':
        this.#traps.push({ ...event, of: 'log', index: event.shard % topology.shards, left: event.nth });
        break;
      case 'strike-gate':
        this.#traps.push({
          ...event,
          of: 'gate',
          index: event.gate % this.#world.sites.length,
          left: event.nth,
        });
        break;
      case 'stall': {
        const { host, log } = this.#hostAt(event.host);
        if (waiting) this.#world.coverage.stalledDuringWait++;
        host.stall(event.forMs);
        if (log !== null) this.#world.ledger.logStalled(log, event.forMs);
        this.#world.network.trouble(event.forMs);
        break;
      }
      case 'drift':
        this.#hostAt(event.host).host.drift(event.rate);
        break;
      case 'wake':
        this.#world.viewers.wake(event.region, event.forMs);
        break;
    }
  }
}
