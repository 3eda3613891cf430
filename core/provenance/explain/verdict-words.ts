/**
 * What verdicts and pieces of evidence are called in front of people. Invariant: one name per thing, the same on the page and on the command
 * line; nothing here says "authentic" of an unknown signer or "not AI" of anything. Called by web/src/verify, web/src/upload, web/src/about
 * and scripts/verify-file.ts.
 */
import type { TrustModel, ValidationState } from '#schemas/provenance.ts';
import type { EvidenceNode, Verdict, Verification } from '#schemas/verdict.ts';

/** `good` it checks out · `mixed` it depends · `bad` something is wrong · `none` nothing is known. Never shown by colour alone. */
export type Tone = 'good' | 'mixed' | 'bad' | 'none';

export interface VerdictWords {
  readonly tone: Tone;
  /** One character for terminals and for those who do not see the colour. */
  readonly symbol: '✓' | '~' | '✗' | '?';
  readonly headline: string;
  /** What it means, for whoever has only this verdict and no summary of its own. */
  readonly meaning: string;
}

const words: Readonly<Record<Verdict, VerdictWords>> = {
  'made-here': {
    tone: 'good',
    symbol: '✓',
    headline: 'From Kinora',
    meaning: 'It carries our own credentials, and not a byte they cover has changed since it was signed.',
  },
  recovered: {
    tone: 'mixed',
    symbol: '~',
    headline: 'From Kinora, credentials removed',
    meaning:
      'The file itself carries no credentials any more. What is left of it led back to a clip of ours.',
  },
  trusted: {
    tone: 'good',
    symbol: '✓',
    headline: 'Signed by a listed signer',
    meaning:
      'The signer is on the official C2PA trust list, and nothing the signature covers has changed since.',
  },
  'trusted-interim': {
    tone: 'mixed',
    symbol: '~',
    headline: 'Signed, on the older trust list',
    meaning: 'The signer is known from the interim list only, which was frozen at the start of 2026.',
  },
  'signed-unknown': {
    tone: 'mixed',
    symbol: '~',
    headline: 'Intact, signer unknown',
    meaning: 'Nothing has changed since it was signed, but no list we use vouches for whoever signed it.',
  },
  tampered: {
    tone: 'bad',
    symbol: '✗',
    headline: 'Changed after it was signed',
    meaning: 'The credentials do not fit this file: one of the two was altered.',
  },
  counterfeit: {
    tone: 'bad',
    symbol: '✗',
    headline: 'Bears our mark, but is not ours',
    meaning: 'It carries the mark or the name of Kinora, and the other evidence contradicts that we made it.',
  },
  'no-credentials': {
    tone: 'none',
    symbol: '?',
    headline: 'No evidence found',
    meaning: 'It carries no credentials. That says nothing about how it was made.',
  },
};

/** Headline, tone and meaning of a verdict. */
export function verdictWords(verdict: Verdict): VerdictWords {
  return words[verdict];
}

/** What comes before the name of whoever a clip of ours is by. A changed copy may still show it: they did not make that file. */
export function makerWords({ verdict, layers }: Pick<Verification, 'verdict' | 'layers'>): string {
  if (verdict === 'recovered') return 'A copy of what was published here by';
  if (verdict === 'tampered') return 'This file is not what was signed, but it shows a clip by';
  if (verdict !== 'made-here') return 'It shows a clip by';
  // A manifest of ours that opened a file and created none is that of an upload. @see C2PA 2.4 `c2pa.opened`
  const actions = layers.manifest.manifest?.actions.map(({ action }) => action) ?? [];
  const upload = actions.includes('c2pa.opened') && !actions.includes('c2pa.created');
  return upload ? 'Uploaded here by' : 'Made here by';
}

type EvidenceResult = EvidenceNode['result'];

const results: Readonly<Record<EvidenceResult, { symbol: '✓' | '✗' | '?'; word: string; tone: Tone }>> = {
  proved: { symbol: '✓', word: 'proved', tone: 'good' },
  contradicted: { symbol: '✗', word: 'contradicted', tone: 'bad' },
  unknown: { symbol: '?', word: 'unknown', tone: 'none' },
};

/** How a piece of evidence came out. */
export function resultWords(result: EvidenceResult) {
  return results[result];
}

const layers: Readonly<Record<EvidenceNode['layer'], string>> = {
  manifest: 'Content Credentials',
  watermark: 'Invisible mark',
  fingerprint: 'Fingerprint',
  registry: "Kinora's records",
  consent: 'Consent',
};

/** The layer a piece of evidence belongs to. */
export function layerName(layer: EvidenceNode['layer']): string {
  return layers[layer];
}

const states: Readonly<Record<ValidationState, string>> = {
  Trusted: 'intact, signer trusted',
  Valid: 'intact, signer not on a list',
  Invalid: 'does not check out',
  None: 'no credentials of its own',
};

/** A validation state (C2PA 2.4 §14.3) as a clause. */
export function stateWords(state: ValidationState): string {
  return states[state];
}

const models: Readonly<Record<TrustModel, string>> = {
  c2pa: 'the official C2PA trust list',
  interim: 'the older interim list, frozen at the start of 2026',
  kinora: "Kinora's own certificate authority",
};

/** Under what a signer is trusted. */
export function trustModelWords(model: TrustModel | null): string {
  return model === null ? 'no list used here' : models[model];
}

/** How many claims of a tree, its root included, came out each way. */
export function tallyOf(root: EvidenceNode): Readonly<Record<EvidenceResult, number>> {
  const tally = { proved: 0, contradicted: 0, unknown: 0 };
  for (const { node } of walkEvidence(root)) tally[node.result] += 1;
  return tally;
}

/** The tree in reading order, parents before children. Not recursive: how deep it is, is up to whoever sent it. */
export function* walkEvidence(root: EvidenceNode): Generator<{ node: EvidenceNode; depth: number }> {
  const open: { node: EvidenceNode; depth: number }[] = [{ node: root, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    yield next;
    const { depth, node } = next;
    for (const child of node.children.toReversed()) open.push({ node: child, depth: depth + 1 });
  }
}

/** `assertion.bmffHash.mismatch at bytes 0–1204113`, or empty: where a piece of evidence lies, for those who look closely. */
export function whereWords(node: Pick<EvidenceNode, 'where'>): string {
  const { bytes, seconds, uri } = node.where ?? {};
  return [
    bytes && `bytes ${bytes.start}–${bytes.end}`,
    seconds && `${seconds.start.toFixed(1)}–${seconds.end.toFixed(1)} s`,
    uri,
  ]
    .filter((part) => part !== undefined)
    .join(' · ');
}
