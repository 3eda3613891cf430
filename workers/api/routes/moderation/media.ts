import type { Context } from 'hono';
import { z } from 'zod';
import { idSchema } from '#schemas/ids.ts';
import type { CaseMedia } from '#schemas/moderation.ts';
import { readRange } from '#workers/media/range.ts';
import type { ApiEnv } from '../../context.ts';
import { createRoute, createRouter, refusals } from '../../openapi.ts';
import { RefusalError, refuse, unwrap } from '../../respond.ts';
import { deskQueue, requireModerator } from './moderator.ts';

const route = createRoute({
  method: 'get',
  path: '/api/v1/moderation/media/{caseId}/{file}',
  operationId: 'getCaseMedia',
  summary: 'A file of a case that I hold',
  description:
    'Also what the media gate refuses because it is hidden. Only under my own live claim, noted in the case, and not once my share of the day is used up. Answers ranges.',
  tags: ['Moderation'],
  request: {
    params: z.object({
      caseId: idSchema('case'),
      file: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,63}$/, 'must be the name of a file of the case'),
    }),
  },
  responses: {
    200: {
      description: 'The file.',
      content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
    },
    206: {
      description: 'A range of it.',
      content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
    },
    ...refusals(
      'unauthenticated',
      'forbidden',
      'not_found',
      'stale_claim',
      'exposure_capped',
      'range_not_satisfiable',
    ),
  },
});

export const getCaseMedia = createRouter().openapi(route, async (c) => {
  const { accountId } = requireModerator(c);
  const { caseId, file } = c.req.valid('param');
  const one = c.env.MODERATION_CASE.getByName(caseId);
  const { state } = unwrap(await one.read());
  const left = await deskQueue(c.env).exposureLeft(accountId, state.harmClass);
  if (left.remainingSeconds === 0) throw new RefusalError('exposure_capped', undefined, { ...left });
  return send(c, unwrap(await one.media(accountId, file)));
});

/** Never cached anywhere: what is hidden stays with whoever may look. */
async function send(c: Context<ApiEnv>, media: CaseMedia): Promise<Response> {
  c.header('Cache-Control', 'private, no-store');
  c.header('Accept-Ranges', 'bytes');
  const wanted = readRange(c.req.header('Range'), media.size);
  if (!wanted.ok) {
    c.header('Content-Range', `bytes */${media.size}`);
    return refuse(c, wanted.error);
  }
  const range = wanted.value;
  const stored = await c.env.MEDIA.get(media.key, range === null ? {} : { range });
  if (stored === null) {
    return refuse(c, { code: 'not_found', message: 'The file is not there any more.' });
  }
  c.header('Content-Type', media.mediaType);
  c.header('Content-Length', String(range?.length ?? stored.size));
  if (range !== null)
    c.header('Content-Range', `bytes ${range.offset}-${range.offset + range.length - 1}/${media.size}`);
  return c.body(stored.body, range === null ? 200 : 206);
}
