/**
 * Which of our clips a film is a copy of. Invariants: the rows are the truth and the table in memory only says which of them to look at, so an
 * eviction loses nothing; a clip that was forgotten never comes back, however late somebody adds it; only what a full comparison confirms is
 * answered. Called through workers/durable-credentials (registration, recovery, erasure) and the resolution routes.
 */
import { DurableObject } from 'cloudflare:workers';
import { ClipIndex, probesOf } from '#core/fingerprint/clip-index.ts';
import { comparePacked } from '#core/fingerprint/compare.ts';
import { compareAudio } from '#core/fingerprint/index.ts';
import { type PackedFrames, packBank, packQuery, unpackFrames } from '#core/fingerprint/packed.ts';
import { log } from '#durable-objects/shared/log.ts';
import { migrate } from '#durable-objects/shared/migrations.ts';
import { type Fingerprints, fingerprintAlgorithm, fingerprintsSchema } from '#schemas/fingerprint.ts';
import type { Id } from '#schemas/ids.ts';
import { fingerprintIndexMigrations } from './migrations.ts';
import type { FingerprintIndexRpc, FingerprintMatch } from './rpc.ts';
import { RenditionsStore, type StoredRendition } from './store.ts';

/** Candidates that are compared in full. */
const maxCandidates = 5;
/** Hashes that are held in memory: 72 bytes each, of the 128 MB an object has. More are stored and not found: time for a second index. */
const maxHashes = 1_100_000;

export class FingerprintIndexObject extends DurableObject<Env> implements FingerprintIndexRpc {
  readonly #store: RenditionsStore;
  /** Built with the first question: an object that only stores needs none. */
  #index: ClipIndex | null = null;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage, fingerprintIndexMigrations);
    this.#store = new RenditionsStore(ctx.storage.sql);
  }

  async add({ clipId, sourceId, fingerprints }: Parameters<FingerprintIndexRpc['add']>[0]): Promise<boolean> {
    if (this.#store.isForgotten(clipId)) return false;
    if (fingerprints === null) return true;
    const { frames, audio } = fingerprintsSchema.parse(fingerprints);
    const packed = packBank(frames);
    const probes = probesOf(packed);
    const position = this.#store.add(clipId, sourceId, packed, probes, audio);
    if (position !== null && this.#index !== null) hold(this.#index, position, probes);
    return true;
  }

  async remove(clipId: Id<'clip'>): Promise<{ readonly removed: number }> {
    const positions = this.ctx.storage.transactionSync(() => this.#store.forget(clipId));
    for (const position of positions) this.#index?.remove(position);
    // Half of it is empty room: the next question builds it anew.
    if (this.#index !== null && this.#index.hashes.room > 2 * this.#index.hashes.size + 10_000)
      this.#index = null;
    return { removed: positions.length };
  }

  async isForgotten(clipId: Id<'clip'>): Promise<boolean> {
    return this.#store.isForgotten(clipId);
  }

  async match(query: Fingerprints, limit: number): Promise<readonly FingerprintMatch[]> {
    const packed = packQuery(fingerprintsSchema.parse(query).frames);
    const best = new Map<Id<'clip'>, FingerprintMatch>();
    for (const { owner } of this.#built().candidates(packed, maxCandidates)) {
      const rendition = this.#store.at(owner);
      if (rendition === null) continue;
      const match = compared(packed, query.audio, rendition);
      if (!match.agrees) continue;
      const so = best.get(match.clipId);
      if (so === undefined || match.similarity > so.similarity) best.set(match.clipId, match);
    }
    return [...best.values()].sort((a, b) => b.similarity - a.similarity).slice(0, Math.max(0, limit));
  }

  async matchHashes(
    frames: Fingerprints['frames'],
    limit: number,
  ): Promise<readonly { readonly clipId: Id<'clip'>; readonly similarity: number }[]> {
    const packed = packQuery(fingerprintsSchema.shape.frames.parse(frames));
    const best = new Map<Id<'clip'>, number>();
    for (const [owner, similarity] of this.#built().nearest(packed)) {
      const clipId = this.#store.at(owner)?.clipId;
      if (clipId !== undefined) best.set(clipId, Math.max(similarity, best.get(clipId) ?? 0));
    }
    return [...best]
      .map(([clipId, similarity]) => ({ clipId, similarity }))
      .sort((a, b) => b.similarity - a.similarity)
      .slice(0, Math.max(0, limit));
  }

  async compare(query: Fingerprints, clipId: Id<'clip'>): Promise<FingerprintMatch | null> {
    const packed = packQuery(fingerprintsSchema.parse(query).frames);
    const matches = this.#store.of(clipId).map((rendition) => compared(packed, query.audio, rendition));
    return matches.sort((a, b) => b.similarity - a.similarity)[0] ?? null;
  }

  async fingerprintsOf(clipId: Id<'clip'>): Promise<Fingerprints | null> {
    const rendition = this.#store.of(clipId).at(-1);
    if (rendition === undefined) return null;
    const { frames, audio } = rendition;
    return { algorithm: fingerprintAlgorithm, frames: unpackFrames(frames), audio };
  }

  #built(): ClipIndex {
    if (this.#index !== null) return this.#index;
    const index = new ClipIndex(8);
    for (const { position, words } of this.#store.probes()) if (!hold(index, position, words)) break;
    this.#index = index;
    return index;
  }
}

/** @returns false when there is no room left */
function hold(index: ClipIndex, position: number, probes: Uint32Array): boolean {
  if (index.hashes.room >= maxHashes) {
    log('error', 'fingerprint index is full', { hashes: index.hashes.room });
    return false;
  }
  index.add(position, probes);
  return true;
}

function compared(
  query: PackedFrames,
  sound: Fingerprints['audio'],
  rendition: StoredRendition,
): FingerprintMatch {
  const audio = sound === null || rendition.audio === null ? null : compareAudio(sound, rendition.audio);
  return { clipId: rendition.clipId, ...comparePacked(query, rendition.frames, audio) };
}
