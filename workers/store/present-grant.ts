/** A contract as both of its sides see it. Pure; called by consent-store.ts and by the grant routes. */
import type { Account } from '#schemas/http/accounts.ts';
import type { Grant } from '#schemas/http/cameo.ts';
import type { grants } from '#schemas/tables.ts';

/** Everything of a grant that is not one of its sides; fits D1's row. */
export type GrantTerms = Omit<typeof grants.$inferSelect, 'cameoAccountId' | 'granteeId' | 'version'>;

/** Revoked outweighs used up, which outweighs expired. `now` is ISO 8601 UTC. */
export function grantStatus(
  { revoked, uses, used, until }: Pick<GrantTerms, 'revoked' | 'uses' | 'used' | 'until'>,
  now: string,
): Grant['status'] {
  if (revoked) return 'revoked';
  if (uses !== null && used >= uses) return 'used-up';
  return until !== null && Date.parse(until) <= Date.parse(now) ? 'expired' : 'active';
}

export function presentGrant(grant: GrantTerms, grantee: Account, grantor: Account, now: string): Grant {
  return {
    id: grant.id,
    grantee,
    grantor,
    purpose: grant.purpose,
    uses: grant.uses,
    used: grant.used,
    until: grant.until,
    reviewBeforeGeneration: grant.reviewBeforeGeneration,
    reviewBeforePublication: grant.reviewBeforePublication,
    allow: grant.allow,
    status: grantStatus(grant, now),
    createdAt: grant.createdAt,
  };
}
