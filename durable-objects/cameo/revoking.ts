/**
 * The first half of a revocation: everything that can be done in one transaction. Invariants: from here on nothing new is permitted and
 * every unfinished job is told, whatever happens to the call that asked; what the log must be asked is stored as a debt; the same request
 * begins once. Called by cameo-object.ts inside its transactions; it then settles the debts with the log and answers.
 */
import { type ConsentKey, cameoKey, clipKey, grantKey } from '#schemas/consent.ts';
import type { ExistingChoice } from '#schemas/http/cameo.ts';
import type { Id } from '#schemas/ids.ts';
import { standingGrant } from './casting.ts';
import { type CameoState, erase, revokeAll } from './core/cameo-machine.ts';
import { planDenials, stronger } from './core/revocation-plan.ts';
import { type CameoParts, saveCameo, withdrawFrom } from './parts.ts';
import type { StoredRevocation } from './revocations-store.ts';
import type { CameoPreview } from './rpc.ts';
import type { StoredGrant } from './store.ts';

export type RevocationScope =
  | { readonly kind: 'all'; readonly erase: boolean }
  | { readonly kind: 'account'; readonly accountId: Id<'acc'> }
  | { readonly kind: 'grant'; readonly grant: StoredGrant }
  | { readonly kind: 'clip'; readonly clipId: Id<'clip'> };

/** Of a likeness that is erased: jobs whose scratch is looked for, at most. Older ones ended long ago and left none. */
const generationsErased = 5_000;

/** Keys a revocation must answer for, and those it also denies unless they are denied as much already. */
export function keysOf(
  { store }: CameoParts,
  state: CameoState,
  scope: RevocationScope,
): { first: ConsentKey[]; others: ConsentKey[] } {
  switch (scope.kind) {
    case 'clip':
      return { first: [clipKey(scope.clipId)], others: [] };
    case 'grant':
      return { first: [grantKey(scope.grant.id)], others: [] };
    case 'account': {
      const held = store.grantsOf(scope.accountId);
      const standing = held.filter(({ revokedAt }) => revokedAt === null);
      const first = standing.length > 0 ? standing : held.slice(-1);
      return { first: first.map(({ id }) => grantKey(id)), others: held.map(({ id }) => grantKey(id)) };
    }
    case 'all': {
      const epochs = Array.from({ length: state.epoch }, (_, index) => cameoKey(state.cameoId, index + 1));
      return { first: epochs.slice(-1), others: epochs };
    }
  }
}

/** @param now milliseconds */
export function beginRevocation(
  parts: CameoParts,
  state: CameoState,
  scope: RevocationScope,
  wish: ExistingChoice,
  now: number,
): StoredRevocation {
  const at = new Date(now).toISOString();
  // A person who holds nothing yet is given a standing permission that is revoked: it names the revocation.
  if (scope.kind === 'account' && parts.store.grantsOf(scope.accountId).length === 0) {
    parts.store.insertGrant(standingGrant(scope.accountId, state.epoch, now, at));
  }
  const { first, others } = keysOf(parts, state, scope);
  const denials = planDenials(wish, first, others, (key) => parts.revocations.strongest(key));
  for (const denial of denials) parts.revocations.owe(denial);
  const generationIds = close(parts, state, scope, at, now);
  const [lead] = denials;
  if (scope.kind === 'all' && scope.erase && state.status !== 'none' && lead !== undefined) {
    const { accountId, cameoId } = state;
    const made = parts.appearances.newestGenerations(generationsErased);
    parts.effects.erase({ accountId, cameoId, denial: lead, generationIds: made }, now);
  }
  const existing = denials.reduce((all, denial) => stronger(all, denial.existing), wish);
  if (existing === 'delete') tellMakers(parts, state, scope, now);
  return { denials, existing, generationIds };
}

