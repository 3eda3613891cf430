/**
 * The one function that says what a file is (K-51). Invariants: pure and total; the same facts give the same verdict; a verdict that trusts
 * stands on branches without a contradiction (`standsOn`); one more contradiction never improves a verdict (`standing`); an unknown
 * signer is never trusted; a mark without its fingerprint recovers nothing. Called through workers/workflows/ingest for uploads and for
 * `POST /api/v1/verify`.
 */
import type { EvidenceNode, Verdict, Verification } from '#schemas/verdict.ts';
import { node } from './evidence.ts';
import type { KnownClip, VerdictInput } from './input.ts';
import { isIntact, manifestEvidence, sourcesEvidence } from './manifest-evidence.ts';
import {
  consentEvidence,
  fingerprintEvidence,
  fingerprintLayer,
  registryEvidence,
  watermarkEvidence,
  watermarkLayer,
} from './match-evidence.ts';
import { limitsOf, rootReason, summaryOf } from './words.ts';

/**
 * How much each verdict grants, most first. A contradiction moves a file only downwards. `tampered` and `counterfeit` both grant nothing and
 * stand side by side: with a broken signature it cannot be told any more whose it was.
 */
export const standing: Readonly<Record<Verdict, number>> = {
  'made-here': 6,
  trusted: 5,
  'trusted-interim': 4,
  recovered: 3,
  'signed-unknown': 2,
  'no-credentials': 1,
  tampered: 0,
  counterfeit: 0,
};

/** Ids of the branches a verdict rests on: none of them holds a contradiction. Those that trust nothing rest on nothing. */
export const standsOn: Readonly<Record<Verdict, readonly string[]>> = {
  'made-here': ['manifest', 'registry'],
  trusted: ['manifest', 'registry'],
  'trusted-interim': ['manifest', 'registry'],
  recovered: ['watermark', 'fingerprint', 'registry'],
  'signed-unknown': ['manifest', 'registry'],
  'no-credentials': [],
  tampered: [],
  counterfeit: [],
};

export function judge(input: VerdictInput): Verification {
  const verdict = verdictOf(input);
  const clip = establishedClip(input, verdict);
  const { report, file } = input;
  return {
    verdict,
    summary: summaryOf(verdict, input, clip),
    signer: signerOf(input),
    clipId: clip?.clipId ?? null,
    maker: clip?.maker ?? null,
    withdrawn: clip?.withdrawn ?? null,
    evidence: tree(verdict, input, clip),
    layers: { manifest: report, watermark: watermarkLayer(input), fingerprint: fingerprintLayer(input) },
    limits: limitsOf(verdict, input),
    file,
  };
}

function verdictOf({ report, named, recovery }: VerdictInput): Verdict {
  const ours = report.state === 'Trusted' && report.trustModel === 'kinora';
  const contradicted = recovery.kind === 'contradiction';
  if (report.state === 'None') {
    if (contradicted) return 'counterfeit';
    return recovery.kind === 'found' ? 'recovered' : 'no-credentials';
  }
  if (!isIntact(report)) {
    // A manifest of ours on another picture is a forgery; on our own picture it is damage.
    return contradicted || named?.agrees === false ? 'counterfeit' : 'tampered';
  }
  if (ours) return 'made-here';
  if (named !== null) return 'counterfeit';
  if (report.state === 'Trusted' && report.trustModel === 'c2pa') return 'trusted';
  if (report.state === 'Trusted' && report.trustModel === 'interim') return 'trusted-interim';
  if (contradicted) return 'counterfeit';
  return recovery.kind === 'found' ? 'recovered' : 'signed-unknown';
}

/** The clip of ours it was shown to be: by our intact signature, or by the fingerprint. What a manifest merely says is not enough. */
function establishedClip({ named, recovery }: VerdictInput, verdict: Verdict): KnownClip | null {
  if (verdict === 'counterfeit') return null;
  if (named !== null && (verdict === 'made-here' || named.agrees === true)) return named.clip;
  return recovery.kind === 'found' ? recovery.clip : null;
}

/** As the certificate says; whether anybody vouches for it is in the verdict. */
function signerOf({ report }: VerdictInput): string | null {
  const signer = report.manifest?.signer;
  return signer?.commonName ?? signer?.organization ?? null;
}

function tree(verdict: Verdict, input: VerdictInput, clip: KnownClip | null): EvidenceNode {
  const children = [
    manifestEvidence(input.report),
    sourcesEvidence(input.report),
    watermarkEvidence(input),
    fingerprintEvidence(input),
    registryEvidence(input, clip),
    consentEvidence(clip),
  ].filter((branch) => branch !== null);
  return node({
    id: 'verdict',
    layer: verdict === 'recovered' ? 'fingerprint' : 'manifest',
    claim: 'It is known where this file comes from.',
    check: 'Manifest, invisible mark, fingerprint, register and consent together.',
    result: rootResults[verdict],
    reason: rootReason(verdict),
    children,
  });
}

const rootResults: Readonly<Record<Verdict, EvidenceNode['result']>> = {
  'made-here': 'proved',
  recovered: 'proved',
  trusted: 'proved',
  'trusted-interim': 'proved',
  'signed-unknown': 'unknown',
  'no-credentials': 'unknown',
  tampered: 'contradicted',
  counterfeit: 'contradicted',
};
