/**
 * Everything the shard may show, in memory, laid out for scanning. Invariants: one row per clip, of the newest version heard; a
 * removal at version n keeps versions up to n out, also when they arrive after it; rows 0…size-1 are in use, in no particular
 * order. Called by feed-shard-object.ts (which writes the same to SQL) and read by rank.ts.
 */
import type { FeedCandidate } from '#durable-objects/feed-shard/rpc.ts';
import type { Id } from '#schemas/ids.ts';
import { createInterner } from './interner.ts';
import { hashText } from './random.ts';

export interface CandidatePool {
  readonly size: number;
  /** Row numbers, stable until the next change. */
  readonly row: ReadonlyMap<Id<'clip'>, number>;
  readonly candidates: readonly FeedCandidate[];
  /** By row: owner and remix tree as small integers, publication in ms since the epoch, hash of the clip id. */
  readonly owner: Int32Array;
  readonly root: Int32Array;
  readonly publishedAt: Float64Array;
  readonly hash: Uint32Array;
  /** Owner and root numbers are below these. */
  readonly owners: number;
  readonly roots: number;
  /** The number of an owner or a tree, or -1 if it has no clip in the pool. */
  ownerNumber(ownerId: Id<'acc'>): number;
  rootNumber(rootId: Id<'clip'>): number;
  /** False if a newer or equal version, or a removal, is known. */
  upsert(candidate: FeedCandidate): boolean;
  /** False if a newer version or removal is known. */
  remove(clipId: Id<'clip'>, version: number): boolean;
  /** Forgets removals: they need to outlive the queue's retries only. */
  forgetRemoval(clipId: Id<'clip'>): void;
  /** The oldest clip's id, to make room. */
  oldest(): Id<'clip'> | null;
  /** Takes a row out without remembering a removal. */
  drop(clipId: Id<'clip'>): void;
}

/** A pool, restored from what SQL holds. */
export function createCandidatePool(
  stored: Iterable<FeedCandidate> = [],
  removals: Iterable<readonly [Id<'clip'>, number]> = [],
): CandidatePool {
  const row = new Map<Id<'clip'>, number>();
  const candidates: FeedCandidate[] = [];
  const removed = new Map<Id<'clip'>, number>(removals);
  const owners = createInterner();
  const roots = createInterner();
  let owner = new Int32Array(1024);
  let root = new Int32Array(1024);
  let publishedAt = new Float64Array(1024);
  let hash = new Uint32Array(1024);

  function grow(): void {
    const capacity = owner.length * 2;
    const grown = { owner: new Int32Array(capacity), root: new Int32Array(capacity) };
    grown.owner.set(owner);
    grown.root.set(root);
    const times = new Float64Array(capacity);
    times.set(publishedAt);
    const hashes = new Uint32Array(capacity);
    hashes.set(hash);
    ({ owner, root } = grown);
    publishedAt = times;
    hash = hashes;
  }

  function write(at: number, candidate: FeedCandidate): void {
    candidates[at] = candidate;
    row.set(candidate.clipId, at);
    owner[at] = owners.hold(candidate.ownerId);
    root[at] = roots.hold(candidate.rootId);
    publishedAt[at] = candidate.publishedAt;
    hash[at] = hashText(candidate.clipId);
  }

  function drop(clipId: Id<'clip'>): void {
    const at = row.get(clipId);
    const gone = at === undefined ? undefined : candidates[at];
    if (at === undefined || gone === undefined) return;
    row.delete(clipId);
    owners.release(gone.ownerId);
    roots.release(gone.rootId);
    const last = candidates.pop();
    if (last === undefined || last.clipId === clipId) return;
    const from = candidates.length;
    candidates[at] = last;
    row.set(last.clipId, at);
    owner[at] = owner[from] ?? 0;
    root[at] = root[from] ?? 0;
    publishedAt[at] = publishedAt[from] ?? 0;
    hash[at] = hash[from] ?? 0;
  }

  const pool: CandidatePool = {
    get size() {
      return candidates.length;
    },
    row,
    candidates,
    get owner() {
      return owner;
    },
    get root() {
      return root;
    },
    get publishedAt() {
      return publishedAt;
    },
    get hash() {
      return hash;
    },
    get owners() {
      return owners.size;
    },
    get roots() {
      return roots.size;
    },
    ownerNumber: (ownerId) => owners.find(ownerId),
    rootNumber: (rootId) => roots.find(rootId),
    upsert(candidate) {
      if (candidate.version <= (removed.get(candidate.clipId) ?? -1)) return false;
      const at = row.get(candidate.clipId);
      const known = at === undefined ? undefined : candidates[at];
      if (known !== undefined && candidate.version <= known.version) return false;
      if (known !== undefined) drop(candidate.clipId);
      removed.delete(candidate.clipId);
      if (candidates.length === owner.length) grow();
      write(candidates.length, candidate);
      return true;
    },
    remove(clipId, version) {
      const at = row.get(clipId);
      const known = at === undefined ? undefined : candidates[at];
      if (known !== undefined && known.version > version) return false;
      if (known === undefined && version <= (removed.get(clipId) ?? -1)) return false;
      drop(clipId);
      removed.set(clipId, version);
      return true;
    },
    forgetRemoval(clipId) {
      removed.delete(clipId);
    },
    oldest() {
      let at = -1;
      for (let i = 0; i < candidates.length; i++) {
        if (at === -1 || (publishedAt[i] ?? 0) < (publishedAt[at] ?? 0)) at = i;
      }
      return candidates[at]?.clipId ?? null;
    },
    drop,
  };
  for (const candidate of stored) pool.upsert(candidate);
  return pool;
}
