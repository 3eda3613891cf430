/** The decision in words. Pure. */
import type { Enrolment } from '#schemas/http/cameo.ts';

export function outcomeOf(enrolment: Pick<Enrolment, 'status' | 'checks' | 'error'>): {
  readonly title: string;
  readonly text: string;
} {
  switch (enrolment.status) {
    case 'open':
    case 'inspecting':
      return {
        title: 'Checking your recording',
        text: 'A render node is looking at it. You can leave; the answer is in your inbox too.',
      };
    case 'accepted':
      return {
        title: 'It is you',
        text: enrolment.checks.some((check) => check.outcome === 'unverified')
          ? 'You are enrolled. One check could not be made here, and your cameo says so. The recording is deleted.'
          : 'You are enrolled, and so far only you can cast yourself. The recording is deleted.',
      };
    case 'review':
      return {
        title: 'Somebody has to look',
        text: 'The checks did not settle it, so a person decides. You hear of it in your inbox. Nothing can be made of you until then.',
      };
    case 'refused': {
      const failed = enrolment.checks.filter((check) => check.outcome === 'failed').length;
      return {
        title: 'That did not pass',
        text:
          failed > 0
            ? `${failed === 1 ? 'One check' : `${failed} checks`} did not pass; each says what to do. The recording is deleted.`
            : (enrolment.error?.message ?? 'The recording could not be checked. It is deleted.'),
      };
    }
    case 'expired':
      return {
        title: 'The challenge ran out',
        text: 'Ten minutes had passed before the recording arrived. A new challenge is one tap away.',
      };
  }
}
