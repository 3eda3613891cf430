/** What the Upload object stores, as others see it. Pure. Called by the Upload object for every answer and projection. */
import type { Upload, UploadStatus } from '#schemas/http/uploads.ts';
import { uploadPartSize } from '#schemas/http/uploads.ts';
import type { UploadProjection } from '#schemas/projections.ts';
import type { Phase } from './core/upload-machine.ts';
import type { UploadRecord } from './rpc.ts';
import type { StoredUpload } from './store.ts';

const statusOf: Readonly<Record<Phase, UploadStatus>> = {
  receiving: 'receiving',
  assembling: 'checking',
  checking: 'checking',
  review: 'review',
  ready: 'ready',
  refused: 'refused',
  failed: 'failed',
  expired: 'expired',
  gone: 'expired',
};

/** @param parts numbers of the parts that have come */
export function publicUpload({ opening, state }: StoredUpload, parts: readonly number[]): Upload {
  return {
    id: opening.uploadId,
    status: statusOf[state.phase],
    fileName: opening.file.fileName,
    size: opening.file.size,
    mediaType: state.mediaType,
    partSize: uploadPartSize,
    parts: [...parts],
    stage: state.stage,
    verification: state.verification,
    clipId: state.clipId,
    reason: state.reason,
    createdAt: opening.createdAt,
    expiresAt: new Date(state.expiresAt).toISOString(),
  };
}

export function uploadRecord(stored: StoredUpload, parts: readonly number[]): UploadRecord {
  const { state, opening } = stored;
  const { looked } = state;
  return {
    ...publicUpload(stored, parts),
    ownerId: opening.ownerId,
    origin: opening.origin,
    objectKey: state.objectKey,
    sha256: state.sha256,
    report: looked.kind === 'seen' ? looked.report : null,
    inspectionDeath: looked.kind === 'failed' ? looked.death : null,
    caseId: state.caseId,
    decision: state.decision,
  };
}

/** A queue message holds 128 kB; a verdict on a file with hundreds of statuses is read from the object then. */
const maxVerification = 64_000;

/** Null for what is on no record: it is only verified. */
export function uploadProjection(stored: StoredUpload, parts: readonly number[]): UploadProjection | null {
  const { opening, state } = stored;
  if (opening.ownerId === null || state.purpose === 'verify') return null;
  const upload = publicUpload(stored, parts);
  // Of what was taken back nothing stays but that it was.
  if (state.phase === 'gone') {
    const forgotten = { ...upload, fileName: '', reason: null };
    return { kind: 'upload', version: state.version, ownerId: opening.ownerId, upload: forgotten };
  }
  const large = JSON.stringify(upload.verification).length > maxVerification;
  return {
    kind: 'upload',
    version: state.version,
    ownerId: opening.ownerId,
    upload: large ? { ...upload, verification: null } : upload,
  };
}
