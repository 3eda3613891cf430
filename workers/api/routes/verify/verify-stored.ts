/**
 * Verifies a file that was sent for nothing else: stores it, checks it, asks a render node to look where the credentials do not settle it,
 * and erases it. Invariant: whatever happens, what was stored is erased: at once when the answer is known, by the upload object's alarm
 * within ten minutes otherwise. Called by the verify routes.
 */
import type { Context } from 'hono';
import { createId } from '#durable-objects/shared/id.ts';
import { ownKey } from '#durable-objects/upload/files.ts';
import type { StoredMediaReport } from '#durable-objects/upload/rpc.ts';
import type { Id } from '#schemas/ids.ts';
import type { Verification } from '#schemas/verdict.ts';
import { deathSentence, examine, isOursIntact, unlooked } from '../../../workflows/ingest/examine.ts';
import { originOf } from '../../config.ts';
import type { ApiEnv } from '../../context.ts';
import { unwrap } from '../../respond.ts';
import { type SniffedBody, storeBody } from './receive-file.ts';

/** @param waitSeconds how long a render node may take to look */
export async function verifyBody(
  c: Context<ApiEnv>,
  body: SniffedBody,
  waitSeconds: number,
): Promise<Verification> {
  const uploadId = createId('upl', Date.now());
  const origin = originOf(c.get('config'), c.req.url);
  const { size, mediaType } = body;
  const upload = c.env.UPLOAD.getByName(uploadId);
  unwrap(
    await upload.open({
      uploadId,
      ownerId: null,
      purpose: 'verify',
      file: { fileName: 'verify', size, mediaType },
      origin,
    }),
  );
  const work = (async () => {
    try {
      const objectKey = ownKey(uploadId);
      const sha256 = await storeBody(c.env.MEDIA, objectKey, body);
      unwrap(await upload.identified({ sha256, objectKey, mediaType }));
      const report = unwrap(await c.env.PROVENANCE.verify(objectKey, mediaType));
      const file = { size, mediaType, sha256 };
      const seen = isOursIntact(report) ? unlooked.needless : await look(c.env, uploadId, body, waitSeconds);
      const { verification } = await examine(c.env, file, report, seen, origin);
      return verification;
    } finally {
      await upload.cancel();
    }
  })();
  // Goes on when the sender hangs up, so that nothing waits for the alarm.
  c.executionCtx.waitUntil(work.catch(() => undefined));
  return work;
}

/** What a node saw, or a sentence that says why none did. */
async function look(
  env: Env,
  uploadId: Id<'upl'>,
  { size, mediaType }: SniffedBody,
  waitSeconds: number,
): Promise<StoredMediaReport | string> {
  if (waitSeconds === 0) return 'It was not asked for.';
  if ((await env.RENDER_QUEUE.getByName('main').engines()).length === 0) return unlooked.absent;
  await env.INSPECTION_QUEUE.getByName('main').enqueue({
    inspectionId: uploadId,
    kind: 'media',
    media: { objectKey: ownKey(uploadId), size, mediaType },
    mayPublish: false,
  });
  const seen = await env.UPLOAD.getByName(uploadId).look(waitSeconds * 1000);
  if (seen === null) return unlooked.late;
  return 'death' in seen ? deathSentence(seen.death) : seen;
}
