/** What people read about an enrolment. Invariant: a refusal says what to do; nothing says whose face another one looks like. Pure. */
import type { FaceOutcome } from '#durable-objects/face-index/rpc.ts';
import type { EnrolmentCheck } from '#schemas/http/cameo.ts';

export const replayed: EnrolmentCheck = {
  name: 'recording',
  outcome: 'failed',
  message: 'This recording was sent before. Ask for a new challenge and record it afresh.',
};
export const unreadable: EnrolmentCheck = {
  name: 'recording',
  outcome: 'failed',
  message: 'The recording could not be read. Record again, with another browser if it happens twice.',
};

export const compared: Readonly<Record<FaceOutcome, EnrolmentCheck>> = {
  stored: {
    name: 'not-enrolled-elsewhere',
    outcome: 'passed',
    message: 'No other account has enrolled this face.',
  },
  similar: {
    name: 'not-enrolled-elsewhere',
    outcome: 'failed',
    message:
      'A face much like this one is enrolled already. A person will look at both; there is nothing you need to do now.',
  },
  'other-face': {
    name: 'not-enrolled-elsewhere',
    outcome: 'failed',
    message:
      'This does not look like the face that this account enrolled before. A person will look at it; there is nothing you need to do now.',
  },
};

export const notInspected =
  'The recording could not be inspected. It was not your doing: ask for a new challenge and try again.';
export const nobodyLooked =
  'No render node was there to look at the recording. It was deleted; try again later with a new challenge.';
export const refusedByPerson =
  'A person has looked at the recording and did not accept it. You can try again with a new challenge.';
export const notReviewed =
  'Nobody could look at the recording in time. It was deleted; you can try again with a new challenge.';
export const withdrawn = 'You deleted your likeness while this was under way. Nothing of it was kept.';
export const lapsed = 'The challenge was not used in time. Ask for a new one.';

/** One sentence for the whole, from the first check that failed. */
export function refusedBy(checks: readonly EnrolmentCheck[]): string {
  const failed = checks.filter(({ outcome }) => outcome === 'failed');
  const first = failed[0]?.message ?? 'The recording did not pass.';
  return failed.length > 1 ? `${first} ${failed.length} checks failed; each says what to do.` : first;
}

export const notices = {
  'tell-accepted': {
    kind: 'enrolment-accepted',
    text: 'Your likeness is enrolled. Only you can use it until you say otherwise.',
  },
  'tell-refused': {
    kind: 'enrolment-refused',
    text: 'Your enrolment was not accepted. It says what to do.',
  },
  'tell-review': {
    kind: 'enrolment-review',
    text: 'Your enrolment waits for a person to look at it.',
  },
} as const;
