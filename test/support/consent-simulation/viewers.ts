/**
 * People and the Workers that ask for them, mirroring askGateMany in consent/gate.ts. Invariant: every answer that allows or denies is
 * shown to the ledger. The adversary sits here too: it knows when a receipt leaves, and asks every gate and every superseded instance
 * right afterwards. Called by world.ts.
 */
import type { GateVerdict } from '#durable-objects/region-gate/core/gate-machine.ts';
import { type Capability, type ConsentKey, cameoKey } from '#schemas/consent.ts';
import type { Clip } from './catalogue.ts';
import type { GateInstance, GateSite } from './gate-actor.ts';
import type { Denial } from './ledger.ts';
import { createRandom, type Random } from './random.ts';
import type { World } from './world.ts';

/** How close to a receipt counts as a race, in milliseconds. */
const raceMs = 50;

interface Question {
  readonly clips: readonly Clip[];
  readonly capability: Capability;
  readonly startedAt: number;
  /** Whose receipt it follows. */
  readonly race: Denial | null;
}

export class Viewers {
  readonly #world: World;
  readonly #random: Random;
  readonly #probes: Random;
  /** What a Worker that caches permissions would remember; stays empty unless a mutant wants it. */
  readonly #permitted = new Map<string, number>();
  #asleepUntil: number[] = [];

  constructor(world: World) {
    this.#world = world;
    this.#random = createRandom(world.history.seed, 3);
    this.#probes = createRandom(world.history.seed, 4);
  }

  /** Traffic of every region until `end`. */
  start(end: number): void {
    const { history } = this.#world;
    for (let region = 0; region < history.topology.regions; region++) {
      this.#asleepUntil[region] = (history.traffic.asleep >> region) & 1 ? Number.POSITIVE_INFINITY : 0;
      this.#keepAsking(region, end);
    }
  }

  wake(region: number, forMs: number): void {
    const { scheduler, history } = this.#world;
    const index = region % history.topology.regions;
    this.#asleepUntil[index] = 0;
    this.#keepAsking(index, scheduler.now + forMs);
  }

