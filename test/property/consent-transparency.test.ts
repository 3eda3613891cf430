/** The Merkle tree, its tiles and its notes against the published vectors, and as properties over random logs. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  appendLeaf,
  consistencyProof,
  hashLeaf,
  inclusionProof,
  rootHash,
  verifyConsistency,
  verifyInclusion,
} from '#durable-objects/consent/core/merkle-tree.ts';
import {
  formatVerifierKey,
  keyMaterial,
  noteText,
  parseCheckpoint,
  parseNote,
  parseVerifierKey,
  signatureLine,
} from '#durable-objects/consent/core/signed-note.ts';
import { availableWidth, parseTilePath, tilePath } from '#durable-objects/consent/core/tile-path.ts';

const hash = (...parts: readonly Uint8Array[]): Uint8Array => {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(part);
  return new Uint8Array(digest.digest());
};
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** A stored tree of these leaves, as the object keeps it. */
function grow(leaves: readonly Uint8Array[]) {
  const nodes = new Map<string, Uint8Array>();
  const read = (level: number, index: number): Uint8Array => {
    const node = nodes.get(`${level}/${index}`);
    if (node === undefined) throw new Error(`no node ${level}/${index}`);
    return node;
  };
  leaves.forEach((leaf, size) => {
    for (const node of appendLeaf(size, hashLeaf(leaf, hash), read, hash)) {
      expect(nodes.has(`${node.level}/${node.index}`), 'a stored node never changes').toBe(false);
      nodes.set(`${node.level}/${node.index}`, node.hash);
    }
  });
  return { read, nodes };
}

/** RFC 6962 §2.1 word by word, as an independent reference. */
function mth(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return hash();
  const [only] = leaves;
  if (leaves.length === 1 && only !== undefined) return hash(Uint8Array.of(0), only);
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return hash(Uint8Array.of(1), mth(leaves.slice(0, k)), mth(leaves.slice(k)));
}

const numbered = (count: number) => Array.from({ length: count }, (_, i) => Buffer.from(`entry ${i}`));

