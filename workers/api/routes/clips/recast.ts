import type { Context } from 'hono';
import { z } from 'zod';
import { castAccounts, inheritedPeople } from '#durable-objects/clip/core/clip-publication.ts';
import type { ClipRecord } from '#durable-objects/clip/rpc.ts';
import { askGate } from '#durable-objects/consent/gate.ts';
import { createId } from '#durable-objects/shared/id.ts';
import { clipKey } from '#schemas/consent.ts';
import { recastRequestSchema } from '#schemas/http/cameo.ts';
import { recastClipSchema } from '#schemas/http/clips.ts';
import { generationSchema } from '#schemas/http/generations.ts';
import type { Id } from '#schemas/ids.ts';
import { accountIdsOf, candidatesById } from '../../../store/cast-store.ts';
import { database } from '../../../store/database.ts';
import { admitGeneration, idempotencyKeyOf, repeated } from '../../admission/admit.ts';
import { priceOf } from '../../admission/engine.ts';
import { refuseByPolicy } from '../../admission/policy.ts';
import { findRemixParent, type RemixParent } from '../../admission/remix-parent.ts';
import { textsOf } from '../../admission/texts.ts';
import type { ApiEnv } from '../../context.ts';
import { clipParams, findOwnClip } from '../../find-clip.ts';
import { hashJson } from '../../hash-json.ts';
import { spend } from '../../middleware/limits.ts';
import { requireViewer } from '../../middleware/session.ts';
import { body, createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { regionOf } from '../../region.ts';
import { RefusalError, unwrap } from '../../respond.ts';
import { presentGeneration } from '../generations/present.ts';

const askRoute = createRoute({
  method: 'post',
  path: '/api/v1/clips/{id}/recast-requests',
  operationId: 'askRecast',
  summary: 'Ask the creator for a stand-in to take my place',
  tags: ['Clips'],
  request: { params: clipParams, body: body(recastRequestSchema) },
  responses: {
    202: json(z.object({ requested: z.literal(true) }), 'The creator is told.'),
    ...refusals('unauthenticated', 'forbidden', 'not_found', 'clip_deleted'),
  },
});

export const askRecast = createRouter().openapi(askRoute, async (c) => {
  const { id } = c.req.valid('param');
  const { note } = c.req.valid('json');
  const { accountId } = requireViewer(c);
  await findOwnClip(c, id);
  unwrap(await c.env.CAMEO.getByName(accountId).requestRecast(id, note));
  unwrap(await c.env.CLIP.getByName(id).askRecast(accountId, note));
  return c.json({ requested: true as const }, 202);
});

const recastRoute = createRoute({
  method: 'post',
  path: '/api/v1/clips/{id}/recast',
  operationId: 'recastClip',
  summary: 'Make a clip again with stand-ins',
  description:
    'By its owner. The same prompt, seed, size and length, with everybody else in it asked again; costs what a clip costs. When it is ready the new rendition takes the old one’s place: address, likes and comments stay. Also for a clip that one of these people has stopped, not for a deleted one. `Idempotency-Key` as for `POST /generations`.',
  tags: ['Clips'],
  request: { params: clipParams, body: body(recastClipSchema) },
  responses: {
    202: json(generationSchema, 'Admitted.'),
    ...refusals(
      'unauthenticated',
      'forbidden',
      'not_found',
      'clip_deleted',
      'conflict',
      'credits_insufficient',
      'capability_missing',
      'policy_refused',
      'engine_unavailable',
      'consent_denied',
      'cameo_rule',
      'consent_unavailable',
      'backlog_full',
      'idempotency_mismatch',
      'clip_locked',
      'remix_refused',
    ),
  },
});

export const recastClip = createRouter().openapi(recastRoute, async (c) => {
  const viewer = requireViewer(c);
  const { id } = c.req.valid('param');
  const without = [...new Set(c.req.valid('json').without)].sort();
  const clip = await findOwnClip(c, id);
  if (clip.ownerId !== viewer.accountId)
    throw new RefusalError(
      'forbidden',
      'Only the creator can make this clip again. Ask them for a stand-in.',
    );
  const idempotencyKey = idempotencyKeyOf(c);
  await spend(c, 'LIMIT_GENERATION', viewer.accountId);
  const requestHash = await hashJson({ recastOf: id, without });
  const before = await repeated(c, idempotencyKey, requestHash);
  if (before !== null) return c.json(presentGeneration(before), 202);

  if (clip.status === 'withdrawn' || !(await askGate(c.env, regionOf(c), [clipKey(id)], 'serve')).allowed)
    throw new RefusalError('clip_deleted');
  const leaving = await leavingOf(c, clip, without);
  const first = unwrap(await c.env.GENERATION.getByName(clip.generationId).admission());
  const staying = castAccounts(clip).filter((account) => !leaving.includes(account));
  const candidates = await candidatesById(database(c.env), viewer.accountId, staying);
  const handles = first.cast.flatMap(({ accountId, handle }) =>
    staying.includes(accountId)
      ? [candidates.find((candidate) => candidate.accountId === accountId)?.handle ?? handle]
      : [],
  );
  const request = { ...first.request, cameos: handles };
  // What stands under a published clip is said about the new rendition as well.
  const caption = clip.caption === '' ? [] : [{ field: 'caption', text: clip.caption }];
  const texts = [...textsOf(request), ...caption];
  refuseByPolicy(texts, handles.length > 0);
  const remix =
    clip.parent === null ? null : await findRemixParent(c, clip.parent.clipId, clip.ownerId, texts);
  if (remix !== null) refuseInherited(remix, leaving);
  const now = Date.now();
  const record = await admitGeneration(c, {
    generation: {
      generationId: createId('gen', now),
      clipId: id,
      accountId: viewer.accountId,
      handle: viewer.handle,
      tier: viewer.tier,
      request,
      seed: clip.seed,
      credits: await priceOf(c.env, viewer.tier, request),
      parent: remix?.parent ?? null,
      inheritedCoOwnerIds: (remix?.people ?? []).filter((person) => person !== viewer.accountId),
      recastOf: { clipId: id, without: leaving },
      createdAt: new Date(now).toISOString(),
    },
    handles,
    candidates,
    texts,
    idempotencyKey,
    requestHash,
  });
  return c.json(presentGeneration(record), 202);
});

/** Accounts of those who leave. @throws RefusalError conflict naming the first handle that is not in the clip */
async function leavingOf(
  c: Context<ApiEnv>,
  clip: ClipRecord,
  without: readonly string[],
): Promise<Id<'acc'>[]> {
  const accounts = await accountIdsOf(database(c.env), without);
  const inIt = [...castAccounts(clip), ...inheritedPeople(clip)];
  return without.map((handle) => {
    const account = accounts.get(handle);
    if (account === undefined || !inIt.includes(account))
      throw new RefusalError('conflict', `@${handle} is not in this clip.`, { cameo: handle });
    return account;
  });
}

/** A person whom the remixed clip still shows can only leave that one first. @throws RefusalError conflict */
function refuseInherited({ people }: RemixParent, leaving: readonly Id<'acc'>[]): void {
  if (leaving.some((account) => people.includes(account)))
    throw new RefusalError(
      'conflict',
      'Somebody you name is in the clip this one was made from. They can only leave that one first.',
    );
}
