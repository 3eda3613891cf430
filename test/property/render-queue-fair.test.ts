/** The fair queue against a naive one that looks at everything, and the bounds it promises. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type FairEntry,
  FairQueue,
  type Passes,
  tierWeights,
} from '#durable-objects/render-queue/core/fair-queue.ts';
import { type Tier, tiers } from '#schemas/http/accounts.ts';

const seed = 20261122;
const everything = () => true;

function serve(queue: FairQueue, accepts: (kind: string) => boolean = everything): FairEntry | undefined {
  const entry = queue.peek(accepts);
  if (entry === undefined) return undefined;
  const passes = queue.charged(entry);
  queue.remove(entry.id);
  queue.apply(passes);
  return entry;
}

const job = (seq: number, tier: Tier, accountId: string, cost = 10, kind = 'k'): FairEntry => ({
  id: `j${seq}`,
  seq,
  tier,
  accountId,
  cost,
  kind,
});

/** Start-time fair queueing word for word: every waiting entry is looked at for every decision. */
class Naive {
  readonly entries: FairEntry[] = [];
  readonly tierPass = new Map<Tier, number>();
  readonly tierVirtual = new Map<Tier, number>();
  readonly accountPass = new Map<string, number>();
  virtual = 0;

  add(entry: FairEntry): void {
    const account = `${entry.tier}/${entry.accountId}`;
    const active = this.entries.some(
      (other) => other.tier === entry.tier && other.accountId === entry.accountId,
    );
    if (!active)
      this.accountPass.set(
        account,
        Math.max(this.accountPass.get(account) ?? 0, this.tierVirtual.get(entry.tier) ?? 0),
      );
    this.entries.push(entry);
  }

  serve(accepts: (kind: string) => boolean): FairEntry | undefined {
    const start = (tier: Tier) => Math.max(this.tierPass.get(tier) ?? 0, this.virtual);
    const pass = (entry: FairEntry) => this.accountPass.get(`${entry.tier}/${entry.accountId}`) ?? 0;
    const firsts = tiers.flatMap((tier) => {
      const able = this.entries.filter((entry) => entry.tier === tier && accepts(entry.kind));
      return able.sort((a, b) => pass(a) - pass(b) || a.seq - b.seq).slice(0, 1);
    });
    const [entry] = firsts.sort((a, b) => start(a.tier) - start(b.tier) || a.seq - b.seq);
    if (entry === undefined) return undefined;
    this.virtual = start(entry.tier);
    this.tierPass.set(entry.tier, this.virtual + entry.cost / tierWeights[entry.tier]);
    const accountStart = Math.max(pass(entry), this.tierVirtual.get(entry.tier) ?? 0);
    this.tierVirtual.set(entry.tier, accountStart);
    this.accountPass.set(`${entry.tier}/${entry.accountId}`, accountStart + entry.cost);
    this.entries.splice(this.entries.indexOf(entry), 1);
    return entry;
  }
}

const arrival = fc.record({
  type: fc.constant('add' as const),
  tier: fc.constantFrom(...tiers),
  account: fc.constantFrom('a', 'b', 'c', 'd'),
  cost: fc.integer({ min: 2, max: 20 }),
  kind: fc.constantFrom('k1', 'k2', 'k3'),
});

