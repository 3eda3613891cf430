/**
 * Carries the upload's outbox messages to their receivers. Invariant: every one may arrive twice: assembling, starting, waking, cancelling
 * and erasing are idempotent, projections carry versions. Called by the Upload object's outbox.
 */
import { sendProjection } from '#durable-objects/shared/project.ts';
import type { UploadProjection } from '#schemas/projections.ts';
import type { UploadInput } from './core/upload-machine.ts';
import { abortParts, assemble, eraseFiles } from './files.ts';
import type { PartRow, StoredUpload } from './store.ts';
import { nudgeIngest, startIngest } from './workflow.ts';

export type UploadMessage =
  | { readonly kind: 'assemble' }
  | { readonly kind: 'check'; readonly run: number }
  | { readonly kind: 'nudge'; readonly run: number }
  | { readonly kind: 'stop-inspection' }
  | { readonly kind: 'erase' }
  | { readonly kind: 'project'; readonly projection: UploadProjection };

/** @returns what the machine should hear, null for nothing. Rejects when the receiver could not be reached. */
export async function deliverUpload(
  env: Env,
  { opening, state }: StoredUpload,
  parts: readonly PartRow[],
  message: UploadMessage,
): Promise<UploadInput | null> {
  const { uploadId, r2UploadId, file } = opening;
  switch (message.kind) {
    case 'assemble': {
      if (state.phase !== 'assembling' || r2UploadId === null) return null;
      const objectKey = await assemble(env, uploadId, { r2UploadId, size: file.size }, parts);
      return { type: 'assembled', objectKey };
    }
    case 'check':
      await startIngest(env, uploadId, message.run);
      return null;
    case 'nudge':
      await nudgeIngest(env, uploadId, message.run);
      return null;
    case 'stop-inspection':
      await env.INSPECTION_QUEUE.getByName('main').cancel(uploadId);
      return null;
    case 'erase':
      if (r2UploadId !== null) await abortParts(env, uploadId, r2UploadId);
      await eraseFiles(env, uploadId);
      return null;
    case 'project':
      await sendProjection(env, message.projection);
      return null;
  }
}