describe('Merkle tree', () => {
  test('gives the roots of the certificate-transparency test vectors', () => {
    const leaves = [
      '',
      '00',
      '10',
      '2021',
      '3031',
      '40414243',
      '5051525354555657',
      '606162636465666768696a6b6c6d6e6f',
    ];
    const roots = [
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
      'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
      '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
      'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
      '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
    ];
    const { read } = grow(leaves.map((leaf) => Buffer.from(leaf, 'hex')));
    expect(hex(rootHash(0, read, hash))).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
    roots.forEach((root, i) => {
      expect(hex(rootHash(i + 1, read, hash))).toBe(root);
    });
  });

  test('every leaf of every tree up to 130 is proved, and in no other place', () => {
    const leaves = numbered(130);
    const { read } = grow(leaves);
    for (let size = 1; size <= leaves.length; size += 1) {
      const root = rootHash(size, read, hash);
      expect(hex(root)).toBe(hex(mth(leaves.slice(0, size))));
      for (let index = 0; index < size; index += 1) {
        const proof = inclusionProof(index, size, read, hash);
        const leaf = hashLeaf(numbered(index + 1)[index] ?? Buffer.alloc(0), hash);
        expect(verifyInclusion(leaf, index, size, proof, root, hash)).toBe(true);
        expect(verifyInclusion(leaf, (index + 1) % (size + 1), size, proof, root, hash)).toBe(false);
      }
    }
  }, 60_000);

  test('every tree up to 70 is the beginning of every later one, and of no other', () => {
    const { read } = grow(numbered(70));
    const { read: other } = grow([Buffer.from('another'), ...numbered(69)]);
    for (let size = 1; size <= 70; size += 1) {
      for (let old = 1; old <= size; old += 1) {
        const [oldRoot, root] = [rootHash(old, read, hash), rootHash(size, read, hash)];
        const proof = consistencyProof(old, size, read, hash);
        expect(verifyConsistency(old, size, oldRoot, root, proof, hash)).toBe(true);
        expect(verifyConsistency(old, size, rootHash(old, other, hash), root, proof, hash)).toBe(false);
      }
    }
  });

  test('a proof with any byte changed, dropped or added proves nothing', () => {
    const { read } = grow(numbered(200));
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 200 }),
        fc.nat(),
        fc.nat(),
        fc.nat(255),
        (size, at, where, mask) => {
          const index = at % size;
          const proof = inclusionProof(index, size, read, hash).map((part) => Uint8Array.from(part));
          const [leaf, root] = [read(0, index), rootHash(size, read, hash)];
          const part = proof[where % proof.length];
          if (part === undefined) return;
          const spot = where % 32;
          part[spot] = (part[spot] ?? 0) ^ (mask || 1);
          expect(verifyInclusion(leaf, index, size, proof, root, hash)).toBe(false);
          const whole = inclusionProof(index, size, read, hash);
          expect(verifyInclusion(leaf, index, size, whole.slice(1), root, hash)).toBe(false);
          expect(verifyInclusion(leaf, index, size, [...whole, root], root, hash)).toBe(false);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('tiles', () => {
  test('paths are those of the specification', () => {
    expect(tilePath({ level: 0, index: 0, width: 256 })).toBe('tile/0/000');
    expect(tilePath({ level: 1, index: 1_234_067, width: 256 })).toBe('tile/1/x001/x234/067');
    expect(tilePath({ level: 'entries', index: 999, width: 17 })).toBe('tile/entries/999.p/17');
    expect(tilePath({ level: 'entries', index: 1000, width: 256 })).toBe('tile/entries/x001/000');
  });

  test('read back as they were written', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.constant('entries' as const), fc.integer({ min: 0, max: 63 })),
        fc.nat(1e12),
        fc.integer({ min: 1, max: 256 }),
        (level, index, width) => {
          expect(parseTilePath(tilePath({ level, index, width }))).toEqual({ level, index, width });
        },
      ),
    );
  });

  test.each([
    'tile/0/0',
    'tile/0/x000/000',
    'tile/64/000',
    'tile/00/000',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/300',
    'tile/0/001/000',
    'tile/-1/000',
    'tile/entries/../000',
    '/tile/0/000',
  ])('%s is no path', (path) => {
    expect(parseTilePath(path)).toBeNull();
  });

  test('a tree of 70,000 has 273 full tiles, one partial, and 273 hashes one level up', () => {
    expect(availableWidth(70_000, 0, 272)).toBe(256);
    expect(availableWidth(70_000, 0, 273)).toBe(112);
    expect(availableWidth(70_000, 0, 274)).toBe(0);
    expect(availableWidth(70_000, 1, 1)).toBe(17);
    expect(availableWidth(70_000, 2, 0)).toBe(1);
  });
});

describe('signed notes', () => {
  // The example key and note of the signed-note specification.
  const vkey = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
  const note =
    'If you think cryptography is the answer to your problem,\nthen you don\u2019t know what your problem is.\n'.replace(
      '\u2019',
      "'",
    ) +
    '\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';

  test('the key of the specification reads, has the id it says, and writes back', () => {
    const key = parseVerifierKey(vkey);
    if (key === null) throw new Error('not read');
    expect(hex(hash(keyMaterial(key.name, key.publicKey)).subarray(0, 4))).toBe('c74f20a3');
    expect(formatVerifierKey(key)).toBe(vkey);
  });

  test('the note of the specification verifies, and not when it says something else', async () => {
    const [key, parsed] = [parseVerifierKey(vkey), parseNote(note)];
    const line = parsed?.signatures[0];
    if (key === null || parsed === null || line === undefined) throw new Error('not read');
    const raw = await crypto.subtle.importKey('raw', Uint8Array.from(key.publicKey), 'Ed25519', false, [
      'verify',
    ]);
    const check = (text: string) =>
      crypto.subtle.verify('Ed25519', raw, Uint8Array.from(line.signature), Buffer.from(text));
    expect(await check(parsed.text)).toBe(true);
    expect(await check(parsed.text.replace('cryptography', 'a ledger'))).toBe(false);
    expect(`${parsed.text}\n${signatureLine(line)}`).toBe(note);
  });

  test('checkpoints read back as they were written', () => {
    fc.assert(
      fc.property(fc.nat(), fc.uint8Array({ minLength: 32, maxLength: 32 }), (size, root) => {
        const checkpoint = { origin: 'kinora.example/revocations/log-0', size, root: Uint8Array.from(root) };
        expect(parseCheckpoint(noteText(checkpoint))).toEqual(checkpoint);
      }),
    );
    expect(parseCheckpoint('origin\n01\nAAAA\n')).toBeNull();
    expect(parseCheckpoint('')).toBeNull();
  });
});