  /** Asks whether a clip may be made, then publishes it. */
  publish(wish: { owner: number; cameo: number; remixOf: number; asks: boolean }): void {
    const { catalogue, scheduler, coverage } = this.#world;
    const { clips } = catalogue;
    const parent = wish.remixOf % 3 === 0 ? null : (clips[wish.remixOf % clips.length] ?? null);
    const epoch = catalogue.epochOf(wish.cameo);
    const castKeys = catalogue.castKeys(wish.owner, wish.cameo);
    const publish = () => {
      const clip = catalogue.publish(wish.owner, castKeys, epoch, parent);
      const denials = clip?.truth.flatMap((key) => this.#world.ledger.denialsOn(key)) ?? [];
      if (denials.some(({ liftedAt }) => liftedAt > scheduler.now)) coverage.publishedDenied++;
    };
    const rendered = () => scheduler.at(scheduler.now + this.#random.between(0, 2000), publish);
    const home = this.#siteFor(0, wish.owner);
    const cast = () =>
      this.#ask(home.current, [castKeys], [castKeys], 'cast', null, (allowed) => {
        if (allowed[0]) rendered();
      });
    if (!wish.asks) rendered();
    else if (parent === null) cast();
    else {
      this.#ask(this.#route(home), [parent.keys], [parent.truth], 'remix', null, (allowed) => {
        if (allowed[0]) cast();
        else coverage.remixRefused++;
      });
    }
  }

  /** The adversary: an entry was appended, and gates that have not heard of it may serve a while longer. */
  hurry(denial: Denial): void {
    const { history, network } = this.#world;
    for (let region = 0; region < history.topology.regions; region++) {
      this.#probe(denial, region, null, this.#probes.between(0, 3 * network.ordinaryMs));
    }
  }

  /** The adversary: a receipt has just left. */
  race(denial: Denial): void {
    const { catalogue, scheduler, history, coverage, sites } = this.#world;
    const { now } = scheduler;
    const clips = catalogue.carrying(denial.entry.key);
    if (clips.some(({ lastServedAt }) => lastServedAt >= now - raceMs)) coverage.serveJustBefore++;
    for (let region = 0; region < history.topology.regions; region++) {
      this.#probe(denial, region, null, 0.001);
      this.#probe(denial, region, null, this.#probes.between(0.1, 300));
    }
    for (const site of sites) {
      for (const zombie of site.zombies) {
        this.#probe(denial, site.region, zombie, 0.001);
        this.#probe(denial, site.region, zombie, this.#probes.between(0.1, 300));
      }
    }
  }

  #probe(denial: Denial, region: number, instance: GateInstance | null, delay: number): void {
    const { catalogue, scheduler } = this.#world;
    const { key, denies } = denial.entry;
    const clips = catalogue.carrying(key);
    const clip = clips[this.#probes.below(clips.length)];
    const capability = denies[this.#probes.below(denies.length)];
    if (clip === undefined || capability === undefined) return;
    scheduler.at(scheduler.now + delay, () => {
      const question = { clips: [clip], capability, startedAt: scheduler.now, race: denial };
      this.#send(question, region, instance, this.#probes.between(0, 2));
    });
  }

  #keepAsking(region: number, end: number): void {
    const { scheduler, history } = this.#world;
    const next = scheduler.now + this.#random.between(0, 2 * history.traffic.everyMs);
    if (next > end) return;
    scheduler.at(next, () => {
      if ((this.#asleepUntil[region] ?? 0) <= scheduler.now) this.#visit(region);
      this.#keepAsking(region, end);
    });
  }

  /** Watches a clip, scrolls a feed, downloads, or looks at what can be remixed. */
  #visit(region: number): void {
    const { clips } = this.#world.catalogue;
    const random = this.#random;
    const dice = random.next();
    const capability = dice < 0.7 ? 'serve' : dice < 0.85 ? 'list' : dice < 0.93 ? 'remix' : 'download';
    const some: Clip[] = [];
    for (let n = capability === 'list' ? 3 : 1; n > 0; n--) {
      const clip = clips[random.below(clips.length)];
      if (clip !== undefined) some.push(clip);
    }
    // Now and then a request is held up on its way, so that it begins long before it is decided.
    const delay = random.chance(0.02) ? random.between(0, 5000) : random.between(0.1, 15);
    const startedAt = this.#world.scheduler.now;
    this.#send({ clips: some, capability, startedAt, race: null }, region, null, delay);
  }

  #send(question: Question, region: number, instance: GateInstance | null, delay: number): void {
    const { scheduler, protocol } = this.#world;
    const first = question.clips[0];
    if (first === undefined) return;
    const cached = `${region} ${question.capability} ${first.index}`;
    if ((this.#permitted.get(cached) ?? 0) > scheduler.now) {
      this.#allowed(first, question, scheduler.now, 'a cached permission');
      return;
    }
    const site = this.#siteFor(region, first.index);
    scheduler.at(scheduler.now + delay, () => {
      const keys = question.clips.map((clip) => clip.keys);
      const truths = question.clips.map((clip) => clip.truth);
      const asked = instance ?? this.#route(site);
      this.#ask(asked, keys, truths, question.capability, question, (allowed) => {
        if (allowed[0] && protocol.permissionCacheMs > 0) {
          this.#permitted.set(cached, scheduler.now + protocol.permissionCacheMs);
        }
      });
    });
  }

  #ask(
    instance: GateInstance,
    sets: readonly (readonly ConsentKey[])[],
    truths: readonly (readonly ConsentKey[])[],
    capability: Capability,
    question: Question | null,
    then: (allowed: readonly boolean[]) => void,
  ): void {
    const { scheduler } = this.#world;
    const startedAt = question?.startedAt ?? scheduler.now;
    instance.host.handle(() => {
      if (!instance.alive) return;
      instance.askMany(sets, capability, (verdict) => {
        this.#answered(verdict, instance, question);
        if (!verdict.available) return;
        const now = scheduler.now;
        verdict.decisions.forEach((decision, i) => {
          const truth = truths[i] ?? [];
          const clip = question?.clips[i];
          if (!decision.allowed) {
            const late = this.#world.ledger.denied(
              truth,
              decision.deniedBy,
              capability,
              now,
              instance.incarnation,
            );
            if (late) this.#world.coverage.lateDenial++;
            if (clip !== undefined && !clip.ownTruth.includes(decision.deniedBy)) {
              this.#world.coverage.inheritedDenial++;
            }
          } else if (clip !== undefined && question !== null) {
            this.#allowed(clip, question, now, instance.incarnation);
          } else this.#world.ledger.allowed(truth, capability, startedAt, now, instance.incarnation);
        });
        then(verdict.decisions.map(({ allowed }) => allowed));
      });
    });
  }

  #answered(verdict: GateVerdict, instance: GateInstance, question: Question | null): void {
    const { coverage } = this.#world;
    if (!verdict.available) coverage.unavailable++;
    if (question === null || question.race === null) return;
    const { startedAt, race } = question;
    if (race.acknowledgedAt === Number.POSITIVE_INFINITY) {
      if (verdict.available && verdict.decisions[0]?.allowed) coverage.servedWhileWaiting++;
      return;
    }
    if (startedAt < race.acknowledgedAt || startedAt > race.acknowledgedAt + raceMs) return;
    coverage.askedJustAfter++;
    if (instance.superseded) coverage.zombieAsked++;
    if (!verdict.available) coverage.unavailableJustAfter++;
    else if (verdict.decisions[0]?.allowed === false) coverage.deniedJustAfter++;
  }

  #allowed(clip: Clip, { capability, startedAt }: Question, decidedAt: number, who: string): void {
    const { ledger, coverage, sites } = this.#world;
    ledger.allowed(clip.truth, capability, startedAt, decidedAt, who);
    clip.lastServedAt = decidedAt;
    if (sites.some(({ zombies }) => zombies.some(({ incarnation }) => incarnation === who))) {
      coverage.zombieServe++;
    }
    if (clip.epoch === 1) return;
    for (const key of clip.ownTruth) {
      const [id] = key.split('#');
      if (id?.startsWith('cameo:') && ledger.denialsOn(cameoKey(`cam_${id.slice(10)}`, 1)).length > 0) {
        coverage.reconsented++;
      }
    }
  }

  /** Every gate of a region knows everything: which partition is asked only spreads the load. */
  #siteFor(region: number, clip: number): GateSite {
    const { sites, history } = this.#world;
    const { partitions } = history.topology;
    const site = sites[region * partitions + (clip % partitions)];
    if (site === undefined) throw new Error('there is no such gate');
    return site;
  }

  /** Connections to a superseded instance last a while. */
  #route(site: GateSite): GateInstance {
    const { zombies, current } = site;
    if (zombies.length === 0 || !this.#random.chance(this.#world.history.traffic.zombieShare)) return current;
    return zombies[this.#random.below(zombies.length)] ?? current;
  }
}
