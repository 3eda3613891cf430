import type { Context } from 'hono';
import { z } from 'zod';
import { askGate } from '#durable-objects/consent/gate.ts';
import { portraitKey } from '#durable-objects/shared/core/portrait-key.ts';
import { cameoKey } from '#schemas/consent.ts';
import { idSchema } from '#schemas/ids.ts';
import { mayCast } from '../../../store/castable-store.ts';
import { type CameoRow, cameoById } from '../../../store/consent-store.ts';
import { database } from '../../../store/database.ts';
import type { ApiEnv } from '../../context.ts';
import { requireViewer } from '../../middleware/session.ts';
import { createRoute, createRouter, refusals } from '../../openapi.ts';
import { regionOf } from '../../region.ts';
import { RefusalError } from '../../respond.ts';

const route = createRoute({
  method: 'get',
  path: '/media/cameo/{cameoId}/portrait.jpg',
  operationId: 'getCameoPortrait',
  summary: 'The portrait of a likeness I may cast',
  description:
    'Photographs only: drawn portraits travel as parameters. My own, or that of somebody I may cast now; consent is asked for every request. Anybody else learns nothing, not even that it exists.',
  tags: ['Media'],
  request: { params: z.object({ cameoId: idSchema('cam') }) },
  responses: {
    200: {
      description: 'The photograph, 512×512.',
      content: { 'image/jpeg': { schema: z.any().meta({ type: 'string', format: 'binary' }) } },
    },
    304: { description: 'Not modified, and still allowed.' },
    ...refusals('unauthenticated', 'not_found', 'consent_unavailable'),
  },
});

/** Whoever it is may always see their own; for others permission is asked of D1 and consent of the gate. */
async function isAllowed(c: Context<ApiEnv>, cameo: CameoRow): Promise<boolean> {
  const { accountId } = requireViewer(c);
  if (cameo.accountId === accountId) return cameo.status !== 'none';
  const [permitted, decision] = await Promise.all([
    mayCast(database(c.env), accountId, cameo.accountId, new Date().toISOString()),
    askGate(c.env, regionOf(c), [cameoKey(cameo.cameoId, cameo.epoch)], 'cast'),
  ]);
  return permitted && decision.allowed;
}

export const getCameoPortrait = createRouter().openapi(route, async (c) => {
  requireViewer(c);
  const { cameoId } = c.req.valid('param');
  const nothing = new RefusalError('not_found', 'There is no portrait here.');
  const cameo = await cameoById(database(c.env), cameoId);
  if (cameo?.portrait?.kind !== 'photo' || !(await isAllowed(c, cameo))) throw nothing;
  const etag = `"${cameo.portrait.sha256.slice(0, 32)}"`;
  c.header('Cache-Control', 'private, no-cache');
  c.header('ETag', etag);
  if (c.req.header('If-None-Match') === etag) return c.body(null, 304);
  const stored = await c.env.MEDIA.get(portraitKey(cameoId));
  if (stored === null) throw nothing;
  c.header('Content-Type', 'image/jpeg');
  c.header('Content-Length', String(stored.size));
  return c.body(stored.body, 200);
});
