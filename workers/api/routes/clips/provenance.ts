import { z } from 'zod';
import { crJsonKeyOf, provenanceReportSchema } from '#schemas/provenance.ts';
import { clipParams, findVisibleClip } from '../../find-clip.ts';
import { createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { RefusalError, unwrap } from '../../respond.ts';

const crJsonSchema = z
  .looseObject({ '@context': z.unknown(), manifests: z.array(z.looseObject({ label: z.string() })) })
  .meta({ id: 'CrJson' });

const route = createRoute({
  method: 'get',
  path: '/api/v1/clips/{id}/provenance',
  operationId: 'getProvenance',
  summary: 'Content Credentials, verified now',
  description:
    'Validates the C2PA manifest of the stored rendition at the moment you ask: signature, trust, hash binding and ingredients. ' +
    'With `format=crjson` it answers with the crJSON (C2PA 2.4) that was made and checked when the rendition was signed.',
  tags: ['Provenance'],
  request: {
    params: clipParams,
    query: z.object({ format: z.enum(['report', 'crjson']).default('report') }),
  },
  responses: {
    200: json(
      z.union([provenanceReportSchema.meta({ id: 'ProvenanceReport' }), crJsonSchema]),
      'What was checked and what came out; or the crJSON.',
    ),
    ...refusals('not_found', 'clip_deleted', 'consent_unavailable', 'provenance_failed'),
  },
});

export const readProvenance = createRouter().openapi(route, async (c) => {
  const clip = await findVisibleClip(c, c.req.valid('param').id);
  if (c.req.valid('query').format === 'crjson') {
    const stored = await c.env.MEDIA.get(crJsonKeyOf(clip.media.manifest.key));
    if (stored === null) throw new RefusalError('not_found', 'No crJSON was kept for this rendition.');
    return c.json(crJsonSchema.parse(await stored.json()), 200);
  }
  return c.json(unwrap(await c.env.PROVENANCE.verify(clip.media.video.key, clip.media.video.mediaType)), 200);
});
