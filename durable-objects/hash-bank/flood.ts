/**
 * Tells the desk that an entry stopped itself. Invariant: one quarantine opens one case, about what the entry was made from; whoever decides it
 * confirms the entry again or removes it. Called from the HashBank object's outbox.
 */
import { openCase } from '#durable-objects/moderation-case/open-case.ts';
import type { Id } from '#schemas/ids.ts';
import { floodFactor, freeMatchesAnHour } from './core/bank-entry-machine.ts';

export interface FloodNotice {
  readonly kind: 'flood';
  readonly entryId: string;
  /** The case it was made in. */
  readonly caseId: Id<'case'>;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** @throws Error when the desk cannot be reached: the outbox tries again */
export async function tellDesk(
  env: Pick<Env, 'MODERATION_CASE' | 'MODERATION_QUEUE'>,
  { entryId, caseId, at }: FloodNotice,
): Promise<void> {
  const made = await env.MODERATION_CASE.getByName(caseId).read();
  if (!made.ok) throw new Error(`the case of a bank entry cannot be read: ${made.error.code}`);
  await openCase(env, {
    subject: made.value.state.subject,
    causes: [
      {
        kind: 'finding',
        finding: {
          source: 'hash-match',
          rule: 'hash-bank-flood',
          ruleVersion: '1',
          explanation:
            'An entry of the hash bank suddenly matched far more films than ever before and has stopped itself. Confirm it again or remove it.',
          score: null,
          threshold: Math.max(freeMatchesAnHour, floodFactor),
          model: null,
          second: null,
          policyId: null,
          match: { bank: 'main', entryId, distance: 0, ourFrame: null, theirFrame: null },
        },
      },
    ],
    provenance: null,
    legalDeadlineAt: null,
    dedupeKey: `bank-flood:${entryId}:${at}`,
    tool: 'ingest',
  });
}
