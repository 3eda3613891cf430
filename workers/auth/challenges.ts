/**
 * WebAuthn challenges: each is answered at most once, within five minutes, in the browser that asked for it. Taking a challenge deletes
 * it in the same statement, so two answers to one challenge cannot both succeed. Called by the passkey routes.
 */
import { and, eq, sql } from 'drizzle-orm';
import type { Id } from '#schemas/ids.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import { accounts, challenges } from '#schemas/tables.ts';
import { randomToken } from '../encoding/base64url.ts';
import type { Database } from '../store/database.ts';

export const challengeSeconds = 300;

export type ChallengeKind = 'registration' | 'authentication';
export type Challenge = typeof challenges.$inferSelect;

function draft(kind: ChallengeKind, now: number) {
  return {
    id: randomToken(),
    kind,
    challenge: randomToken(),
    expiresAt: new Date(now + challengeSeconds * 1000).toISOString(),
  };
}

/** Deletes a few that have expired, so that abandoned ceremonies do not pile up. The oldest rows come first, so the scan is short. */
function sweep(db: Database, now: number) {
  const cutoff = new Date(now).toISOString();
  const expired = sql`SELECT rowid FROM ${challenges} WHERE ${challenges.expiresAt} <= ${cutoff} LIMIT 20`;
  return db.delete(challenges).where(sql`rowid IN (${expired})`);
}

/** Opens a sign-in, or a registration for an account that exists. */
export async function openChallenge(
  db: Database,
  input: { readonly kind: ChallengeKind; readonly accountId?: Id<'acc'> },
  now: number,
): Promise<{ id: string; challenge: string }> {
  const row = {
    ...draft(input.kind, now),
    ...(input.accountId === undefined ? {} : { accountId: input.accountId }),
  };
  await db.batch([sweep(db, now), db.insert(challenges).values(row)]);
  return { id: row.id, challenge: row.challenge };
}

/**
 * Opens the registration of a new account and reserves its handle until the challenge expires. One statement decides, so of two who
 * ask at once one is refused with `handle_taken`. The final word is the unique index on `accounts.handle`.
 * @param previousId the challenge this browser holds already: asking again replaces it instead of colliding with it
 */
export async function openNewAccountChallenge(
  db: Database,
  input: {
    readonly accountId: Id<'acc'>;
    readonly handle: string;
    readonly displayName: string;
    readonly previousId: string | null;
  },
  now: number,
): Promise<Result<{ id: string; challenge: string }>> {
  const row = draft('registration', now);
  const [, , inserted] = await db.batch([
    db
      .delete(challenges)
      .where(and(eq(challenges.id, input.previousId ?? ''), eq(challenges.kind, 'registration'))),
    sweep(db, now),
    db
      .insert(challenges)
      // In the order of the table's columns.
      .select(sql`
        SELECT ${row.id}, ${row.kind}, ${row.challenge}, ${input.accountId}, ${input.handle}, ${input.displayName}, ${row.expiresAt}
        WHERE NOT EXISTS (SELECT 1 FROM ${accounts} WHERE handle = ${input.handle})
          AND NOT EXISTS (SELECT 1 FROM ${challenges} WHERE handle = ${input.handle} AND expires_at > ${new Date(now).toISOString()})`)
      .returning({ id: challenges.id }),
  ]);
  return inserted.length === 1 ? ok({ id: row.id, challenge: row.challenge }) : fail('handle_taken');
}

/**
 * Takes a challenge: whoever calls first gets it, nobody gets it again, whatever comes of the answer.
 * Refuses with `challenge_expired` if it is unknown, of the other kind, used or too old.
 */
export async function takeChallenge(
  db: Database,
  id: string | null,
  kind: ChallengeKind,
  now: number,
): Promise<Result<Challenge>> {
  if (id === null) return fail('challenge_expired');
  const row = await db
    .delete(challenges)
    .where(and(eq(challenges.id, id), eq(challenges.kind, kind)))
    .returning()
    .get();
  if (row === undefined || row.expiresAt <= new Date(now).toISOString()) return fail('challenge_expired');
  return ok(row);
}
