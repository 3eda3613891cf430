/**
 * Who is signed in. `me` is undefined while unknown, null when signed out. The session cookie is HttpOnly, so a hint in
 * localStorage decides whether the feed asks for /me at all: signed-out viewers never cause a 401.
 */
import { signal } from '@preact/signals';
import type { Me } from '#schemas/http/accounts.ts';
import type { AppConfig } from '#schemas/http/config.ts';
import { getConfig, getMe } from '../api/accounts.ts';
import { asApiError, onUnauthenticated } from '../api/client.ts';
import { readStored, writeStored } from './store.ts';

export const me = signal<Me | null | undefined>(undefined);
const sessionHint = 'signed-in';

/** Reads /me. Without `force` only if this browser has signed in before. */
export async function loadMe(force = false): Promise<Me | null> {
  if (!force && readStored(sessionHint) === null) {
    me.value = null;
    return null;
  }
  try {
    me.value = await getMe();
    writeStored(sessionHint, '1');
  } catch (error) {
    if (asApiError(error).code === 'network' && me.value) return me.value;
    me.value = null;
  }
  return me.value ?? null;
}

/** For pages that need an account: looks once even without the hint (the cookie may outlive localStorage). */
export async function requireKnownMe(): Promise<Me | null> {
  return me.value ?? loadMe(true);
}

/** Called after any sign-in. */
export async function sessionStarted(): Promise<void> {
  writeStored(sessionHint, '1');
  await loadMe(true);
}

/** Called after sign-out. */
export function sessionEnded(): void {
  writeStored(sessionHint, null);
  me.value = null;
}

onUnauthenticated(() => {
  if (me.value) sessionEnded();
  else writeStored(sessionHint, null);
});

let config: Promise<AppConfig> | null = null;

/** The app's configuration, asked for once. */
export function loadConfig(): Promise<AppConfig> {
  config ??= getConfig().catch((error: unknown) => {
    config = null;
    throw error;
  });
  return config;
}
