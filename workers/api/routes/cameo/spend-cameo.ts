/** How often one account may change something about likenesses. Called by the cameo routes that write. */
import type { Context } from 'hono';
import type { ApiEnv } from '../../context.ts';
import { spend } from '../../middleware/limits.ts';
import { requireViewer } from '../../middleware/session.ts';

/** Policy, contracts, reviews: sixty a minute. @throws RefusalError unauthenticated, rate_limited */
export async function spendChange(c: Context<ApiEnv>): Promise<void> {
  await spend(c, 'LIMIT_GENERATION', `cameo:${requireViewer(c).accountId}`);
}

/** Withdrawing consent is never to be slowed by a limit a person could reach: twenty a second. @throws RefusalError unauthenticated, rate_limited */
export async function spendRevocation(c: Context<ApiEnv>): Promise<void> {
  await spend(c, 'LIMIT_ACCOUNT', `revoke:${requireViewer(c).accountId}`);
}
