/**
 * Fills in what a prompt leaves open: from its subjects, its place and, last, from the hash of its words. Pure; called by
 * read-scene.ts.
 */
import type { Random } from '../random.ts';
import type { Facts } from './facts.ts';
import { nounLexicon } from './lexicon-nouns.ts';
import type { ActionName, CameraMove, SettingName, StyleName, TimeOfDay, Tone, Weather } from './scene.ts';

const settingActions: Readonly<Partial<Record<SettingName, ActionName>>> = {
  sea: 'boat',
  underwater: 'swimming',
  space: 'rocket',
  moon: 'rocket',
  snowfield: 'snowman',
  gym: 'basketball',
};

/** Where an action happens when the prompt does not say. */
const homes: Readonly<Record<ActionName, readonly [SettingName, ...SettingName[]]>> = {
  basketball: ['park', 'gym', 'street', 'city'],
  dominoes: ['room', 'room', 'park'],
  'newtons-cradle': ['room'],
  'car-jump': ['desert', 'mountain', 'meadow'],
  juggling: ['park', 'street', 'meadow'],
  'tower-collapse': ['room', 'mountain', 'castle'],
  boat: ['sea'],
  'see-saw': ['park', 'meadow'],
  'marble-run': ['room', 'meadow', 'park'],
  balloons: ['meadow', 'mountain', 'park'],
  snowman: ['snowfield'],
  fireworks: ['city', 'sea', 'castle'],
  bowling: ['gym'],
  'wrecking-ball': ['city'],
  'rain-of-things': ['meadow', 'city', 'park'],
  hopping: ['meadow', 'forest', 'mountain'],
  rocket: ['desert', 'meadow', 'moon'],
  lanterns: ['forest', 'mountain', 'sea'],
  'bouncing-balls': ['park', 'beach', 'room'],
  swimming: ['underwater'],
};

const hours: Readonly<Partial<Record<ActionName, TimeOfDay>>> = { fireworks: 'night', lanterns: 'night' };

/** The action: named outright, else what the nouns do, else what the place is for, else chosen by the words' hash. */
export function inferAction(facts: Facts, random: Random): ActionName {
  const scores = new Map<ActionName, number>();
  const add = (name: ActionName, score: number): void =>
    void scores.set(name, (scores.get(name) ?? 0) + score);
  for (const { name, score } of facts.actions) add(name, score);
  for (const [index, subject] of facts.subjects.entries()) {
    const entry = nounLexicon[subject.kind];
    if (entry) add(entry.suggests, index === 0 ? 1.2 : 0.7);
  }
  const place = facts.setting && settingActions[facts.setting];
  if (place) add(place, facts.setting === 'underwater' ? 2.5 : 0.9);
  const best = [...scores].filter(([name]) => !facts.without.has(name)).sort((a, b) => b[1] - a[1])[0];
  if (best) return best[0];
  if (facts.weather === 'snow') return 'snowman';
  if (facts.time === 'night') return random.pick(['lanterns', 'fireworks', 'hopping']);
  return random.pick([
    'hopping',
    'balloons',
    'lanterns',
    'marble-run',
    'boat',
    'bouncing-balls',
    'newtons-cradle',
    'rain-of-things',
  ]);
}

export function inferSetting(facts: Facts, action: ActionName, random: Random): SettingName {
  if (action === 'swimming') return 'underwater';
  const kinds = facts.subjects.map((s) => s.kind);
  const said = facts.setting;
  if (said === 'underwater') return action === 'boat' ? 'sea' : said;
  if (said) return action === 'boat' && said === 'room' ? 'room' : said;
  if (action === 'hopping' && kinds.includes('penguin')) return 'snowfield';
  if (kinds.includes('astronaut') || kinds.includes('alien')) return action === 'rocket' ? 'moon' : 'moon';
  if (facts.weather === 'snow')
    return action === 'snowman' ? 'snowfield' : random.pick(['snowfield', 'forest', 'mountain']);
  if (kinds.includes('dragon') || kinds.includes('unicorn')) return 'castle';
  return random.pick(homes[action]);
}

export function inferTime(
  facts: Facts,
  action: ActionName,
  setting: SettingName,
  tone: Tone,
  random: Random,
): TimeOfDay {
  if (facts.time) return facts.time;
  const usual = hours[action];
  if (usual) return usual;
  if (setting === 'space') return 'night';
  if (tone === 'eerie') return 'night';
  if (tone === 'melancholy') return random.pick(['sunset', 'dawn', 'night']);
  return random.pick(['noon', 'noon', 'sunset', 'dawn']);
}

const airless = new Set<SettingName>(['space', 'moon', 'underwater']);

export function inferWeather(facts: Facts, action: ActionName, setting: SettingName): Weather {
  if (airless.has(setting)) return 'clear';
  const said = facts.weather;
  // "A rain of apples" is about apples.
  if (said === 'rain' && action === 'rain-of-things' && facts.subjects.some((s) => s.class !== 'creature'))
    return 'clear';
  if (said) return said;
  return setting === 'snowfield' && action === 'snowman' && !facts.without.has('snow') ? 'snow' : 'clear';
}

export function inferStyle(facts: Facts, tone: Tone, action: ActionName, random: Random): StyleName {
  if (facts.style) return facts.style;
  if (tone === 'dreamy') return random.pick(['storybook', 'watercolour', 'paper']);
  if (tone === 'melancholy') return random.pick(['watercolour', 'storybook']);
  if (tone === 'playful') return random.pick(['clay', 'storybook', 'paper']);
  if (action === 'fireworks' || action === 'lanterns') return random.pick(['storybook', 'paper']);
  return random.pick(['storybook', 'storybook', 'paper', 'clay', 'poster', 'watercolour']);
}

const actionTones: Readonly<Partial<Record<ActionName, Tone>>> = {
  juggling: 'playful',
  'tower-collapse': 'epic',
  'wrecking-ball': 'epic',
  'car-jump': 'epic',
  rocket: 'epic',
  balloons: 'dreamy',
  lanterns: 'dreamy',
  swimming: 'dreamy',
  'newtons-cradle': 'calm',
  boat: 'calm',
  snowman: 'joyful',
  fireworks: 'joyful',
};

export function inferTone(facts: Facts, action: ActionName, random: Random): Tone {
  if (facts.tone) return facts.tone;
  if (facts.weather === 'storm') return 'epic';
  const usual = actionTones[action];
  if (facts.unknown.length > 0 && random.chance(0.35))
    return random.pick(['calm', 'joyful', 'dreamy', 'playful']);
  return usual ?? random.pick(['joyful', 'playful', 'calm']);
}

export function inferCamera(facts: Facts, action: ActionName, random: Random): CameraMove {
  if (facts.camera) return facts.camera;
  if (
    ['dominoes', 'car-jump', 'hopping', 'rocket', 'balloons', 'see-saw', 'bowling', 'swimming'].includes(
      action,
    )
  )
    return 'follow';
  return random.pick(['push-in', 'pan', 'push-in']);
}
