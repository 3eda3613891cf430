/**
 * What a prompt says outright, nothing inferred: so that a remix can lay its own facts over its parent's. Pure; called by
 * read-scene.ts.
 */
import type { Hex } from '../color.ts';
import { actionLexicon } from './lexicon-actions.ts';
import { countWords, nounLexicon } from './lexicon-nouns.ts';
import {
  cameraLexicon,
  colorLexicon,
  hitWords,
  missWords,
  plainWords,
  settingLexicon,
  styleLexicon,
  timeLexicon,
  toneLexicon,
  weatherLexicon,
} from './lexicon-world.ts';
import { createMatcher, type Match, phrasesOf } from './matcher.ts';
import type {
  ActionName,
  CameraMove,
  SettingName,
  StyleName,
  Subject,
  TimeOfDay,
  Tone,
  Weather,
} from './scene.ts';
import { readWords, stem, type Word } from './words.ts';

export interface Facts {
  /** Best first. */
  readonly actions: readonly { readonly name: ActionName; readonly score: number }[];
  readonly outcome?: 'success' | 'miss';
  readonly setting?: SettingName;
  readonly time?: TimeOfDay;
  readonly weather?: Weather;
  readonly style?: StyleName;
  readonly camera?: CameraMove;
  readonly tone?: Tone;
  readonly subjects: readonly Subject[];
  /** Colours that belong to no noun: they tint the whole. */
  readonly colors: readonly Hex[];
  /** Ruled out by name ("no rain"). */
  readonly without: ReadonlySet<string>;
  /** Words no list knows, in order: they still move mood, palette and composition. */
  readonly unknown: readonly string[];
}

const settings = createMatcher(phrasesOf(settingLexicon));
const times = createMatcher(phrasesOf(timeLexicon));
const weathers = createMatcher(phrasesOf(weatherLexicon));
const styles = createMatcher(phrasesOf(styleLexicon));
const cameras = createMatcher(phrasesOf(cameraLexicon));
const tones = createMatcher(phrasesOf(toneLexicon));
const colors = createMatcher(Object.entries(colorLexicon));
const counts = createMatcher(Object.entries(countWords));
const misses = createMatcher(missWords.map((w) => [w, true] as const));
const hits = createMatcher(hitWords.map((w) => [w, true] as const));
const nouns = createMatcher(
  Object.entries(nounLexicon).flatMap(([kind, entry]) => entry.words.map((w) => [w, kind] as const)),
);
const actionMatchers = (Object.keys(actionLexicon) as ActionName[]).map((name) => ({
  name,
  matcher: createMatcher(Object.entries(actionLexicon[name])),
}));

/** Reads the prompt's facts; words under a negation count as ruled out. */
export function readFacts(prompt: string): Facts {
  const words = readWords(prompt).filter((w) => !['a', 'an', 'the', 'its', 'his', 'her'].includes(w.text));
  const claimed = new Set<number>();
  const without = new Set<string>();

  const take = <T>(found: readonly Match<T>[]): Match<T>[] => {
    const kept: Match<T>[] = [];
    for (const match of found) {
      for (let i = 0; i < match.length; i++) claimed.add(match.at + i);
      if (match.negated) without.add(String(match.value));
      else kept.push(match);
    }
    return kept;
  };
  const last = <T>(found: readonly Match<T>[]): T | undefined => take(found).at(-1)?.value;
  const first = <T>(found: readonly Match<T>[]): T | undefined => take(found)[0]?.value;

  const [things, hues] = tellApart(words, take(nouns.find(words)), take(colors.find(words)));
  const subjects = readSubjects(words, things, hues, take(counts.find(words)));
  const setting = first(settings.find(words));
  const time = last(times.find(words));
  const weather = last(weathers.find(words));
  const style = last(styles.find(words));
  const camera = last(cameras.find(words));
  const tone = first(tones.find(words));
  const outcome = readOutcome(words);
  const actions = actionMatchers
    .map(({ name, matcher }) => ({
      name,
      score: take(matcher.find(words)).reduce((sum, m) => sum + m.value, 0),
    }))
    .filter((a) => a.score >= 1)
    .sort((a, b) => b.score - a.score);
  const unknown = words.filter((w, i) => !claimed.has(i) && !plainWords.has(w.text)).map((w) => w.text);

  return {
    actions,
    subjects: subjects.subjects,
    colors: subjects.loose,
    without,
    unknown,
    ...(outcome && { outcome }),
    ...(setting && { setting }),
    ...(time && { time }),
    ...(weather && { weather }),
    ...(style && { style }),
    ...(camera && { camera }),
    ...(tone && { tone }),
  };
}

