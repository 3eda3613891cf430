/** People with a likeness, for workerd tests: enrolled through the real Cameo object, permits as it gives them. */
import { env } from 'cloudflare:workers';
import type { CameoRevocation, CastPermit } from '#durable-objects/cameo/rpc.ts';
import type { ExistingChoice, UpdateCameo } from '#schemas/http/cameo.ts';
import type { Id } from '#schemas/ids.ts';
import type { DrawnPortrait } from '#schemas/likeness.ts';
import type { Result } from '#schemas/result.ts';
import { newId } from './objects.ts';

export const portrait: DrawnPortrait = {
  kind: 'drawn',
  skin: '#c68642',
  hair: 'curly',
  hairColor: '#2b1b12',
  eyes: '#3a2a1a',
  glasses: 'none',
  beard: 'none',
  shirt: '#3355aa',
};

/** Enrols the account with a drawn portrait, open to everyone unless told otherwise. */
export async function enrol(accountId: Id<'acc'>, settings: UpdateCameo = {}): Promise<Id<'cam'>> {
  const cameo = env.CAMEO.getByName(accountId);
  const enrolled = await cameo.enrol({
    accountId,
    enrolmentId: null,
    verification: 'demo',
    portrait,
    voice: { pitchHz: 180, brightness: 0.5, rate: 4 },
  });
  if (!enrolled.ok) throw new Error(enrolled.error.code);
  const updated = await cameo.update({ level: 'everyone', ...settings });
  if (!updated.ok) throw new Error(updated.error.code);
  return updated.value.id;
}

/** Consent for one generation, as the Cameo object gives it. */
export async function permitOf(
  accountId: Id<'acc'>,
  job: { readonly generationId: Id<'gen'>; readonly clipId: Id<'clip'>; readonly makerId: Id<'acc'> },
): Promise<CastPermit> {
  const given = await env.CAMEO.getByName(accountId).authorize({
    ...job,
    makerHandle: 'maker',
    handle: 'somebody',
    displayName: 'Somebody',
    mutual: false,
    texts: [{ field: 'prompt', text: 'a ball' }],
    remixOf: null,
  });
  if (!given.ok) throw new Error(given.error.code);
  return given.value;
}

/** Somebody with a likeness, and a permit for one job of `makerId`. */
export async function castSomebody(
  makerId: Id<'acc'>,
  settings: UpdateCameo = {},
): Promise<{ accountId: Id<'acc'>; permit: CastPermit; generationId: Id<'gen'>; clipId: Id<'clip'> }> {
  const accountId = newId('acc');
  await enrol(accountId, settings);
  const [generationId, clipId] = [newId('gen'), newId('clip')];
  const permit = await permitOf(accountId, { generationId, clipId, makerId });
  return { accountId, permit, generationId, clipId };
}

/** The person takes everything back. */
export async function revokeAll(
  accountId: Id<'acc'>,
  existing: ExistingChoice,
): Promise<Result<CameoRevocation>> {
  return env.CAMEO.getByName(accountId).revoke({
    scope: 'all',
    existing,
    targetId: null,
    requestId: crypto.randomUUID(),
    carrying: { clips: 0, drafts: 0, remixes: 0, clipIds: [] },
  });
}
