/**
 * Who may still be answering without having heard of an entry, and which entries wait for them. Invariant: an entry is settled only
 * when every incarnation that held an unexpired lease at its append has acknowledged it or its lease of that moment has run out on
 * the log's clock. Called by consent-log-object.ts, which stores leases and waits before anything depends on them, and by the
 * simulation in test/property.
 */
import type { Region } from '#schemas/consent.ts';
import type { RegionOutcome } from '../rpc.ts';

/** Belongs to one incarnation of a gate, never to the gate's name: a superseded instance may still be answering somewhere. */
export interface Lease {
  readonly gate: string;
  readonly region: Region;
  readonly incarnation: string;
  /** On the log's clock, milliseconds. */
  readonly expiresAt: number;
  /** Everything up to here was acknowledged. */
  readonly position: number;
}

export interface Wait {
  readonly incarnation: string;
  readonly gate: string;
  readonly region: Region;
  /**
   * When the lease runs out that the incarnation held at the append. A renewal handled later does not prolong it: its reply carries
   * the entry, so the gate can use that renewal only by having the entry, and without the reply its old lease ends here.
   */
  readonly expiresAt: number;
  readonly outcome: RegionOutcome['outcome'] | null;
  /** From the append to the outcome. */
  readonly ms: number | null;
}

export interface Pending {
  readonly position: number;
  readonly startedAt: number;
  readonly waits: readonly Wait[];
}

export interface LeaseState {
  /** By incarnation. */
  readonly leases: ReadonlyMap<string, Lease>;
  /** By position; settled ones stay until `forget`. */
  readonly pending: ReadonlyMap<number, Pending>;
}

export const noLeases: LeaseState = { leases: new Map(), pending: new Map() };

/**
 * A renewal whose reply reaches the head of the log: records or extends the lease, counted from `now`, when the log handles it. The
 * gate counts from when it sent the request, which was earlier. What it says it has also acknowledges.
 * @param head of the log; nothing beyond it can be acknowledged
 */
export function grant(
  state: LeaseState,
  gate: Pick<Lease, 'gate' | 'region' | 'incarnation' | 'position'>,
  head: number,
  now: number,
  leaseMs: number,
): LeaseState {
  const position = Math.min(gate.position, head);
  const before = state.leases.get(gate.incarnation);
  const lease: Lease = {
    gate: gate.gate,
    region: gate.region,
    incarnation: gate.incarnation,
    expiresAt: Math.max(before?.expiresAt ?? 0, now + leaseMs),
    position: Math.max(before?.position ?? 0, position),
  };
  const leases = new Map(state.leases).set(gate.incarnation, lease);
  return acknowledge({ ...state, leases }, gate.incarnation, position, now);
}

/** A new entry waits for every lease that has not run out, whichever incarnation holds it. */
export function begin(state: LeaseState, position: number, now: number): LeaseState {
  const waits: Wait[] = [];
  for (const { gate, region, incarnation, expiresAt } of state.leases.values()) {
    if (expiresAt > now) waits.push({ incarnation, gate, region, expiresAt, outcome: null, ms: null });
  }
  const pending = new Map(state.pending).set(position, { position, startedAt: now, waits });
  return { ...state, pending };
}

/** One incarnation has applied everything up to `position`. No other is released, not even one of the same gate. */
export function acknowledge(
  state: LeaseState,
  incarnation: string,
  position: number,
  now: number,
): LeaseState {
  const lease = state.leases.get(incarnation);
  const leases =
    lease === undefined || lease.position >= position
      ? state.leases
      : new Map(state.leases).set(incarnation, { ...lease, position });
  const pending = settleWaits(
    state.pending,
    (wait, at) => wait.incarnation === incarnation && at <= position,
    'acknowledged',
    now,
  );
  return { leases, pending };
}

/** Ends the waits and forgets the leases that have run out. */
export function expire(state: LeaseState, now: number): LeaseState {
  const standing = [...state.leases].filter(([, lease]) => lease.expiresAt > now);
  const leases = standing.length === state.leases.size ? state.leases : new Map(standing);
  const pending = settleWaits(state.pending, (wait) => wait.expiresAt <= now, 'lease-expired', now);
  return { leases, pending };
}

/**
 * After a restart. The new instance cannot compare its clock with the one the rows were written on, and does not know how long it was
 * away: every stored lease and every open wait gets a whole lease from now, because no gate can hold one longer than that.
 * @param leaseMs the longest lease that any of the stored ones was given for
 */
export function restart(state: LeaseState, now: number, leaseMs: number): LeaseState {
  const expiresAt = now + leaseMs;
  const leases = new Map([...state.leases].map(([key, lease]) => [key, { ...lease, expiresAt }]));
  const pending = new Map(
    [...state.pending].map(([position, entry]) => [
      position,
      {
        ...entry,
        waits: entry.waits.map((wait) => (wait.outcome === null ? { ...wait, expiresAt } : wait)),
      },
    ]),
  );
  return { leases, pending };
}

/** Drops an entry whose outcomes are stored elsewhere. */
export function forget(state: LeaseState, position: number): LeaseState {
  const pending = new Map(state.pending);
  pending.delete(position);
  return { ...state, pending };
}

/** Nobody is left who could serve without knowing. */
export function isSettled(pending: Pending): boolean {
  return pending.waits.every((wait) => wait.outcome !== null);
}

/** One row per region, in the order the regions came in; of several gates of a region the slowest counts. */
export function outcomes(pending: Pending): RegionOutcome[] {
  const rows = new Map<Region, RegionOutcome>();
  for (const { region, outcome, ms } of pending.waits) {
    if (outcome === null || ms === null) continue;
    const slowest = rows.get(region);
    if (slowest === undefined || ms > slowest.ms || (ms === slowest.ms && outcome === 'lease-expired'))
      rows.set(region, { region, outcome, ms });
  }
  return [...rows.values()];
}

/** Gives open waits that match their outcome; the same map when none did. */
function settleWaits(
  pending: LeaseState['pending'],
  matches: (wait: Wait, position: number) => boolean,
  outcome: RegionOutcome['outcome'],
  now: number,
): LeaseState['pending'] {
  let changed: Map<number, Pending> | null = null;
  for (const [position, entry] of pending) {
    if (!entry.waits.some((wait) => wait.outcome === null && matches(wait, position))) continue;
    changed ??= new Map(pending);
    const ms = Math.max(0, now - entry.startedAt);
    changed.set(position, {
      ...entry,
      waits: entry.waits.map((wait) =>
        wait.outcome === null && matches(wait, position) ? { ...wait, outcome, ms } : wait,
      ),
    });
  }
  return changed ?? pending;
}
