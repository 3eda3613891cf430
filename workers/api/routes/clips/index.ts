/** Clips: see, publish, lock, delete, where they came from. */
import type { Api } from '../index.ts';
import { deleteClip, lockClip, publishClip, unlockClip } from './change.ts';
import { listMyClips } from './mine.ts';
import { readProvenance } from './provenance.ts';
import { listCoOwners, readClip, readLineage } from './read.ts';

export function registerClipRoutes(app: Api): void {
  for (const router of [
    readClip,
    readLineage,
    listCoOwners,
    publishClip,
    deleteClip,
    lockClip,
    unlockClip,
    readProvenance,
    listMyClips,
  ])
    app.route('/', router);
}
