/**
 * What a request says, against the output policy (K-60). Invariants: the finding names the rule and its place in the text as it was
 * written; adding words never removes a finding of what was there, except by moving two halves of one offence further apart than a
 * sentence or two. Pure; called at admission, before anybody who is cast is asked, and again when an output is judged.
 *
 * What it cannot do: it knows English words and no names, so "real person" means words that say so, a handle, or somebody who is cast; it
 * does not understand irony, other languages, or what a picture will show.
 */
import { compilePhrase, matchAt, matchesAlone, PhraseIndex } from '#core/text/phrases.ts';
import { spelledOut, type Word, wordsOf } from '#core/text/words.ts';
import type { PolicyFinding } from '#schemas/policy.ts';
import * as lexicon from './output-policy-lexicon.ts';

export interface PolicyText {
  /** `prompt`, `dialogue.0.text`, `soundCues.1.sound` … */
  readonly field: string;
  readonly text: string;
}

type Group = keyof typeof lexicon | 'childAge' | 'handle';

interface TextRule {
  readonly rule: string;
  readonly outcome: 'refuse' | 'review';
  /** All of these within `within` words of each other; each is any of its groups. */
  readonly together: readonly (readonly Group[])[];
  readonly explanation: string;
}

/** Words between two halves of one offence, at most: about two sentences. */
const within = 40;

const children: readonly Group[] = ['minors', 'childAge'];
/** The gravest first: of several that overlap, the first is named. */
const rules: readonly TextRule[] = [
  {
    rule: 'sexual-content-minor',
    outcome: 'refuse',
    together: [['childAbuse']],
    explanation: 'Sexual content with children is never made here.',
  },
  {
    rule: 'sexual-content-minor',
    outcome: 'refuse',
    together: [['explicit', 'suggestive'], children],
    explanation: 'Sexual content with anybody under age is never made here.',
  },
  {
    rule: 'sexual-content-real-person',
    outcome: 'refuse',
    together: [['explicit'], ['realPeople', 'handle']],
    explanation: 'Sexual content about a real person is never made here.',
  },
  {
    rule: 'self-harm-instructions',
    outcome: 'refuse',
    together: [['selfHarm'], ['instructions']],
    explanation: 'Instructions for hurting oneself are never made here.',
  },
  {
    rule: 'self-harm-glorified',
    outcome: 'refuse',
    together: [['glorified']],
    explanation: 'Praise of self-harm or of eating disorders is never made here.',
  },
  {
    rule: 'weapon-instructions',
    outcome: 'refuse',
    together: [['weapons'], ['instructions']],
    explanation: 'Instructions for weapons and explosives are never made here.',
  },
  {
    rule: 'self-harm',
    outcome: 'review',
    together: [['selfHarm']],
    explanation: 'It speaks of self-harm: a person looks at it before it can be published.',
  },
  {
    rule: 'sexual-content',
    outcome: 'review',
    together: [['explicit']],
    explanation: 'It speaks of sex or nudity: a person looks at it before it can be published.',
  },
];

const index = new PhraseIndex<Group>();
for (const [group, phrases] of Object.entries(lexicon) as [keyof typeof lexicon, string][])
  for (const line of phrases.split('\n')) if (line.trim() !== '') index.add(compilePhrase(line), group);
const childAge = compilePhrase('# s? year|years|yr|yrs|yo ~1 old|boy|girl|kid');

interface Hit {
  readonly group: Group;
  /** Words `[from, to)`. */
  readonly from: number;
  readonly to: number;
}

function hitsIn(text: string, words: readonly Word[]): Hit[] {
  const hits: Hit[] = [];
  for (const [from, word] of words.entries()) {
    for (const { phrase, tag } of index.beginningWith(word.text)) {
      const to = matchAt(phrase, words, from);
      if (to > 0) hits.push({ group: tag, from, to });
    }
    const age = Number(word.text);
    if (age > 0 && age < 18) {
      const to = matchAt(childAge, words, from);
      if (to > 0) hits.push({ group: 'childAge', from, to });
    }
    if (text[word.start - 1] === '@') hits.push({ group: 'handle', from, to: from + 1 });
  }
  return [...hits, ...spelledHits(words)];
}

/** A word spelled out letter by letter is not longer than this. */
const spelledAtMost = 16;

/** Every stretch of letters spelled out (`s.e.x`) is read as a word. */
function spelledHits(words: readonly Word[]): Hit[] {
  const places = new Map(words.map((word, index) => [word, index]));
  return spelledOut(words).flatMap((run) =>
    run.flatMap((first, start) => {
      const from = places.get(first) ?? 0;
      const rest = run.slice(start, start + spelledAtMost);
      return rest.flatMap((_, length): Hit[] => {
        const spelling = rest
          .slice(0, length + 1)
          .map(({ text }) => text)
          .join('');
        if (spelling.length < 3) return [];
        return index
          .beginningWith(spelling)
          .filter(({ phrase }) => matchesAlone(phrase, spelling))
          .map(({ tag }) => ({ group: tag, from, to: from + length + 1 }));
      });
    }),
  );
}

/** The first place where every part of a rule stands near enough; words `[from, to)`. */
function placeOf({ together }: TextRule, hits: readonly Hit[]): { from: number; to: number } | null {
  const [first, ...others] = together.map((groups) => hits.filter(({ group }) => groups.includes(group)));
  for (const hit of first ?? []) {
    let [from, to] = [hit.from, hit.to];
    const all = others.every((candidates) => {
      const near = candidates.find((other) => other.from < hit.to + within && other.to > hit.from - within);
      if (near === undefined) return false;
      [from, to] = [Math.min(from, near.from), Math.max(to, near.to)];
      return true;
    });
    if (all) return { from, to };
  }
  return null;
}

/**
 * What the policy finds in these texts: per text the first offence of the gravest rule it breaks, the texts in order.
 * @param castSomebody a real person is cast: sexual content is then about them, and words of one text count for all
 */
export function findInTexts(texts: readonly PolicyText[], castSomebody = false): PolicyFinding[] {
  return texts.flatMap(({ field, text }): PolicyFinding[] => {
    const words = wordsOf(text);
    const hits = hitsIn(text, words);
    // A person who is cast stands beside every word.
    const all = castSomebody
      ? hits.flatMap((hit): Hit[] =>
          hit.group === 'explicit' ? [hit, { ...hit, group: 'realPeople' }] : [hit],
        )
      : hits;
    for (const rule of rules) {
      const place = placeOf(rule, all);
      if (place === null) continue;
      const [start, end] = [words[place.from]?.start ?? 0, words[place.to - 1]?.end ?? text.length];
      return [
        {
          stage: field === 'prompt' || field === 'caption' ? 'prompt' : 'dialogue',
          rule: rule.rule,
          outcome: rule.outcome,
          score: 1,
          at: null,
          field,
          span: { start, end },
          explanation: rule.explanation,
        },
      ];
    }
    return [];
  });
}
