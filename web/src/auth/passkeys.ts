/** Passkeys over the HTTP contract. Imported lazily: WebAuthn helpers load only when somebody signs in. */
import {
  browserSupportsWebAuthn,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
  WebAuthnError,
} from '@simplewebauthn/browser';
import type { Session } from '#schemas/http/accounts.ts';
import { ApiError, request } from '../api/client.ts';

const base = '/auth/passkeys';

export const passkeysSupported = (): boolean => browserSupportsWebAuthn();

/** Makes a passkey: a new account when `handle` is given, another passkey of the signed-in account otherwise. */
export async function createPasskey(handle: string | null): Promise<Session> {
  const options = await request<PublicKeyCredentialCreationOptionsJSON>(
    'POST',
    `${base}/registration/options`,
    {
      body: handle === null ? {} : { handle },
    },
  );
  const response = await ceremony(() => startRegistration({ optionsJSON: options }));
  return request<Session>('POST', `${base}/registration/verify`, { body: { response } });
}

/** Signs in with any passkey of this site; the browser offers which. */
export async function signInWithPasskey(): Promise<Session> {
  const options = await request<PublicKeyCredentialRequestOptionsJSON>(
    'POST',
    `${base}/authentication/options`,
    { body: {} },
  );
  const response = await ceremony(() => startAuthentication({ optionsJSON: options }));
  return request<Session>('POST', `${base}/authentication/verify`, { body: { response } });
}

/** Turns the browser's own refusals into sentences. */
async function ceremony<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const name = error instanceof WebAuthnError || error instanceof DOMException ? error.name : '';
    const code = error instanceof WebAuthnError ? error.code : '';
    const message =
      code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED'
        ? 'This device already holds a passkey for this account.'
        : name === 'NotAllowedError' || code === 'ERROR_CEREMONY_ABORTED'
          ? 'No passkey was used: it was cancelled or took too long. Try again.'
          : 'This browser could not use a passkey here.';
    throw new ApiError({ code: 'passkey_invalid', message, status: 0 });
  }
}
