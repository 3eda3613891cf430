/** Finds the account an address names. Suspended accounts are not told apart from handles nobody has. */
import { z } from 'zod';
import { handleSchema } from '#schemas/http/common.ts';
import { type AccountRow, accountByHandle } from '#workers/store/accounts-store.ts';
import type { Database } from '#workers/store/database.ts';
import { RefusalError } from '../../respond.ts';

export const handleParams = z.object({ handle: handleSchema });

/** @throws RefusalError `not_found` */
export async function namedAccount(db: Database, handle: string): Promise<AccountRow> {
  const account = await accountByHandle(db, handle);
  if (account === null || account.suspendedAt !== null) {
    throw new RefusalError('not_found', `There is no account named @${handle}.`);
  }
  return account;
}
