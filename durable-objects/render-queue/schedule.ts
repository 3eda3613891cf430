/**
 * What waits, in memory: jobs that may be leased in fair order, and those that are held back after a failure. Invariant: it holds
 * exactly the rows with status `waiting`; it is rebuilt from them at the start and changed only after their transaction. Used by the
 * RenderQueue object.
 */
import type { Tier } from '#schemas/http/accounts.ts';
import { type FairEntry, FairQueue } from './core/fair-queue.ts';
import type { JobsStore } from './jobs-store.ts';

/** The order of a long queue is worked out anew at most this often, milliseconds. */
const snapshotMs = 1_000;

export class Schedule {
  readonly fair: FairQueue;
  readonly #delayed = new Map<string, { entry: FairEntry; notBefore: number }>();
  #version = 0;
  #snapshot: { at: number; version: number; positions: Map<string, number> } | null = null;

  constructor(jobs: JobsStore, now: number) {
    this.fair = new FairQueue(jobs.passes());
    for (const { entry, notBefore } of jobs.waiting()) this.add(entry, notBefore, now);
  }

  get size(): number {
    return this.fair.size() + this.#delayed.size;
  }

  sizeOf(tier: Tier): number {
    let delayed = 0;
    for (const { entry } of this.#delayed.values()) if (entry.tier === tier) delayed += 1;
    return this.fair.size(tier) + delayed;
  }

  add(entry: FairEntry, notBefore: number, now: number): void {
    if (notBefore > now) this.#delayed.set(entry.id, { entry, notBefore });
    else this.fair.add(entry);
    this.#version += 1;
  }

  remove(id: string): void {
    this.#delayed.delete(id);
    this.fair.remove(id);
    this.#version += 1;
  }

  /** Lets in what was held back until now; answers when the next is due, milliseconds since the epoch. */
  release(now: number): number | null {
    let next: number | null = null;
    for (const [id, { entry, notBefore }] of this.#delayed) {
      if (notBefore > now) {
        next = Math.min(next ?? notBefore, notBefore);
        continue;
      }
      this.#delayed.delete(id);
      this.fair.add(entry);
      this.#version += 1;
    }
    return next;
  }

  /** Jobs ahead of this one; null when it does not wait. A job held back comes before what arrived after it. */
  ahead(id: string, now: number): number | null {
    if (this.#delayed.has(id)) return 0;
    if (this.fair.get(id) === undefined) return null;
    const old = this.#snapshot;
    const known = old?.positions.get(id);
    if (old !== null && known !== undefined && (old.version === this.#version || now - old.at < snapshotMs))
      return known;
    const positions = this.fair.positions();
    this.#snapshot = { at: now, version: this.#version, positions };
    return positions.get(id) ?? null;
  }
}
