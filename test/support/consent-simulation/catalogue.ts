/**
 * Clips and what they should carry. Invariant: `truth` is worked out here from who made what out of what; `keys` come from the code
 * under test, and only `keys` are shown to a gate. Called by viewers.ts, which publishes, and by world.ts, which picks keys to revoke.
 */
import {
  accountKey,
  type Capability,
  type ConsentKey,
  cameoKey,
  clipKey,
  grantKey,
} from '#schemas/consent.ts';
import type { Protocol } from './protocol.ts';

export interface Clip {
  readonly index: number;
  /** What the code says it is served under. */
  readonly keys: readonly ConsentKey[];
  /** Its own keys and every ancestor's. */
  readonly truth: readonly ConsentKey[];
  readonly ownTruth: readonly ConsentKey[];
  readonly epoch: number;
  lastServedAt: number;
}

const accounts = 3;
const cameos = 2;

/** What a person chooses when revoking (delete, unlist, keep), a lock, and `serve` alone. */
const choices: readonly (readonly Capability[])[] = [
  ['serve', 'list', 'remix', 'download', 'cast'],
  ['list', 'remix', 'download', 'cast'],
  ['cast', 'remix'],
  ['remix', 'download'],
  ['serve'],
];

/** Mostly everything. */
export function deniesOf(choice: number): readonly Capability[] {
  return choices[choice < 4 ? 0 : choice - 3] ?? ['serve'];
}

export class Catalogue {
  readonly clips: Clip[] = [];
  /** Everything that somebody could revoke. */
  readonly keys: ConsentKey[] = [];
  readonly #epochs = new Array<number>(cameos).fill(1);
  readonly #protocol: Protocol;

  constructor(protocol: Protocol) {
    this.#protocol = protocol;
  }

  /** Consent given again: clips made from now on are of the next epoch. */
  reconsent(cameo: number): void {
    const index = cameo % cameos;
    this.#epochs[index] = this.epochOf(index) + 1;
  }

  epochOf(cameo: number): number {
    return this.#epochs[cameo % cameos] ?? 1;
  }

  /** The likeness at its present epoch and the contract; an account and its own cameo need none. */
  castKeys(owner: number, cameo: number): ConsentKey[] {
    const index = cameo % cameos;
    const likeness = cameoKey(`cam_${index}`, this.epochOf(index));
    return owner % accounts === index
      ? [likeness]
      : [likeness, grantKey(`grant_${index}-${owner % accounts}`)];
  }

  /** Null when its lineage carries too many keys. */
  publish(owner: number, castKeys: readonly ConsentKey[], epoch: number, parent: Clip | null): Clip | null {
    const index = this.clips.length;
    const clipId = `clip_${index}` as const;
    const ownerId = `acc_${owner % accounts}` as const;
    const made = this.#protocol.keysOf({
      clipId,
      ownerId,
      castKeys,
      parent: parent === null ? null : { keys: parent.keys },
    });
    if (!made.ok) return null;
    const ownTruth = [clipKey(clipId), accountKey(ownerId), ...castKeys];
    const truth = parent === null ? ownTruth : [...ownTruth, ...parent.truth];
    const clip = {
      index,
      keys: made.value.keys,
      truth,
      ownTruth,
      epoch,
      lastServedAt: Number.NEGATIVE_INFINITY,
    };
    this.clips.push(clip);
    for (const key of ownTruth) if (!this.keys.includes(key)) this.keys.push(key);
    return clip;
  }

  carrying(key: ConsentKey): Clip[] {
    return this.clips.filter(({ truth }) => truth.includes(key));
  }
}
