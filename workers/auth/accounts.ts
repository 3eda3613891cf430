/**
 * Accounts as signing in needs them: made once per handle, whoever asks at the same time. Called by the sign-in and passkey routes.
 */
import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { localSignInSchema } from '#schemas/http/accounts.ts';
import type { Id } from '#schemas/ids.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import { accounts, passkeys } from '#schemas/tables.ts';
import type { AccountRow } from '../store/accounts-store.ts';
import type { Database } from '../store/database.ts';
import { violatesUnique } from './unique-violation.ts';

/** Local sign-in: makes the account on first use, otherwise changes only what was given. One statement, so two first uses make one account. */
export async function upsertLocalAccount(
  db: Database,
  id: Id<'acc'>,
  input: z.infer<typeof localSignInSchema>,
  now: number,
): Promise<AccountRow> {
  const { handle, displayName, roles, tier, demo } = input;
  const given = {
    ...(displayName === undefined ? {} : { displayName }),
    ...(roles === undefined ? {} : { roles }),
    ...(tier === undefined ? {} : { tier }),
    ...(demo === undefined ? {} : { demo }),
  };
  return db
    .insert(accounts)
    .values({ id, handle, displayName: handle, ...given, createdAt: new Date(now).toISOString() })
    .onConflictDoUpdate({ target: accounts.handle, set: { handle, ...given } })
    .returning()
    .get();
}

/** A new account and its first passkey, both or neither. Refuses with `handle_taken`, or `passkey_invalid` for a credential that exists. */
export async function createAccountWithPasskey(
  db: Database,
  account: { readonly id: Id<'acc'>; readonly handle: string; readonly displayName: string },
  passkey: typeof passkeys.$inferInsert,
): Promise<Result<AccountRow>> {
  try {
    const [rows] = await db.batch([
      db
        .insert(accounts)
        .values({ ...account, createdAt: passkey.createdAt })
        .returning(),
      db.insert(passkeys).values(passkey),
    ]);
    const row = rows[0];
    if (row === undefined) throw new Error('the account was not stored');
    return ok(row);
  } catch (error) {
    if (violatesUnique(error, 'accounts.handle')) return fail('handle_taken');
    if (violatesUnique(error, 'passkeys.credential_id'))
      return fail('passkey_invalid', 'This passkey is registered already.');
    throw error;
  }
}

/** Refuses with `passkey_invalid` for a credential that exists, on whichever account. */
export async function addPasskey(db: Database, passkey: typeof passkeys.$inferInsert): Promise<Result<void>> {
  try {
    await db.insert(passkeys).values(passkey);
    return ok(undefined);
  } catch (error) {
    if (violatesUnique(error, 'passkeys.credential_id'))
      return fail('passkey_invalid', 'This passkey is registered already.');
    throw error;
  }
}

/** Passkeys of an account, oldest first. */
export async function passkeysOf(db: Database, accountId: Id<'acc'>) {
  return db
    .select({ credentialId: passkeys.credentialId, transports: passkeys.transports })
    .from(passkeys)
    .where(eq(passkeys.accountId, accountId))
    .orderBy(passkeys.createdAt);
}
