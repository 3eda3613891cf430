/**
 * A history is a value: the size of the world, its weather, what is done to it and when, and a seed for every smaller choice. Invariant:
 * playing the same history twice does the same. Called by generate.ts, which makes them, and by everything that plays them.
 */

/** Injected events happen before this, in milliseconds of real time; afterwards everything heals. */
export const stormMs = 24_000;

export interface Topology {
  /** 1 … 9. */
  readonly regions: number;
  readonly partitions: number;
  readonly shards: number;
}

export interface Weather {
  /** Of one message, give or take half. */
  readonly latencyMs: number;
  readonly drop: number;
  readonly duplicate: number;
  /** Share of messages that take up to `tailMs` longer. */
  readonly tail: number;
  readonly tailMs: number;
  /** For how long a clock may stand still. */
  readonly grainMs: number;
  /** `worst`: logs as fast and gates as slow as the bound allows. */
  readonly clocks: 'exact' | 'random' | 'worst';
}

export interface Traffic {
  /** Between two requests in a region that is awake. */
  readonly everyMs: number;
  /** One bit per region: asleep until something wakes it. */
  readonly asleep: number;
  /** Share of requests that still reach a superseded instance. */
  readonly zombieShare: number;
}

export interface Cut {
  readonly region: number;
  readonly forMs: number;
  readonly direction: 'to-log' | 'from-log' | 'both';
  readonly only: 'push' | 'renew' | 'all';
  /** Messages are kept until it heals, instead of lost. */
  readonly held: boolean;
}

/** Where an object can be evicted in the middle of a call: every place in which the real ones await or have just written. */
export const logMoments = ['leased', 'appended', 'pushed', 'acknowledging', 'settled'] as const;
export const gateMoments = [
  'asked',
  'renewal-sent',
  'renewal-received',
  'renewed',
  'push-received',
  'push-applied',
] as const;
export type LogMoment = (typeof logMoments)[number];
export type GateMoment = (typeof gateMoments)[number];

/** What becomes of an object that is evicted. */
export interface Eviction {
  /** A log is away for so long; an old instance of a gate goes on answering for so long. */
  readonly forMs: number;
  /** How far the new machine's clock is off the old one's. */
  readonly jumpMs: number;
}

export type Injected =
  | {
      readonly kind: 'publish';
      readonly owner: number;
      readonly cameo: number;
      readonly remixOf: number;
      readonly asks: boolean;
    }
  | { readonly kind: 'revoke'; readonly key: number; readonly denies: number }
  | { readonly kind: 'repeat'; readonly of: number }
  | { readonly kind: 'burst'; readonly key: number; readonly count: number; readonly requests: number }
  | { readonly kind: 'lift'; readonly of: number }
  | { readonly kind: 'reconsent'; readonly cameo: number }
  | ({ readonly kind: 'cut' } & Cut)
  | ({ readonly kind: 'restart-gate'; readonly gate: number } & Eviction)
  | ({ readonly kind: 'restart-log'; readonly shard: number } & Eviction)
  | ({
      readonly kind: 'strike-log';
      readonly shard: number;
      readonly moment: LogMoment;
      /** The how-many-th time from here on. */
      readonly nth: number;
    } & Eviction)
  | ({
      readonly kind: 'strike-gate';
      readonly gate: number;
      readonly moment: GateMoment;
      readonly nth: number;
    } & Eviction)
  | { readonly kind: 'stall'; readonly host: number; readonly forMs: number }
  | { readonly kind: 'drift'; readonly host: number; readonly rate: number }
  | { readonly kind: 'wake'; readonly region: number; readonly forMs: number };

export interface History {
  readonly seed: number;
  readonly topology: Topology;
  readonly weather: Weather;
  readonly traffic: Traffic;
  /** Entries in one message to a gate. */
  readonly pageSize: number;
  readonly events: readonly (Injected & { readonly at: number })[];
}
