/**
 * Giving somebody a contract (K-12). Invariants: only the owner's object makes one, and nothing ever changes its terms, so nobody can
 * widen it; making one wakes no other that the level had put to sleep. Called by cameo-object.ts inside its transactions.
 */
import { createId } from '#durable-objects/shared/id.ts';
import type { CreateGrant } from '#schemas/http/cameo.ts';
import type { Id } from '#schemas/ids.ts';
import { neverClasses } from '#schemas/likeness.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import type { CameoState } from './core/cameo-machine.ts';
import { update } from './core/cameo-machine.ts';
import { type CameoParts, saveCameo } from './parts.ts';
import type { GrantRecord } from './rpc.ts';
import type { StoredGrant } from './store.ts';

/** Contracts one likeness may have in force. */
const contractLimit = 500;

/** Refuses with not_found, conflict and bad_request. */
export function createContract(
  parts: CameoParts,
  granteeId: Id<'acc'>,
  input: Omit<CreateGrant, 'handle'>,
  now: number,
): Result<GrantRecord> {
  const { store, effects } = parts;
  const state = store.cameo();
  if (state === null || state.status === 'none')
    return fail('not_found', 'You have not enrolled a likeness yet.');
  if (granteeId === state.accountId) return fail('conflict', 'You need no contract with yourself.');
  if (input.until !== null && Date.parse(input.until) <= now) {
    return fail('bad_request', 'until: must be in the future', { field: 'until' });
  }
  const standing = store.counts().contracts;
  if (standing >= contractLimit) {
    return fail('conflict', `You have ${contractLimit} contracts. End one before you make another.`);
  }
  const open = opened(state, standing);
  if (!open.ok) return open;
  const grant: StoredGrant = {
    id: createId('grant', now),
    granteeId,
    purpose: input.purpose,
    implicit: false,
    epoch: state.epoch,
    uses: input.uses,
    used: 0,
    until: input.until,
    reviewBeforeGeneration: input.reviewBeforeGeneration,
    reviewBeforePublication: input.reviewBeforePublication,
    allow: [...new Set(input.allow)].filter((ruleClass) => !neverClasses.includes(ruleClass)),
    revokedAt: null,
    createdAt: new Date(now).toISOString(),
    version: 1,
  };
  saveCameo(parts, open.value, now);
  store.insertGrant(grant);
  effects.projectGrant(state.accountId, grant, now);
  const notice = {
    dedupeKey: `grant-given:${grant.id}`,
    kind: 'grant-given',
    text: `You may cast this likeness: ${grant.purpose}`,
    actorId: state.accountId,
    grantId: grant.id,
  } as const;
  effects.notify(granteeId, notice, now);
  return ok(grant);
}

/**
 * A contract says that somebody may, so a likeness that was open to its owner only opens to people with a contract. With others asleep,
 * that would open it to more people than this one: the owner says so first.
 */
function opened(state: CameoState, contracts: number): Result<CameoState> {
  if (state.status !== 'enrolled' || state.level === 'nobody') {
    return fail('conflict', 'Nobody may cast you at the moment. Choose another level first.');
  }
  if (state.level !== 'only-me') return ok(state);
  if (contracts > 0) {
    return fail(
      'conflict',
      'Your level is “only me”, which suspends the contracts you have given. Choose “people I approve” first.',
    );
  }
  return update(state, { level: 'approved' });
}
