/**
 * Who renders next: start-time fair queueing in two levels, tiers by weight and accounts of a tier evenly, then age. Invariants: while
 * a tier waits, the others get between two of its jobs at most their weight's share of its work plus one job each, so free always
 * progresses; an account with many jobs does not delay one with few; no waiting job is looked at that is not the first of its account.
 * Held in memory by the RenderQueue object, which stores the passes and rebuilds this from its rows; no clock, no I/O.
 *
 * @see Goyal, Vin, Cheng, "Start-time Fair Queueing" (1996): a flow is served by least start tag; start = max(virtual time, finish tag
 *   of its previous job), finish = start + cost / weight, virtual time = start tag of the job last served. A pass is a finish tag here.
 */
import { type Tier, tiers } from '#schemas/http/accounts.ts';
import { Heap } from './heap.ts';

/** Shares of the machines while all tiers wait (K-09). */
export const tierWeights: Readonly<Record<Tier, number>> = { free: 1, plus: 3, pro: 8 };

export interface FairEntry {
  readonly id: string;
  readonly tier: Tier;
  readonly accountId: string;
  /** What it needs of an engine; entries of one kind are taken by the same nodes. */
  readonly kind: string;
  /** Order of arrival; kept when a job comes back. */
  readonly seq: number;
  /** Work, in seconds of output. */
  readonly cost: number;
}

/** The numbers that change when a job is charged; storing the newest of each restores the queue's memory. */
export interface Passes {
  readonly tier: Tier;
  readonly accountId: string;
  /** Virtual time between tiers. */
  readonly virtual: number;
  readonly tierPass: number;
  /** Virtual time between the accounts of the tier. */
  readonly tierVirtual: number;
  readonly accountPass: number;
}

interface Head {
  readonly accountId: string;
  readonly pass: number;
  readonly seq: number;
}

interface AccountFlow {
  pass: number;
  /** Waiting entries by kind, oldest first. */
  readonly lines: Map<string, FairEntry[]>;
}

interface TierFlow {
  pass: number;
  virtual: number;
  size: number;
  readonly accounts: Map<string, AccountFlow>;
  /** Per kind the first entry of each account. Outdated heads stay until they come up. */
  readonly heads: Map<string, Heap<Head>>;
}

/** Forgets accounts with nothing to remember after this many charges. */
const sweepEvery = 512;

export class FairQueue {
  readonly #tiers: ReadonlyMap<Tier, TierFlow>;
  readonly #entries = new Map<string, FairEntry>();
  #virtual = 0;
  #charges = 0;

