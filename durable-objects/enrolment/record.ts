/** Turns what the Enrolment object stores into what its owner sees. Invariant: nothing measured of a face or a voice is in it. */
import { type Enrolment, recordingLimits } from '#schemas/http/cameo.ts';
import type { EnrolmentState, Phase } from './core/enrolment-machine.ts';
import type { EnrolmentRecord } from './rpc.ts';
import type { StoredEnrolment } from './store.ts';

const statusOf: Readonly<Record<Phase, Enrolment['status']>> = {
  open: 'open',
  receiving: 'open',
  claiming: 'inspecting',
  queued: 'inspecting',
  comparing: 'inspecting',
  enrolling: 'inspecting',
  review: 'review',
  accepted: 'accepted',
  refused: 'refused',
  expired: 'expired',
};

/** A challenge that has lapsed says so, also before the alarm has noticed. */
export function publicRecord({ opening, state }: StoredEnrolment, now: number): EnrolmentRecord {
  return {
    id: opening.enrolmentId,
    accountId: opening.accountId,
    status: lapsed(state, now) ? 'expired' : statusOf[state.phase],
    challenge: opening.challenge,
    expiresAt: new Date(state.expiresAt).toISOString(),
    limits: { ...recordingLimits },
    checks: [...state.checks],
    ...(state.error === null ? {} : { error: { ...state.error } }),
  };
}

function lapsed({ phase, expiresAt }: EnrolmentState, now: number): boolean {
  return phase === 'open' && now >= expiresAt;
}
