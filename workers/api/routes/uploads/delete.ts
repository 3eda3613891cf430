import { createRoute, createRouter, refusals } from '../../openapi.ts';
import { unwrap } from '../../respond.ts';
import { findOwnUpload, uploadParams } from './own-upload.ts';

const route = createRoute({
  method: 'delete',
  path: '/api/v1/uploads/{id}',
  operationId: 'deleteUpload',
  summary: 'Take an upload back',
  description:
    'Ends it and erases what came, at once. A clip that was made of it stays and is deleted by itself. Not while a moderator has it.',
  tags: ['Uploads'],
  request: { params: uploadParams },
  responses: { 204: { description: 'Gone.' }, ...refusals('unauthenticated', 'not_found', 'conflict') },
});

export const deleteUpload = createRouter().openapi(route, async (c) => {
  const { id } = await findOwnUpload(c, c.req.valid('param').id);
  unwrap(await c.env.UPLOAD.getByName(id).cancel());
  return c.body(null, 204);
});
