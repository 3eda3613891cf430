/**
 * A machine: the one clock its process can read, and whether it is busy. Invariants: the clock runs within ±2 % of real time, is at
 * most `grainMs` behind itself (a Worker's clock stands still while it computes) and never goes back; while the machine computes, what arrives waits and is handled in order.
 * A new machine's clock has nothing to do with the old one's. Called by log-actor.ts and gate-actor.ts.
 */
import type { Random } from './random.ts';
import type { Scheduler } from './scheduler.ts';

/** Clocks may run this much too fast or too slow (architecture.md §3). */
export const maxDrift = 0.02;

export class Host {
  readonly #scheduler: Scheduler;
  readonly #grainMs: number;
  readonly #random: Random;
  #last = Number.NEGATIVE_INFINITY;
  #rate: number;
  #reading: number;
  #since: number;
  #busyUntil = 0;

  constructor(
    scheduler: Scheduler,
    clock: { reading: number; rate: number; grainMs: number },
    random: Random,
  ) {
    this.#scheduler = scheduler;
    this.#random = random;
    this.#since = scheduler.now;
    this.#reading = clock.reading;
    this.#rate = clock.rate;
    this.#grainMs = clock.grainMs;
  }

  /** What `Date.now()` says here. */
  now(): number {
    // The worst is one reading on time and the next one late, so the extremes come often.
    const dice = this.#random.between(-0.4, 1.6);
    const behind = Math.min(1, Math.max(0, dice)) * this.#grainMs;
    this.#last = Math.max(this.#last, Math.floor(this.#exact() - behind));
    return this.#last;
  }

  drift(rate: number): void {
    this.#reading = this.#exact();
    this.#since = this.#scheduler.now;
    this.#rate = rate;
  }

  /** Computes for so long: nothing is handled meanwhile. */
  stall(ms: number): void {
    this.#busyUntil = Math.max(this.#busyUntil, this.#scheduler.now + ms);
  }

  /** Handles a message or a timer once the machine is free. */
  handle(run: () => void): void {
    if (this.#busyUntil <= this.#scheduler.now) run();
    else this.#scheduler.at(this.#busyUntil, () => this.handle(run));
  }

  /** A timer of this machine. */
  after(ms: number, run: () => void): void {
    this.#scheduler.at(this.#scheduler.now + ms / this.#rate, () => this.handle(run));
  }

  #exact(): number {
    return this.#reading + (this.#scheduler.now - this.#since) * this.#rate;
  }
}
