/**
 * What is kept beside a signed file: its bare manifest store and its crJSON. Invariant: the store is the one in the file, byte for byte, and the
 * crJSON names the file and the store it speaks of. Called by sign.ts after the file was found sound.
 */
import { crJsonKeyOf, type SignedRendition, type SignRequest } from '#schemas/provenance.ts';
import { hexSha256 } from '../../encoding/hex.ts';
import { crJsonMarks, isMarked, type SignMarks, signMarks, speaksOf } from './marks.ts';
import type { SoundFile } from './soundness.ts';

/** Writes what is not there yet, and answers with what there is. */
export async function keepRecords(
  bucket: R2Bucket,
  request: SignRequest,
  marks: SignMarks,
  target: R2Object,
  file: SoundFile,
): Promise<SignedRendition> {
  const crJsonKey = crJsonKeyOf(request.manifestKey);
  const [manifest, crJson] = await Promise.all([bucket.head(request.manifestKey), bucket.head(crJsonKey)]);
  const store = file.store.slice();
  const storeSha256 = await hexSha256(store);
  // A store of the same request and source is this one: nothing is put into the file that was not agreed on through this object.
  if (manifest === null || !isMarked(manifest, marks.request, null) || manifest.size !== store.length) {
    await putStore(bucket, request.manifestKey, store, marks);
  }
  if (crJson === null || !speaksOf(crJson, target, storeSha256)) {
    await bucket.put(crJsonKey, JSON.stringify(file.verification.crJson), {
      httpMetadata: { contentType: 'application/json' },
      customMetadata: crJsonMarks(target, storeSha256),
    });
  }
  return {
    manifestLabel: file.label,
    size: target.size,
    sha256: file.sha256,
    crJsonKey,
    report: file.verification.report,
  };
}

/** @param onlyIf condition; null is returned where it does not hold */
export function putStore(
  bucket: R2Bucket,
  key: string,
  store: Uint8Array,
  marks: SignMarks,
  onlyIf?: R2Conditional | Headers,
): Promise<R2Object | null> {
  return bucket.put(key, store, {
    ...(onlyIf === undefined ? {} : { onlyIf }),
    httpMetadata: { contentType: 'application/c2pa' },
    customMetadata: signMarks(marks),
  });
}