describe('fair queue', () => {
  test('serves in the same order as one that looks at everything', () => {
    const command = fc.oneof(
      { weight: 5, arbitrary: arrival },
      {
        weight: 4,
        arbitrary: fc.record({
          type: fc.constant('serve' as const),
          kinds: fc.subarray(['k1', 'k2', 'k3'], { minLength: 1 }),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({ type: fc.constant('remove' as const), seq: fc.integer({ min: 0, max: 60 }) }),
      },
    );
    fc.assert(
      fc.property(fc.array(command, { maxLength: 120, size: 'max' }), (commands) => {
        const [queue, naive] = [new FairQueue(), new Naive()];
        for (const [seq, step] of commands.entries()) {
          if (step.type === 'add') {
            const entry = job(seq, step.tier, step.account, step.cost, step.kind);
            queue.add(entry);
            naive.add(entry);
          } else if (step.type === 'remove') {
            queue.remove(`j${step.seq}`);
            const at = naive.entries.findIndex((entry) => entry.seq === step.seq);
            if (at >= 0) naive.entries.splice(at, 1);
          } else {
            const accepts = (kind: string) => step.kinds.includes(kind);
            expect(serve(queue, accepts)?.id).toBe(naive.serve(accepts)?.id);
          }
          expect(queue.size()).toBe(naive.entries.length);
        }
      }),
      { seed, numRuns: 1_500 },
    );
  });

  test('positions are the order in which jobs are then served', () => {
    fc.assert(
      fc.property(
        fc.array(arrival, { maxLength: 40, size: 'max' }),
        fc.integer({ min: 0, max: 15 }),
        (arrivals, served) => {
          const queue = new FairQueue();
          for (const [seq, { tier, account, cost, kind }] of arrivals.entries())
            queue.add(job(seq, tier, account, cost, kind));
          for (let n = 0; n < served; n += 1) serve(queue);
          const foreseen = [...queue.positions().entries()].sort((a, b) => a[1] - b[1]).map(([id]) => id);
          const actual: string[] = [];
          for (let entry = serve(queue); entry !== undefined; entry = serve(queue)) actual.push(entry.id);
          expect(actual).toEqual(foreseen);
        },
      ),
      { seed, numRuns: 800 },
    );
  });

  test('free always progresses: a flood of plus and pro gets at most its share between two free jobs', () => {
    const flood = fc.array(
      fc.record({
        tier: fc.constantFrom('plus' as const, 'pro' as const),
        account: fc.nat({ max: 200 }),
        cost: fc.integer({ min: 2, max: 20 }),
      }),
      { minLength: 50, maxLength: 400, size: 'max' },
    );
    const frees = fc.array(fc.integer({ min: 2, max: 20 }), { minLength: 1, maxLength: 10, size: 'max' });
    fc.assert(
      fc.property(flood, frees, fc.nat({ max: 40 }), (paid, free, head) => {
        const queue = new FairQueue();
        let seq = 0;
        for (const { tier, account, cost } of paid) queue.add(job(seq++, tier, `acc${account}`, cost));
        // The flood was there first and has been served for a while.
        for (let n = 0; n < head; n += 1) serve(queue);
        for (const cost of free) queue.add(job(seq++, 'free', 'one', cost));
        const largest = 20;
        let between = { plus: 0, pro: 0 };
        // Work of the free job served last; the first one waits for nobody's share.
        let lastFree = 0;
        let servedFree = 0;
        while (servedFree < free.length) {
          const entry = serve(queue);
          if (entry === undefined) throw new Error('free jobs wait and nothing is served');
          if (entry.tier === 'free') {
            servedFree += 1;
            lastFree = entry.cost;
            between = { plus: 0, pro: 0 };
            continue;
          }
          between[entry.tier] += entry.cost;
          expect(between[entry.tier]).toBeLessThanOrEqual(tierWeights[entry.tier] * lastFree + largest);
        }
      }),
      { seed, numRuns: 300 },
    );
  });

  test('with equal clips and all tiers waiting, twelve renders are one free, three plus and eight pro', () => {
    const queue = new FairQueue();
    let seq = 0;
    for (const tier of tiers) for (let n = 0; n < 120; n += 1) queue.add(job(seq++, tier, `${tier}${n % 7}`));
    const counts = { free: 0, plus: 0, pro: 0 };
    for (let n = 0; n < 120; n += 1) {
      const entry = serve(queue);
      if (entry !== undefined) counts[entry.tier] += 1;
    }
    expect(counts).toEqual({ free: 10, plus: 30, pro: 80 });
  });

  test('a tier that was away does not make up for it when it returns', () => {
    const queue = new FairQueue();
    let seq = 0;
    for (let n = 0; n < 60; n += 1) queue.add(job(seq++, 'free', 'a'));
    for (let n = 0; n < 30; n += 1) serve(queue);
    for (let n = 0; n < 60; n += 1) queue.add(job(seq++, 'pro', `p${n}`));
    const next = Array.from({ length: 36 }, () => serve(queue)?.tier);
    expect(next.filter((tier) => tier === 'free').length).toBe(4);
  });

  test('an account with a thousand jobs does not delay one with two', () => {
    const queue = new FairQueue();
    for (let seq = 0; seq < 1_000; seq += 1) queue.add(job(seq, 'free', 'many'));
    for (let n = 0; n < 100; n += 1) serve(queue);
    queue.add(job(5_000, 'free', 'few'));
    queue.add(job(5_001, 'free', 'few'));
    const next = Array.from({ length: 4 }, () => serve(queue)?.accountId);
    expect(next.filter((account) => account === 'few').length).toBe(2);
  });

  test('an attempt that came to nothing is given back: the job is next in its tier when it returns', () => {
    const queue = new FairQueue();
    for (let seq = 0; seq < 50; seq += 1) queue.add(job(seq, 'free', `a${seq}`));
    const lost = serve(queue);
    if (lost === undefined) throw new Error('nothing served');
    for (let n = 0; n < 5; n += 1) serve(queue);
    queue.apply(queue.refunded(lost));
    queue.add(lost);
    expect(serve(queue)?.id).toBe(lost.id);
  });

  test('what is stored of the passes brings the same order back', () => {
    fc.assert(
      fc.property(fc.array(arrival, { minLength: 10, maxLength: 60, size: 'max' }), (arrivals) => {
        const queue = new FairQueue();
        // One row per tier and one per account, as the object stores them.
        const ofTier = new Map<Tier, Passes>();
        const ofAccount = new Map<string, Passes>();
        const waiting = new Map<string, FairEntry>();
        for (const [seq, { tier, account, cost, kind }] of arrivals.entries()) {
          const entry = job(seq, tier, account, cost, kind);
          waiting.set(entry.id, entry);
          queue.add(entry);
          if (seq % 3 !== 0) continue;
          const next = queue.peek(everything);
          if (next === undefined) continue;
          const passes = queue.charged(next);
          waiting.delete(next.id);
          queue.remove(next.id);
          queue.apply(passes);
          ofTier.set(passes.tier, passes);
          ofAccount.set(`${passes.tier}/${passes.accountId}`, passes);
        }
        const saved = [...ofAccount.values()].map((passes) => ({
          ...(ofTier.get(passes.tier) ?? passes),
          accountId: passes.accountId,
          accountPass: passes.accountPass,
        }));
        const restored = new FairQueue(saved);
        for (const entry of waiting.values()) restored.add(entry);
        const order = (q: FairQueue) => Array.from({ length: waiting.size }, () => serve(q)?.id);
        expect(order(restored)).toEqual(order(queue));
      }),
      { seed, numRuns: 200 },
    );
  });
});
