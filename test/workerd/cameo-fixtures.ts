/** Likenesses for the workerd tests: enrolled through the object, cast through the object. Every call makes new accounts. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, vi } from 'vitest';
import type { CameoObject } from '#durable-objects/cameo/cameo-object.ts';
import { demoPortrait, demoVoice } from '#durable-objects/cameo/core/demo-portrait.ts';
import type { CarryingClips, CastPermit, CastRequest, GrantRecord } from '#durable-objects/cameo/rpc.ts';
import { askGate, homeRegion } from '#durable-objects/consent/gate.ts';
import type { NotifyInput } from '#durable-objects/inbox/rpc.ts';
import { createId } from '#durable-objects/shared/id.ts';
import { cameoKey, grantKey } from '#schemas/consent.ts';
import type { CreateGrant, UpdateCameo } from '#schemas/http/cameo.ts';
import type { Id } from '#schemas/ids.ts';
import type { Result } from '#schemas/result.ts';

export const none: CarryingClips = { clips: 0, drafts: 0, remixes: 0, clipIds: [] };

export const newAccount = (): Id<'acc'> => createId('acc', Date.now());

/** The value, or a failure that names the refusal. */
export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`refused: ${result.error.code} ${result.error.message ?? ''}`);
  return result.value;
}

/** A drawn likeness with these settings. */
export async function likeness(settings: UpdateCameo = {}, accountId = newAccount()) {
  const cameo = env.CAMEO.getByName(accountId);
  const input = { accountId, enrolmentId: null, verification: 'demo' } as const;
  must(await cameo.enrol({ ...input, portrait: demoPortrait(accountId), voice: demoVoice(accountId) }));
  const record = must(await cameo.update(settings));
  return { accountId, cameo, cameoId: record.id };
}

export function request(makerId: Id<'acc'>, change: Partial<CastRequest> = {}): CastRequest {
  return {
    generationId: createId('gen', Date.now()),
    clipId: createId('clip', Date.now()),
    makerId,
    makerHandle: 'maker',
    handle: 'bo',
    displayName: 'Bo',
    mutual: false,
    texts: [{ field: 'prompt', text: 'a walk along the beach' }],
    remixOf: null,
    ...change,
  };
}

type Cameo = Awaited<ReturnType<typeof likeness>>['cameo'];

/** A cast whose generation was opened. */
export async function castIn(
  cameo: Cameo,
  makerId: Id<'acc'>,
  change: Partial<CastRequest> = {},
): Promise<{ asked: CastRequest; permit: CastPermit }> {
  const asked = request(makerId, change);
  const permit = must(await cameo.authorize(asked));
  await cameo.generationChanged(asked.generationId, 'queued');
  return { asked, permit };
}

export async function contractWith(
  cameo: Cameo,
  granteeId: Id<'acc'>,
  terms: Partial<CreateGrant> = {},
): Promise<GrantRecord> {
  const { handle: _, ...rest } = {
    handle: '',
    purpose: 'a birthday film',
    uses: null,
    until: null,
    reviewBeforeGeneration: false,
    reviewBeforePublication: false,
    allow: [],
    ...terms,
  };
  return must(await cameo.createGrant(granteeId, rest));
}

/** The result is this refusal. */
export const denied = (result: unknown, code: string) =>
  expect(result).toMatchObject({ ok: false, error: { code } });
/** What the gate says of one key. */
export const allows = async (
  key: Parameters<typeof cameoKey> | Id<'grant'>,
  capability: 'cast' | 'serve' | 'list',
) =>
  (await askGate(env, homeRegion, [typeof key === 'string' ? grantKey(key) : cameoKey(...key)], capability))
    .allowed;
export const everything = { scope: 'all', targetId: null, carrying: none } as const;

/** The alarm, as it would run some time later. */
export async function alarmLater(cameo: DurableObjectStub<CameoObject>, ms: number): Promise<void> {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms });
  await runDurableObjectAlarm(cameo);
  vi.useRealTimers();
}

/** What has arrived in somebody's inbox, newest first. */
export async function noticesOf(accountId: Id<'acc'>): Promise<Pick<NotifyInput, 'kind' | 'text'>[]> {
  const { items } = await env.INBOX.getByName(accountId).list({ before: null, limit: 50 });
  return items.map(({ kind, text }) => ({ kind, text }));
}

/** Replaces some of the object's bindings, until it is evicted, and runs `act` on it. Logged faults are expected. */
export function withEnv<T>(
  cameo: DurableObjectStub<CameoObject>,
  change: Record<string, unknown>,
  act: (instance: CameoObject) => Promise<T>,
): Promise<T> {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  return runInDurableObject(cameo, async (instance) => {
    Object.defineProperty(instance, 'env', { value: { ...env, ...change }, configurable: true });
    return act(instance);
  });
}
