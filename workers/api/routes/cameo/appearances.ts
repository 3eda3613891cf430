import { appearanceSchema } from '#schemas/http/cameo.ts';
import { pageOf, pageQuerySchema } from '#schemas/http/common.ts';
import { idSchema } from '#schemas/ids.ts';
import { viewAppearances } from '../../appearance-view.ts';
import { requireViewer } from '../../middleware/session.ts';
import { createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { regionOf } from '../../region.ts';
import { RefusalError } from '../../respond.ts';

const route = createRoute({
  method: 'get',
  path: '/api/v1/cameo/appearances',
  operationId: 'listAppearances',
  summary: 'Where my likeness was cast, newest first',
  description:
    'Jobs, drafts and posts, with the prompt: whoever is cast is a co-owner. `served` is what the consent gate says at this moment.',
  tags: ['Cameos'],
  request: { query: pageQuerySchema },
  responses: {
    200: json(pageOf(appearanceSchema), 'A page; empty for somebody who was never cast.'),
    ...refusals('unauthenticated', 'cursor_invalid', 'consent_unavailable'),
  },
});

/** A cursor is the generation of the last appearance on the page before. */
const cursorSchema = idSchema('gen').optional();

export const listAppearances = createRouter().openapi(route, async (c) => {
  const { accountId } = requireViewer(c);
  const { limit, cursor } = c.req.valid('query');
  const before = cursorSchema.safeParse(cursor);
  if (!before.success) throw new RefusalError('cursor_invalid');
  const records = await c.env.CAMEO.getByName(accountId).appearances({
    before: before.data ?? null,
    limit: limit + 1,
  });
  const page = records.slice(0, limit);
  const items = await viewAppearances(c.env, regionOf(c), page, accountId);
  const nextCursor = records.length > limit ? (page.at(-1)?.generationId ?? null) : null;
  return c.json({ items, nextCursor }, 200);
});
