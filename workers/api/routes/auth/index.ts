/** Signing in and out, who I am, and what the app knows before that. */
import type { Api } from '../index.ts';
import { getConfig, getHealth } from './app-config.ts';
import { signInLocally } from './local-sign-in.ts';
import { getMe } from './me.ts';
import { startPasskeySignIn } from './passkey-authentication-options.ts';
import { finishPasskeySignIn } from './passkey-authentication-verify.ts';
import { startPasskeyRegistration } from './passkey-registration-options.ts';
import { finishPasskeyRegistration } from './passkey-registration-verify.ts';
import { signOut } from './sign-out.ts';

export function registerAuthRoutes(app: Api): void {
  for (const router of [
    signInLocally,
    startPasskeyRegistration,
    finishPasskeyRegistration,
    startPasskeySignIn,
    finishPasskeySignIn,
    signOut,
    getMe,
    getConfig,
    getHealth,
  ]) {
    app.route('/', router);
  }
}
