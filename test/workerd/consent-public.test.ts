/**
 * What anybody may read of the consent log: records that prove themselves, tiles that rebuild the whole tree, pages for people; and that
 * none of it says whose it is.
 */
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { hashLeaf, rootHash } from '#durable-objects/consent/core/merkle-tree.ts';
import { parseCheckpoint, parseNote } from '#durable-objects/consent/core/signed-note.ts';
import { availableWidth, tilePath, tileWidth } from '#durable-objects/consent/core/tile-path.ts';
import { verifyRecord } from '#durable-objects/consent/core/verify-record.ts';
import type { LogReceipt } from '#durable-objects/consent/rpc.ts';
import { hashBytes, sha256 } from '#durable-objects/consent/transparency.ts';
import { createId } from '#durable-objects/shared/id.ts';
import { accountKey, clipKey } from '#schemas/consent.ts';
import { clipConsentSchema, revocationRecordSchema } from '#schemas/http/clips.ts';
import type { Id } from '#schemas/ids.ts';
import { person, publishedClip, stranger } from '../support/api-actors.ts';
import { refusal } from '../support/api-browser.ts';

const log = () => env.CONSENT_LOG.getByName('log-0');
const anybody = stranger();

const tools = {
  sha256,
  hashBytes,
  verifySignature: async (publicKey: Uint8Array, text: string, signature: Uint8Array) => {
    const key = await crypto.subtle.importKey('raw', Uint8Array.from(publicKey), 'Ed25519', false, [
      'verify',
    ]);
    return crypto.subtle.verify('Ed25519', key, Uint8Array.from(signature), new TextEncoder().encode(text));
  },
};

async function revokeSome(count: number): Promise<LogReceipt[]> {
  return Promise.all(
    Array.from({ length: count }, () => {
      const key = accountKey(createId('acc', Date.now()));
      return log().revoke({ key, denies: ['serve', 'list'], idempotencyKey: key });
    }),
  );
}

async function recordOf(id: Id<'rev'>) {
  const answer = await anybody.get(`/revocations/${id}`);
  expect(answer.status).toBe(200);
  return revocationRecordSchema.parse(answer.body);
}

const verifierKey = async () => String((await anybody.get('/revocations/log-0/key')).body);

let receipts: LogReceipt[];
beforeAll(async () => {
  receipts = await revokeSome(300);
});

describe('a record', () => {
  test('proves itself, and with key and salt from the receipt what it is about', async () => {
    const key = await verifierKey();
    for (const receipt of [receipts[0], receipts[123], receipts.at(-1)]) {
      if (receipt === undefined) throw new Error('no receipt');
      const record = await recordOf(receipt.id);
      expect(record.hash).toBe(receipt.hash);
      expect(await verifyRecord(record, key, tools)).toMatchObject({ valid: true, opened: false });
      expect(await verifyRecord(record, key, tools, receipt)).toMatchObject({ valid: true, opened: true });
      const other = { key: receipt.key.replace('acc_', 'acc_0'), salt: receipt.salt };
      expect(await verifyRecord(record, key, tools, other)).toEqual({ valid: false, reason: 'key' });
    }
  });

  test('that was changed anywhere is not valid', async () => {
    const [key, receipt] = [await verifierKey(), receipts[7]];
    if (receipt === undefined) throw new Error('no receipt');
    const record = await recordOf(receipt.id);
    const flip = (hex: string) => (hex.startsWith('0') ? `1${hex.slice(1)}` : `0${hex.slice(1)}`);
    const [firstHash = '', ...restHashes] = record.proof.hashes;
    const changes = {
      record: { ...record, denies: ['list' as const] },
      hash: { ...record, hash: flip(record.hash) },
      proof: { ...record, proof: { ...record.proof, hashes: [flip(firstHash), ...restHashes] } },
      signature: {
        ...record,
        proof: { ...record.proof, checkpoint: record.proof.checkpoint.replace(/\n(\d+)\n/, '\n999999\n') },
      },
      checkpoint: { ...record, proof: { ...record.proof, checkpoint: 'nothing\n' } },
    };
    for (const [reason, changed] of Object.entries(changes))
      expect(await verifyRecord(changed, key, tools), reason).toEqual({ valid: false, reason });
    const forgedLeaf = record.leaf.replace('"serve",', '');
    expect(
      await verifyRecord(
        { ...record, leaf: forgedLeaf, denies: ['list'], hash: sha256(forgedLeaf) },
        key,
        tools,
      ),
    ).toEqual({ valid: false, reason: 'proof' });
    // A log signed by somebody else.
    const strange = key.replace(/\+[0-9a-f]{8}\+/, '+00000000+');
    expect(await verifyRecord(record, strange, tools)).toEqual({ valid: false, reason: 'verifier-key' });
  });

  test('names neither key nor salt, and the same key twice looks like two', async () => {
    const key = accountKey(createId('acc', Date.now()));
    const once = await log().revoke({ key, denies: ['serve'], idempotencyKey: `${key}1` });
    const twice = await log().revoke({ key, denies: ['serve'], idempotencyKey: `${key}2` });
    const digests = await Promise.all(
      [once, twice].map(async ({ id, salt }) => {
        const record = await recordOf(id);
        expect(JSON.stringify(record)).not.toContain(key);
        expect(JSON.stringify(record)).not.toContain(salt);
        return (JSON.parse(record.leaf) as { keyDigest: string }).keyDigest;
      }),
    );
    expect(new Set(digests).size).toBe(2);
  });

  test('of an id nobody gave is not there', async () => {
    expect(refusal(await anybody.get(`/revocations/${createId('rev', Date.now())}`))).toBe('404 not_found');
    expect(refusal(await anybody.get('/revocations/rev_1'))).toBe('400 bad_request');
  });
});

