/**
 * The fingerprints a render node computed while it encoded. Invariant: what is not of the published shape is refused before a clip is
 * made of it, and a clip is findable by them from the moment it is a draft. Called by check-output.ts, store-rendition.ts and the workflow.
 */
import type { AdmittedGeneration } from '#durable-objects/account/rpc.ts';
import { quarantineKey } from '#durable-objects/render-queue/core/quarantine-key.ts';
import type { JobOutcome } from '#durable-objects/render-queue/rpc.ts';
import { type Fingerprints, fingerprintsSchema } from '#schemas/fingerprint.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import { registerRendition } from '../../durable-credentials/register.ts';
import type { StoredRendition } from './store-rendition.ts';

/** Refuses with output_invalid. @param key in R2 */
export async function readFingerprints(env: Env, key: string): Promise<Result<Fingerprints>> {
  const invalid = () => fail('output_invalid', undefined, { what: 'the fingerprints cannot be read' });
  const object = await env.MEDIA.get(key);
  if (object === null) return invalid();
  try {
    const parsed = fingerprintsSchema.safeParse(await object.json());
    return parsed.success ? ok(parsed.data) : invalid();
  } catch {
    return invalid();
  }
}

/** Makes a rendition findable by its mark and its fingerprints. Idempotent. */
export async function registerClip(
  env: Env,
  { clipId, generationId }: AdmittedGeneration,
  { fence, output }: Extract<JobOutcome, { status: 'completed' }>,
  stored: StoredRendition,
): Promise<void> {
  const fingerprints = await readFingerprints(env, quarantineKey(generationId, fence, 'fingerprints.json'));
  if (!fingerprints.ok) throw new Error('fingerprints that were checked cannot be read any more');
  await registerRendition(env, {
    clipId,
    sourceId: generationId,
    watermarkId: output.watermarkId,
    manifestLabel: stored.manifestLabel,
    storeKey: stored.manifest.key,
    crJsonKey: stored.crJsonKey,
    fingerprints: fingerprints.value,
  });
}
