/** The real RenderQueue object under random nodes, clocks and evictions, watched from outside. */
import { runDurableObjectAlarm } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import type { LeasedWork } from '#durable-objects/render-queue/rpc.ts';
import { tiers } from '#schemas/http/accounts.ts';
import type { Id } from '#schemas/ids.ts';
import { evict } from '../support/evict.ts';
import { enqueue, leaseRequest, newId, upload } from '../support/objects.ts';

const leaseMs = Number(env.RENDER_LEASE_MS);
const maxAttempts = Number(env.RENDER_MAX_ATTEMPTS);
const nodes = ['n1', 'n2'] as const;

const pick = fc.nat({ max: 20 });
const node = fc.constantFrom(...nodes);
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constant('enqueue' as const), tier: fc.constantFrom(...tiers) }),
  },
  { weight: 5, arbitrary: fc.record({ type: fc.constant('lease' as const), node }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('complete' as const), pick }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('fail' as const), pick, retryable: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('heartbeat' as const), pick }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('cancel' as const), pick }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('pass' as const),
      ms: fc.integer({ min: 1, max: leaseMs + 5_000 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('evict' as const) }) },
);

afterEach(() => {
  vi.useRealTimers();
});

test('one live lease, growing tokens, one outcome, nothing lost', async () => {
  let pools = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40, size: 'max' }), async (steps) => {
      const queue = env.RENDER_QUEUE.getByName(`random-${++pools}`);
      const jobs: Id<'gen'>[] = [];
      const leases: { node: string; job: LeasedWork; expiresAt: number }[] = [];
      const newest = new Map<string, number>();
      const ended = new Map<string, string>();
      const answered = (jobId: string) => (ended.has(jobId) ? 'ended' : 'open');
      for (const one of steps) {
        switch (one.type) {
          case 'enqueue':
            jobs.push(await enqueue(queue, one.tier));
            break;
          case 'lease': {
            const job = await queue.lease(one.node, leaseRequest());
            if (job === null) break;
            const live = leases.filter(
              (lease) =>
                lease.job.jobId === job.jobId &&
                lease.expiresAt > Date.now() &&
                lease.job.fence === newest.get(job.jobId),
            );
            expect(live).toEqual([]);
            expect(job.fence).toBe((newest.get(job.jobId) ?? 0) + 1);
            expect(job.fence).toBeLessThanOrEqual(maxAttempts);
            expect(answered(job.jobId)).toBe('open');
            newest.set(job.jobId, job.fence);
            leases.push({ node: one.node, job, expiresAt: Date.parse(job.leaseExpiresAt) });
            break;
          }
          case 'heartbeat': {
            const lease = leases[one.pick];
            if (lease === undefined) break;
            const beat = await queue.heartbeat(lease.node, lease.job.jobId, {
              fence: lease.job.fence,
              stage: 'drawing',
              progress: 0.5,
            });
            if (beat.ok && beat.value.directive === 'continue') {
              expect(newest.get(lease.job.jobId)).toBe(lease.job.fence);
              lease.expiresAt = Date.parse(beat.value.leaseExpiresAt);
            }
            break;
          }
          case 'complete': {
            const lease = leases[one.pick];
            if (lease === undefined) break;
            const { jobId, fence } = lease.job;
            const uploaded = await upload(queue, lease.node, lease.job).catch(() => null);
            if (uploaded === null) break;
            const done = await queue.complete(lease.node, jobId, fence, uploaded);
            expect(done.ok).toBe(true);
            expect(newest.get(jobId)).toBe(fence);
            ended.set(jobId, `completed ${fence}`);
            lease.expiresAt = 0;
            break;
          }
          case 'fail': {
            const lease = leases[one.pick];
            if (lease === undefined) break;
            const { jobId, fence } = lease.job;
            const failed = await queue.fail(lease.node, jobId, {
              fence,
              code: 'engine_failed',
              message: 'no',
              retryable: one.retryable,
            });
            if (!failed.ok) break;
            expect([newest.get(jobId), answered(jobId)]).toEqual([fence, 'open']);
            lease.expiresAt = 0;
            if (!one.retryable || fence === maxAttempts) ended.set(jobId, 'dead');
            break;
          }
          case 'cancel': {
            const jobId = jobs[one.pick];
            if (jobId === undefined) break;
            await queue.cancel(jobId);
            const { status } = await queue.outcome(jobId);
            expect(status).not.toBe('pending');
            if (!ended.has(jobId)) ended.set(jobId, status === 'dead' ? 'dead' : 'cancelled');
            break;
          }
          case 'pass':
            vi.setSystemTime(Date.now() + one.ms);
            await runDurableObjectAlarm(queue);
            break;
          case 'evict':
            await evict(queue);
        }
        for (const [jobId, end] of ended) {
          const outcome = await queue.outcome(jobId as Id<'gen'>);
          expect(outcome.status === 'completed' ? `completed ${outcome.fence}` : outcome.status).toBe(end);
        }
      }
      // Everything that has not ended can still be finished: nothing is stuck.
      for (let rounds = 0; rounds < jobs.length * (maxAttempts + 1); rounds += 1) {
        vi.setSystemTime(Date.now() + 61_000);
        await runDurableObjectAlarm(queue);
        const job = await queue.lease('n1', leaseRequest());
        if (job !== null)
          expect(
            await queue.complete('n1', job.jobId, job.fence, await upload(queue, 'n1', job)),
          ).toMatchObject({ ok: true });
      }
      for (const jobId of jobs) expect((await queue.outcome(jobId)).status).not.toBe('pending');
      expect(await queue.status()).toMatchObject({ queued: 0, running: 0 });
      expect(await queue.outcome(newId('gen'))).toEqual({ status: 'pending' });
      vi.useRealTimers();
    }),
    { seed: 20261122, numRuns: 25 },
  );
});
