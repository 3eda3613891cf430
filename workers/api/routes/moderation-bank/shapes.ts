/** The hash bank as moderators see it, and how the routes find what they compare. Never carries a hash: what cannot be read cannot be evaded. */
import type { Context } from 'hono';
import { z } from 'zod';
import { fingerprintIndexOf } from '#durable-objects/fingerprint-index/rpc.ts';
import { bankEntryStatuses } from '#durable-objects/hash-bank/rpc.ts';
import type { Fingerprints } from '#schemas/fingerprint.ts';
import { isoTimeSchema } from '#schemas/http/common.ts';
import { type Id, idSchema } from '#schemas/ids.ts';
import type { ApiEnv } from '../../context.ts';
import { RefusalError } from '../../respond.ts';

export const bankEntrySchema = z
  .object({
    id: z.string(),
    status: z.enum(bankEntryStatuses),
    policyId: z.string(),
    caseId: idSchema('case'),
    addedBy: idSchema('acc'),
    confirmedBy: idSchema('acc').nullable(),
    removedBy: idSchema('acc').nullable(),
    matches: z.number().int(),
    negatives: z.number().int(),
    createdAt: isoTimeSchema,
    quarantinedAt: isoTimeSchema.nullable(),
  })
  .meta({ id: 'BankEntry' });

/** An entry has the id of the decision it comes from. */
export const entryParams = z.object({ id: idSchema('dec') });

const subjectId = z.union([idSchema('clip'), idSchema('upl')]);
export const subjectParams = entryParams.extend({ subjectId });
export const negativeSchema = z.strictObject({ subjectId }).meta({ id: 'BankNegative' });

export const bankComparisonSchema = z
  .object({
    similarity: z.number().int(),
    agrees: z.boolean(),
    frames: z.object({ agreeing: z.number().int(), usable: z.number().int() }),
    audio: z.number().nullable(),
    pairs: z.array(z.object({ queryAt: z.number(), bankAt: z.number(), distance: z.number().int() })),
  })
  .meta({ id: 'BankComparison' });

/** @throws RefusalError not_found when nobody has taken fingerprints of it */
export async function fingerprintsOf(c: Context<ApiEnv>, id: Id<'clip'> | Id<'upl'>): Promise<Fingerprints> {
  const clip = idSchema('clip').safeParse(id);
  const found = clip.success
    ? await fingerprintIndexOf(c.env).fingerprintsOf(clip.data)
    : await ofUpload(c.env, id);
  if (found === null) throw new RefusalError('not_found', 'No fingerprints of it are known.');
  return found;
}

async function ofUpload(env: Env, id: string): Promise<Fingerprints | null> {
  const upload = await env.UPLOAD.getByName(id).read();
  return upload.ok ? (upload.value.report?.fingerprints ?? null) : null;
}
