/**
 * Brings what stands outside a case to what the case says: denials in the consent log, a hidden comment, an entry in the hash bank, the
 * subject's own object. Invariant: every call is idempotent and named after the case, so that repeating a step after a crash makes nothing
 * twice; what was done is answered, so that the case can record and later undo exactly that. Called by the ModerationCase object, one
 * reconciliation at a time.
 */
import { type CaseDecisionState, type CaseState, currentDecision } from '#core/moderation/case-state.ts';
import { policyOf } from '#core/moderation/policies.ts';
import { consentLogOf } from '#durable-objects/consent/gate.ts';
import type { AppliedEffect } from '#schemas/case-log.ts';
import { accountKey, type ConsentKey, clipKey } from '#schemas/consent.ts';
import { fingerprintsSchema } from '#schemas/fingerprint.ts';
import { idSchema } from '#schemas/ids.ts';
import { type Desired, denialChanges } from './core/desired.ts';

/** Null for a subject that is served under no key of its own. */
function keyOf({ kind, id }: CaseState['subject']): ConsentKey | null {
  if (kind === 'clip') return clipKey(idSchema('clip').parse(id));
  return kind === 'account' ? accountKey(idSchema('acc').parse(id)) : null;
}

/** @returns what was done. Throws when a receiver could not be reached: nothing was recorded, it is tried again. */
export async function reconcile(env: Env, state: CaseState, want: Desired): Promise<AppliedEffect[]> {
  const done: AppliedEffect[] = [];
  const { standing, subject } = state;
  const key = keyOf(subject);
  if (key !== null) done.push(...(await changeDenials(env, state, key, want)));
  if (subject.kind === 'comment' && standing.commentHidden !== want.commentHidden) {
    await hideComment(env, subject.id, want.commentHidden);
    done.push({ kind: 'comment', hidden: want.commentHidden });
  }
  const decision = currentDecision(state);
  if (want.told !== null && want.told !== standing.told && decision !== null) {
    done.push(await tellSubject(env, state, decision));
  }
  done.push(...(await changeBank(env, state, want)));
  return done;
}

/** The new denial first and the old ones lifted after it, so that there is no moment between them. */
async function changeDenials(
  env: Env,
  state: CaseState,
  key: ConsentKey,
  want: Desired,
): Promise<AppliedEffect[]> {
  const log = consentLogOf(env, key);
  const { make, lift } = denialChanges(state, want.denies);
  const done: AppliedEffect[] = [];
  if (make !== null) {
    const { id } = await log.revoke({
      key,
      denies: make,
      idempotencyKey: `${state.caseId}:deny:${state.standing.denialCount + 1}`,
    });
    done.push({ kind: 'revoked', revocationId: id, denies: [...make] });
  }
  for (const { revocationId } of lift) {
    const lifted = await log.lift(revocationId, `${state.caseId}:lift:${revocationId}`);
    if (!lifted.ok) throw new Error(`a denial was not lifted: ${lifted.error.code}`);
    done.push({ kind: 'lifted', revocationId });
  }
  return done;
}

/** The words stay where they are, so that an overturned decision gives them back; what its author erased stays erased. */
async function hideComment(env: Env, id: string, hidden: boolean): Promise<void> {
  const sql = hidden
    ? 'UPDATE comments SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL'
    : "UPDATE comments SET deleted_at = NULL WHERE ? <> '' AND id = ? AND text <> ''";
  await env.DB.prepare(sql).bind(new Date().toISOString(), id).run();
}

async function tellSubject(
  env: Env,
  { caseId, subject }: CaseState,
  decision: CaseDecisionState,
): Promise<AppliedEffect> {
  const { action, policyId } = decision;
  const told: AppliedEffect = { kind: 'told-subject', action: action.kind };
  if (subject.kind === 'upload') {
    await env.UPLOAD.getByName(subject.id).decided(
      action.kind === 'refuse'
        ? { outcome: 'refuse', reason: action.text }
        : {
            outcome: 'publish',
            label: action.kind === 'allow' ? null : (policyOf(policyId)?.title ?? policyId),
          },
    );
    return told;
  }
  if (subject.kind === 'generation') {
    await env.GENERATION.getByName(subject.id).decided({
      caseId,
      decisionId: decision.id,
      action: action.kind === 'allow' ? 'allow' : 'refuse',
      policyId,
      text: action.kind === 'allow' ? null : action.text,
    });
    return told;
  }
  const reviewed = await env.ENROLMENT.getByName(subject.id).reviewed(
    action.kind === 'allow' ? 'accept' : 'refuse',
  );
  if (reviewed.ok) return told;
  return { kind: 'gone', reason: reviewed.error.message ?? 'The enrolment does not wait any more.' };
}

/** A case has one entry in the bank, under its own number. Two people confirm an entry, so this only proposes it. */
async function changeBank(env: Env, state: CaseState, want: Desired): Promise<AppliedEffect[]> {
  const decision = currentDecision(state);
  const entryId = `dec_${state.caseId.slice('case_'.length)}`;
  const present = state.standing.bankEntries.includes(entryId);
  if (want.inBank === present || decision === null) return [];
  const bank = env.HASH_BANK.getByName('main');
  if (!want.inBank) {
    const removed = await bank.remove(entryId, decision.moderatorId);
    if (!removed.ok && removed.error.code !== 'not_found') {
      throw new Error(`the bank kept an entry: ${removed.error.code}`);
    }
    return [{ kind: 'bank', entryId, present: false }];
  }
  const fingerprints = await fingerprintsOf(env, state);
  if (fingerprints === null) {
    return [{ kind: 'gone', reason: 'No fingerprints of it are known, so it was not put into the bank.' }];
  }
  const { policyId, moderatorId: by } = decision;
  const proposed = await bank.propose({ id: entryId, policyId, caseId: state.caseId, by, fingerprints });
  if (!proposed.ok) throw new Error(`the bank refused: ${proposed.error.code}`);
  return [{ kind: 'bank', entryId, present: true }];
}

/** Of an upload from its report, else from the file beside the film. */
async function fingerprintsOf(env: Env, { subject }: CaseState) {
  if (subject.kind === 'upload') {
    const upload = await env.UPLOAD.getByName(subject.id).read();
    return upload.ok ? (upload.value.report?.fingerprints ?? null) : null;
  }
  const film = subject.media.find(({ file }) => file === 'video.mp4');
  const named = subject.media.find(({ file }) => file === 'fingerprints.json');
  const key = named?.key ?? film?.key.replace(/[^/]+$/, 'fingerprints.json');
  const stored = key === undefined ? null : await env.MEDIA.get(key);
  if (stored === null) return null;
  const parsed = fingerprintsSchema.safeParse(await stored.json());
  return parsed.success ? parsed.data : null;
}
