/** How long each phase may last, and what is done about digits that nobody could check. Called by the Enrolment object. */
import { challengeMinutes } from '#schemas/http/cameo.ts';
import type { EnrolmentPolicy } from './core/enrolment-machine.ts';

/** @throws with the variable's name when its value makes no sense */
export function enrolmentPolicy({
  SPEECH_UNVERIFIED: speech,
}: Pick<Env, 'SPEECH_UNVERIFIED'>): EnrolmentPolicy {
  if (speech !== 'allow' && speech !== 'review') throw new Error('SPEECH_UNVERIFIED must be allow or review');
  return {
    challengeMs: challengeMinutes * 60_000,
    receivingMs: 5 * 60_000,
    inspectionMs: 30 * 60_000,
    reviewMs: 7 * 86_400_000,
    speechUnverified: speech,
  };
}
