/**
 * Messages between machines. Invariant: any message may be delayed, dropped, repeated or overtaken, but what arrives is what was
 * sent. Requests and replies travel separately, so either can be lost alone. Called by the actors.
 */
import type { Coverage } from './coverage.ts';
import type { Cut, Weather } from './history.ts';
import type { Random } from './random.ts';
import type { Scheduler } from './scheduler.ts';

export type Direction = 'to-log' | 'from-log';
export type Channel = 'renew' | 'push';

export class Network {
  /** Until when something was wrong: a promise about quiet times starts after it. */
  troubleUntil = Number.NEGATIVE_INFINITY;
  readonly #scheduler: Scheduler;
  readonly #random: Random;
  readonly #weather: Weather;
  readonly #coverage: Coverage;
  /** Partitions under way. */
  #cuts: { readonly cut: Cut; readonly until: number }[] = [];
  #calm = false;

  constructor(scheduler: Scheduler, random: Random, weather: Weather, coverage: Coverage) {
    this.#scheduler = scheduler;
    this.#random = random;
    this.#weather = weather;
    this.#coverage = coverage;
  }

  /** The longest that a message takes when nothing is wrong. */
  get ordinaryMs(): number {
    return this.#weather.latencyMs * 1.5 + 1;
  }

  get isCut(): boolean {
    return this.#cuts.length > 0;
  }

  cut(cut: Cut): void {
    const entry = { cut, until: this.#scheduler.now + cut.forMs };
    this.#cuts.push(entry);
    this.#trouble(entry.until);
    this.#scheduler.at(entry.until, () => {
      this.#cuts = this.#cuts.filter((other) => other !== entry);
    });
  }

  /** Everything heals and nothing is lost any more: how long things take from here on is the protocol's own doing. */
  calmDown(): void {
    this.#calm = true;
    this.#cuts = [];
  }

  trouble(forMs: number): void {
    this.#trouble(this.#scheduler.now + forMs);
  }

  /** Between a log and the gates of a region. */
  between(region: number, channel: Channel, direction: Direction, deliver: () => void): void {
    for (const { cut, until } of this.#cuts) {
      if (cut.region !== region || (cut.only !== 'all' && cut.only !== channel)) continue;
      if (cut.direction !== 'both' && cut.direction !== direction) continue;
      // A connection that hangs gives everything back when it heals; one that broke gives nothing.
      if (cut.held) this.#scheduler.at(until + this.#delay(), deliver);
      return;
    }
    this.send(deliver);
  }

  /** Anywhere else. */
  send(deliver: () => void): void {
    const { drop, duplicate } = this.#weather;
    if (!this.#calm) {
      if (this.#random.chance(drop)) {
        this.#coverage.dropped++;
        this.#trouble(this.#scheduler.now);
        return;
      }
      if (this.#random.chance(duplicate)) {
        this.#coverage.duplicated++;
        this.#arrive(deliver);
      }
    }
    this.#arrive(deliver);
  }

  #arrive(deliver: () => void): void {
    this.#scheduler.at(this.#scheduler.now + this.#delay(), deliver);
  }

  #delay(): number {
    const { latencyMs, tail, tailMs } = this.#weather;
    const ordinary = latencyMs * this.#random.between(0.05, 1.5);
    if (this.#calm || !this.#random.chance(tail)) return ordinary;
    const delay = ordinary + this.#random.between(0, tailMs);
    this.#trouble(this.#scheduler.now + delay);
    return delay;
  }

  #trouble(until: number): void {
    if (until > this.troubleUntil) this.troubleUntil = until;
  }
}
