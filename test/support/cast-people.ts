/** People with a likeness, as the fault tests need them: they sign in, enrol and revoke over HTTP; objects are asked what they know. */
import type { CameoRpc } from '#durable-objects/cameo/rpc.ts';
import type { ClipRpc } from '#durable-objects/clip/rpc.ts';
import type { ConsentLogRpc } from '#durable-objects/consent/rpc.ts';
import type { InboxRpc } from '#durable-objects/inbox/rpc.ts';
import type { Me } from '#schemas/http/accounts.ts';
import type { CameoReceipt, ExistingChoice, UpdateCameo } from '#schemas/http/cameo.ts';
import type { Id } from '#schemas/ids.ts';
import type { ApiClient } from '../../scripts/demo/client.ts';
import type { Edge } from './edge.ts';

interface Namespace<T> {
  getByName(name: string): T;
}

export interface CastBindings {
  readonly CAMEO: Namespace<CameoRpc>;
  readonly CLIP: Namespace<ClipRpc>;
  readonly INBOX: Namespace<InboxRpc>;
  readonly CONSENT_LOG: Namespace<ConsentLogRpc>;
  readonly DB: D1;
}

/** As much of D1 as tests read. */
interface D1 {
  prepare(query: string): { bind(...values: string[]): { first<T>(): Promise<T | null> } };
}

export async function castBindings(edge: Edge): Promise<CastBindings> {
  const { CAMEO, CLIP, INBOX, CONSENT_LOG, DB } = await edge.kinora.getEnv();
  return { CAMEO, CLIP, INBOX, CONSENT_LOG, DB };
}

export interface CastPerson {
  readonly api: ApiClient;
  readonly id: Id<'acc'>;
  readonly handle: string;
  readonly cameo: CameoRpc;
}

/** Somebody whose likeness anybody may cast, unless told otherwise. */
export async function castPerson(
  edge: Edge,
  { CAMEO }: CastBindings,
  handle: string,
  settings: UpdateCameo = {},
): Promise<CastPerson> {
  const api = await edge.signIn(handle, { tier: 'pro' });
  const { account } = await api<Me>('GET', '/api/v1/me');
  await api('POST', '/api/v1/local/cameo', { level: settings.level ?? 'everyone' });
  const cameo = CAMEO.getByName(account.id);
  const updated = await cameo.update(settings);
  if (!updated.ok) throw new Error(updated.error.code);
  return { api, id: account.id, handle, cameo };
}

/** Answers when every region has it. */
export function revokeEverything(
  { api }: CastPerson,
  existing: ExistingChoice = 'delete',
): Promise<CameoReceipt> {
  return api('POST', '/api/v1/cameo/revocations', { scope: 'all', existing });
}
