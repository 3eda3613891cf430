/**
 * What browsers send and receive in a passkey ceremony (WebAuthn Level 3, §5.8 "JSON"). Unknown members are dropped, because browsers
 * add some; the bytes themselves are judged by @simplewebauthn/server.
 */
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server';
import { z } from 'zod';

const base64urlSchema = z
  .string()
  .min(1)
  .max(32_768)
  .regex(/^[A-Za-z0-9_-]+$/, 'must be base64url');
const credentialIdSchema = base64urlSchema.max(1400);

const credential = {
  id: credentialIdSchema,
  rawId: credentialIdSchema,
  type: z.literal('public-key'),
};

export const registrationResponseSchema = z
  .object({
    ...credential,
    response: z.object({
      clientDataJSON: base64urlSchema,
      attestationObject: base64urlSchema,
      transports: z.array(z.string().max(32)).max(8).optional(),
    }),
  })
  .meta({ id: 'RegistrationResponse', description: 'RegistrationResponseJSON of WebAuthn Level 3.' });
export type RegistrationResponse = z.infer<typeof registrationResponseSchema>;

export const authenticationResponseSchema = z
  .object({
    ...credential,
    response: z.object({
      clientDataJSON: base64urlSchema,
      authenticatorData: base64urlSchema,
      signature: base64urlSchema,
      /** Names the account; always present for a discoverable credential. */
      userHandle: base64urlSchema.nullish(),
    }),
  })
  .meta({ id: 'AuthenticationResponse', description: 'AuthenticationResponseJSON of WebAuthn Level 3.' });
export type AuthenticationResponse = z.infer<typeof authenticationResponseSchema>;

export const creationOptionsSchema = z.custom<PublicKeyCredentialCreationOptionsJSON>().meta({
  id: 'CreationOptions',
  type: 'object',
  description:
    'PublicKeyCredentialCreationOptionsJSON of WebAuthn Level 3, for `navigator.credentials.create`.',
});

export const requestOptionsSchema = z.custom<PublicKeyCredentialRequestOptionsJSON>().meta({
  id: 'RequestOptions',
  type: 'object',
  description: 'PublicKeyCredentialRequestOptionsJSON of WebAuthn Level 3, for `navigator.credentials.get`.',
});
