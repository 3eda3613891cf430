/** The real object against a model of ten lines: whatever the order of commands, nobody casts beyond a contract or after a revocation. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CastRequest } from '#durable-objects/cameo/rpc.ts';
import type { Id } from '#schemas/ids.ts';
import { evict } from '../support/evict.ts';
import { contractWith, likeness, must, newAccount, none, request } from './cameo-fixtures.ts';

type Command =
  | { readonly kind: 'cast' }
  | { readonly kind: 'again' | 'release' | 'open' | 'ready' | 'fail'; readonly which: number }
  | { readonly kind: 'revoke' | 'consent' | 'contract' | 'evict' };

const aboutOne = fc.record({
  kind: fc.constantFrom(
    'again' as const,
    'release' as const,
    'open' as const,
    'ready' as const,
    'fail' as const,
  ),
  which: fc.nat(20),
});
const commands: fc.Arbitrary<Command[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant<Command>({ kind: 'cast' }) },
    { weight: 6, arbitrary: aboutOne },
    {
      weight: 2,
      arbitrary: fc.constantFrom<Command>(
        { kind: 'revoke' },
        { kind: 'consent' },
        { kind: 'contract' },
        { kind: 'evict' },
      ),
    },
  ),
  { minLength: 5, maxLength: 40 },
);

interface Job {
  readonly asked: CastRequest;
  readonly contract: Id<'grant'>;
  state: 'reserved' | 'open' | 'ready' | 'failed' | 'released';
  stopped: boolean;
}

const uses = 3;

test('uses are exact and consent is not outrun, in any order', async () => {
  await fc.assert(
    fc.asyncProperty(commands, async (list) => {
      const { cameo } = await likeness({ level: 'approved' });
      const maker = newAccount();
      const jobs: Job[] = [];
      let open = true;
      const contracts: Id<'grant'>[] = [(await contractWith(cameo, maker, { uses })).id];
      const counts = (job: Job) => job.state !== 'failed' && job.state !== 'released';
      const used = (id: Id<'grant'>) => jobs.filter((job) => job.contract === id && counts(job)).length;
      for (const [index, command] of list.entries()) {
        const job = 'which' in command ? jobs[command.which % Math.max(1, jobs.length)] : undefined;
        if (command.kind === 'cast') {
          const asked = request(maker);
          const free = open ? contracts.find((id) => used(id) < uses) : undefined;
          const answer = await cameo.authorize(asked);
          expect(answer.ok).toBe(free !== undefined);
          if (!answer.ok || free === undefined) continue;
          expect(answer.value.grantId).toBe(free);
          jobs.push({ asked, contract: free, state: 'reserved', stopped: false });
        } else if (command.kind === 'revoke') {
          const told = must(
            await cameo.revoke({
              scope: 'all',
              targetId: null,
              existing: 'keep',
              requestId: `r${index}`,
              carrying: none,
            }),
          );
          const running = jobs.filter(
            (one) => !one.stopped && (one.state === 'reserved' || one.state === 'open'),
          );
          expect([...told.generationIds].sort()).toEqual(running.map((one) => one.asked.generationId).sort());
          for (const one of running) one.stopped = true;
          open = false;
          contracts.length = 0;
        } else if (command.kind === 'consent') {
          must(await cameo.update({ level: 'approved' }));
          open = true;
        } else if (command.kind === 'contract') {
          if (open) contracts.push((await contractWith(cameo, maker, { uses })).id);
        } else if (command.kind === 'evict') {
          await evict(cameo);
        } else if (job !== undefined) {
          const id = job.asked.generationId;
          if (command.kind === 'again') {
            if (job.state === 'released') continue;
            expect((await cameo.authorize(job.asked)).ok).toBe(!job.stopped);
          } else if (command.kind === 'release') {
            await cameo.release(id);
            if (job.state === 'reserved') job.state = 'released';
          } else if (job.state === 'reserved' || job.state === 'open') {
            const next = { open: 'queued', ready: 'ready', fail: 'failed' } as const;
            await cameo.generationChanged(id, next[command.kind]);
            job.state = command.kind === 'open' ? 'open' : command.kind === 'ready' ? 'ready' : 'failed';
          }
        }
      }
      for (const grant of await cameo.grants({ before: null, limit: 100 })) {
        expect(grant.used).toBe(used(grant.id));
        expect(grant.used).toBeLessThanOrEqual(uses);
        expect(grant.revokedAt === null).toBe(contracts.includes(grant.id));
      }
      const seen = await cameo.appearances({ before: null, limit: 100 });
      const expected = jobs.filter(({ state }) => state !== 'reserved' && state !== 'released');
      expect(seen.map((one) => [one.generationId, one.withdrawn]).sort()).toEqual(
        expected.map((one) => [one.asked.generationId, one.stopped]).sort(),
      );
    }),
    { numRuns: 40 },
  );
});
