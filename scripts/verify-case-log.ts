/**
 * Checks the log of a moderation case offline and names the first event that is wrong. Asks nobody anything.
 *
 *   npm exec node scripts/verify-case-log.ts -- log.json --key <base64 public key> [--head <seq>:<hash>] [--against other.json]
 *
 * The key is `logPublicKey` of /api/v1/moderation/numbers, not the one in the file. `--head` is an end of the log that was noted earlier;
 * `--against` is another copy: the two must be one log.
 */
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import {
  firstDifference,
  type KnownHead,
  type VerifyCaseTools,
  verifyCaseLog,
} from '../core/moderation/case-log.ts';
import type { CaseLog } from '../schemas/case-log.ts';
import { idSchema } from '../schemas/ids.ts';

const usage =
  'usage: node scripts/verify-case-log.ts <log.json> --key <base64> [--head <seq>:<hash>] [--against <other.json>]';

/** Only the frame: events are looked at one by one, so that a wrong one has a number. */
const frameSchema = z.looseObject({
  format: z.literal('kinora-case-log/1'),
  caseId: idSchema('case'),
  publicKey: z.string(),
  events: z.array(
    z.custom<CaseLog['events'][number]>((event) => typeof event === 'object' && event !== null),
  ),
});

const tools: VerifyCaseTools = {
  sha256: (text) => createHash('sha256').update(text).digest('hex'),
  verifySignature: (publicKey, text, signature) => {
    const x = Buffer.from(publicKey, 'base64').toString('base64url');
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'));
  },
};

function stop(message: string): never {
  console.error(message);
  process.exit(2);
}

function read(path: string) {
  try {
    const parsed = frameSchema.safeParse(JSON.parse(readFileSync(path === '-' ? 0 : path, 'utf8')));
    if (parsed.success) return parsed.data;
  } catch (error) {
    stop(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return stop(`${path} is not a case log. Get one from /api/v1/moderation/cases/case_…/log`);
}

function headOf(text: string | undefined): KnownHead | undefined {
  if (text === undefined) return undefined;
  const [, seq, hash] = /^(\d+):([0-9a-f]{64})$/.exec(text) ?? [];
  return seq === undefined || hash === undefined ? stop(usage) : { seq: Number(seq), hash };
}

function options() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { key: { type: 'string' }, head: { type: 'string' }, against: { type: 'string' } },
    });
  } catch {
    return stop(usage);
  }
}

const { values, positionals } = options();
const [path] = positionals;
if (path === undefined || values.key === undefined) stop(usage);
if (Buffer.from(values.key, 'base64').length !== 32) stop('--key is the base64 of 32 bytes.');

const log = read(path);
const verdict = await verifyCaseLog(log, values.key, tools, headOf(values.head));
if (!verdict.valid) {
  console.error(`NOT VALID: event ${verdict.seq}: ${verdict.detail}`);
  process.exit(1);
}
if (values.against !== undefined) {
  const differs = firstDifference(log, read(values.against));
  if (differs !== null) {
    console.error(`NOT VALID: event ${differs}: the other copy says something else there.`);
    process.exit(1);
  }
}
const { state, head } = verdict;
console.log(`Valid: ${head.seq} events of ${state.caseId}, status ${state.status}.`);
for (const { id, action, policyId, policyVersion, at, standing } of state.decisions) {
  console.log(`${at}  ${id}: ${action.kind} under ${policyId} version ${policyVersion}, ${standing}.`);
}
if (state.appeal !== null) console.log(`Appealed ${state.appeal.at}: ${state.appeal.outcome ?? 'waits'}.`);
console.log(`Head: ${head.seq}:${head.hash}`);
