/** Sessions, accounts and the app's own configuration. */
import type { Me, Profile, Session } from '#schemas/http/accounts.ts';
import type { AppConfig } from '#schemas/http/config.ts';
import { request } from './client.ts';

export const getConfig = () => request<AppConfig>('GET', '/config');
export const getMe = () => request<Me>('GET', '/me');
export const localSignIn = (handle: string) =>
  request<Session>('POST', '/local/sign-in', { body: { handle } });
export const signOut = () => request<void>('POST', '/auth/sign-out', { body: {} });
export const getProfile = (handle: string) =>
  request<Profile>('GET', `/accounts/${encodeURIComponent(handle)}`);
export const followAccount = (handle: string, follow: boolean) =>
  request<Profile>(follow ? 'PUT' : 'DELETE', `/accounts/${handle}/follow`);
