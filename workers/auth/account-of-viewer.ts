/** The signed-in account as others see it. The session already carries it, so no read is needed. Called by routes that answer with the viewer. */
import type { Account } from '#schemas/http/accounts.ts';
import type { Viewer } from '../api/context.ts';

export function accountOf({ accountId, handle, displayName, demo, createdAt }: Viewer): Account {
  return { id: accountId, handle, displayName, demo, createdAt };
}
