/**
 * One history, played: builds the world it describes, lets happen what it lists, heals everything and checks what is left. Invariant:
 * everything that happens follows from the history and the protocol, so a failure can be played again. Called by the model test, the
 * mutants and scripts/prove-consent.ts.
 */
import { hash } from 'node:crypto';
import type { RegionOutcome } from '#durable-objects/consent/rpc.ts';
import { regions } from '#schemas/consent.ts';
import { Catalogue } from './catalogue.ts';
import { Clients } from './clients.ts';
import { type Coverage, createCoverage } from './coverage.ts';
import { GateSite } from './gate-actor.ts';
import { type History, stormMs } from './history.ts';
import { Host, maxDrift } from './host.ts';
import { type Denial, Ledger, type Violation } from './ledger.ts';
import { LogActor } from './log-actor.ts';
import { Network } from './network.ts';
import { leaseMs, type Protocol, protocol as realProtocol } from './protocol.ts';
import { createRandom, type Random } from './random.ts';
import { Scheduler } from './scheduler.ts';
import { Storm } from './storm.ts';
import { Viewers } from './viewers.ts';

/** Long enough after the storm for a log to come back, every lease to run out and every client to ask again. */
const restMs = 30_000;
/** A lease that was held by somebody who is gone, and one more for whatever was under way, has run out by then. */
const quietMs = leaseMs / (1 - maxDrift) + 3_000;

export interface Outcome {
  readonly violations: readonly Violation[];
  readonly coverage: Coverage;
  readonly events: number;
}

const sha256 = (text: string) => hash('sha256', text);

/** Plays a history under a protocol. */
export function play(history: History, protocol: Protocol = realProtocol): Outcome {
  return new World(history, protocol).play();
}

export class World {
  readonly history: History;
  readonly protocol: Protocol;
  readonly scheduler = new Scheduler();
  readonly coverage = createCoverage();
  readonly network: Network;
  readonly ledger: Ledger;
  readonly catalogue: Catalogue;
  readonly viewers: Viewers;
  readonly clients: Clients;
  readonly logs: LogActor[] = [];
  readonly sites: GateSite[] = [];
  readonly #byName = new Map<string, GateSite>();
  readonly #machines: Random;
  readonly #storm: Storm;
  readonly #chance: Random;
  readonly #clocks: Random;

