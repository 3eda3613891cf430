/**
 * Passkey ceremonies on @simplewebauthn/server. A response counts only if it answers the one challenge it was given, on our origin, with a
 * key we know, by the account the authenticator names, and with a counter that grows. Called by the passkey routes.
 */
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { and, eq, lt, or, sql } from 'drizzle-orm';
import type { Id } from '#schemas/ids.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import { passkeys } from '#schemas/tables.ts';
import { decodeBase64url, encodeBase64url } from '../encoding/base64url.ts';
import type { Database } from '../store/database.ts';
import { challengeSeconds } from './challenges.ts';
import type { AuthenticationResponse, RegistrationResponse } from './passkey-shapes.ts';
import type { RelyingParty } from './relying-party.ts';

/** EdDSA, ES256, RS256 (IANA COSE algorithms). */
const algorithms = [-8, -7, -257];
/** More passkeys than this on one account are refused. */
export const maxPasskeys = 20;

/** Told the library's reason for a refusal; people get the sentence of the code. */
export type Reason = (reason: string) => void;

/**
 * Options for a discoverable credential of this account; its user handle is the account id.
 * @param existing credential ids the authenticator must not register again
 */
export async function registrationOptions(
  party: RelyingParty,
  account: { readonly id: Id<'acc'>; readonly handle: string; readonly displayName: string },
  challenge: string,
  existing: readonly { readonly credentialId: string; readonly transports: readonly string[] }[],
) {
  return generateRegistrationOptions({
    rpName: party.name,
    rpID: party.id,
    userName: account.handle,
    userDisplayName: account.displayName,
    userID: Uint8Array.from(new TextEncoder().encode(account.id)),
    challenge: decodeBase64url(challenge) ?? challenge,
    timeout: challengeSeconds * 1000,
    attestationType: 'none',
    excludeCredentials: existing.map(({ credentialId, transports }) => ({
      id: credentialId,
      transports: [...transports],
    })),
    authenticatorSelection: {
      residentKey: 'required',
      requireResidentKey: true,
      userVerification: 'preferred',
    },
    supportedAlgorithmIDs: algorithms,
  });
}

/** Options for signing in with any passkey of this origin: no account is named, so none can be probed. */
export async function authenticationOptions(party: RelyingParty, challenge: string) {
  return generateAuthenticationOptions({
    rpID: party.id,
    challenge: decodeBase64url(challenge) ?? challenge,
    timeout: challengeSeconds * 1000,
    userVerification: 'preferred',
  });
}

/** The passkey a registration response proves. Refuses with `passkey_invalid`. */
export async function verifyRegistration(
  party: RelyingParty,
  challenge: string,
  answer: RegistrationResponse,
  accountId: Id<'acc'>,
  now: number,
  reason: Reason,
): Promise<Result<typeof passkeys.$inferInsert>> {
  const { clientDataJSON, attestationObject, transports } = answer.response;
  try {
    const { registrationInfo } = await verifyRegistrationResponse({
      response: {
        ...answer,
        response: { clientDataJSON, attestationObject, ...(transports && { transports }) },
        clientExtensionResults: {},
      },
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: false,
      supportedAlgorithmIDs: algorithms,
    });
    if (registrationInfo === undefined) return fail('passkey_invalid');
    const { credential } = registrationInfo;
    return ok({
      credentialId: credential.id,
      accountId,
      publicKey: encodeBase64url(credential.publicKey),
      counter: credential.counter,
      transports: credential.transports ?? [],
      createdAt: new Date(now).toISOString(),
    });
  } catch (error) {
    reason(error instanceof Error ? error.message : 'unknown');
    return fail('passkey_invalid');
  }
}

/** The account that signed in; whether it may is the caller's to ask. Refuses with `passkey_invalid`. */
export async function verifyAuthentication(
  db: Database,
  party: RelyingParty,
  challenge: string,
  answer: AuthenticationResponse,
  now: number,
  reason: Reason,
): Promise<Result<Id<'acc'>>> {
  const passkey = await db.select().from(passkeys).where(eq(passkeys.credentialId, answer.id)).get();
  const publicKey = passkey === undefined ? null : decodeBase64url(passkey.publicKey);
  if (passkey === undefined || publicKey === null) {
    reason('unknown credential');
    return fail('passkey_invalid', 'This passkey is not known here. Use another one, or create an account.');
  }

  // WebAuthn §7.2 step 6: without allowCredentials the user handle must be there and must name the owner of the credential.
  if (answer.response.userHandle !== encodeBase64url(new TextEncoder().encode(passkey.accountId))) {
    reason('user handle does not name the owner of the credential');
    return fail('passkey_invalid');
  }

  let counter: number;
  try {
    const { clientDataJSON, authenticatorData, signature } = answer.response;
    const verification = await verifyAuthenticationResponse({
      response: {
        ...answer,
        response: { clientDataJSON, authenticatorData, signature },
        clientExtensionResults: {},
      },
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      credential: { id: passkey.credentialId, publicKey, counter: passkey.counter },
      requireUserVerification: false,
    });
    if (!verification.verified) {
      reason('signature does not verify');
      return fail('passkey_invalid');
    }
    counter = verification.authenticationInfo.newCounter;
  } catch (error) {
    reason(error instanceof Error ? error.message : 'unknown');
    return fail('passkey_invalid');
  }

  // The counter is compared again where it is written: two answers in flight with the same counter cannot both pass (§7.2 step 22).
  const { meta } = await db
    .update(passkeys)
    .set({ counter, lastUsedAt: new Date(now).toISOString() })
    .where(
      and(
        eq(passkeys.credentialId, passkey.credentialId),
        or(lt(passkeys.counter, counter), and(eq(passkeys.counter, 0), sql`${counter} = 0`)),
      ),
    );
  if (meta.changes !== 1) {
    reason('counter did not grow');
    return fail('passkey_invalid');
  }
  return ok(passkey.accountId);
}
