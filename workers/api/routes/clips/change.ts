import type { Context } from 'hono';
import { inheritedPeople, publicationTexts, saysMore } from '#durable-objects/clip/core/clip-publication.ts';
import type { ClipRecord } from '#durable-objects/clip/rpc.ts';
import { clipSchema, publishClipSchema, receiptSchema } from '#schemas/http/clips.ts';
import type { Id } from '#schemas/ids.ts';
import type { Result } from '#schemas/result.ts';
import { askInherited } from '../../admission/remix-parent.ts';
import { viewClip } from '../../clip-view.ts';
import { originOf } from '../../config.ts';
import type { ApiEnv } from '../../context.ts';
import { clipParams, findOwnClip } from '../../find-clip.ts';
import { requireViewer } from '../../middleware/session.ts';
import { body, createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { presentReceipt } from '../../receipt.ts';
import { RefusalError, unwrap } from '../../respond.ts';

const publishRoute = createRoute({
  method: 'post',
  path: '/api/v1/clips/{id}/publish',
  operationId: 'publishClip',
  summary: 'Publish a draft',
  description:
    'The second, explicit step. Also changes caption and visibility of a published clip. The prompt stays hidden unless `showPrompt` is true. Everybody in the clip is asked about what will be said: `cameo_rule` names the span, `review_pending` that they have been asked.',
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
      'cameo_rule',
      'review_pending',
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
  const input = c.req.valid('json');
  // Those it inherited are asked here, because only the relational side knows who follows whom; its own cast is asked by the clip.
  const inherited = clip.ownerId === accountId && saysMore(clip, input) ? inheritedPeople(clip) : [];
  await askInherited(c, accountId, inherited, publicationTexts(clip, input));
  const published = unwrap(await c.env.CLIP.getByName(id).publish(accountId, input));
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
  return c.json(presentReceipt(originOf(c.get('config'), c.req.url), entry, id), 200);
});

type Wish = 'lock' | 'unlock' | 'hide' | 'unhide';

/** One person's wish about a clip: noted, and answered once the consent log has it. */
function wishRoute<P extends string>(
  wish: Wish,
  method: 'post' | 'delete',
  path: P,
  summary: string,
  description: string,
) {
  return createRoute({
    method,
    path,
    operationId: `${wish}Clip`,
    summary,
    description,
    tags: ['Clips'],
    request: { params: clipParams },
    responses: {
      200: json(clipSchema, 'The clip as it is now.'),
      ...refusals('unauthenticated', 'forbidden', 'not_found', 'clip_deleted', 'consent_unavailable'),
    },
  });
}

async function wishOf(c: Context<ApiEnv>, id: Id<'clip'>, wish: Wish) {
  await findOwnClip(c, id);
  const { accountId } = requireViewer(c);
  const done: Result<ClipRecord> = await c.env.CLIP.getByName(id)[wish](accountId);
  return viewClip(c.env, unwrap(done), accountId);
}

const lockPath = '/api/v1/clips/{id}/lock';
const hidePath = '/api/v1/clips/{id}/hide';

export const lockClip = createRouter().openapi(
  wishRoute(
    'lock',
    'post',
    lockPath,
    'Lock against remixes and downloads',
    'By its owner or anybody in it. Remixes made before go on.',
  ),
  async (c) => c.json(await wishOf(c, c.req.valid('param').id, 'lock'), 200),
);

export const unlockClip = createRouter().openapi(
  wishRoute('unlock', 'delete', lockPath, 'Unlock', 'By whoever locked it.'),
  async (c) => c.json(await wishOf(c, c.req.valid('param').id, 'unlock'), 200),
);

export const hideClip = createRouter().openapi(
  wishRoute(
    'hide',
    'post',
    hidePath,
    'Take a clip out of feeds, search and profiles',
    'By its owner or anybody in it. Whoever has the address still sees it.',
  ),
  async (c) => c.json(await wishOf(c, c.req.valid('param').id, 'hide'), 200),
);

export const unhideClip = createRouter().openapi(
  wishRoute('unhide', 'delete', hidePath, 'Show it in lists again', 'By whoever hid it.'),
  async (c) => c.json(await wishOf(c, c.req.valid('param').id, 'unhide'), 200),
);
