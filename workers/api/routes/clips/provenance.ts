import { provenanceReportSchema } from '#schemas/provenance.ts';
import { clipParams, findVisibleClip } from '../../find-clip.ts';
import { createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { unwrap } from '../../respond.ts';

const route = createRoute({
  method: 'get',
  path: '/api/v1/clips/{id}/provenance',
  operationId: 'getProvenance',
  summary: 'Content Credentials, verified now',
  description:
    'Validates the C2PA manifest of the stored rendition at the moment you ask: signature, trust, hash binding and ingredients.',
  tags: ['Provenance'],
  request: { params: clipParams },
  responses: {
    200: json(provenanceReportSchema.meta({ id: 'ProvenanceReport' }), 'What was checked and what came out.'),
    ...refusals('not_found', 'clip_deleted', 'consent_unavailable', 'provenance_failed'),
  },
});

export const readProvenance = createRouter().openapi(route, async (c) => {
  const clip = await findVisibleClip(c, c.req.valid('param').id);
  return c.json(unwrap(await c.env.PROVENANCE.verify(clip.media.video.key, clip.media.video.mediaType)), 200);
});
