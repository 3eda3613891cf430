import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Id } from '#schemas/ids.ts';
import { manifests } from '#schemas/tables.ts';
import { manifestOf } from '../../../durable-credentials/active-manifest.ts';
import { standingOf } from '../../../durable-credentials/servable.ts';
import { database } from '../../../store/database.ts';
import { originOf } from '../../config.ts';
import { createRoute, createRouter, refusals } from '../../openapi.ts';
import { regionOf } from '../../region.ts';
import { RefusalError } from '../../respond.ts';
import { admitAnybody } from './shapes.ts';

const route = createRoute({
  method: 'get',
  path: '/manifests/{manifestId}',
  operationId: 'getManifestById',
  summary: 'A manifest store by the label of its manifest',
  description:
    'C2PA Soft Binding Resolution API. Consent is asked for every request: of a clip that was stopped no manifest is served, and the answer names the public record of the revocation in `details.record`. `returnActiveManifest` leaves ingredients out.',
  tags: ['Provenance'],
  request: {
    params: z.object({ manifestId: z.string().min(1).max(300) }),
    query: z.object({ returnActiveManifest: z.enum(['true', 'false']).default('false') }),
  },
  responses: {
    200: {
      description: 'JUMBF bytes.',
      content: { 'application/c2pa': { schema: z.any().meta({ type: 'string', format: 'binary' }) } },
    },
    ...refusals('not_found', 'consent_unavailable'),
  },
});

export const manifest = createRouter().openapi(route, async (c) => {
  await admitAnybody(c);
  const { manifestId } = c.req.valid('param');
  const row = await database(c.env).select().from(manifests).where(eq(manifests.label, manifestId)).get();
  const standing = row?.clipId == null ? 'hidden' : await standingOf(c.env, regionOf(c), row.clipId);
  if (row?.clipId == null || standing === 'hidden') throw unknown();
  if (standing === 'stopped') throw withdrawn(originOf(c.get('config'), c.req.url), row.clipId);
  const stored = row.storeKey === '' ? null : await c.env.MEDIA.get(row.storeKey);
  if (stored === null) throw unknown();
  c.header('Content-Type', 'application/c2pa');
  c.header('Link', `</api/v1/clips/${row.clipId}/provenance>; rel="describedby"`);
  if (c.req.valid('query').returnActiveManifest === 'false') return c.body(stored.body, 200);
  const active = manifestOf(new Uint8Array(await stored.arrayBuffer()), manifestId);
  if (active === null) throw unknown();
  return c.body(active, 200);
});

function unknown(): RefusalError {
  return new RefusalError('not_found', 'There is no manifest of that name here.');
}

function withdrawn(origin: string, clipId: Id<'clip'>): RefusalError {
  return new RefusalError(
    'not_found',
    'Consent for the clip of this manifest was withdrawn, or it was deleted.',
    {
      record: `${origin}/revocations/${clipId}`,
    },
  );
}
