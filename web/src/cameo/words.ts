/**
 * Consent in plain words: levels, rules, verification, what a revocation stops. Pure. Every value of the contract has words here;
 * test/node/web-consent-words.test.ts fails when one is missing.
 */
import type { Capability, Region } from '#schemas/consent.ts';
import type {
  Castable,
  EnrolmentCheck,
  ExistingChoice,
  RevocationPreview,
  RevokeInput,
  Verification,
} from '#schemas/http/cameo.ts';
import type { CameoLevel, RuleClass } from '#schemas/likeness.ts';
import { plural } from '../ui/format.ts';

/** From closed to open: what each level lets happen. */
export const levels: readonly (readonly [CameoLevel, string, string])[] = [
  ['nobody', 'Nobody', 'Nobody may cast you, not even you. What exists stays as it is.'],
  ['only-me', 'Only me', 'You alone can put yourself in clips.'],
  ['approved', 'People I approve', 'You, and everyone you have a contract with below.'],
  ['mutuals', 'Mutuals', 'Also people you follow who follow you back. Your rules hold for them.'],
  [
    'everyone',
    'Everyone',
    'Anyone with an account may cast you. Your rules hold, and you can stop any clip.',
  ],
];

export interface RuleWords {
  readonly name: string;
  readonly line: string;
}

/** What each class covers, in the order shown. */
export const ruleWords: Readonly<Record<RuleClass, RuleWords>> = {
  political: { name: 'Politics', line: 'Parties, candidates, campaigns, telling people how to vote.' },
  endorsement: { name: 'Adverts', line: 'Recommending products, brands, investments or codes.' },
  romantic: { name: 'Romance', line: 'Dates, kisses, being somebody’s partner.' },
  violence: { name: 'Violence', line: 'Fights, weapons, being hurt or hurting others.' },
  substances: { name: 'Alcohol and drugs', line: 'Drinking, smoking, taking anything.' },
  degradation: { name: 'Humiliation', line: 'Being mocked, arrested, made to beg or cry.' },
  fetish: {
    name: 'Fetish',
    line: 'Body parts and situations chosen to arouse, however harmless they sound.',
  },
  stalking: { name: 'Stalking', line: 'Your home, being followed or watched.' },
  sexual: { name: 'Sexual', line: 'Never allowed. Nobody can switch this on, no contract either.' },
};
export const ruleOrder = Object.keys(ruleWords) as RuleClass[];

/** How sure Kinora is that a likeness is the person's own. `demo` is always said, and never as a person. */
export const verificationWords: Readonly<
  Record<Verification, { label: string; line: string; good: boolean }>
> = {
  demo: { label: 'demo, not a person', line: 'A drawn portrait for trying things out.', good: false },
  recording: {
    label: 'verified recording',
    line: 'Face, movement and spoken digits were checked.',
    good: true,
  },
  'recording-speech-unverified': {
    label: 'verified, speech unchecked',
    line: 'Face and movement were checked. What was said was not: this server has no speech recognition.',
    good: true,
  },
};

/** Why somebody may be cast. */
export const becauseWords: Readonly<Record<Castable['because'], string>> = {
  me: 'you',
  grant: 'contract with you',
  mutual: 'you follow each other',
  everyone: 'open to everyone',
};

/** What the reviews of a castable person mean for the maker; null when nothing waits. */
export function reviewWords(who: { reviewBeforeGeneration: boolean; reviewBeforePublication: boolean }) {
  if (who.reviewBeforeGeneration && who.reviewBeforePublication)
    return 'agrees before it is made and before it is published';
  if (who.reviewBeforeGeneration) return 'agrees before it is made';
  return who.reviewBeforePublication ? 'agrees before it is published' : null;
}

export const capabilityWords: Readonly<Record<Capability, string>> = {
  serve: 'watching',
  list: 'feeds and search',
  remix: 'remixing',
  download: 'downloading',
  cast: 'casting',
};

/** Where region gates stand. @see https://developers.cloudflare.com/durable-objects/reference/data-location/ */
export const regionWords: Readonly<Record<Region, string>> = {
  wnam: 'Western North America',
  enam: 'Eastern North America',
  sam: 'South America',
  weur: 'Western Europe',
  eeur: 'Eastern Europe',
  apac: 'Asia-Pacific',
  oc: 'Oceania',
  afr: 'Africa',
  me: 'Middle East',
};

export const checkWords: Readonly<Record<EnrolmentCheck['name'], string>> = {
  recording: 'The recording can be read',
  sound: 'There is a voice on it',
  'one-face': 'One face, all the time',
  'head-turns': 'The head turned as asked',
  'live-person': 'A live person, not a picture or a screen',
  'same-person': 'The same person throughout',
  'lips-and-voice': 'Lips and voice belong together',
  'spoken-digits': 'The digits were said',
  'not-enrolled-elsewhere': 'This face is on no other account',
};

type Scope = RevokeInput['scope'];

/** The three things that can happen to what exists, said for one clip, one person's clips, or all. */
export function existingWords(scope: Scope): readonly (readonly [ExistingChoice, string, string])[] {
  const what = scope === 'clip' ? 'It' : 'What exists';
  return [
    ['keep', 'Keep', `${what} stays where it is. No remixes and nothing new.`],
    ['unlist', 'Unlist', `${what} leaves feeds, search and profiles. The link still works.`],
    ['delete', 'Delete', `${what} stops everywhere, remixes with it. Nobody is served it again.`],
  ];
}

/** What a revocation would stop, as short counted lines; nothing that is zero is listed. */
export function previewLines(preview: RevocationPreview): readonly (readonly [number, string])[] {
  const rows: readonly (readonly [number, string, string])[] = [
    [preview.clips, 'clip', 'clips'],
    [preview.remixes, 'remix', 'remixes'],
    [preview.drafts, 'draft', 'drafts'],
    [preview.generations, 'job being made', 'jobs being made'],
    [preview.grants, 'contract', 'contracts'],
    [preview.people, 'person concerned', 'people concerned'],
  ];
  return rows.flatMap(([count, one, many]) =>
    count > 0 ? [[count, count === 1 ? one : many] as const] : [],
  );
}

/** One sentence that says what the choice does to these numbers. */
export function previewSentence(preview: RevocationPreview): string {
  const shown = preview.clips + preview.drafts + preview.remixes;
  const jobs =
    preview.generations > 0
      ? ` ${plural(preview.generations, 'job', 'jobs')} being made ${preview.generations === 1 ? 'is' : 'are'} stopped.`
      : '';
  if (shown === 0) return `Nothing exists that this would touch.${jobs}`;
  const these = plural(shown, 'piece');
  const verb = {
    keep: `${shown === 1 ? 'stays' : 'stay'}, and ${shown === 1 ? 'takes' : 'take'} no remixes`,
    unlist: `${shown === 1 ? 'leaves' : 'leave'} every feed and search`,
    delete: `${shown === 1 ? 'stops' : 'stop'} being served, everywhere`,
  }[preview.existing];
  return `${these} ${verb}.${jobs}`;
}
