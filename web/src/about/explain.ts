/** Plain words for provenance terms. Pure. Nothing here ever says "not AI": the absence of a manifest is the absence of evidence. */
import type { ProvenanceReport, TrustModel, ValidationState } from '#schemas/provenance.ts';

export interface Verdict {
  readonly tone: 'good' | 'mixed' | 'bad';
  readonly headline: string;
  readonly sentence: string;
}

/** The headline of a validation state (C2PA 2.4 §14.3). @param model under which list a trusted signer is trusted */
export function verdictOf(state: ValidationState, model: TrustModel | null = null): Verdict {
  switch (state) {
    case 'Trusted':
      if (model === 'interim')
        return {
          tone: 'mixed',
          headline: 'Verified, older list',
          sentence:
            'Not changed since it was signed, by a signer known from the older, frozen trust list only.',
        };
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

export { actionName, sourceTypeName } from '#core/provenance/explain/manifest-words.ts';

/** How many checks passed, for the disclosure's label. */
export function checkCounts(report: ProvenanceReport): { passed: number; failed: number; noted: number } {
  const count = (outcome: string) => report.statuses.filter((status) => status.outcome === outcome).length;
  return { passed: count('success'), failed: count('failure'), noted: count('informational') };
}
