import { z } from 'zod';
import { idSchema } from '#schemas/ids.ts';
import { type MediaFile, serveMedia } from '../../../media/serve-media.ts';
import { createRoute, createRouter, refusals } from '../../openapi.ts';
import type { Api } from '../index.ts';

const files = [
  'video.mp4',
  'poster.jpg',
  'manifest.c2pa',
  'captions.vtt',
] as const satisfies readonly MediaFile[];
const binary = z.any().meta({ type: 'string', format: 'binary' });

const route = createRoute({
  method: 'get',
  path: '/media/{clipId}/{file}',
  operationId: 'getMedia',
  summary: 'Video, poster, manifest or captions of a clip',
  description:
    'Answers byte ranges (RFC 9110) and ETags. Consent is asked for every request; after a deletion it answers 410.',
  tags: ['Media'],
  request: { params: z.object({ clipId: idSchema('clip'), file: z.enum(files) }) },
  responses: {
    200: {
      description: 'The whole file.',
      content: {
        'video/mp4': { schema: binary },
        'image/jpeg': { schema: binary },
        'application/c2pa': { schema: binary },
        'text/vtt': { schema: binary },
      },
    },
    206: { description: 'The range.' },
    304: { description: 'Not modified, and still allowed.' },
    ...refusals('not_found', 'clip_deleted', 'range_not_satisfiable', 'consent_unavailable'),
  },
});

const media = createRouter().openapi(route, (c) => {
  const { clipId, file } = c.req.valid('param');
  return serveMedia(c, clipId, file);
});

export function registerMediaRoutes(app: Api): void {
  app.route('/', media);
}