/** "An orange cat" has a colour, "three oranges" has a fruit: a word that is both is a colour when a noun follows it at once. */
function tellApart(
  words: readonly Word[],
  found: readonly Match<string>[],
  colored: readonly Match<Hex>[],
): [Match<string>[], Match<Hex>[]] {
  const isBoth = (at: number): boolean => colored.some((c) => c.at === at) && found.some((n) => n.at === at);
  const isColor = (at: number): boolean =>
    words[at]?.text.endsWith('s') === false &&
    found.some((n) => n.at === at + 1 || (n.at === at + 2 && !isBoth(at + 1)));
  return [
    found.filter((n) => !isBoth(n.at) || !isColor(n.at)),
    colored.filter((c) => !isBoth(c.at) || isColor(c.at)),
  ];
}

function readOutcome(words: readonly Word[]): 'success' | 'miss' | undefined {
  const missed = misses.find(words).some((m) => !m.negated);
  const hit = hits.find(words);
  if (missed || (hit.length > 0 && hit.every((m) => m.negated))) return 'miss';
  if (hit.length > 0 || misses.find(words).some((m) => m.negated)) return 'success';
  return undefined;
}

/** A colour or count belongs to the next noun within three words, a colour also to the noun before it ("the car is red"). */
function readSubjects(
  words: readonly Word[],
  found: readonly Match<string>[],
  colored: readonly Match<Hex>[],
  counted: readonly Match<number>[],
): { subjects: Subject[]; loose: Hex[] } {
  const used = new Set<Match<Hex>>();
  const subjects: Subject[] = [];
  let previousEnd = -1;
  for (const [index, noun] of found.entries()) {
    const entry = nounLexicon[noun.value];
    if (!entry) continue;
    const near = (at: number): boolean => at >= previousEnd && at < noun.at && noun.at - at <= 4;
    const next = found[index + 1]?.at ?? words.length;
    const nounEnd = noun.at + noun.length;
    const color =
      colored.findLast((c) => near(c.at)) ??
      colored.find(
        (c) =>
          !used.has(c) &&
          c.at > noun.at &&
          c.at < Math.min(next, nounEnd + 3) &&
          isLinked(words, nounEnd, c.at),
      );
    const digits = words
      .slice(Math.max(previousEnd, noun.at - 3, 0), noun.at)
      .findLast((w) => /^\d{1,3}$/.test(w.text));
    const count =
      counted.findLast((c) => near(c.at))?.value ?? (digits ? Math.min(30, Number(digits.text)) : undefined);
    if (color) used.add(color);
    previousEnd = nounEnd;
    const same = subjects.findIndex((s) => s.kind === noun.value);
    const subject: Subject = {
      kind: noun.value,
      class: entry.class,
      ...(color && { color: color.value }),
      ...(count !== undefined && count > 0 && { count }),
    };
    if (same < 0) subjects.push(subject);
    else if (color ?? count) subjects[same] = { ...subjects[same], ...subject };
  }
  return { subjects, loose: colored.filter((c) => !used.has(c)).map((c) => c.value) };
}

const links = new Set(
  ['is', 'are', 'painted', 'in', 'turn', 'turns', 'colored', 'coloured', 'becomes'].map(stem),
);
function isLinked(words: readonly Word[], from: number, to: number): boolean {
  return from === to || words.slice(from, to).some((w) => links.has(w.stem));
}
