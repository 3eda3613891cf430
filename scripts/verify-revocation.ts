/**
 * Checks a public revocation record offline: that it is in the log it names, that the log signed that, and, with the key and salt from a
 * receipt, that it is about this clip or likeness. Asks nobody anything.
 *
 *   npm exec node scripts/verify-revocation.ts -- record.json --key 'kinora.example/revocations/log-0+…' [--about 'clip:clip_…' --salt …]
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { verifyRecord } from '../durable-objects/consent/core/verify-record.ts';
import { clipConsentSchema, revocationRecordSchema } from '../schemas/http/clips.ts';

const usage =
  "usage: node scripts/verify-revocation.ts <record.json> --key '<verifier key>' [--about '<consent key>' --salt <hex>]";

const reasons = {
  record: 'The record does not say what its log entry says.',
  hash: 'The hash is not that of the entry.',
  proof: 'The entry is not in the tree of the checkpoint.',
  checkpoint: 'The checkpoint is not one of the log this key belongs to.',
  signature: 'The checkpoint is not signed by this key.',
  'verifier-key': 'The verifier key is not valid.',
  key: 'The record is about something else: key and salt do not open its digest.',
} as const;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { key: { type: 'string' }, about: { type: 'string' }, salt: { type: 'string' } },
});
const [path] = positionals;
if (
  path === undefined ||
  values.key === undefined ||
  (values.about === undefined) !== (values.salt === undefined)
) {
  console.error(usage);
  process.exit(2);
}

const parsed = z
  .union([revocationRecordSchema, clipConsentSchema])
  .safeParse(JSON.parse(readFileSync(path === '-' ? 0 : path, 'utf8')));
if (!parsed.success) {
  console.error(
    'This is not a revocation record. Get one with: curl …/revocations/rev_… -H "accept: application/json"',
  );
  process.exit(2);
}
const record = 'clipId' in parsed.data ? parsed.data.revocation : parsed.data;
if (record === null) {
  console.log('Nobody has withdrawn consent: there is nothing to check.');
  process.exit(0);
}

const verdict = await verifyRecord(
  record,
  values.key,
  {
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    hashBytes: (...parts) => {
      const hash = createHash('sha256');
      for (const part of parts) hash.update(part);
      return new Uint8Array(hash.digest());
    },
    verifySignature: async (publicKey, text, signature) => {
      const key = await crypto.subtle.importKey('raw', Uint8Array.from(publicKey), 'Ed25519', false, [
        'verify',
      ]);
      return crypto.subtle.verify('Ed25519', key, Uint8Array.from(signature), new TextEncoder().encode(text));
    },
  },
  values.about === undefined || values.salt === undefined
    ? undefined
    : { key: values.about, salt: values.salt },
);
if (!verdict.valid) {
  console.error(`NOT VALID: ${reasons[verdict.reason]}`);
  process.exit(1);
}
console.log(`Valid: entry ${record.position} of ${verdict.origin}, in a signed tree of ${verdict.size}.`);
console.log(`Withdrawn on ${record.revokedAt}: ${record.denies.join(', ')}.`);
if (verdict.opened) console.log(`It is about ${values.about}.`);
