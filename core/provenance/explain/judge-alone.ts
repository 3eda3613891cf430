/**
 * The verdict of somebody who has the file and nothing else: a browser that sends nothing, a command line without a server. Invariant: it is the
 * server's own function (core/verdict) over fewer facts, and whatever was not looked at is said to be unknown and why, never to be absent. Called
 * by web/src/verify/check-worker.ts and scripts/verify-file.ts.
 */
import type { ProvenanceReport } from '#schemas/provenance.ts';
import type { EvidenceNode, Verification } from '#schemas/verdict.ts';
import { judge } from '../../verdict/verdict.ts';

export interface AloneOptions {
  /** Completes "Mark and fingerprint were not looked for.": a sentence. */
  readonly reason: string;
  /** What to call the anchors in the place of the official list, where they are somebody else's. */
  readonly listName?: string;
}

const officialName = 'the official C2PA trust list';

/** @param file what was read; `sha256` is empty where it was not computed */
export function judgeAlone(
  report: ProvenanceReport,
  file: Verification['file'],
  { reason, listName }: AloneOptions,
): Verification {
  const said = judge({
    file,
    report,
    look: { kind: 'not-checked', reason },
    named: null,
    recovery: { kind: 'none' },
  });
  const unasked: EvidenceNode = {
    id: 'registry',
    layer: 'registry',
    claim: "Kinora's register knows where it comes from.",
    check: 'Not asked.',
    result: 'unknown',
    reason,
    children: [],
  };
  const renamed = (text: string) => (listName === undefined ? text : text.replaceAll(officialName, listName));
  const rename = (node: EvidenceNode, depth: number): EvidenceNode => ({
    ...node,
    reason: renamed(node.reason),
    children: depth > 8 ? node.children : node.children.map((child) => rename(child, depth + 1)),
  });
  return {
    ...said,
    summary: renamed(said.summary),
    evidence: rename(
      {
        ...said.evidence,
        children: said.evidence.children.map((child) => (child.id === 'registry' ? unasked : child)),
      },
      0,
    ),
    limits: [
      ...said.limits,
      'Whether consent for it was withdrawn, and whether it is a copy of a clip of ours, only the server can tell.',
    ],
  };
}
