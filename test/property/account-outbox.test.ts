/** The delivery engine under receivers that fail at random: order per entity, nothing lost, nothing tried for ever. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type DrainLimits,
  drainOutbox,
  type OutboxRow,
  type OutboxStore,
  shortError,
} from '#durable-objects/shared/core/drain.ts';

const limits: DrainLimits = {
  maxAttempts: 3,
  backoff: { baseMs: 100, capMs: 1_000 },
  concurrency: 3,
  batch: 50,
};

interface Row extends OutboxRow<number> {
  attempts: number;
  dueAt: number;
  parked: string | null;
}

/** Ten lines in place of the table. */
function memoryStore(rows: Row[]): OutboxStore<number> {
  const find = (row: OutboxRow<number>) => rows.findIndex((other) => other.seq === row.seq);
  return {
    due: (now, limit, busy) => {
      const heads = rows.filter(
        (row) =>
          row.parked === null &&
          !rows.some((other) => other.parked === null && other.entity === row.entity && other.seq < row.seq),
      );
      return heads
        .filter((row) => row.dueAt <= now && !busy.has(row.entity))
        .slice(0, limit)
        .map((row) => ({ ...row }));
    },
    delivered: (row) => void rows.splice(find(row), 1),
    retry: (row, dueAt, error) =>
      void Object.assign(rows[find(row)] ?? {}, { attempts: row.attempts + 1, dueAt, error }),
    park: (row, _, error) => void Object.assign(rows[find(row)] ?? {}, { parked: error }),
  };
}

describe('outbox', () => {
  test('rows of an entity arrive in order, one at a time, each once delivered or parked after three attempts', async () => {
    const plan = fc.array(
      fc.record({ entity: fc.constantFrom('a', 'b', 'c', 'd'), failures: fc.nat({ max: 4 }) }),
      { maxLength: 20, size: 'max' },
    );
    await fc.assert(
      fc.asyncProperty(plan, fc.scheduler(), async (plans, scheduler) => {
        let now = 0;
        const rows: Row[] = plans.map(({ entity }, seq) => ({
          seq,
          entity,
          message: seq,
          attempts: 0,
          dueAt: 0,
          parked: null,
        }));
        const tries = new Map<number, number>();
        const arrived: number[] = [];
        const open = new Set<string>();
        const deliver = async (seq: number): Promise<void> => {
          const { entity = '', failures = 0 } = plans[seq] ?? {};
          expect(open.has(entity)).toBe(false);
          open.add(entity);
          expect(open.size).toBeLessThanOrEqual(limits.concurrency);
          await scheduler.schedule(Promise.resolve());
          open.delete(entity);
          const attempt = (tries.get(seq) ?? 0) + 1;
          tries.set(seq, attempt);
          if (attempt <= failures) throw new Error('busy');
          arrived.push(seq);
        };
        for (let round = 0; round < 70; round += 1) {
          const drained = drainOutbox(
            {
              store: memoryStore(rows),
              now: () => now,
              random: () => 0.5,
              deliver,
              added: () => new Promise(() => undefined),
            },
            limits,
          );
          await scheduler.waitFor(drained);
          now += 2_000;
        }
        for (const entity of ['a', 'b', 'c', 'd']) {
          const mine = arrived.filter((seq) => plans[seq]?.entity === entity);
          expect(mine).toEqual([...mine].sort((a, b) => a - b));
        }
        const poison = plans.flatMap(({ failures }, seq) => (failures >= limits.maxAttempts ? [seq] : []));
        expect(rows.map(({ seq, parked }) => [seq, parked])).toEqual(
          poison.map((seq) => [seq, 'Error: busy']),
        );
        expect([...arrived].sort((a, b) => a - b)).toEqual(
          plans.flatMap((_, seq) => (poison.includes(seq) ? [] : [seq])),
        );
        for (const count of tries.values()) expect(count).toBeLessThanOrEqual(limits.maxAttempts);
      }),
      { seed: 20261122, numRuns: 60 },
    );
  });

  test('a row written while another one is slow does not wait for it', async () => {
    const rows: Row[] = [{ seq: 1, entity: 'slow', message: 1, attempts: 0, dueAt: 0, parked: null }];
    const [slow, added, second] = [
      Promise.withResolvers<void>(),
      Promise.withResolvers<void>(),
      Promise.withResolvers<void>(),
    ];
    const drained = drainOutbox(
      {
        store: memoryStore(rows),
        now: () => 0,
        random: () => 0,
        deliver: async (seq) => (seq === 1 ? slow.promise : second.resolve()),
        added: () => (rows.length === 1 ? added.promise : new Promise(() => undefined)),
      },
      limits,
    );
    rows.push({ seq: 2, entity: 'quick', message: 2, attempts: 0, dueAt: 0, parked: null });
    added.resolve();
    await second.promise;
    slow.resolve();
    expect(await drained).toEqual({ delivered: 2, retried: 0, parked: 0 });
  });

  test('what is kept of an error is short and has no stack', () => {
    expect(shortError(new TypeError('x'.repeat(500)))).toHaveLength(200);
    expect(shortError('plain')).toBe('plain');
  });
});
