/** What a receipt may say, for any answers in any order: nothing is called done that is not, and nobody's word is given for them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NodeErasure } from '#durable-objects/render-queue/rpc.ts';
import { erasureSchema, erasureStores } from '#schemas/http/clips.ts';
import { withPrefix } from '#schemas/ids.ts';
import { openReceipt, withAnswer } from '#workers/workflows/erase/core/receipt.ts';
import { goneAfterMs, nodesAnswer, waitBefore } from '#workers/workflows/erase/core/render-nodes.ts';

const seed = 20261122;
const subject = withPrefix('clip', '0'.repeat(26));
const at = '2026-11-22T12:00:00.000Z';
const now = Date.parse(at);

test('complete exactly when every store has answered; the first answer of a store stands', () => {
  const answer = fc.record({
    store: fc.constantFrom(...erasureStores),
    status: fc.constantFrom('pending', 'erased', 'held', 'none'),
    items: fc.nat(9),
    detail: fc.string(),
  });
  fc.assert(
    fc.property(fc.array(answer, { maxLength: 40 }), (answers) => {
      let receipt = openReceipt({ subject, revocationId: null });
      const first = new Map<string, number>();
      for (const { store, ...said } of answers) {
        receipt = withAnswer(receipt, store, said, at);
        if (said.status !== 'pending' && !first.has(store)) first.set(store, said.items);
      }
      expect(erasureSchema.parse(receipt)).toEqual(receipt);
      expect(receipt.stores.map(({ store }) => store)).toEqual([...erasureStores]);
      expect(receipt.complete).toBe(first.size === erasureStores.length);
      for (const line of receipt.stores) {
        expect(line.status !== 'pending').toBe(first.has(line.store));
        expect(line.at).toBe(first.has(line.store) ? at : null);
        if (first.has(line.store)) expect(line.items).toBe(first.get(line.store));
      }
    }),
    { seed, numRuns: 1_000 },
  );
});

test('a node that was seen is waited for until it has said so itself; one that is gone is named and vouched for by nobody', () => {
  const row = fc.record({
    jobId: fc.integer({ min: 1, max: 4 }).map((n) => withPrefix('gen', String(n).padStart(26, '0'))),
    nodeId: fc.constantFrom('node-a', 'node-b', 'node-c'),
    confirmedAt: fc.constantFrom(null, at),
    lastSeenAt: fc.constantFrom(null, at, new Date(now - goneAfterMs).toISOString()),
  });
  const rows: fc.Arbitrary<NodeErasure[]> = fc.uniqueArray(row, {
    selector: ({ jobId, nodeId }) => `${jobId} ${nodeId}`,
    maxLength: 12,
  });
  fc.assert(
    fc.property(rows, (erasures) => {
      const said = nodesAnswer(erasures, now);
      const waiting = erasures.filter((one) => one.confirmedAt === null && one.lastSeenAt === at);
      expect(said.status === 'pending').toBe(waiting.length > 0);
      expect(said.items).toBe(erasures.filter(({ confirmedAt }) => confirmedAt !== null).length);
      for (const { nodeId } of waiting) expect(said.detail).toMatch(new RegExp(`Waiting for [^.]*${nodeId}`));
      for (const nodeId of ['node-a', 'node-b', 'node-c']) {
        const own = erasures.filter((one) => one.nodeId === nodeId);
        const vouched = said.detail.split(' confirmed that')[0]?.includes(nodeId) ?? false;
        const all = own.length > 0 && own.every(({ confirmedAt }) => confirmedAt !== null);
        if (said.detail.includes(' confirmed that')) expect(vouched).toBe(all);
      }
      if (said.status === 'erased') expect(said.items).toBeGreaterThan(0);
    }),
    { seed, numRuns: 2_000 },
  );
});

test('waits grow and never exceed six hours', () => {
  for (let check = 1; check < 400; check += 1) {
    expect(waitBefore(check + 1)).toBeGreaterThanOrEqual(waitBefore(check));
    expect(waitBefore(check)).toBeLessThanOrEqual(6 * 3_600_000);
  }
});
