import { clipSchema, publishClipSchema, receiptSchema } from '#schemas/http/clips.ts';
import { viewClip } from '../../clip-view.ts';
import { originOf } from '../../config.ts';
import { clipParams, findOwnClip } from '../../find-clip.ts';
import { requireViewer } from '../../middleware/session.ts';
import { body, createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { RefusalError, unwrap } from '../../respond.ts';

const publishRoute = createRoute({
  method: 'post',
  path: '/api/v1/clips/{id}/publish',
  operationId: 'publishClip',
  summary: 'Publish a draft',
  description:
    'The second, explicit step. Also changes caption and visibility of a published clip. The prompt stays hidden unless `showPrompt` is true.',
  tags: ['Clips'],
  request: { params: clipParams, body: body(publishClipSchema) },
  responses: {
    200: json(clipSchema, 'The clip as it is now.'),
    ...refusals(
      'unauthenticated',
      'forbidden',
      'not_found',
      'clip_deleted',
      'consent_denied',
      'consent_unavailable',
      'conflict',
    ),
  },
});

export const publishClip = createRouter().openapi(publishRoute, async (c) => {
  const { id } = c.req.valid('param');
  const clip = await findOwnClip(c, id);
  if (clip.status === 'withdrawn') throw new RefusalError('clip_deleted');
  const { accountId } = requireViewer(c);
  const published = unwrap(await c.env.CLIP.getByName(id).publish(accountId, c.req.valid('json')));
  return c.json(await viewClip(c.env, published, accountId), 200);
});

const deleteRoute = createRoute({
  method: 'delete',
  path: '/api/v1/clips/{id}',
  operationId: 'deleteClip',
  summary: 'Delete a clip',
  description:
    'By its owner or a co-owner. Answers once the clip is stopped, with the entry of the consent log that stopped it. Asking again answers the same receipt.',
  tags: ['Clips'],
  request: { params: clipParams },
  responses: {
    200: json(receiptSchema, 'Stopped.'),
    ...refusals('unauthenticated', 'forbidden', 'not_found', 'consent_unavailable'),
  },
});

export const deleteClip = createRouter().openapi(deleteRoute, async (c) => {
  const { id } = c.req.valid('param');
  await findOwnClip(c, id);
  const entry = unwrap(await c.env.CLIP.getByName(id).withdraw(requireViewer(c).accountId));
  const receipt = {
    id: entry.id,
    clipId: id,
    position: entry.position,
    denies: [...entry.denies],
    revokedAt: entry.at,
    hash: entry.hash,
    url: `${originOf(c.get('config'), c.req.url)}/revocations/${entry.id}`,
  };
  return c.json(receipt, 200);
});

const lockRoute = createRoute({
  method: 'post',
  path: '/api/v1/clips/{id}/lock',
  operationId: 'lockClip',
  summary: 'Lock against remixes and downloads',
  tags: ['Clips'],
  request: { params: clipParams },
  responses: {
    200: json(clipSchema, 'Locked.'),
    ...refusals('unauthenticated', 'forbidden', 'not_found', 'clip_deleted', 'consent_unavailable'),
  },
});

export const lockClip = createRouter().openapi(lockRoute, async (c) => {
  const { id } = c.req.valid('param');
  await findOwnClip(c, id);
  const { accountId } = requireViewer(c);
  return c.json(
    await viewClip(c.env, unwrap(await c.env.CLIP.getByName(id).lock(accountId)), accountId),
    200,
  );
});

const unlockRoute = createRoute({
  method: 'delete',
  path: '/api/v1/clips/{id}/lock',
  operationId: 'unlockClip',
  summary: 'Unlock',
  description: 'By whoever locked it.',
  tags: ['Clips'],
  request: { params: clipParams },
  responses: {
    200: json(clipSchema, 'Unlocked.'),
    ...refusals('unauthenticated', 'forbidden', 'not_found', 'clip_deleted', 'consent_unavailable'),
  },
});

export const unlockClip = createRouter().openapi(unlockRoute, async (c) => {
  const { id } = c.req.valid('param');
  await findOwnClip(c, id);
  const { accountId } = requireViewer(c);
  return c.json(
    await viewClip(c.env, unwrap(await c.env.CLIP.getByName(id).unlock(accountId)), accountId),
    200,
  );
});
