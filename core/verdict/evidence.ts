/**
 * Building blocks of the evidence tree. Invariant: no sentence promises more than a check can show (`plain`), whatever text came with a
 * file or a library. Called by the other files of this folder.
 */
import type { ValidationStatus } from '#schemas/provenance.ts';
import type { EvidenceNode } from '#schemas/verdict.ts';

type Leaf = Omit<EvidenceNode, 'children' | 'code' | 'where'> &
  Partial<Pick<EvidenceNode, 'children' | 'code' | 'where'>>;

export function node(leaf: Leaf): EvidenceNode {
  return { ...leaf, reason: plain(leaf.reason), children: leaf.children ?? [] };
}

/** Words that no check here could ever justify. */
const unjustified = /authentic|\bnot\s+AI\b|\breal\s+(?:footage|video|photo)/i;

/** The sentence, unless it claims what nobody can know; texts may come from a library or a certificate. */
export function plain(sentence: string): string {
  return unjustified.test(sentence) ? 'The status code says more.' : sentence;
}

/** Code, place and sentence of a status. */
export function ofStatus({
  code,
  url,
  where,
  explanation,
}: ValidationStatus): Pick<EvidenceNode, 'code' | 'where' | 'reason'> {
  const [bytes] = where ?? [];
  const place = { ...(url === undefined ? {} : { uri: url }), ...(bytes === undefined ? {} : { bytes }) };
  return { code, reason: plain(explanation), ...(Object.keys(place).length === 0 ? {} : { where: place }) };
}

/** Contradicted if any is, proved if all are, else unknown. Unknown for none. */
export function together(children: readonly EvidenceNode[]): EvidenceNode['result'] {
  if (children.some(({ result }) => result === 'contradicted')) return 'contradicted';
  return children.length > 0 && children.every(({ result }) => result === 'proved') ? 'proved' : 'unknown';
}

/** The tree as a list, depth first. */
export function flatten(root: EvidenceNode): EvidenceNode[] {
  return [root, ...root.children.flatMap(flatten)];
}

/** `1,204,113`: the same everywhere, whatever the locale of the machine. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}
