/**
 * What people read about a verdict. Invariants: nothing that came with a file (names, titles) is repeated here, so nobody can put words into
 * our mouth; no sentence says that something is genuine, or how it was made. Called by verdict.ts.
 */
import type { Verdict } from '#schemas/verdict.ts';
import type { KnownClip, VerdictInput } from './input.ts';

/** One or a few sentences. */
export function summaryOf(verdict: Verdict, input: VerdictInput, clip: KnownClip | null): string {
  const parts = [mainSentence(verdict, input)];
  if (input.recovery.kind === 'contradiction' && verdict !== 'counterfeit') {
    parts.push('It also bears an invisible mark of ours that does not belong to it.');
  }
  if (clip !== null && verdict !== 'made-here' && verdict !== 'recovered') {
    parts.push('Picture and sound are those of a clip published here.');
  }
  if (clip?.withdrawn != null) {
    const { at } = clip.withdrawn;
    parts.push(
      `Consent for it was withdrawn${at === null ? '' : ` on ${at.slice(0, 10)}`}; please do not pass it on.`,
    );
  }
  return parts.join(' ');
}

function mainSentence(verdict: Verdict, input: VerdictInput): string {
  const { report, recovery, look } = input;
  switch (verdict) {
    case 'made-here':
      return isFromUpload(report)
        ? 'Published here from an upload: our Content Credentials are in it, intact, and fit this very file.'
        : 'Made here: our Content Credentials are in it, intact, and fit this very file.';
    case 'recovered': {
      const how =
        recovery.kind === 'found' && recovery.by === 'watermark'
          ? 'the invisible mark led to it, and the fingerprint agrees'
          : 'the fingerprint of picture and sound agrees';
      return report.state === 'None'
        ? `Its Content Credentials are gone, but it is a copy of a clip published here: ${how}.`
        : `A signer nobody we know vouches for has signed it, but it is a copy of a clip published here: ${how}.`;
    }
    case 'trusted':
      return 'It carries intact Content Credentials of a signer on the official C2PA trust list.';
    case 'trusted-interim':
      return 'It carries intact Content Credentials of a signer on the older interim trust list, which was frozen and replaced.';
    case 'signed-unknown':
      return 'It carries intact Content Credentials, but nobody we know vouches for the signer. Anybody can sign a file this way.';
    case 'tampered':
      return report.binding?.result === 'mismatch'
        ? 'The file was changed after its Content Credentials were made.'
        : 'It carries Content Credentials that do not hold. The checks below say why.';
    case 'counterfeit':
      return 'It bears our mark or our name, but the evidence contradicts that it is ours.';
    case 'no-credentials':
      if (look.kind === 'seen' && look.mark !== null) {
        return 'No Content Credentials were found. It bears an invisible mark like ours, but it was changed too much, or is too short, to say which clip it is a copy of.';
      }
      return look.kind === 'seen'
        ? 'No Content Credentials, no mark of ours and no clip of ours were found. That says nothing about how it was made.'
        : 'No Content Credentials were found. That says nothing about how it was made.';
  }
}

/** Our own manifest says so: it opened a file instead of creating one. @see C2PA 2.4, `c2pa.opened` */
function isFromUpload({ manifest }: VerdictInput['report']): boolean {
  const actions = manifest?.actions.map(({ action }) => action) ?? [];
  return actions.includes('c2pa.opened') && !actions.includes('c2pa.created');
}

const roots: Readonly<Record<Verdict, string>> = {
  'made-here': 'Our signature over exactly these bytes.',
  recovered: 'The fingerprint of one of our clips.',
  trusted: 'The signature of somebody on the trust list, over exactly these bytes.',
  'trusted-interim': 'The signature of somebody on the interim list, over exactly these bytes.',
  'signed-unknown': 'A signature over exactly these bytes, of somebody we do not know.',
  tampered: 'Credentials that do not hold for this file.',
  counterfeit: 'What it claims about us is contradicted.',
  'no-credentials': 'There is nothing to go by.',
};

export function rootReason(verdict: Verdict): string {
  return roots[verdict];
}

/** What these checks cannot show. */
export function limitsOf(verdict: Verdict, { look, report }: VerdictInput): string[] {
  const limits = [
    'These checks say where a file comes from and whether it was changed. They do not say whether what it shows happened.',
  ];
  if (verdict === 'no-credentials' || verdict === 'signed-unknown') {
    limits.push('Whether a machine made it cannot be told from what was found.');
  }
  if (look.kind === 'not-checked') limits.push(`Mark and fingerprint were not looked for. ${look.reason}`);
  else
    limits.push(
      'A mark can be removed by somebody determined, and a short or heavily edited copy may not be recognised.',
    );
  if (report.state !== 'None')
    limits.push(
      'Content Credentials say what their signer stated. A signature does not make a statement true.',
    );
  if (report.statuses.some(({ code }) => code === 'signingCredential.ocsp.skipped')) {
    limits.push('Whether the certificate was revoked since was not asked online.');
  }
  return limits;
}
