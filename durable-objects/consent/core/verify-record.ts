/**
 * Checks a public revocation record without asking Kinora anything. Invariant: `valid` only if the record says what its leaf says, the
 * leaf lies in the tree of the checkpoint, the checkpoint is signed by the given key, and, where key and salt are given, the entry is
 * about that key. Called by scripts/verify-revocation.ts and by tests; pure, so anyone may carry it elsewhere.
 */
import { keyDigest, type Sha256 } from './log-entry.ts';
import { type HashBytes, hashLeaf, verifyInclusion } from './merkle-tree.ts';
import { keyMaterial, parseCheckpoint, parseNote, parseVerifierKey } from './signed-note.ts';

/** The parts of `GET /revocations/rev_…` that are checked. */
export interface PublicRecord {
  readonly id: string;
  readonly position: number;
  readonly denies: readonly string[];
  readonly revokedAt: string;
  readonly hash: string;
  readonly previousHash: string;
  readonly leaf: string;
  readonly proof: { readonly index: number; readonly hashes: readonly string[]; readonly checkpoint: string };
}

export interface VerifyTools {
  readonly sha256: Sha256;
  readonly hashBytes: HashBytes;
  /** Ed25519 (RFC 8032). */
  readonly verifySignature: (
    publicKey: Uint8Array,
    text: string,
    signature: Uint8Array,
  ) => boolean | Promise<boolean>;
}

export type RecordVerdict =
  | { readonly valid: true; readonly origin: string; readonly size: number; readonly opened: boolean }
  | {
      readonly valid: false;
      readonly reason: 'record' | 'hash' | 'proof' | 'checkpoint' | 'signature' | 'verifier-key' | 'key';
    };

const invalid = (reason: Extract<RecordVerdict, { valid: false }>['reason']): RecordVerdict => ({
  valid: false,
  reason,
});

function fromHex(text: string): Uint8Array | null {
  return /^(?:[0-9a-f]{2})*$/.test(text)
    ? Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
    : null;
}

/** Says what the leaf says, in the same words. */
function agrees(record: PublicRecord, leaf: Readonly<Record<string, unknown>>): boolean {
  return (
    leaf.id === record.id &&
    leaf.position === record.position &&
    leaf.at === record.revokedAt &&
    leaf.previousHash === record.previousHash &&
    Array.isArray(leaf.denies) &&
    leaf.denies.join() === record.denies.join() &&
    record.proof.index === record.position - 1
  );
}

function parseLeaf(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const leaf: unknown = JSON.parse(text);
    return typeof leaf === 'object' && leaf !== null ? { ...leaf } : null;
  } catch {
    return null;
  }
}

/**
 * @param verifierKey the log's key in signed-note form, obtained from somewhere other than the record
 * @param opening key and salt from a receipt, to show what the record is about
 */
export async function verifyRecord(
  record: PublicRecord,
  verifierKey: string,
  tools: VerifyTools,
  opening?: { readonly key: string; readonly salt: string },
): Promise<RecordVerdict> {
  const leaf = parseLeaf(record.leaf);
  if (leaf === null || !agrees(record, leaf)) return invalid('record');
  if (tools.sha256(record.leaf) !== record.hash) return invalid('hash');

  const trusted = parseVerifierKey(verifierKey);
  if (trusted === null) return invalid('verifier-key');
  const id = tools.hashBytes(keyMaterial(trusted.name, trusted.publicKey)).subarray(0, 4);
  if (id.join() !== trusted.keyId.join()) return invalid('verifier-key');

  const note = parseNote(record.proof.checkpoint);
  const checkpoint = note === null ? null : parseCheckpoint(note.text);
  if (note === null || checkpoint === null || checkpoint.origin !== trusted.name)
    return invalid('checkpoint');
  const line = note.signatures.find(
    (signature) => signature.name === trusted.name && signature.keyId.join() === trusted.keyId.join(),
  );
  if (line === undefined) return invalid('signature');
  if (!(await tools.verifySignature(trusted.publicKey, note.text, line.signature)))
    return invalid('signature');

  const hashes = record.proof.hashes.map(fromHex);
  const proof = hashes.filter((hash) => hash !== null);
  const leafHash = hashLeaf(new TextEncoder().encode(record.leaf), tools.hashBytes);
  if (
    proof.length !== hashes.length ||
    !verifyInclusion(leafHash, record.proof.index, checkpoint.size, proof, checkpoint.root, tools.hashBytes)
  ) {
    return invalid('proof');
  }
  if (opening !== undefined && keyDigest(opening.key, opening.salt, tools.sha256) !== leaf.keyDigest) {
    return invalid('key');
  }
  return { valid: true, origin: checkpoint.origin, size: checkpoint.size, opened: opening !== undefined };
}
