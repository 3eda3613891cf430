/**
 * Checkpoints as signed notes (C2SP signed-note and tlog-checkpoint, https://c2sp.org/signed-note, https://c2sp.org/tlog-checkpoint):
 * origin, size and root in three lines, an empty line, one signature line per key. Invariant: what `parseNote` accepts is byte for byte
 * what `noteText` and `signatureLine` write. Signing and verifying themselves are the platform's. Called by transparency.ts and verify-record.ts.
 */

export interface Checkpoint {
  /** The log's address without its scheme. */
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

export interface NoteSignature {
  readonly name: string;
  /** First four bytes of SHA-256 over name, line feed, algorithm and public key. */
  readonly keyId: Uint8Array;
  readonly signature: Uint8Array;
}

export interface VerifierKey {
  readonly name: string;
  readonly keyId: Uint8Array;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
}

/** Algorithm byte of Ed25519 in a signed note. */
const ed25519 = 0x01;

const utf8 = new TextEncoder();

export function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

/** @returns null if the text is not standard base64 */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return null;
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}

/** What is signed. */
export function noteText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

/** `keyMaterial(name, publicKey)` hashed with SHA-256 gives, in its first four bytes, the key id. */
export function keyMaterial(name: string, publicKey: Uint8Array): Uint8Array {
  return Uint8Array.from([...utf8.encode(`${name}\n`), ed25519, ...publicKey]);
}

export function signatureLine({ name, keyId, signature }: NoteSignature): string {
  return `\u2014 ${name} ${toBase64(Uint8Array.from([...keyId, ...signature]))}\n`;
}

/** The public key as clients configure it: `name+hex key id+base64(algorithm, key)`. */
export function formatVerifierKey({ name, keyId, publicKey }: VerifierKey): string {
  const id = Array.from(keyId, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${name}+${id}+${toBase64(Uint8Array.from([ed25519, ...publicKey]))}`;
}

/** @returns null if it is not an Ed25519 verifier key; the caller checks that the id fits the key */
export function parseVerifierKey(text: string): VerifierKey | null {
  const match = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim());
  const [, name = '', id = '', material = ''] = match ?? [];
  const bytes = fromBase64(material);
  if (match === null || bytes === null || bytes.length !== 33 || bytes[0] !== ed25519) return null;
  const keyId = Uint8Array.from(id.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  return { name, keyId, publicKey: bytes.slice(1) };
}

/** Splits any signed note. @returns null if it is not one */
export function parseNote(note: string): { text: string; signatures: NoteSignature[] } | null {
  const end = note.lastIndexOf('\n\n');
  if (end === -1 || !note.endsWith('\n')) return null;
  const signatures: NoteSignature[] = [];
  for (const line of note.slice(end + 2, -1).split('\n')) {
    const match = /^\u2014 (\S+) (\S+)$/.exec(line);
    const bytes = fromBase64(match?.[2] ?? '');
    if (match?.[1] === undefined || bytes === null || bytes.length < 5) return null;
    signatures.push({ name: match[1], keyId: bytes.slice(0, 4), signature: bytes.slice(4) });
  }
  return { text: note.slice(0, end + 1), signatures };
}

/** @returns null if the text of a note is not a checkpoint */
export function parseCheckpoint(text: string): Checkpoint | null {
  const [origin = '', size = '', root = ''] = text.split('\n');
  const hash = fromBase64(root);
  if (origin === '' || !/^(?:0|[1-9]\d{0,15})$/.test(size) || hash === null || hash.length !== 32)
    return null;
  return { origin, size: Number(size), root: hash };
}
