/**
 * What finds a clip again without its metadata: fingerprints, marks, manifests by label. Invariant: the index forgets first and for good, so a rendition
 * that is registered late is not; labels of manifests stay, so that a copy leads to the record of the revocation and nowhere else. Called by the
 * erasure workflow, one store at a time.
 */

import { fingerprintIndexOf } from '#durable-objects/fingerprint-index/rpc.ts';
import { clipIdOf, type EraseParams } from '#durable-objects/shared/erasure.ts';
import { forgetRendition } from '../../durable-credentials/register.ts';
import { counted, type StoreAnswer } from './core/receipt.ts';

type CredentialsEnv = Pick<Env, 'DB' | 'FINGERPRINT_INDEX'>;

export async function forgetFingerprints(
  env: CredentialsEnv,
  { subject }: EraseParams,
): Promise<StoreAnswer> {
  const clipId = clipIdOf(subject);
  if (clipId === null) return { status: 'none', items: 0, detail: 'No fingerprint is made of a likeness.' };
  const { removed } = await fingerprintIndexOf(env).remove(clipId);
  if (removed === 0) return { status: 'none', items: 0, detail: 'There was no fingerprint.' };
  return {
    status: 'erased',
    items: removed,
    detail: `Picture and sound hashes of ${counted(removed, 'rendition')}; they are kept out if they come late.`,
  };
}

export async function forgetCredentials(env: CredentialsEnv, { subject }: EraseParams): Promise<StoreAnswer> {
  const clipId = clipIdOf(subject);
  if (clipId === null) {
    return { status: 'none', items: 0, detail: 'Marks and manifests are found by clip, not by likeness.' };
  }
  const { credentials } = await forgetRendition(env, clipId);
  if (credentials === 0) return { status: 'none', items: 0, detail: 'There was no mark and no manifest.' };
  return {
    status: 'erased',
    items: credentials,
    detail: `${counted(credentials, 'entry', 'entries')} that led from its mark and its manifests to it. The labels of its manifests stay, so that a copy leads to the record of the revocation.`,
  };
}
