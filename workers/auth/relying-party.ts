/**
 * Who we are to an authenticator: the passkeys of one origin never answer for another. Called by the passkey routes.
 */
export interface RelyingParty {
  /** WebAuthn RP ID: the host name, without scheme or port. */
  readonly id: string;
  readonly name: string;
  /** Scheme, host and port, as browsers write it into clientDataJSON. */
  readonly origin: string;
}

/** @param origin public origin of this deployment, e.g. `https://kinora.example` */
export function relyingPartyOf(origin: string): RelyingParty {
  return { id: new URL(origin).hostname, name: 'Kinora', origin };
}
