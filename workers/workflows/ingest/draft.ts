/**
 * Makes a draft clip of an upload: signed here, with the uploaded file as its parent, and findable like every other. Invariants: ids follow
 * from the upload's, so that a repeated step makes the same clip; what is signed is exactly what was checked. Called by the ingest workflow.
 */
import type { StoredObject } from '#durable-objects/clip/rpc.ts';
import type { StoredMediaReport, UploadRecord } from '#durable-objects/upload/rpc.ts';
import { type FrameSize, uploadEngine } from '#schemas/engine.ts';
import type { ErrorCode } from '#schemas/errors.ts';
import { fingerprintAlgorithm } from '#schemas/fingerprint.ts';
import { type Id, withPrefix } from '#schemas/ids.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import { registerRendition } from '../../durable-credentials/register.ts';
import { hexSha256 } from '../../encoding/hex.ts';
import { accountById } from '../../store/accounts-store.ts';
import { database } from '../../store/database.ts';
import { deleteRendition, mediaKey } from '../steps/media-keys.ts';
import { softBindingsOf } from '../steps/store-rendition.ts';

export interface UploadedClip {
  readonly record: UploadRecord & {
    readonly ownerId: Id<'acc'>;
    readonly objectKey: string;
    readonly sha256: string;
  };
  readonly report: StoredMediaReport & { readonly poster: NonNullable<StoredMediaReport['poster']> };
  readonly size: FrameSize;
  readonly durationMs: number;
  /** Ours, without a slash at the end. */
  readonly origin: string;
}

/** What made it is its upload; where a clip needs the name of a job, it has the upload's. */
export function idsOf(uploadId: Id<'upl'>): { clipId: Id<'clip'>; generationId: Id<'gen'>; recastOf: null } {
  const ulid = uploadId.slice('upl_'.length);
  return { clipId: withPrefix('clip', ulid), generationId: withPrefix('gen', ulid), recastOf: null };
}

interface Signed {
  readonly video: StoredObject;
  readonly manifest: StoredObject;
  readonly poster: StoredObject;
  readonly manifestLabel: string;
  readonly crJsonKey: string;
}

/** Signs the file and stores the rendition beside its poster. Refuses with what the signer refuses with. Idempotent. */
export async function signUpload(
  env: Env,
  { record, report, origin }: UploadedClip,
): Promise<Result<Signed>> {
  const ids = idsOf(record.id);
  const owner = await accountById(database(env), record.ownerId);
  if (owner === null) return fail('not_found', 'The account is gone.');
  const [videoKey, manifestKey, posterKey] = [
    mediaKey(ids, 'video.mp4'),
    mediaKey(ids, 'manifest.c2pa'),
    mediaKey(ids, 'poster.jpg'),
  ];
  const softBindings =
    report.fingerprints === null
      ? []
      : softBindingsOf('0000000000', report.fingerprints).filter(({ alg }) => alg === fingerprintAlgorithm);
  const signed = await env.PROVENANCE.sign({
    clipId: ids.clipId,
    mediaType: 'video/mp4',
    sourceKey: record.objectKey,
    targetKey: videoKey,
    manifestKey,
    title: `Kinora clip by @${owner.handle}`,
    creatorHandle: owner.handle,
    createdAt: record.createdAt,
    softBindings,
    revocationUrl: `${origin}/revocations/${ids.clipId}`,
    upload: { id: record.id, sha256: record.sha256, fileName: record.fileName },
  });
  if (!signed.ok) return signed;
  const { size, sha256, manifestLabel, crJsonKey } = signed.value;
  return ok({
    video: { key: videoKey, size, sha256, mediaType: 'video/mp4' },
    manifest: { ...(await stored(env, manifestKey)), mediaType: 'application/c2pa' },
    poster: await copyPoster(env, report.poster, posterKey),
    manifestLabel,
    crJsonKey,
  });
}

/** The draft and its entry in the register. Idempotent. @returns why the clip did not take it, null if it did */
export async function deliverUploadedClip(
  env: Env,
  { record, report, size, durationMs }: UploadedClip,
  signed: Signed,
): Promise<ErrorCode | null> {
  const { clipId, generationId } = idsOf(record.id);
  const owner = await accountById(database(env), record.ownerId);
  if (owner === null) return 'not_found';
  await registerRendition(env, {
    clipId,
    sourceId: record.id,
    watermarkId: null,
    manifestLabel: signed.manifestLabel,
    storeKey: signed.manifest.key,
    crJsonKey: signed.crJsonKey,
    fingerprints: report.fingerprints,
  });
  const draft = await env.CLIP.getByName(clipId).createDraft({
    clipId,
    generationId,
    ownerId: record.ownerId,
    ownerHandle: owner.handle,
    coOwnerIds: [],
    cast: [],
    castKeys: [],
    prompt: '',
    spoken: [],
    seed: 0,
    summary: 'A video that was uploaded.',
    engine: {
      ...uploadEngine,
      description: 'Uploaded by its owner. It was not made with an engine of Kinora.',
    },
    size,
    durationMs,
    color: report.color ?? '#202020',
    parent: null,
    media: { video: signed.video, poster: signed.poster, manifest: signed.manifest, captions: null },
    manifestLabel: signed.manifestLabel,
    createdAt: record.createdAt,
    ...(record.verification === null ? {} : { verdict: record.verification.verdict }),
  });
  return draft.ok ? null : draft.error.code;
}

/** A rendition that no clip has taken. */
export async function dropUploadedClip(env: Env, uploadId: Id<'upl'>): Promise<void> {
  await deleteRendition(env, idsOf(uploadId));
}

async function stored(env: Env, key: string): Promise<{ key: string; size: number; sha256: string }> {
  const object = await env.MEDIA.get(key);
  if (object === null) throw new Error('a signed object is missing');
  return { key, size: object.size, sha256: await hexSha256(await object.arrayBuffer()) };
}

async function copyPoster(
  env: Env,
  poster: UploadedClip['report']['poster'],
  key: string,
): Promise<StoredObject> {
  const source = await env.MEDIA.get(poster.objectKey);
  if (source === null) throw new Error('the poster is gone');
  await env.MEDIA.put(key, source.body, {
    sha256: poster.sha256,
    httpMetadata: { contentType: 'image/jpeg' },
  });
  return { key, size: poster.size, sha256: poster.sha256, mediaType: 'image/jpeg' };
}
