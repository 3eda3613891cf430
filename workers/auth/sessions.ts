/**
 * Sessions: the token is shown once and only its SHA-256 is stored, so a stolen database signs nobody in. Called by every route
 * that signs somebody in or out; requests are matched to sessions in api/middleware/session.ts.
 */
import { and, eq, lt } from 'drizzle-orm';
import type { Id } from '#schemas/ids.ts';
import { sessions } from '#schemas/tables.ts';
import { hashToken, sessionSeconds } from '../api/middleware/session.ts';
import { randomToken } from '../encoding/base64url.ts';
import type { Database } from '../store/database.ts';

export interface NewSession {
  /** `kns_` and 43 base64url characters: 256 random bits. */
  readonly token: string;
  /** ISO 8601. */
  readonly expiresAt: string;
}

/** Stores a new session and drops those of the same account that have expired. @param now milliseconds since the epoch */
export async function issueSession(db: Database, accountId: Id<'acc'>, now: number): Promise<NewSession> {
  const token = `kns_${randomToken()}`;
  const createdAt = new Date(now).toISOString();
  const expiresAt = new Date(now + sessionSeconds * 1000).toISOString();
  await db.batch([
    db.delete(sessions).where(and(eq(sessions.accountId, accountId), lt(sessions.expiresAt, createdAt))),
    db.insert(sessions).values({ tokenHash: await hashToken(token), accountId, createdAt, expiresAt }),
  ]);
  return { token, expiresAt };
}

/** Ends one session. Idempotent. */
export async function revokeSession(db: Database, tokenHash: string): Promise<void> {
  await db.delete(sessions).where(eq(sessions.tokenHash, tokenHash));
}
