/**
 * Carries out what was decided about an upload: the draft, the case, or nothing but the reason. Invariants: idempotent; a clip is made only
 * after the upload was committed to it, so that taking it back and publishing it never both happen; a clip that could not be made leaves
 * nothing. Called by the ingest workflow.
 */
import { dispose, policyOf } from '#core/verdict/disposition.ts';
import type { UploadDecision, UploadOutcome, UploadRecord } from '#durable-objects/upload/rpc.ts';
import { sentenceOf } from '#schemas/errors.ts';
import { type BankHit, openUploadCase } from './desk.ts';
import { deliverUploadedClip, dropUploadedClip, idsOf, signUpload, type UploadedClip } from './draft.ts';
import type { Fitness } from './fitness.ts';

export interface Facts {
  readonly contradicted: boolean;
  readonly fitness: Fitness;
}

type Identified = UploadRecord & { readonly objectKey: string; readonly sha256: string };

/** @param decision of the desk, null before it was asked */
export async function settleUpload(
  env: Env,
  record: Identified,
  origin: string,
  facts: Facts,
  decision: UploadDecision | null,
): Promise<UploadOutcome> {
  if (decision?.outcome === 'refuse') {
    return { status: 'refused', reason: decision.reason, caseId: record.caseId, clipId: null };
  }
  if (decision?.outcome === 'publish') return publish(env, record, origin, facts, decision.label);

  const { verification } = record;
  if (verification === null) throw new Error('there is no verdict yet');
  const bank = await bankHits(env, record);
  const disposition = dispose({
    verification,
    contradicted: facts.contradicted,
    ownClip: await isOwnClip(env, record),
    policy: policyOf(record.report?.policy ?? null),
    bank,
    unfit: facts.fitness.fit ? null : facts.fitness.reason,
  });
  const caseOf = (why: Parameters<typeof openUploadCase>[2], reason: string) =>
    openUploadCase(env, record, why, reason, bank);
  switch (disposition.kind) {
    case 'draft':
      return publish(env, record, origin, facts, null);
    case 'verdict-only':
      return { status: 'ready', clipId: null, reason: disposition.reason };
    case 'desk': {
      const { why, reason } = disposition;
      return { status: 'review', caseId: await caseOf(why, reason), reason };
    }
    case 'refused': {
      const { why, reason, clipId } = disposition;
      return { status: 'refused', reason, clipId, caseId: why === null ? null : await caseOf(why, reason) };
    }
  }
}

async function publish(
  env: Env,
  record: Identified,
  origin: string,
  { fitness }: Facts,
  label: string | null,
): Promise<UploadOutcome> {
  const { ownerId, report } = record;
  const poster = report?.poster ?? null;
  if (!fitness.fit) return { status: 'ready', clipId: null, reason: fitness.reason };
  if (ownerId === null || report === null || poster === null) {
    return { status: 'failed', reason: 'No picture of it could be made, so it cannot become a clip.' };
  }
  const upload = env.UPLOAD.getByName(record.id);
  const committed = await upload.commit();
  if (!committed.ok) return { status: 'failed', reason: sentenceOf(committed.error.code) };
  const { size, durationMs } = fitness;
  const clip: UploadedClip = {
    record: { ...record, ownerId },
    report: { ...report, poster },
    size,
    durationMs,
    origin,
  };
  const signed = await signUpload(env, clip);
  const refused = signed.ok ? await deliverUploadedClip(env, clip, signed.value) : signed.error.code;
  if (refused !== null) {
    await dropUploadedClip(env, record.id);
    return { status: 'failed', reason: sentenceOf(refused) };
  }
  return { status: 'ready', clipId: idsOf(record.id).clipId, reason: label };
}

async function isOwnClip(env: Env, { verification, ownerId }: UploadRecord): Promise<boolean> {
  const clipId = verification?.clipId ?? null;
  if (clipId === null) return false;
  const clip = await env.CLIP.getByName(clipId).read();
  return clip.ok && clip.value.ownerId === ownerId;
}

async function bankHits(env: Env, { report }: UploadRecord): Promise<BankHit[]> {
  const fingerprints = report?.fingerprints ?? null;
  if (fingerprints === null) return [];
  const matches = await env.HASH_BANK.getByName('main').match(fingerprints);
  return matches.map(({ entryId, policyId, similarity, pairs }) => ({
    entryId,
    policyId,
    similarity,
    distance: pairs[0]?.distance ?? null,
    second: pairs[0]?.queryAt ?? null,
  }));
}
