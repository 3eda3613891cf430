/**
 * The output policy on what is asked for. Invariant: words that are refused reach nobody: neither an engine nor the people they are about.
 * Called by the routes that make and remake clips, before anybody is asked; the workflow asks the same rules again about what was made.
 */
import { decideOutput, sentenceOfFinding } from '#core/moderation/output-policy.ts';
import { findInTexts } from '#core/moderation/output-policy-text.ts';
import type { TextPart } from '#durable-objects/clip/rpc.ts';
import { RefusalError } from '../respond.ts';

/**
 * @param castSomebody real people are cast: sexual words are then about them
 * @throws RefusalError policy_refused; its details name stage, rule, version, field and span
 */
export function refuseByPolicy(texts: readonly TextPart[], castSomebody: boolean): void {
  const { outcome, findings, version } = decideOutput(null, findInTexts(texts, castSomebody));
  const [gravest] = findings;
  if (outcome !== 'refuse' || gravest === undefined) return;
  const { stage, rule, field = 'prompt', span } = gravest;
  const { start, end } = span ?? { start: 0, end: 0 };
  const text = texts.find((part) => part.field === field)?.text.slice(start, end) ?? '';
  throw new RefusalError('policy_refused', sentenceOfFinding(gravest), {
    stage,
    rule,
    version,
    field,
    start,
    end,
    text,
  });
}
