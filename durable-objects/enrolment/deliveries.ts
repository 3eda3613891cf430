/**
 * Carries the enrolment's outbox messages to their receivers and answers what the machine learns from them. Invariants: every one may
 * arrive twice: claims, enrolments and notices are known by the enrolment's id; a likeness is enrolled only while the enrolment still
 * wants it, looked at again after every wait. Called by the Enrolment object's outbox.
 */

import { openCase } from '#durable-objects/moderation-case/open-case.ts';
import { portraitKey } from '#durable-objects/shared/core/portrait-key.ts';
import type { Id } from '#schemas/ids.ts';
import {
  type EnrolmentEffect,
  type EnrolmentInput,
  type Phase,
  verificationOf,
} from './core/enrolment-machine.ts';
import { notices } from './core/words.ts';
import { keepPortrait, recordingKey } from './files.ts';
import type { StoredEnrolment } from './store.ts';

type Told = keyof typeof notices;
type Step = 'claim' | 'inspect' | 'stop-inspection' | 'compare' | 'discard-template' | 'ask-desk';

type StepMessage =
  | { readonly kind: Step }
  /** The id of the likeness, if the account has none: made once, so that trying again leaves no portrait behind under another. */
  | { readonly kind: 'enrol'; readonly cameoId: Id<'cam'> };
type Notice = { readonly kind: Told };
export type EnrolmentMessage =
  | StepMessage
  | Notice
  | { readonly kind: 'erase-files' }
  | { readonly kind: 'erase-file'; readonly objectKey: string };

/** Whether the enrolment cannot go on without it. */
export function isStep(message: EnrolmentMessage): message is StepMessage {
  return !isNotice(message) && message.kind !== 'erase-files' && message.kind !== 'erase-file';
}

function isNotice(message: EnrolmentMessage): message is Notice {
  return message.kind in notices;
}

export function messageOf(
  effect: Exclude<EnrolmentEffect, 'erase-files' | 'erase-attempt'>,
  cameoId: Id<'cam'>,
): StepMessage | Notice {
  return effect === 'enrol' ? { kind: effect, cameoId } : { kind: effect };
}

/**
 * @param phase what the enrolment is at now, also after an await
 * @returns what the machine should hear, null for nothing. Rejects when the receiver could not be reached.
 */
export async function deliverStep(
  env: Env,
  stored: StoredEnrolment,
  message: StepMessage | Notice,
  phase: () => Phase | null,
): Promise<EnrolmentInput | null> {
  const { enrolmentId, accountId, keepForRendering, challenge } = stored.opening;
  const { recording, findings, attempt, confirmed } = stored.state;
  const faces = env.FACE_INDEX.getByName('main');
  const inspections = env.INSPECTION_QUEUE.getByName('main');
  switch (message.kind) {
    case 'claim':
      if (recording === null) return null;
      return { type: 'claimed', fresh: await faces.claimRecording(enrolmentId, recording.sha256) };
    case 'inspect':
      if (recording === null) return null;
      await inspections.enqueue({
        inspectionId: enrolmentId,
        kind: 'enrolment',
        challenge,
        media: {
          objectKey: recordingKey(enrolmentId, attempt),
          size: recording.size,
          mediaType: recording.mediaType,
        },
        wantPortrait: keepForRendering,
      });
      return null;
    case 'stop-inspection':
      await inspections.cancel(enrolmentId);
      return null;
    case 'compare': {
      if (findings === null) return null;
      const { template } = findings;
      return {
        type: 'compared',
        outcome: await faces.enrol({ accountId, enrolmentId, template, confirmed }),
      };
    }
    case 'discard-template':
      await faces.discard(accountId, enrolmentId);
      return null;
    case 'ask-desk':
      await askDesk(env, stored);
      return null;
    case 'enrol':
      return enrol(env, stored, message.cameoId, phase);
    default: {
      const notice = notices[message.kind];
      await env.INBOX.getByName(accountId).notify({
        dedupeKey: `${notice.kind}:${enrolmentId}`,
        actorId: null,
        clipId: null,
        generationId: null,
        grantId: null,
        reviewId: null,
        ...notice,
      });
      return null;
    }
  }
}

/** What the recording shows and which checks asked for a person. Nothing measured of the face leaves this object. */
async function askDesk(env: Env, { opening, state }: StoredEnrolment): Promise<void> {
  const { recording, checks, attempt, reviewOf } = state;
  if (recording === null || state.phase !== 'review') return;
  const { enrolmentId, accountId } = opening;
  await openCase(env, {
    subject: {
      kind: 'enrolment',
      id: enrolmentId,
      ownerId: accountId,
      title: `Digits ${opening.challenge.digits}; turns ${opening.challenge.turns.join(', ')}`,
      clipId: null,
      parentClipId: null,
      media: [{ file: 'recording', key: recordingKey(enrolmentId, attempt), ...recording }],
      contentHash: recording.sha256,
      durationMs: null,
      createdAt: null,
      reach: 0,
    },
    causes: checks
      .filter(({ outcome }) => outcome !== 'passed')
      .map(({ name, message }) => ({
        kind: 'finding',
        finding: {
          source: 'enrolment',
          rule: name,
          ruleVersion: '1',
          explanation: message,
          score: null,
          threshold: null,
          model: null,
          second: null,
          policyId: null,
          match: null,
        },
      })),
    provenance: null,
    legalDeadlineAt: null,
    dedupeKey: `enrolment:${enrolmentId}:${reviewOf}`,
    tool: 'enrolment',
  });
}

/** The portrait first, so that it is there when the likeness names it. */
async function enrol(
  env: Env,
  { opening, state }: StoredEnrolment,
  newCameoId: Id<'cam'>,
  phase: () => Phase | null,
): Promise<EnrolmentInput | null> {
  const { findings } = state;
  if (findings === null) return null;
  const cameo = env.CAMEO.getByName(opening.accountId);
  const known = await cameo.read();
  const cameoId = known.ok ? known.value.id : newCameoId;
  await keepPortrait(env.MEDIA, cameoId, findings.portrait);
  if (phase() !== 'enrolling') {
    await env.MEDIA.delete(portraitKey(cameoId));
    return null;
  }
  const enrolled = await cameo.enrol({
    accountId: opening.accountId,
    enrolmentId: opening.enrolmentId,
    cameoId,
    verification: verificationOf(state),
    portrait: findings.portrait === null ? null : { kind: 'photo', sha256: findings.portrait.sha256 },
    voice: findings.voice,
  });
  if (!enrolled.ok) {
    if (!known.ok) await env.MEDIA.delete(portraitKey(cameoId));
    return { type: 'not-enrolled', message: enrolled.error.message ?? 'The likeness could not be enrolled.' };
  }
  const { id } = enrolled.value;
  if (id !== cameoId) {
    // Another enrolment of this account came first and made the likeness under its own id.
    await keepPortrait(env.MEDIA, id, findings.portrait);
    await env.MEDIA.delete(portraitKey(cameoId));
  }
  return { type: 'enrolled' };
}
