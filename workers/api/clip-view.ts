/**
 * A clip as its object knows it this moment, with owner and counts from D1. The projection may lag behind a publication by a
 * moment; the person who just published must not notice.
 */

import { clipProjection } from '#durable-objects/clip/core/clip-projection.ts';
import type { ClipRecord } from '#durable-objects/clip/rpc.ts';
import type { Clip } from '#schemas/http/clips.ts';
import type { Id } from '#schemas/ids.ts';
import { accountById, accountsByIds, presentAccount } from '../store/accounts-store.ts';
import { hydrateClips } from '../store/clips-store.ts';
import { database } from '../store/database.ts';
import { presentClip } from '../store/present-clip.ts';

export async function viewClip(env: Env, record: ClipRecord, viewerId: Id<'acc'> | null): Promise<Clip> {
  const db = database(env);
  const { version, clip } = clipProjection(record);
  const current = { ...clip, version };
  const [row] = await hydrateClips(db, [record.clipId], viewerId);
  const inIt = clip.cast.flatMap(({ accountId }) => accountId ?? []);
  const castAccounts = [...(await accountsByIds(db, inIt)).values()];
  if (row !== undefined) return presentClip({ ...row, castAccounts, clip: current }, viewerId);

  const owner = await accountById(db, record.ownerId);
  if (owner === null) throw new Error('a clip without an owner');
  const fresh = {
    castAccounts,
    likes: 0,
    comments: 0,
    remixes: 0,
    labelPolicyId: null,
    liked: false,
    followsOwner: false,
    parentAvailable: record.parent !== null,
  };
  return presentClip({ clip: current, owner: presentAccount(owner), ...fresh }, viewerId);
}
