/** Clips: see, publish, lock, delete, where they came from. */
import type { Api } from '../index.ts';
import { deleteClip, hideClip, lockClip, publishClip, unhideClip, unlockClip } from './change.ts';
import { readClipErasure } from './erasure.ts';
import { listMyClips } from './mine.ts';
import { readProvenance } from './provenance.ts';
import { listCoOwners, readClip, readLineage } from './read.ts';
import { askRecast, recastClip } from './recast.ts';

export function registerClipRoutes(app: Api): void {
  for (const router of [
    readClip,
    readLineage,
    listCoOwners,
    publishClip,
    deleteClip,
    lockClip,
    unlockClip,
    hideClip,
    unhideClip,
    askRecast,
    recastClip,
    readProvenance,
    readClipErasure,
    listMyClips,
  ])
    app.route('/', router);
}
