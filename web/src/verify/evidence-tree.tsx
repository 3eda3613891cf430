/**
 * The evidence behind a verdict: each claim, how it was checked, how it came out and why. What was contradicted is open from the start; every
 * result is a word and a shape as well as a colour.
 */
import { resultWords, tallyOf, whereWords } from '#core/provenance/explain/verdict-words.ts';
import type { EvidenceNode } from '#schemas/verdict.ts';
import { Icon } from '../ui/icons.tsx';

const icons = { proved: 'check', contradicted: 'broken', unknown: 'unknown' } as const;

/** Deeper than this the page would only nest boxes; the rest is told in one line. */
const deepest = 12;

export function EvidenceTree({ root }: { root: EvidenceNode }) {
  const tally = tallyOf(root);
  return (
    <section class="evidence" aria-labelledby="evidence-title">
      <h2 id="evidence-title">The evidence</h2>
      <p class="quiet">
        {tally.proved} proved, {tally.contradicted} contradicted, {tally.unknown} unknown.
      </p>
      <ul class="evidence-list">
        <Evidence node={root} depth={0} />
      </ul>
    </section>
  );
}

function Evidence({ node, depth }: { node: EvidenceNode; depth: number }) {
  const words = resultWords(node.result);
  const head = (
    <span class={`evidence-claim tone-${words.tone}`}>
      <Icon name={icons[node.result]} />
      <span>
        {node.claim} <span class="evidence-result">{words.word}</span>
      </span>
    </span>
  );
  const where = whereWords(node);
  const body = (
    <div class="evidence-body">
      <p>{node.reason}</p>
      <p class="fine">{node.check}</p>
      {(node.code !== undefined || where !== '') && (
        <p class="fine mono wrap">{[node.code, where].filter(Boolean).join(' · ')}</p>
      )}
    </div>
  );
  if (node.children.length === 0) {
    return (
      <li class="evidence-node">
        {head}
        {body}
      </li>
    );
  }
  const tally = tallyOf(node);
  return (
    <li class="evidence-node">
      <details open={depth === 0 || tally.contradicted > 0}>
        <summary>{head}</summary>
        {body}
        {depth < deepest ? (
          <ul class="evidence-list">
            {node.children.map((child) => (
              <Evidence key={child.id} node={child} depth={depth + 1} />
            ))}
          </ul>
        ) : (
          <p class="fine">
            Below this: {tally.proved} proved, {tally.contradicted} contradicted, {tally.unknown} unknown.
          </p>
        )}
      </details>
    </li>
  );
}
