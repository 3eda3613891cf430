/**
 * A verification as text for a terminal: the same words, tree and limits as on the check page. Invariant: nothing that came with a file can move the
 * cursor, colour the screen or turn the reading direction. Pure. Called by verify-file.ts.
 */
import { actionName, relationshipName, sourceTypeName } from '../core/provenance/explain/manifest-words.ts';
import type { ProvenanceNode } from '../core/provenance/explain/provenance-tree.ts';
import {
  makerWords,
  resultWords,
  stateWords,
  type Tone,
  tallyOf,
  trustModelWords,
  verdictWords,
  whereWords,
} from '../core/provenance/explain/verdict-words.ts';
import type { EvidenceNode, Verification } from '../schemas/verdict.ts';

export interface TextOptions {
  readonly colour: boolean;
  /** The server that was asked as well. */
  readonly asked: string | null;
  /** What to call the anchors that stand in the place of the official list; null where that list itself is there. */
  readonly listName: string | null;
}

const colours: Readonly<Record<Tone, number>> = { good: 32, mixed: 33, bad: 31, none: 2 };

/** Without control and formatting characters, which includes escape sequences and bidirectional overrides. */
function clean(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');
}

export function resultText(
  name: string,
  verification: Verification,
  tree: ProvenanceNode | null,
  { colour, asked, listName }: TextOptions,
): string {
  const paint = (tone: Tone, text: string) => (colour ? `\u001b[${colours[tone]}m${text}\u001b[0m` : text);
  const dim = (text: string) => paint('none', text);
  const words = verdictWords(verification.verdict);
  const report = verification.layers.manifest;
  const lines: string[] = [
    '',
    `${paint(words.tone, `${words.symbol} ${words.headline}`)}  ${dim(verification.verdict)}`,
  ];
  lines.push(`  ${clean(verification.summary)}`, '');
  const { maker, clipId, withdrawn, file } = verification;
  if (maker) lines.push(`  ${makerWords(verification)} @${clean(maker.handle)}`);
  if (clipId) lines.push(`  Clip ${clipId}`);
  if (withdrawn)
    lines.push(
      paint(
        'bad',
        `  Consent withdrawn${withdrawn.at ? ` on ${withdrawn.at}` : ''}: please do not pass it on.`,
      ),
      ...(withdrawn.url ? [`  Public record: ${clean(withdrawn.url)}`] : []),
    );
  const voucher =
    report.trustModel === 'c2pa' && listName !== null ? listName : trustModelWords(report.trustModel);
  // Of a record that does not hold, nobody was asked to vouch.
  const vouched = report.state === 'Invalid' ? '' : `, vouched for by ${voucher}`;
  if (verification.signer) lines.push(`  Signed by ${clean(verification.signer)}${vouched}`);
  lines.push(
    `  ${clean(name)}  ${dim(`${file.size} bytes, ${clean(file.mediaType)}${file.sha256 ? `, sha256 ${file.sha256}` : ''}`)}`,
    '',
    `Evidence  ${dim(tallyWords(verification.evidence))}`,
    ...evidenceText(verification.evidence, paint),
    '',
  );
  if (tree !== null) lines.push('Where it comes from', ...provenanceText(tree, dim), '');
  const failed = report.statuses.filter(({ outcome }) => outcome === 'failure');
  if (failed.length > 0)
    lines.push(
      'What failed',
      ...failed.map(
        ({ code, explanation, url }) =>
          `  ${paint('bad', '✗')} ${clean(explanation)} ${dim(clean([code, url].filter(Boolean).join(' ')))}`,
      ),
      '',
    );
  lines.push(
    'What this does not say',
    ...verification.limits.map((limit) => `  – ${clean(limit)}`),
    '',
    dim(
      `Trust lists: ${
        report.trustLists
          .filter(({ version }) => version !== '')
          .map(
            (list) =>
              `${clean(list.name)} (${clean(list.version)}${list.issuedAt ? `, ${list.issuedAt}` : ''})`,
          )
          .join(', ') || 'none'
      }. ${asked === null ? 'Nothing was sent.' : `Asked ${clean(asked)}.`}`,
    ),
    '',
  );
  return lines.join('\n');
}

function tallyWords(root: EvidenceNode): string {
  const { proved, contradicted, unknown } = tallyOf(root);
  return `${proved} proved, ${contradicted} contradicted, ${unknown} unknown`;
}

function evidenceText(root: EvidenceNode, paint: (tone: Tone, text: string) => string): string[] {
  const lines: string[] = [];
  const visit = (node: EvidenceNode, lead: string, below: string, depth: number) => {
    const words = resultWords(node.result);
    const where = whereWords(node);
    lines.push(
      `${lead}${paint(words.tone, words.symbol)} ${clean(node.claim)} ${paint(words.tone, `[${words.word}]`)}`,
      `${below}  ${clean(node.reason)} ${paint('none', clean([node.check, node.code, where].filter(Boolean).join(' · ')))}`,
    );
    if (depth > 16) return;
    for (const [index, child] of node.children.entries()) {
      const last = index === node.children.length - 1;
      visit(child, `${below}${last ? '└ ' : '├ '}`, `${below}${last ? '  ' : '│ '}`, depth + 1);
    }
  };
  visit(root, '  ', '  ', 0);
  return lines;
}

function provenanceText(root: ProvenanceNode, dim: (text: string) => string): string[] {
  const lines: string[] = [];
  const visit = (node: ProvenanceNode, lead: string, below: string) => {
    const about = [
      node.relationship && relationshipName(node.relationship),
      node.signer && `signed by ${node.signer}`,
      node.claimGenerator && `written by ${node.claimGenerator}`,
      node.signedAt,
      node.state && stateWords(node.state),
      node.clipId,
    ].filter(Boolean);
    lines.push(`${lead}${clean(node.title ?? 'untitled')} ${dim(clean(about.join(' · ')))}`);
    for (const action of node.actions)
      lines.push(
        `${below}  ${dim(
          clean(
            [
              actionName(action.action),
              action.digitalSourceType && sourceTypeName(action.digitalSourceType),
              action.softwareAgent,
              action.when,
            ]
              .filter(Boolean)
              .join(' · '),
          ),
        )}`,
      );
    for (const [index, child] of node.children.entries()) {
      const last = index === node.children.length - 1;
      visit(child, `${below}${last ? '└ ' : '├ '}`, `${below}${last ? '  ' : '│ '}`);
    }
  };
  visit(root, '  ', '  ');
  return lines;
}