/** Whoever made what stops now hears of it, once; of one clip the Clip object tells. Who withdrew is not said. */
function tellMakers(
  { appearances, effects }: CameoParts,
  state: CameoState,
  scope: RevocationScope,
  now: number,
): void {
  if (scope.kind === 'clip') return;
  const filter =
    scope.kind === 'account'
      ? { makerId: scope.accountId }
      : scope.kind === 'grant'
        ? { grantId: scope.grant.id }
        : {};
  for (const { makerId, clips, clipId } of appearances.clipsByMaker(filter)) {
    if (makerId === state.accountId) continue;
    const what = clips === 1 ? 'a clip of yours' : `${clips} of your clips`;
    const notice = {
      dedupeKey: `stopped:${state.cameoId}#${state.epoch}:${scope.kind}:${makerId}`,
      kind: 'clip-stopped',
      text: `Somebody in ${what} has withdrawn their likeness. ${clips === 1 ? 'It is' : 'They are'} stopped everywhere; a stand-in can take the place.`,
      clipId: clips === 1 ? clipId : null,
    } as const;
    effects.notify(makerId, notice, now);
  }
}

/** Closes what the scope covers in this object and tells the jobs that are being made. */
function close(
  parts: CameoParts,
  state: CameoState,
  scope: RevocationScope,
  at: string,
  now: number,
): Id<'gen'>[] {
  const { store, appearances } = parts;
  switch (scope.kind) {
    case 'clip':
      return withdrawFrom(parts, appearances.unfinished({ clipId: scope.clipId }), now);
    case 'grant': {
      endContracts(parts, state, [scope.grant], at, now);
      const made = appearances.unfinished({ makerId: scope.grant.granteeId });
      const under = made.filter(({ grantId }) => grantId === scope.grant.id);
      return withdrawFrom(parts, under, now);
    }
    case 'account': {
      store.revokePerson(scope.accountId, at);
      const held = store.grantsOf(scope.accountId);
      endContracts(
        parts,
        state,
        held.filter(({ implicit, revokedAt }) => !implicit && revokedAt === null),
        at,
        now,
      );
      for (const { id, implicit } of held) if (implicit) store.touchGrant(id, at);
      markRevoked(parts, state, scope.accountId, at, now);
      return withdrawFrom(parts, appearances.unfinished({ makerId: scope.accountId }), now);
    }
    case 'all':
      saveCameo(parts, scope.erase ? erase(state, now) : revokeAll(state, now), now);
      endContracts(parts, state, store.unrevokedContracts(), at, now);
      store.revokeStandingGrants(at);
      return withdrawFrom(parts, appearances.unfinished({}), now);
  }
}

/** Lists of people one may cast come from projections: a revoked standing permission there keeps this likeness out of them. */
function markRevoked(
  { store, effects }: CameoParts,
  state: CameoState,
  accountId: Id<'acc'>,
  at: string,
  now: number,
): void {
  let mark = store.grantsOf(accountId).find(({ implicit }) => implicit);
  if (mark === undefined) {
    mark = standingGrant(accountId, state.epoch, now, at);
    store.insertGrant(mark);
  }
  effects.projectGrant(state.accountId, mark, now);
}

function endContracts(
  { store, effects }: CameoParts,
  { accountId }: CameoState,
  contracts: readonly StoredGrant[],
  at: string,
  now: number,
): void {
  for (const { id, granteeId } of contracts) {
    const ended = store.touchGrant(id, at);
    if (ended === null) continue;
    effects.projectGrant(accountId, ended, now);
    const text = 'A contract that let you cast this likeness has ended.';
    const notice = { dedupeKey: `grant-revoked:${id}`, kind: 'grant-revoked', text, grantId: id } as const;
    effects.notify(granteeId, { ...notice, actorId: accountId }, now);
  }
}

/** What this object knows of a revocation before it is confirmed. */
export function previewOf(parts: CameoParts, state: CameoState, scope: RevocationScope): CameoPreview {
  const { store, appearances } = parts;
  const { first, others } = keysOf(parts, state, scope);
  const keys = [...new Set([...first, ...others])];
  switch (scope.kind) {
    case 'all': {
      const { contracts, holders } = store.counts();
      return { keys, generations: appearances.unfinished({}).length, grants: contracts, people: holders };
    }
    case 'account': {
      const generations = appearances.unfinished({ makerId: scope.accountId }).length;
      const grants = store.contractsWith(scope.accountId).length;
      return { keys, generations, grants, people: 1 };
    }
    case 'grant':
      return { keys, generations: 0, grants: 1, people: 1 };
    case 'clip':
      return {
        keys,
        generations: appearances.unfinished({ clipId: scope.clipId }).length,
        grants: 0,
        people: 1,
      };
  }
}
