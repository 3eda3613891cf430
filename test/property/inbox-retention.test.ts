/** What an inbox drops and how its items are ordered, for any sizes and any clock. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inboxLimit, nextTime, overflow } from '#durable-objects/inbox/core/retention.ts';

const seed = 20261122;

test('exactly the excess goes, what was read before what was not, and never more than there is', () => {
  fc.assert(
    fc.property(fc.nat(3_000), fc.nat(3_000), fc.integer({ min: 1, max: 2_000 }), (read, unread, limit) => {
      const total = read + unread;
      const dropped = overflow({ total, read }, limit);
      expect(total - dropped.read - dropped.unread).toBe(Math.min(total, limit));
      expect(dropped.read).toBeLessThanOrEqual(read);
      expect(dropped.unread).toBeLessThanOrEqual(unread);
      if (dropped.unread > 0) expect(dropped.read).toBe(read);
    }),
    { seed, numRuns: 2_000 },
  );
});

test('an inbox that loses its excess at every notice never holds more than its limit, and keeps what is newest and unread', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 400 }), (reads) => {
      let items: { at: number; read: boolean }[] = [];
      const limit = 20;
      for (const [at, read] of reads.entries()) {
        items.push({ at, read: false });
        if (read) for (const item of items) item.read = true;
        const excess = overflow(
          { total: items.length, read: items.filter((item) => item.read).length },
          limit,
        );
        const gone = [
          ...items.filter((item) => item.read).slice(0, excess.read),
          ...items.filter((item) => !item.read).slice(0, excess.unread),
        ];
        items = items.filter((item) => !gone.includes(item));
        expect(items.length).toBeLessThanOrEqual(limit);
        expect(items.at(-1)?.at).toBe(at);
      }
    }),
    { seed, numRuns: 500 },
  );
  expect(inboxLimit).toBe(1_000);
});

test('times grow strictly, whatever the clock does, and follow it when it moves on', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 1, maxLength: 200 }), (clock) => {
      let last: number | null = null;
      for (const now of clock) {
        const at = nextTime(now, last);
        if (last !== null) expect(at).toBeGreaterThan(last);
        expect(at).toBeGreaterThanOrEqual(now);
        if (last === null || now > last) expect(at).toBe(now);
        last = at;
      }
    }),
    { seed, numRuns: 1_000 },
  );
});