describe('the whole log', () => {
  test('can be rebuilt from its tiles, and is what was signed', async () => {
    const note = parseNote(String((await anybody.get('/revocations/log-0/checkpoint')).body));
    const head = note === null ? null : parseCheckpoint(note.text);
    if (head === null) throw new Error('no checkpoint');
    expect(head.size).toBeGreaterThan(300);

    const bytesOf = async (path: string) => {
      const { exports } = await import('cloudflare:workers');
      const response = await exports.default.fetch(new Request(`http://localhost/revocations/log-0/${path}`));
      expect(response.status, path).toBe(200);
      return new Uint8Array(await response.arrayBuffer());
    };
    const leaves: Uint8Array[] = [];
    for (let index = 0; leaves.length < head.size; index += 1) {
      const width = availableWidth(head.size, 0, index);
      const [hashes, bundle] = await Promise.all([
        bytesOf(tilePath({ level: 0, index, width })),
        bytesOf(tilePath({ level: 'entries', index, width })),
      ]);
      for (let at = 0; at < bundle.length; ) {
        const length = ((bundle[at] ?? 0) << 8) | (bundle[at + 1] ?? 0);
        leaves.push(hashLeaf(bundle.subarray(at + 2, at + 2 + length), hashBytes));
        at += 2 + length;
      }
      const stored = leaves.slice(index * tileWidth).map((leaf) => Array.from(leaf));
      expect(
        Array.from({ length: width }, (_, i) => Array.from(hashes.subarray(i * 32, i * 32 + 32))),
      ).toEqual(stored);
    }
    // Perfect subtrees from the leaves alone.
    const node = (level: number, index: number): Uint8Array => {
      if (level === 0) return leaves[index] ?? new Uint8Array();
      return hashBytes(Uint8Array.of(1), node(level - 1, index * 2), node(level - 1, index * 2 + 1));
    };
    expect(rootHash(head.size, node, hashBytes)).toEqual(head.root);
    const upper = await bytesOf(tilePath({ level: 1, index: 0, width: availableWidth(head.size, 1, 0) }));
    expect(Array.from(upper.subarray(0, 32))).toEqual(Array.from(node(8, 0)));
  });

  test.each([
    '/revocations/log-0/tile/0/999',
    '/revocations/log-0/tile/0/000.p/0',
    '/revocations/log-0/tile/entries/../000',
    '/revocations/log-9/tile/0/000',
    '/revocations/log-0/tile/5/000.p/1',
  ])('%s is not there', async (path) => {
    expect((await anybody.get(path)).status).toBe(404);
  });

  test('a log there is not has no checkpoint', async () => {
    expect(refusal(await anybody.get('/revocations/log-9/checkpoint'))).toBe('400 bad_request');
  });
});

describe('a clip', () => {
  test('stands, then is told as withdrawn to whoever checks a copy, in JSON and on a page', async () => {
    const owner = await person();
    const clipId = await publishedClip(owner);
    const page = (accept: string) =>
      anybody.send('GET', `/revocations/${clipId}`, undefined, { Accept: accept });
    expect(clipConsentSchema.parse((await page('*/*')).body)).toEqual({
      clipId,
      revoked: false,
      revocation: null,
    });
    expect((await page('text/html,application/xhtml+xml,*/*;q=0.8')).body).toContain('Consent stands');

    const deleted = await owner.browser.send('DELETE', `/api/v1/clips/${clipId}`);
    expect(deleted.status).toBe(200);
    const consent = clipConsentSchema.parse((await page('application/json')).body);
    expect(consent.revocation?.id).toBe((deleted.body as { id: string }).id);
    const html = String((await page('text/html')).body);
    expect(html).toContain('Consent withdrawn on');
    expect(html).not.toContain(owner.handle);
    expect(html).not.toContain(owner.id);
  });

  test('is told as withdrawn when any of its keys was, without saying which', async () => {
    const owner = await person();
    const clipId = await publishedClip(owner);
    await log().revoke({ key: accountKey(owner.id), denies: ['serve'], idempotencyKey: owner.id });
    const body = (await anybody.get(`/revocations/${clipId}`)).body;
    expect(clipConsentSchema.parse(body).revoked).toBe(true);
    expect(JSON.stringify(body)).not.toContain(owner.id);
    expect(JSON.stringify(body)).not.toContain(accountKey(owner.id));
  });

  test('that never was is not there; one that was denied as a draft is', async () => {
    const never = createId('clip', Date.now());
    expect(refusal(await anybody.get(`/revocations/${never}`))).toBe('404 not_found');
    const draft = createId('clip', Date.now());
    await log().revoke({ key: clipKey(draft), denies: ['serve'], idempotencyKey: draft });
    expect(clipConsentSchema.parse((await anybody.get(`/revocations/${draft}`)).body).revoked).toBe(true);
  });
});
