/** Plain words for provenance terms. Pure. Nothing here ever says "not AI": the absence of a manifest is the absence of evidence. */
import type { ProvenanceReport, ValidationState } from '#schemas/provenance.ts';

export interface Verdict {
  readonly tone: 'good' | 'mixed' | 'bad';
  readonly headline: string;
  readonly sentence: string;
}

/** The headline of a validation state (C2PA 2.4 §14.3). */
export function verdictOf(state: ValidationState): Verdict {
  switch (state) {
    case 'Trusted':
      return {
        tone: 'good',
        headline: 'Verified',
        sentence: 'Signed by a signer this network trusts, and not changed since.',
      };
    case 'Valid':
      return {
        tone: 'mixed',
        headline: 'Intact, signer unknown',
        sentence:
          'The record is whole and fits the video, but its signer is not on the list this network trusts.',
      };
    case 'Invalid':
      return {
        tone: 'bad',
        headline: 'Does not check out',
        sentence: 'The record does not fit this video: one of them was changed after signing.',
      };
    case 'None':
      return {
        tone: 'mixed',
        headline: 'No evidence',
        sentence:
          'No Content Credentials were found in this file. That says nothing about where it comes from.',
      };
  }
}

const actions: Readonly<Record<string, string>> = {
  'c2pa.created': 'Created',
  'c2pa.edited': 'Edited',
  'c2pa.opened': 'Opened another clip to work from',
  'c2pa.placed': 'Another clip was placed in it',
  'c2pa.transcoded': 'Converted to another encoding',
  'c2pa.watermarked': 'Marked with a watermark',
  'c2pa.watermarked.unbound': 'Marked with a watermark',
  'c2pa.published': 'Published',
};

/** `c2pa.created` → Created; an unknown action keeps its own name. */
export function actionName(action: string): string {
  return actions[action] ?? action;
}

const sourceTypes: Readonly<Record<string, string>> = {
  trainedAlgorithmicMedia: 'made by a trained AI model',
  algorithmicMedia: 'made by an algorithm, without a trained model',
  compositeSynthetic: 'a composite with synthetic parts',
  compositeWithTrainedAlgorithmicMedia: 'a composite with parts made by a trained AI model',
};

/** Words for an IPTC digital source type, given as a full URI or its last part. */
export function sourceTypeName(value: string): string {
  const term = value.split('/').pop() ?? value;
  return sourceTypes[term] ?? term;
}

/** How many checks passed, for the disclosure's label. */
export function checkCounts(report: ProvenanceReport): { passed: number; failed: number; noted: number } {
  const count = (outcome: string) => report.statuses.filter((status) => status.outcome === outcome).length;
  return { passed: count('success'), failed: count('failure'), noted: count('informational') };
}
