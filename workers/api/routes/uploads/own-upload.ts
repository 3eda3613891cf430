/** How the upload routes find what they act on. Invariant: somebody else's upload does not exist for anybody. */
import type { Context } from 'hono';
import { z } from 'zod';
import type { UploadRecord } from '#durable-objects/upload/rpc.ts';
import type { Upload } from '#schemas/http/uploads.ts';
import { type Id, idSchema } from '#schemas/ids.ts';
import type { ApiEnv } from '../../context.ts';
import { requireViewer } from '../../middleware/session.ts';
import { RefusalError, unwrap } from '../../respond.ts';

export const uploadParams = z.object({ id: idSchema('upl') });

/** @throws RefusalError unauthenticated, not_found */
export async function findOwnUpload(c: Context<ApiEnv>, id: Id<'upl'>): Promise<UploadRecord> {
  const { accountId } = requireViewer(c);
  const record = unwrap(await c.env.UPLOAD.getByName(id).read());
  if (record.ownerId !== accountId) throw new RefusalError('not_found', 'There is no such upload.');
  return record;
}

/** What its owner sees: neither keys nor what a node reported. */
export function presentUpload(record: UploadRecord): Upload {
  const {
    ownerId: _o,
    origin: _n,
    objectKey: _k,
    sha256: _s,
    report: _r,
    inspectionDeath: _d,
    caseId: _c,
    ...rest
  } = record;
  const { decision: _e, ...upload } = rest;
  return upload;
}
