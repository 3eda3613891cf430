import { createId } from '#durable-objects/shared/id.ts';
import { createUploadSchema, uploadLimits, uploadPartSize, uploadSchema } from '#schemas/http/uploads.ts';
import { database } from '../../../store/database.ts';
import { admitUpload, withdrawAdmission } from '../../../store/uploads-store.ts';
import { originOf } from '../../config.ts';
import { requireViewer } from '../../middleware/session.ts';
import { body, createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { RefusalError, unwrap } from '../../respond.ts';
import { presentUpload } from './own-upload.ts';

const mib = (bytes: number) => `${bytes / 1024 / 1024} MiB`;

const route = createRoute({
  method: 'post',
  path: '/api/v1/uploads',
  operationId: 'createUpload',
  summary: 'Begin to upload a file',
  description: `Parts of ${mib(uploadPartSize)} (the last may be shorter) are sent in any order, again and in parallel, within 24 hours. A file may have ${mib(uploadLimits.free)}, ${mib(uploadLimits.plus)} with plus, ${mib(uploadLimits.pro)} with pro. What is not completed in time is erased.`,
  tags: ['Uploads'],
  request: { body: body(createUploadSchema) },
  responses: {
    201: json(uploadSchema, 'Send its parts.'),
    ...refusals('unauthenticated', 'payload_too_large', 'conflict'),
  },
});

export const createUpload = createRouter().openapi(route, async (c) => {
  const { accountId, tier } = requireViewer(c);
  const file = c.req.valid('json');
  const limit = uploadLimits[tier];
  if (file.size > limit) {
    throw new RefusalError('payload_too_large', `A file may have at most ${mib(limit)}.`, { limit });
  }
  const now = Date.now();
  const uploadId = createId('upl', now);
  const db = database(c.env);
  const createdAt = new Date(now).toISOString();
  const row = {
    ...file,
    id: uploadId,
    status: 'receiving' as const,
    partSize: uploadPartSize,
    parts: [],
    stage: null,
    verification: null,
    clipId: null,
    reason: null,
    createdAt,
    expiresAt: createdAt,
  };
  unwrap(await admitUpload(db, accountId, tier, row));
  try {
    const origin = originOf(c.get('config'), c.req.url);
    const opened = await c.env.UPLOAD.getByName(uploadId).open({
      uploadId,
      ownerId: accountId,
      purpose: 'publish',
      file,
      origin,
    });
    return c.json(presentUpload(unwrap(opened)), 201);
  } catch (error) {
    // It may have opened all the same: then the projection writes the row again.
    await withdrawAdmission(db, uploadId);
    throw error;
  }
});
