import { pageOf, pageQuerySchema } from '#schemas/http/common.ts';
import { uploadSchema } from '#schemas/http/uploads.ts';
import { database } from '../../../store/database.ts';
import { uploadsOf } from '../../../store/uploads-store.ts';
import { requireViewer } from '../../middleware/session.ts';
import { createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { unwrap } from '../../respond.ts';
import { findOwnUpload, presentUpload, uploadParams } from './own-upload.ts';

const readRoute = createRoute({
  method: 'get',
  path: '/api/v1/uploads/{id}',
  operationId: 'getUpload',
  summary: 'How an upload stands',
  description:
    'Which parts have come, what the check is at, its verdict with the evidence, and what became of it.',
  tags: ['Uploads'],
  request: { params: uploadParams },
  responses: { 200: json(uploadSchema, 'As it is now.'), ...refusals('unauthenticated', 'not_found') },
});

export const readUpload = createRouter().openapi(readRoute, async (c) =>
  c.json(presentUpload(await findOwnUpload(c, c.req.valid('param').id)), 200),
);

const listRoute = createRoute({
  method: 'get',
  path: '/api/v1/uploads',
  operationId: 'listUploads',
  summary: 'My uploads',
  description: 'Newest first. What was deleted or never completed is left out.',
  tags: ['Uploads'],
  request: { query: pageQuerySchema },
  responses: { 200: json(pageOf(uploadSchema), 'A page.'), ...refusals('unauthenticated', 'cursor_invalid') },
});

export const listUploads = createRouter().openapi(listRoute, async (c) => {
  const { accountId } = requireViewer(c);
  const { limit, cursor } = c.req.valid('query');
  return c.json(unwrap(await uploadsOf(database(c.env), accountId, { limit, cursor: cursor ?? null })), 200);
});
