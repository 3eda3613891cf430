/**
 * Checks the spoken digits at the edge when the render node could not. Invariants: only an `unverified` report that failed nothing is
 * looked at again; a recogniser that does not answer leaves it as it was; what was said is neither kept nor logged. Called by the
 * route that takes an inspection's report.
 */
import type { EnrolmentJob } from '#durable-objects/inspection-queue/rpc.ts';
import { log } from '#durable-objects/shared/log.ts';
import type { EnrolmentCheck } from '#schemas/http/cameo.ts';
import type { EnrolmentReport } from '#schemas/inspection.ts';
import { audioTrack } from './audio-track.ts';
import { digitsIn, saysDigits } from './core/spoken-digits.ts';
import { recogniserOf } from './whisper.ts';

/** The report with what the edge heard in it; the same report where nothing is to be heard or nobody can. */
export async function hearDigits(
  env: Pick<Env, 'MEDIA'>,
  { inspectionId, challenge, media }: Pick<EnrolmentJob, 'inspectionId' | 'challenge' | 'media'>,
  report: EnrolmentReport,
): Promise<EnrolmentReport> {
  if (report.speech !== 'unverified' || report.checks.some(({ outcome }) => outcome === 'failed'))
    return report;
  const recognise = recogniserOf(env);
  if (recognise === null) return report;
  try {
    const audio = await audioTrack(async (start, end) => {
      const object = await env.MEDIA.get(media.objectKey, { range: { offset: start, length: end - start } });
      if (object === null) throw new Error('the recording vanished while it was read');
      return new Uint8Array(await object.arrayBuffer());
    }, media.size);
    const heard = digitsIn(await recognise(audio));
    return withSpeech(report, saysDigits(challenge.digits, heard));
  } catch (error) {
    log('warn', 'speech was not recognised at the edge', {
      id: inspectionId,
      error: error instanceof Error ? error.name : 'unknown',
    });
    return report;
  }
}

function withSpeech(report: EnrolmentReport, said: boolean): EnrolmentReport {
  const check: EnrolmentCheck = said
    ? { name: 'spoken-digits', outcome: 'passed', message: 'The digits were said in order.' }
    : {
        name: 'spoken-digits',
        outcome: 'failed',
        message:
          'We did not hear the digits of the challenge. Say them one by one, in order, in a quiet place.',
      };
  return {
    ...report,
    checks: [...report.checks.filter(({ name }) => name !== check.name), check],
    speech: said ? 'verified' : 'failed',
  };
}