  /** @param saved passes of an earlier life, one for each tier and account it remembers */
  constructor(saved: readonly Passes[] = []) {
    this.#tiers = new Map(
      tiers.map((tier) => [tier, { pass: 0, virtual: 0, size: 0, accounts: new Map(), heads: new Map() }]),
    );
    for (const passes of saved) this.apply(passes);
  }

  /** Jobs waiting, of one tier or of all. */
  size(tier?: Tier): number {
    return tier === undefined ? this.#entries.size : this.#tier(tier).size;
  }

  get(id: string): FairEntry | undefined {
    return this.#entries.get(id);
  }

  /** Puts an entry in; one that is there already stays as it is. */
  add(entry: FairEntry): void {
    if (this.#entries.has(entry.id)) return;
    const tier = this.#tier(entry.tier);
    const account = this.#account(tier, entry.accountId);
    this.#entries.set(entry.id, entry);
    tier.size += 1;
    // Whoever comes back after a pause starts with the others: unused time is not saved up.
    if (account.lines.size === 0) account.pass = Math.max(account.pass, tier.virtual);
    const line = account.lines.get(entry.kind) ?? [];
    account.lines.set(entry.kind, line);
    let at = line.length;
    while (at > 0 && (line[at - 1]?.seq ?? 0) > entry.seq) at -= 1;
    line.splice(at, 0, entry);
    if (at === 0) this.#announce(tier, entry.accountId, account, entry.kind);
  }

  /** Takes an entry out without charging anybody. */
  remove(id: string): FairEntry | undefined {
    const entry = this.#entries.get(id);
    if (entry === undefined) return undefined;
    const tier = this.#tier(entry.tier);
    const account = this.#account(tier, entry.accountId);
    const line = account.lines.get(entry.kind) ?? [];
    const at = line.indexOf(entry);
    line.splice(at, 1);
    if (line.length === 0) account.lines.delete(entry.kind);
    else if (at === 0) this.#announce(tier, entry.accountId, account, entry.kind);
    this.#entries.delete(id);
    tier.size -= 1;
    return entry;
  }

  /** The entry to serve next among the kinds a node can take; changes nothing that can be seen. */
  peek(accepts: (kind: string) => boolean): FairEntry | undefined {
    let best: { start: number; entry: FairEntry } | undefined;
    for (const tier of this.#tiers.values()) {
      const entry = this.#first(tier, accepts);
      if (entry === undefined) continue;
      const start = Math.max(tier.pass, this.#virtual);
      if (best === undefined || start < best.start || (start === best.start && entry.seq < best.entry.seq))
        best = { start, entry };
    }
    return best?.entry;
  }

  /** The passes after serving this entry. */
  charged(entry: FairEntry): Passes {
    const tier = this.#tier(entry.tier);
    const start = Math.max(tier.pass, this.#virtual);
    const accountStart = Math.max(tier.accounts.get(entry.accountId)?.pass ?? 0, tier.virtual);
    return {
      tier: entry.tier,
      accountId: entry.accountId,
      virtual: start,
      tierPass: start + entry.cost / tierWeights[entry.tier],
      tierVirtual: accountStart,
      accountPass: accountStart + entry.cost,
    };
  }

  /** The passes after an attempt came to nothing: what it was charged is given back. */
  refunded(entry: FairEntry): Passes {
    const tier = this.#tier(entry.tier);
    return {
      tier: entry.tier,
      accountId: entry.accountId,
      virtual: this.#virtual,
      tierPass: Math.max(this.#virtual, tier.pass - entry.cost / tierWeights[entry.tier]),
      tierVirtual: tier.virtual,
      accountPass: Math.max(tier.virtual, (tier.accounts.get(entry.accountId)?.pass ?? 0) - entry.cost),
    };
  }

  /** Makes `charged` or `refunded` true, after the caller has stored them. */
  apply(passes: Passes): void {
    const tier = this.#tier(passes.tier);
    this.#virtual = Math.max(this.#virtual, passes.virtual);
    tier.pass = passes.tierPass;
    tier.virtual = Math.max(tier.virtual, passes.tierVirtual);
    const account = this.#account(tier, passes.accountId);
    account.pass = passes.accountPass;
    for (const kind of account.lines.keys()) this.#announce(tier, passes.accountId, account, kind);
    this.#charges += 1;
    if (this.#charges % sweepEvery === 0) this.#sweep();
  }

  /** Every waiting id with the number of jobs ahead of it, as one node that takes everything would serve them. O(n log n). */
  positions(): Map<string, number> {
    const all: { id: string; start: number; seq: number }[] = [];
    for (const [name, tier] of this.#tiers) {
      let pass = Math.max(tier.pass, this.#virtual);
      for (const entry of orderOf(tier)) {
        all.push({ id: entry.id, start: pass, seq: entry.seq });
        pass += entry.cost / tierWeights[name];
      }
    }
    all.sort((a, b) => a.start - b.start || a.seq - b.seq);
    return new Map(all.map(({ id }, ahead) => [id, ahead]));
  }

  #tier(tier: Tier): TierFlow {
    const flow = this.#tiers.get(tier);
    if (flow === undefined) throw new Error(`unknown tier ${tier}`);
    return flow;
  }

  #account(tier: TierFlow, accountId: string): AccountFlow {
    const known = tier.accounts.get(accountId);
    if (known !== undefined) return known;
    const account: AccountFlow = { pass: tier.virtual, lines: new Map() };
    tier.accounts.set(accountId, account);
    return account;
  }

  #announce(tier: TierFlow, accountId: string, account: AccountFlow, kind: string): void {
    const first = account.lines.get(kind)?.[0];
    if (first === undefined) return;
    const heads = tier.heads.get(kind) ?? new Heap<Head>(headBefore);
    tier.heads.set(kind, heads);
    heads.push({ accountId, pass: account.pass, seq: first.seq });
  }

  #first(tier: TierFlow, accepts: (kind: string) => boolean): FairEntry | undefined {
    let best: { head: Head; entry: FairEntry } | undefined;
    for (const [kind, heads] of tier.heads) {
      if (!accepts(kind)) continue;
      for (;;) {
        const head = heads.peek();
        if (head === undefined) {
          tier.heads.delete(kind);
          break;
        }
        const account = tier.accounts.get(head.accountId);
        const entry = account?.lines.get(kind)?.[0];
        if (entry !== undefined && entry.seq === head.seq && account?.pass === head.pass) {
          if (best === undefined || headBefore(head, best.head)) best = { head, entry };
          break;
        }
        heads.pop();
      }
    }
    return best?.entry;
  }

  /** An idle account whose pass is not ahead of the virtual time is served as if it were new, so nothing is lost by forgetting it. */
  #sweep(): void {
    for (const tier of this.#tiers.values()) {
      for (const [id, account] of tier.accounts) {
        if (account.lines.size === 0 && account.pass <= tier.virtual) tier.accounts.delete(id);
      }
    }
  }
}

function headBefore(a: Head, b: Head): boolean {
  return a.pass < b.pass || (a.pass === b.pass && a.seq < b.seq);
}

/** One tier's entries in the order they are served when no other tier and no node's limits come in between. */
function orderOf(tier: TierFlow): FairEntry[] {
  const tagged: { entry: FairEntry; pass: number }[] = [];
  for (const account of tier.accounts.values()) {
    let pass = account.pass;
    for (const entry of [...account.lines.values()].flat().sort((a, b) => a.seq - b.seq)) {
      tagged.push({ entry, pass });
      pass = Math.max(pass, tier.virtual) + entry.cost;
    }
  }
  return tagged.sort((a, b) => a.pass - b.pass || a.entry.seq - b.entry.seq).map(({ entry }) => entry);
}
