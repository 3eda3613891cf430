/** Compares what a recogniser heard with the digits that were asked for. Called by decide.ts. */
import type { EnrolmentCheck } from '#schemas/http/cameo.ts';
import type { EnrolmentReport } from '#schemas/inspection.ts';
import { thresholds } from './thresholds.ts';

/** `unavailable`: no recogniser on this machine. `heard`: digits in order, none of which may be right. */
export type Heard = { readonly kind: 'unavailable' } | { readonly kind: 'heard'; readonly digits: string };

export interface DigitsOutcome {
  readonly outcome: EnrolmentCheck['outcome'];
  readonly message: string;
  readonly speech: EnrolmentReport['speech'];
}

/** Levenshtein distance. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(
        (row[j] ?? 0) + 1,
        (next[j - 1] ?? 0) + 1,
        (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
    row = next;
  }
  return row[b.length] ?? 0;
}

/** @param voice whether a voice was heard at all; without one nothing is verified, recogniser or not. */
export function digitsCheck(asked: string, heard: Heard, voice: boolean): DigitsOutcome {
  if (!voice)
    return { outcome: 'failed', message: `Say the digits ${spaced(asked)} aloud.`, speech: 'failed' };
  if (heard.kind === 'unavailable')
    return {
      outcome: 'unverified',
      message: 'No speech recogniser runs on this node: the digits were not checked.',
      speech: 'unverified',
    };
  if (editDistance(asked, heard.digits) <= thresholds.digits.wrong)
    return { outcome: 'passed', message: 'The digits were said.', speech: 'verified' };
  return {
    outcome: 'failed',
    message: `The digits asked for were ${spaced(asked)}; something else was understood. Say them in English, slowly and in order.`,
    speech: 'failed',
  };
}

const spaced = (digits: string): string => [...digits].join(' ');
