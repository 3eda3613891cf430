/** The two stores an erasure may not simply empty: evidence, which is kept apart first, and render nodes, which answer for themselves. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { eq } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { startErasure } from '#durable-objects/shared/erasure.ts';
import { createId } from '#durable-objects/shared/id.ts';
import { legalHolds, reports } from '#schemas/tables.ts';
import { person } from '../support/api-actors.ts';
import { enqueue, eventually, lease, leaseRequest } from '../support/objects.ts';
import { db } from './clip-fixtures.ts';
import {
  confirm,
  deletedClip,
  erase,
  eraseConfirmed,
  expectNothingLeft,
  keysBelow,
  lineOf,
  queue,
  receiptOf,
  secret,
  watched,
} from './erasure-fixtures.ts';

describe('evidence', () => {
  test('under a legal hold the files are kept apart first, and the receipt says why and until when', async () => {
    const deleted = await deletedClip();
    const clipId = deleted.params.subject;
    await db().insert(legalHolds).values({
      clipId,
      reason: 'Court order 12 C 34/26.',
      until: '2031-01-02T00:00:00.000Z',
      createdAt: new Date().toISOString(),
    });
    const receipt = await eraseConfirmed(deleted);
    expect(lineOf(receipt, 'evidence')).toMatchObject({ status: 'held', items: 6 });
    expect(lineOf(receipt, 'evidence')?.detail).toContain('Court order 12 C 34/26.');
    expect(lineOf(receipt, 'evidence')?.detail).toContain('2031-01-02');
    await expectNothingLeft(deleted);
    const video = await env.MEDIA.get(`evidence/${clipId}/media/${clipId}/video.mp4`);
    expect(await video?.text()).toBe(`bytes of media/${clipId}/video.mp4`);
    const [generationId] = deleted.params.generationIds;
    const request = await env.MEDIA.get(`evidence/${clipId}/${generationId}/request.json`);
    expect(await request?.text()).toContain(secret);
  });

  test.each(['likeness', 'intimate', 'minor', 'copyright'] as const)(
    'a report about %s keeps the files for a year',
    async (reason) => {
      const deleted = await deletedClip();
      const clipId = deleted.params.subject;
      await db()
        .insert(reports)
        .values({
          id: createId('rep', Date.now()),
          clipId,
          reporterId: null,
          reason,
          details: '',
          createdAt: new Date().toISOString(),
        });
      const receipt = await eraseConfirmed(deleted);
      expect(lineOf(receipt, 'evidence')?.status).toBe('held');
      expect(await keysBelow(`evidence/${clipId}/media/`)).toHaveLength(5);
      const hold = await db().select().from(legalHolds).where(eq(legalHolds.clipId, clipId)).get();
      const days = (Date.parse(hold?.until ?? '') - Date.now()) / 86_400_000;
      expect(Math.round(days)).toBe(365);
      await expectNothingLeft(deleted);
    },
  );

  test('other reports, and holds that are over, keep nothing', async () => {
    const deleted = await deletedClip();
    const clipId = deleted.params.subject;
    const createdAt = new Date().toISOString();
    await db()
      .insert(reports)
      .values({
        id: createId('rep', Date.now()),
        clipId,
        reporterId: null,
        reason: 'spam',
        details: '',
        createdAt,
      });
    await db()
      .insert(legalHolds)
      .values({ clipId, reason: 'over', until: '2026-01-01T00:00:00.000Z', createdAt });
    const receipt = await eraseConfirmed(deleted);
    expect(lineOf(receipt, 'evidence')).toMatchObject({ status: 'none', items: 0 });
    expect(await keysBelow(`evidence/${clipId}/`)).toEqual([]);
  });

  test('nothing is deleted while its copy cannot be made', async () => {
    const deleted = await deletedClip();
    const clipId = deleted.params.subject;
    await db().insert(legalHolds).values({
      clipId,
      reason: 'Hold.',
      until: '2031-01-02T00:00:00.000Z',
      createdAt: new Date().toISOString(),
    });
    await watched(
      deleted.params,
      (m) => m.mockStepError({ name: 'evidence' }, new Error('no copy')),
      async (workflow) => {
        await startErasure(env, deleted.params);
        await workflow.waitForStatus('errored');
      },
    );
    expect(await keysBelow(`media/${clipId}/`)).toHaveLength(5);
    const receipt = await receiptOf(clipId);
    expect(receipt?.complete).toBe(false);
    expect(lineOf(receipt, 'objects')?.status).toBe('pending');
  });
});

describe('render nodes', () => {
  test('only the nodes that had the job are asked, and only their own word counts', async () => {
    const deleted = await deletedClip();
    await queue.orderErasure(deleted.params.generationIds);
    const [jobId] = deleted.params.generationIds;
    if (jobId === undefined) throw new Error('no job');
    expect(await queue.confirmErasures('somebody-else', [jobId])).toEqual([]);
    expect(await queue.confirmErasures(deleted.node, [])).toContain(jobId);
    expect(await queue.confirmErasures(deleted.node, [jobId])).not.toContain(jobId);
    const [row] = await queue.erasuresOf([jobId]);
    expect(row).toMatchObject({ nodeId: deleted.node, jobId });
    await queue.orderErasure(deleted.params.generationIds);
    expect(await queue.erasuresOf([jobId])).toEqual([row]);
  });

  test('a word given before the question counts for nothing', async () => {
    const deleted = await deletedClip();
    const [jobId] = deleted.params.generationIds;
    if (jobId === undefined) throw new Error('no job');
    await queue.confirmErasures(deleted.node, [jobId]);
    await queue.orderErasure([jobId]);
    expect(await queue.confirmErasures(deleted.node, [])).toContain(jobId);
  });

  test('a job that was taken over by another node is confirmed by both', async () => {
    const owner = await person();
    const jobId = await enqueue(queue);
    const [first, second] = [`a-${owner.handle}`, `b-${owner.handle}`];
    const { fence } = await lease(queue, first);
    await queue.fail(first, jobId, { fence, code: 'out_of_resources', message: '', retryable: true });
    await eventually('the second lease', () => queue.lease(second, leaseRequest()));
    await queue.orderErasure([jobId]);
    expect((await queue.erasuresOf([jobId])).map(({ nodeId }) => nodeId)).toEqual([first, second]);
    await queue.cancel(jobId);
  });

  test('a job whose leases are forgotten is asked of every node there is', async () => {
    const deleted = await deletedClip();
    const jobId = createId('gen', Date.now());
    const asked = await queue.orderErasure([jobId]);
    expect(asked.map(({ nodeId }) => nodeId)).toContain(deleted.node);
  });

  test('a job that waited and was never leased asks nobody', async () => {
    const jobId = await enqueue(queue);
    await queue.cancel(jobId);
    expect(await queue.orderErasure([jobId])).toEqual([]);
  });

  test('a node that was not seen for a month is named as such, not as having confirmed', async () => {
    const deleted = await deletedClip();
    await runInDurableObject(queue, (_, { storage }) => {
      storage.sql.exec(
        'UPDATE nodes SET last_seen_at = ? WHERE id = ?',
        Date.now() - 31 * 86_400_000,
        deleted.node,
      );
    });
    const receipt = await erase(deleted.params);
    expect(receipt.complete).toBe(true);
    expect(lineOf(receipt, 'render-nodes')).toMatchObject({ status: 'none', items: 0 });
    expect(lineOf(receipt, 'render-nodes')?.detail).toMatch(/not seen for 30 days and did not confirm/);
  });

  test('until they have answered the receipt is open and says for whom it waits', async () => {
    const deleted = await deletedClip();
    await startErasure(env, deleted.params);
    const waiting = await eventually('the receipt to wait', async () => {
      const line = lineOf(await receiptOf(deleted.params.subject), 'render-nodes');
      return line !== undefined && line.detail !== '' ? line : null;
    });
    expect(waiting).toMatchObject({ status: 'pending', at: null, detail: `Waiting for ${deleted.node}.` });
    expect((await receiptOf(deleted.params.subject))?.complete).toBe(false);
    await confirm(deleted);
  });
});
