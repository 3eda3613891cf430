/**
 * Has a render node look at a file that was sent for nothing else. Invariants: the bytes stream into R2 and are never held whole; whatever happens,
 * what was stored is erased, at once when the answer is known and by the upload object's alarm otherwise. Called by `/matches/byContent`.
 */
import { createId } from '#durable-objects/shared/id.ts';
import { ownKey } from '#durable-objects/upload/files.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import { type SniffedBody, storeBody } from '../api/routes/verify/receive-file.ts';
import type { Seen } from './recover.ts';

/**
 * Refuses with engine_unavailable when no node is connected or none looked in time, and with media_type_unsupported when one could not read it.
 * @param origin ours, without a slash at the end
 * @param waitSeconds how long a node may take
 */
export async function lookAtMedia(
  env: Env,
  body: SniffedBody,
  origin: string,
  waitSeconds: number,
): Promise<Result<Seen>> {
  if ((await env.RENDER_QUEUE.getByName('main').engines()).length === 0) return fail('engine_unavailable');
  const { size, mediaType } = body;
  const uploadId = createId('upl', Date.now());
  const upload = env.UPLOAD.getByName(uploadId);
  const opened = await upload.open({
    uploadId,
    ownerId: null,
    purpose: 'verify',
    file: { fileName: 'content', size, mediaType },
    origin,
  });
  if (!opened.ok) return opened;
  try {
    const objectKey = ownKey(uploadId);
    const sha256 = await storeBody(env.MEDIA, objectKey, body);
    const identified = await upload.identified({ sha256, objectKey, mediaType });
    if (!identified.ok) return identified;
    await env.INSPECTION_QUEUE.getByName('main').enqueue({
      inspectionId: uploadId,
      kind: 'media',
      media: { objectKey, size, mediaType },
      mayPublish: false,
    });
    const seen = await upload.look(waitSeconds * 1000);
    if (seen === null) return fail('engine_unavailable', 'No render node looked at it in time. Try again.');
    if ('death' in seen)
      return fail('media_type_unsupported', 'It could not be read as a film, a picture or sound.');
    const { watermark, fingerprints } = seen;
    return ok({ watermark, fingerprints });
  } finally {
    await upload.cancel();
  }
}
