import { uploadSchema } from '#schemas/http/uploads.ts';
import { createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { unwrap } from '../../respond.ts';
import { findOwnUpload, presentUpload, uploadParams } from './own-upload.ts';

const route = createRoute({
  method: 'post',
  path: '/api/v1/uploads/{id}/complete',
  operationId: 'completeUpload',
  summary: 'All parts are sent: check the file',
  description:
    'May be repeated. Names the parts that are missing, if any. Of an upload whose check failed it starts the check again, with the same bytes.',
  tags: ['Uploads'],
  request: { params: uploadParams },
  responses: {
    202: json(uploadSchema, 'It is being checked.'),
    ...refusals('unauthenticated', 'not_found', 'upload_incomplete', 'upload_expired'),
  },
});

export const completeUpload = createRouter().openapi(route, async (c) => {
  const { id } = await findOwnUpload(c, c.req.valid('param').id);
  return c.json(presentUpload(unwrap(await c.env.UPLOAD.getByName(id).complete())), 202);
});
