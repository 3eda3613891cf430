/**
 * What one instance of a gate knows and how long it may answer from it. Invariants: without an unexpired lease on every shard that
 * is asked about there is no answer; a lease comes from a renewal of this instance only and counts from when the renewal was sent;
 * every entry up to a shard's position is applied, and the position never goes back. Changed in place: it may hold a million keys.
 * Called by region-gate-object.ts and by the simulation in test/property.
 */
import { type Decision, decide } from '#durable-objects/consent/core/decide.ts';
import { createDenialIndex } from '#durable-objects/consent/core/denial-index.ts';
import { consentShard } from '#durable-objects/consent/core/shard.ts';
import { groupByShard, joinDecisions } from '#durable-objects/consent/core/shard-sets.ts';
import type { GateEntry } from '#durable-objects/consent/rpc.ts';
import type { Capability, ConsentKey } from '#schemas/consent.ts';

export type GateVerdict =
  | { readonly available: true; readonly decisions: Decision[] }
  /** The shards whose lease is missing or has run out. */
  | { readonly available: false; readonly stale: string[] };

/** What of an entry counts here. */
export type AppliedEntry = Omit<GateEntry, 'id'>;

export interface Renewal {
  /** On the gate's clock, before the request left. */
  readonly sentAt: number;
  /** Null: the reply did not reach the head of the log and gives no lease. */
  readonly leaseMs: number | null;
  readonly entries: Iterable<AppliedEntry>;
  /** The reply holds everything after `from` up to `position`. */
  readonly from: number;
  readonly position: number;
}

export interface Gate {
  /** On start: stored entries in order, and up to where they are complete. A lease is never restored. */
  restore(shard: string, entries: Iterable<AppliedEntry>, position: number): void;
  /**
   * Takes in entries as a set: any order, repeats harmless. They are everything after `from` up to `upTo`, so the position follows
   * only if `from` is not ahead of it; a push may overtake another push or the reply to a renewal.
   */
  apply(shard: string, entries: Iterable<AppliedEntry>, upTo: number, from: number): void;
  /** The reply to a renewal. @param marginMs covers the drift between the two clocks over one lease, and one that stands still */
  renewed(shard: string, renewal: Renewal, marginMs: number): void;
  /** Everything up to here is applied. */
  position(shard: string): number;
  /** On the gate's clock; 0 without a lease. */
  leaseUntil(shard: string): number;
  /** Decides every set, in order, or none of them. */
  ask(sets: readonly (readonly ConsentKey[])[], capability: Capability, now: number): GateVerdict;
  /** Past half of the lease: time to renew in the background. */
  renewDue(shard: string, now: number, leaseMs: number): boolean;
}

interface ShardView {
  readonly denials: ReturnType<typeof createDenialIndex>;
  /** Denials beyond the position that count already: they must not count twice. */
  readonly ahead: Set<number>;
  position: number;
  leaseUntil: number;
}

/** @param shards names of the logs this gate follows; asking about any other is a fault */
export function createGate(
  shards: readonly string[],
  shardOf: (key: ConsentKey) => string = (key) => consentShard(key, shards.length),
): Gate {
  const views = new Map<string, ShardView>(
    shards.map((shard) => [
      shard,
      { denials: createDenialIndex(), ahead: new Set(), position: 0, leaseUntil: 0 },
    ]),
  );
  const viewOf = (shard: string): ShardView => {
    const view = views.get(shard);
    if (view === undefined) throw new Error(`this gate does not follow the consent shard ${shard}`);
    return view;
  };

  function apply(view: ShardView, entries: Iterable<AppliedEntry>, upTo: number, from: number): void {
    const contiguous = from <= view.position;
    const news = [...entries].filter((entry) => entry.position > view.position);
    news.sort((a, b) => a.position - b.position);
    for (const entry of news) {
      if (contiguous && entry.position <= upTo) {
        if (!view.ahead.delete(entry.position)) view.denials.apply(entry);
      } else if (entry.lifts === null && !view.ahead.has(entry.position)) {
        // Denying early is safe. A lift waits until nothing before it is missing: its denial may still be on the way.
        view.denials.apply(entry);
        view.ahead.add(entry.position);
      }
    }
    if (contiguous) view.position = Math.max(view.position, upTo);
  }

  return {
    restore(shard, entries, position) {
      const view = viewOf(shard);
      // One at a time, because there may be a million; rows beyond the position are pushes that overtook others.
      for (const entry of entries) {
        if (entry.position > position) apply(view, [entry], entry.position, Number.POSITIVE_INFINITY);
        else if (entry.position > view.position) view.denials.apply(entry);
      }
      view.position = Math.max(view.position, position);
    },
    apply: (shard, entries, upTo, from) => apply(viewOf(shard), entries, upTo, from),
    renewed(shard, { sentAt, leaseMs, entries, from, position }, marginMs) {
      const view = viewOf(shard);
      apply(view, entries, position, from);
      // A reply with a gap before it says nothing about what lies in the gap.
      if (leaseMs !== null && view.position >= position)
        view.leaseUntil = Math.max(view.leaseUntil, sentAt + leaseMs - marginMs);
    },
    position: (shard) => viewOf(shard).position,
    leaseUntil: (shard) => viewOf(shard).leaseUntil,
    ask(sets, capability, now) {
      const questions = groupByShard(sets, shardOf);
      const stale = questions.map(({ shard }) => shard).filter((shard) => viewOf(shard).leaseUntil <= now);
      if (stale.length > 0) return { available: false, stale };
      const answers = questions.map(({ shard, parts }) => {
        const { denied } = viewOf(shard).denials;
        return { parts, decisions: parts.map(({ keys }) => decide(keys, capability, denied)) };
      });
      return { available: true, decisions: joinDecisions(sets.length, answers) };
    },
    renewDue: (shard, now, leaseMs) => viewOf(shard).leaseUntil - now < leaseMs / 2,
  };
}
