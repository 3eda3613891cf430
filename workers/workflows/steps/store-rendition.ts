/** Moves a checked output out of quarantine: the video through the provenance worker, which signs and verifies it; the rest as it is. */

import { watermarkAlgorithm } from '#core/watermark/algorithm.ts';
import type { AdmittedGeneration } from '#durable-objects/account/rpc.ts';
import type { StoredObject } from '#durable-objects/clip/rpc.ts';
import { quarantineKey } from '#durable-objects/render-queue/core/quarantine-key.ts';
import type { JobOutcome } from '#durable-objects/render-queue/rpc.ts';
import type { ErrorCode } from '#schemas/errors.ts';
import { type Fingerprints, fingerprintAlgorithm } from '#schemas/fingerprint.ts';
import type { SignRequest, WatermarkId } from '#schemas/provenance.ts';
import { type OutputFile, outputFiles } from '#schemas/render.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import { hexSha256 } from '../../encoding/hex.ts';
import { readFingerprints } from './fingerprints.ts';
import { mediaKey } from './media-keys.ts';

/** Below this a PDQ hash says nothing (schemas/fingerprint.ts). */
const tellingQuality = 50;

export interface StoredRendition {
  readonly video: StoredObject;
  readonly poster: StoredObject;
  readonly manifest: StoredObject;
  readonly captions: StoredObject | null;
  readonly fingerprints: StoredObject;
  readonly manifestLabel: string;
  readonly crJsonKey: string;
  readonly engineDescription: string;
}

async function copy(env: Env, from: string, to: string, mediaType: string): Promise<StoredObject> {
  const source = await env.MEDIA.get(from);
  if (source === null) throw new Error('a quarantined file is gone');
  const sha256 = source.checksums.toJSON().sha256;
  if (sha256 === undefined) throw new Error('a quarantined file has no checksum');
  await env.MEDIA.put(to, source.body, { sha256, httpMetadata: { contentType: mediaType } });
  return { key: to, size: source.size, sha256, mediaType };
}

async function hashOf(env: Env, key: string): Promise<{ size: number; sha256: string }> {
  const object = await env.MEDIA.get(key);
  if (object === null) throw new Error('a signed object is missing');
  return { size: object.size, sha256: await hexSha256(await object.arrayBuffer()) };
}

/**
 * What leads back to the manifest from a copy without metadata (C2PA 2.4 `c2pa.soft-binding`): the mark that was ordered, and of the
 * fingerprint the frame in the middle. `byBinding` takes both forms.
 */
export function softBindingsOf(
  watermarkId: WatermarkId,
  { frames }: Fingerprints,
): SignRequest['softBindings'] {
  const telling = frames.filter(({ quality }) => quality >= tellingQuality);
  const { [Math.floor(telling.length / 2)]: middle } = telling;
  const bindings = [{ alg: watermarkAlgorithm, value: base64OfHex(watermarkId) }];
  const hash = middle?.views[0];
  return hash === undefined
    ? bindings
    : [...bindings, { alg: fingerprintAlgorithm, value: base64OfHex(hash) }];
}

/** Fails with provenance_failed when the manifest cannot be made or does not verify. */
export async function storeRendition(
  env: Env,
  admitted: AdmittedGeneration,
  job: Extract<JobOutcome, { status: 'completed' }>,
): Promise<Result<StoredRendition>> {
  const { clipId, generationId, parent } = admitted;
  const { files, engine, watermarkId } = job.output;
  const quarantined = (file: OutputFile) => quarantineKey(generationId, job.fence, file);
  const fingerprints = await readFingerprints(env, quarantined('fingerprints.json'));
  if (!fingerprints.ok) return fingerprints;
  // The parent may have been made again since: its present rendition is the ingredient.
  const ingredient = parent === null ? null : await env.CLIP.getByName(parent.clipId).read();
  if (ingredient !== null && !ingredient.ok) return fail('remix_refused');
  const signed = await env.PROVENANCE.sign({
    clipId,
    mediaType: 'video/mp4',
    sourceKey: quarantined('video.mp4'),
    targetKey: mediaKey(admitted, 'video.mp4'),
    manifestKey: mediaKey(admitted, 'manifest.c2pa'),
    title: `Kinora clip by @${admitted.handle}`,
    creatorHandle: admitted.handle,
    engine,
    digitalSourceType: job.seen.engine.digitalSourceType,
    createdAt: admitted.createdAt,
    ingredients:
      parent === null || ingredient === null
        ? []
        : [
            {
              clipId: parent.clipId,
              title: `Kinora clip by @${parent.handle}`,
              relationship: 'inputTo',
              assetKey: ingredient.value.media.video.key,
            },
          ],
    softBindings: softBindingsOf(watermarkId, fingerprints.value),
    revocationUrl: `${publicOrigin(env, admitted)}/revocations/${clipId}`,
  });
  if (!signed.ok) return fail(meaningOf(signed.error.code));

  const captions =
    files['captions.vtt'] === undefined
      ? null
      : await copy(
          env,
          quarantined('captions.vtt'),
          mediaKey(admitted, 'captions.vtt'),
          outputFiles['captions.vtt'].mediaType,
        );
  return ok({
    video: {
      key: mediaKey(admitted, 'video.mp4'),
      size: signed.value.size,
      sha256: signed.value.sha256,
      mediaType: 'video/mp4',
    },
    poster: await copy(
      env,
      quarantined('poster.jpg'),
      mediaKey(admitted, 'poster.jpg'),
      outputFiles['poster.jpg'].mediaType,
    ),
    manifest: {
      key: mediaKey(admitted, 'manifest.c2pa'),
      ...(await hashOf(env, mediaKey(admitted, 'manifest.c2pa'))),
      mediaType: 'application/c2pa',
    },
    captions,
    fingerprints: await copy(
      env,
      quarantined('fingerprints.json'),
      mediaKey(admitted, 'fingerprints.json'),
      outputFiles['fingerprints.json'].mediaType,
    ),
    manifestLabel: signed.value.manifestLabel,
    crJsonKey: signed.value.crJsonKey,
    engineDescription: job.seen.engine.description,
  });
}

/** What a refusal to sign means to the creator. */
function meaningOf(code: ErrorCode): ErrorCode {
  if (code === 'not_found') return 'remix_refused';
  return code === 'output_invalid' ? code : 'provenance_failed';
}

/** Where the public record of a clip can be asked for; a workflow has no request to read it from, so admission wrote it down. */
function publicOrigin(env: Env, { origin }: AdmittedGeneration): string {
  return env.ORIGIN === '' ? origin : env.ORIGIN.replace(/\/$/, '');
}

function base64OfHex(hex: string): string {
  return btoa(hex.replace(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16))));
}
