/**
 * The side of the consent log that everybody may read: records with their proofs, tiles and checkpoints. Invariants: nothing in it names
 * a key or a salt; a checkpoint is signed over a tree that holds every entry before it. Called by consent-log-object.ts.
 */
import { entryText, type LogEntry } from './core/log-entry.ts';
import { firstShard } from './core/shard.ts';
import { availableWidth, type Tile, tileWidth } from './core/tile-path.ts';
import type { PublicEntry } from './rpc.ts';
import type { ConsentStore } from './store.ts';
import { CheckpointSigner, entryBundle, sha256, TransparencyTree } from './transparency.ts';

type PublicLogEnv = Pick<Env, 'ORIGIN' | 'CONSENT_LOG_KEY'>;

/** Name of a log in its checkpoints: its address without the scheme (C2SP tlog-tiles). Local installations have no address. */
export function logOrigin(origin: string, shard: string): string {
  return `${origin === '' ? 'kinora.local' : new URL(origin).host}/revocations/${shard}`;
}

export class PublicLog {
  readonly #store: ConsentStore;
  readonly #tree: TransparencyTree;
  readonly #env: PublicLogEnv;
  readonly #shard: string;
  #signer: Promise<CheckpointSigner> | undefined;
  #signed: { readonly size: number; readonly note: Promise<string> } | undefined;

  constructor(
    storage: DurableObjectStorage,
    store: ConsentStore,
    env: PublicLogEnv,
    shard: string = firstShard,
  ) {
    this.#store = store;
    this.#env = env;
    this.#shard = shard;
    this.#tree = new TransparencyTree(storage.sql);
    // Entries from before there was a tree.
    if (this.#tree.size < store.head().position) {
      storage.transactionSync(() => {
        for (const entry of store.range(this.#tree.size + 1, Number.MAX_SAFE_INTEGER))
          this.#tree.append(entry);
      });
    }
  }

  /** Inside the transaction that writes the entry. */
  append(entry: LogEntry): void {
    this.#tree.append(entry);
  }

  async record(id: LogEntry['id']): Promise<PublicEntry | null> {
    const entry = this.#store.byId(id);
    if (entry === null) return null;
    // Proof and checkpoint must be of the same tree: the path is taken before the signature is waited for.
    const hashes = this.#tree.proof(entry.position).map((hash) => Buffer.from(hash).toString('hex'));
    const checkpoint = await this.checkpoint();
    const { position, denies, at, hash, previousHash } = entry;
    return {
      id,
      position,
      denies,
      at,
      hash,
      previousHash,
      lifted: entry.lifts !== null || this.#store.liftOf(id) !== null,
      leaf: entryText(entry, sha256),
      proof: { index: position - 1, hashes, checkpoint },
    };
  }

  /** Signed once per tree size. */
  checkpoint(): Promise<string> {
    const { size } = this.#tree;
    if (this.#signed?.size !== size) {
      const head = { size, root: this.#tree.root() };
      this.#signed = { size, note: this.#sign().then((signer) => signer.sign(head)) };
    }
    return this.#signed.note;
  }

  async verifierKey(): Promise<string> {
    return (await this.#sign()).verifierKey;
  }

  tile(tile: Tile): Uint8Array<ArrayBuffer> | null {
    const { level, index, width } = tile;
    if (level !== 'entries') return this.#tree.tile({ ...tile, level });
    if (availableWidth(this.#tree.size, level, index) < width) return null;
    const first = index * tileWidth + 1;
    return entryBundle(this.#store.range(first, first + width));
  }

  /** A rejected promise is not kept: the next call tries again. */
  #sign(): Promise<CheckpointSigner> {
    this.#signer ??= CheckpointSigner.load(
      this.#env.CONSENT_LOG_KEY,
      logOrigin(this.#env.ORIGIN, this.#shard),
    ).catch((error: unknown) => {
      this.#signer = undefined;
      this.#signed = undefined;
      throw error;
    });
    return this.#signer;
  }
}