  constructor(history: History, protocol: Protocol) {
    this.history = history;
    this.protocol = protocol;
    const { seed, weather, topology } = history;
    this.#machines = createRandom(seed, 1);
    this.#chance = createRandom(seed, 5);
    this.#clocks = createRandom(seed, 6);
    this.network = new Network(this.scheduler, createRandom(seed, 2), weather, this.coverage);
    this.ledger = new Ledger(this.scheduler, weather.grainMs);
    this.catalogue = new Catalogue(protocol);
    this.viewers = new Viewers(this);
    this.clients = new Clients(this);
    this.#storm = new Storm(this);
    for (let i = 0; i < topology.shards; i++) this.logs.push(this.#createLog(i));
    for (let region = 0; region < topology.regions; region++) {
      for (let partition = 0; partition < topology.partitions; partition++)
        this.#createGate(region, partition);
    }
    const first = this.catalogue.publish(0, this.catalogue.castKeys(0, 1), 1, null);
    this.catalogue.publish(1, this.catalogue.castKeys(1, 1), 1, null);
    this.catalogue.publish(2, [], 1, first);
  }

  play(): Outcome {
    const { scheduler, history } = this;
    history.events.forEach((event, i) => {
      scheduler.at(event.at, () => this.#storm.inject(event, i));
    });
    this.viewers.start(stormMs + 2_000);
    scheduler.runUntil(stormMs);
    this.network.calmDown();
    this.#storm.calmDown();
    scheduler.runUntil(stormMs + restMs);
    this.ledger.finish(this.logs, sha256);
    if (this.clients.unanswered > 0) {
      const detail = `${this.clients.unanswered} calls were never answered`;
      this.ledger.violations.push({ promise: 'not acknowledged in time', at: scheduler.now, detail });
    }
    const { coverage } = this;
    return { violations: this.ledger.violations, coverage, events: scheduler.events };
  }

  get isWaiting(): boolean {
    return this.logs.some((log) => log.isWaiting);
  }

  /** A message reaches the log: lost if it is down, late if it computes. */
  toLog(log: LogActor, handle: () => void): void {
    const { life } = log;
    if (!log.up) return;
    log.host.handle(() => {
      if (log.up && log.life === life) handle();
    });
  }

  /** The first receipt for a denial leaves. */
  acknowledged(denial: Denial): void {
    this.coverage.acknowledged++;
    this.viewers.race(denial);
  }

  #createLog(index: number): LogActor {
    return new LogActor(index, this.createMachine('log', 1_700_000_000_000 + index * 12_345), {
      protocol: this.protocol,
      pageSize: this.history.pageSize,
      sha256,
      strike: (log, moment) => this.#storm.strike('log', log.index, moment),
      push: (log, { gate, region }, request, reply) => {
        const site = this.#byName.get(gate);
        if (site === undefined) throw new Error(`there is no gate ${gate} in ${region}`);
        this.network.between(site.region, 'push', 'from-log', () => {
          const { current, zombies } = site;
          const old = zombies[0];
          const instance = old !== undefined && this.#chance.chance(0.2) ? old : current;
          instance.host.handle(() => {
            if (!instance.alive) return;
            instance.push(request, (answer) => {
              this.network.between(site.region, 'push', 'to-log', () => this.toLog(log, () => reply(answer)));
            });
          });
        });
      },
      appended: (log, entry) => {
        this.ledger.appended(log, entry);
        const denial = this.ledger.denialOf(entry);
        if (denial !== undefined) this.viewers.hurry(denial);
      },
      settled: (log, position, outcomes) => this.#settled(log, position, outcomes),
    });
  }

  #createGate(region: number, partition: number): void {
    const regionName = regions[region];
    if (regionName === undefined) throw new Error('there are nine regions');
    const index = this.sites.length;
    const host = this.createMachine('gate', 1_700_000_000_000);
    const site = new GateSite({ index, region, regionName, partition }, host, {
      protocol: this.protocol,
      shards: this.logs.map(({ name }) => name),
      strike: (instance, moment) => !instance.superseded && this.#storm.strike('gate', index, moment),
      renew: (instance, shard, request, reply) => {
        const log = this.logs.find(({ name }) => name === shard);
        if (log === undefined) throw new Error(`there is no log ${shard}`);
        this.network.between(region, 'renew', 'to-log', () =>
          this.toLog(log, () =>
            log.renew(request, (answer) => {
              this.network.between(region, 'renew', 'from-log', () =>
                instance.host.handle(() => reply(answer)),
              );
            }),
          ),
        );
      },
      noticed: (what, instance) => {
        if (what !== 'renewed') this.coverage[what]++;
        else if (instance.superseded) this.coverage.zombieRenewed++;
      },
    });
    this.sites.push(site);
    this.#byName.set(site.name, site);
  }

  #settled(log: LogActor, position: number, outcomes: readonly RegionOutcome[]): void {
    const entry = log.rows.entries[position - 1];
    const denial = entry === undefined ? undefined : this.ledger.denialOf(entry);
    if (entry === undefined || denial === undefined) return;
    if (outcomes.some(({ outcome }) => outcome === 'lease-expired')) this.coverage.expiryWait++;
    const { troubleUntil, ordinaryMs } = this.network;
    // One push may be under way already, and takes a round trip before the one that carries this entry.
    const quiet = this.history.pageSize >= 5000 && troubleUntil + quietMs < denial.appendedAt;
    if (quiet && outcomes.length > 0) this.coverage.prompt++;
    this.ledger.settled(entry.id, quiet ? 4 * ordinaryMs + 10 : null);
  }

  /** A new one, with a clock of its own. */
  createMachine(of: 'log' | 'gate', reading: number): Host {
    const { clocks, grainMs } = this.history.weather;
    const drift =
      clocks === 'exact' ? 0 : clocks === 'random' ? this.#machines.between(-1, 1) : of === 'log' ? 1 : -1;
    const offset = this.#machines.between(0, 1000);
    const rate = 1 + drift * maxDrift;
    return new Host(this.scheduler, { reading: reading + offset, rate, grainMs }, this.#clocks);
  }
}
