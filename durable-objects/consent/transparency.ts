/**
 * What makes the consent log provable from outside: the Merkle tree over its entries and the signed checkpoints. Invariants: an entry
 * and its tree nodes are written in the same transaction; a signature is made only over a tree that is stored.
 * Called by consent-log-object.ts.
 */
import { createHash } from 'node:crypto';
import { entryText, type LogEntry, type Sha256 } from './core/log-entry.ts';
import { appendLeaf, hashLeaf, inclusionProof, rootHash } from './core/merkle-tree.ts';
import {
  type Checkpoint,
  formatVerifierKey,
  keyMaterial,
  noteText,
  signatureLine,
  type VerifierKey,
} from './core/signed-note.ts';
import { availableWidth, type Tile, tileHeight, tileWidth } from './core/tile-path.ts';

const utf8 = new TextEncoder();

/** Hex SHA-256 of UTF-8 text. */
export const sha256: Sha256 = (text) => createHash('sha256').update(text).digest('hex');

/** SHA-256 over the parts, one after the other. */
export function hashBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}

export class TransparencyTree {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Leaves, as stored: a transaction that was rolled back leaves no trace. */
  get size(): number {
    return this.#sql
      .exec<{ size: number }>('SELECT COALESCE(MAX(position) + 1, 0) AS size FROM tree_nodes WHERE level = 0')
      .one().size;
  }

  /** Inside the transaction that writes the entry. Entries come in order; one that is there already changes nothing. */
  append(entry: LogEntry): void {
    const { size } = this;
    if (entry.position <= size) return;
    if (entry.position !== size + 1) throw new Error('the consent tree has a gap');
    const leafHash = hashLeaf(utf8.encode(entryText(entry, sha256)), hashBytes);
    for (const node of appendLeaf(size, leafHash, this.#read, hashBytes)) {
      this.#sql.exec(
        'INSERT INTO tree_nodes (level, position, hash) VALUES (?, ?, ?)',
        node.level,
        node.index,
        node.hash,
      );
    }
  }

  root(): Uint8Array {
    return rootHash(this.size, this.#read, hashBytes);
  }

  /** Audit path of the entry at a position, in the tree as it is. */
  proof(position: number): Uint8Array[] {
    return inclusionProof(position - 1, this.size, this.#read, hashBytes);
  }

  /** The hashes of a tile of level 0 and above, or null if the tree is not that far. */
  tile({ level, index, width }: Tile & { readonly level: number }): Uint8Array<ArrayBuffer> | null {
    if (availableWidth(this.size, level, index) < width) return null;
    const bytes = new Uint8Array(width * 32);
    for (let i = 0; i < width; i += 1) {
      bytes.set(this.#read(level * tileHeight, index * tileWidth + i), i * 32);
    }
    return bytes;
  }

  readonly #read = (level: number, index: number): Uint8Array => {
    const row = this.#sql
      .exec<{ hash: ArrayBuffer }>(
        'SELECT hash FROM tree_nodes WHERE level = ? AND position = ?',
        level,
        index,
      )
      .one();
    return new Uint8Array(row.hash);
  };
}

/** A bundle of entries: each text in UTF-8 behind its length, two bytes big-endian (C2SP tlog-tiles). */
export function entryBundle(entries: Iterable<LogEntry>): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  for (const entry of entries) {
    const text = utf8.encode(entryText(entry, sha256));
    parts.push(Uint8Array.of(text.length >> 8, text.length & 0xff), text);
  }
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Signs checkpoints with the log's Ed25519 key. */
export class CheckpointSigner {
  readonly #privateKey: CryptoKey;
  readonly key: VerifierKey;

  private constructor(privateKey: CryptoKey, key: VerifierKey) {
    this.#privateKey = privateKey;
    this.key = key;
  }

  /**
   * @param pkcs8 base64, as in CONSENT_LOG_KEY
   * @param origin the log's name: its address without the scheme
   * @throws if the key is not an Ed25519 key
   */
  static async load(pkcs8: string, origin: string): Promise<CheckpointSigner> {
    const der = Uint8Array.from(atob(pkcs8), (char) => char.charCodeAt(0));
    const privateKey = await crypto.subtle.importKey('pkcs8', der, 'Ed25519', true, ['sign']);
    const exported = await crypto.subtle.exportKey('jwk', privateKey);
    if (exported instanceof ArrayBuffer || exported.x === undefined)
      throw new Error('CONSENT_LOG_KEY has no public part');
    const publicKey = new Uint8Array(Buffer.from(exported.x, 'base64url'));
    const keyId = hashBytes(keyMaterial(origin, publicKey)).slice(0, 4);
    return new CheckpointSigner(privateKey, { name: origin, keyId, publicKey });
  }

  get verifierKey(): string {
    return formatVerifierKey(this.key);
  }

  /** The signed note of a tree head. */
  async sign(head: Omit<Checkpoint, 'origin'>): Promise<string> {
    const text = noteText({ ...head, origin: this.key.name });
    const signature = new Uint8Array(
      await crypto.subtle.sign('Ed25519', this.#privateKey, utf8.encode(text)),
    );
    return `${text}\n${signatureLine({ name: this.key.name, keyId: this.key.keyId, signature })}`;
  }
}
