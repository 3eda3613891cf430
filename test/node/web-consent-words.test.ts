/** Consent in words: everything the contract can say has words, numbers are counted right, and nobody is named who must not be. */
import { describe, expect, test } from 'vitest';
import { capabilities, regions } from '../../schemas/consent.ts';
import { errorCodes } from '../../schemas/errors.ts';
import {
  enrolmentChecks,
  enrolmentStatuses,
  existingChoices,
  headTurns,
  type RevocationPreview,
  recordingLimits,
  revocationScopes,
  verifications,
} from '../../schemas/http/cameo.ts';
import { generationStatuses } from '../../schemas/http/generations.ts';
import { inboxKinds } from '../../schemas/http/inbox.ts';
import { cameoLevels, neverClasses, ruleClasses } from '../../schemas/likeness.ts';
import { appearanceState, newestPerClip } from '../../web/src/cameo/appearance-words.ts';
import { mixColors } from '../../web/src/cameo/colors.ts';
import { endOfDay, grantFacts } from '../../web/src/cameo/grant-words.ts';
import * as words from '../../web/src/cameo/words.ts';
import { cameraProblem, recordingTypeOf } from '../../web/src/enrol/camera.ts';
import { cueWords, guideMs, stepAt, stepsOf, timeLeft } from '../../web/src/enrol/guide.ts';
import { outcomeOf } from '../../web/src/enrol/outcome.ts';
import { kinds, placeOf } from '../../web/src/inbox/inbox-words.ts';
import { offenceOf } from '../../web/src/studio/offence.ts';
import { awaitsAgreement } from '../../web/src/studio/stage-words.ts';

const preview = (change: Partial<RevocationPreview> = {}): RevocationPreview => ({
  scope: 'account',
  existing: 'delete',
  clips: 0,
  drafts: 0,
  remixes: 0,
  generations: 0,
  grants: 0,
  people: 0,
  ...change,
});

describe('everything the contract can say', () => {
  test('has words, and none twice', () => {
    const lists: [readonly string[], readonly string[]][] = [
      [cameoLevels, words.levels.map(([level]) => level)],
      [ruleClasses, words.ruleOrder],
      [verifications, Object.keys(words.verificationWords)],
      [capabilities, Object.keys(words.capabilityWords)],
      [regions, Object.keys(words.regionWords)],
      [enrolmentChecks, Object.keys(words.checkWords)],
      [inboxKinds, Object.keys(kinds)],
      ...revocationScopes.map((scope): [readonly string[], readonly string[]] => [
        existingChoices,
        words.existingWords(scope).map(([choice]) => choice),
      ]),
    ];
    for (const [contract, said] of lists) expect([...said].sort()).toEqual([...contract].sort());
    const names = [
      ...words.levels.map(([, label]) => label),
      ...Object.values(words.ruleWords).map(({ name }) => name),
      ...Object.values(words.regionWords),
    ];
    expect(new Set(names).size).toBe(names.length);
  });

  test('a demo likeness is never said to be a person, and only recordings count as verified', () => {
    expect(words.verificationWords.demo.label).toContain('not a person');
    for (const kind of verifications) expect(words.verificationWords[kind].good).toBe(kind !== 'demo');
  });

  test('what is never allowed says so', () => {
    for (const name of neverClasses) expect(words.ruleWords[name].line).toMatch(/never/i);
  });

  test('levels go from closed to open', () => {
    expect(words.levels.map(([level]) => level)).toEqual(cameoLevels);
  });
});

describe('what a revocation would stop', () => {
  test('zeros are not listed, one is singular', () => {
    expect(words.previewLines(preview())).toEqual([]);
    expect(words.previewLines(preview({ clips: 1, remixes: 2, generations: 1, people: 3 }))).toEqual([
      [1, 'clip'],
      [2, 'remixes'],
      [1, 'job being made'],
      [3, 'people concerned'],
    ]);
  });

  test.each([
    [preview(), 'Nothing exists that this would touch.'],
    [preview({ generations: 2 }), 'Nothing exists that this would touch. 2 jobs being made are stopped.'],
    [preview({ clips: 1 }), '1 piece stops being served, everywhere.'],
    [preview({ clips: 2, drafts: 1, remixes: 3 }), '6 pieces stop being served, everywhere.'],
    [preview({ clips: 1, existing: 'keep' }), '1 piece stays, and takes no remixes.'],
    [
      preview({ clips: 2, existing: 'unlist', generations: 1 }),
      '2 pieces leave every feed and search. 1 job being made is stopped.',
    ],
  ])('%j', (counts, sentence) => expect(words.previewSentence(counts)).toBe(sentence));
});

describe('where a rule was broken', () => {
  const sent = {
    prompt: 'a crowd is asked to vote for the green party',
    caption: 'vote',
    dialogue: [{ speaker: 'Mayor', text: 'Vote for me' }, 'second'],
    soundCues: [{ sound: 'a whip cracks' }],
  };
  const details = (field: string, start: number, end: number, text: string, more = {}) => ({
    kind: 'class',
    rule: 'political',
    field,
    start,
    end,
    text,
    ...more,
  });

  test.each([
    ['prompt', 20, 24, 'vote', 'your prompt', 'a crowd is asked to '],
    ['caption', 0, 4, 'vote', 'your caption', ''],
    ['dialogue.0.text', 0, 4, 'Vote', 'line 1', ''],
    ['dialogue.0.speaker', 0, 5, 'Mayor', 'the speaker of line 1', ''],
    ['dialogue.1.text', 0, 6, 'second', 'line 2', ''],
    ['soundCues.0.sound', 2, 6, 'whip', 'sound 1', 'a '],
  ])('%s', (field, start, end, text, place, before) => {
    const offence = offenceOf(details(field, start, end, text), sent);
    expect(offence).toMatchObject({ place, before, words: text, rule: 'politics' });
    expect(offence?.inPrompt).toEqual(field === 'prompt' ? { start, end } : null);
  });

  test('words that are not where the server said are still shown, without a place to jump to', () => {
    for (const bad of [
      details('prompt', 0, 4, 'vote'),
      details('dialogue.7.text', 0, 4, 'vote'),
      details('remixOf', 0, 4, 'vote'),
      { ...details('prompt', 20, 24, 'vote'), start: 'x' },
    ])
      expect(offenceOf(bad, sent)).toMatchObject({ words: 'vote', before: '', after: '', inPrompt: null });
    expect(offenceOf({}, sent)).toBeNull();
    expect(offenceOf({ field: 'prompt' }, sent)).toBeNull();
  });

  test("somebody's own word is not repeated as a class, even if it is called like one", () => {
    const offence = offenceOf(details('prompt', 20, 24, 'vote', { kind: 'word', rule: 'romantic' }), sent);
    expect(offence?.rule).not.toContain('omance');
  });

  test('long texts are cut around the words', () => {
    const prompt = `${'a'.repeat(200)} vote ${'b'.repeat(200)}`;
    const offence = offenceOf(details('prompt', 201, 205, 'vote'), { prompt });
    expect(offence?.before.startsWith('…')).toBe(true);
    expect(offence?.after.endsWith('…')).toBe(true);
    expect(`${offence?.before}${offence?.words}${offence?.after}`.length).toBeLessThan(120);
  });
});

describe('the inbox', () => {
  test('every kind leads into the app, to the thing where there is one', () => {
    const ids = { clipId: 'clip_1', generationId: 'gen_1', actor: null } as const;
    for (const kind of inboxKinds) {
      for (const item of [
        { kind, ...ids },
        { kind, clipId: null, generationId: null, actor: null },
      ])
        expect(placeOf(item), kind).toMatch(/^\/[a-z]/);
    }
    const place = (kind: (typeof inboxKinds)[number]) => placeOf({ kind, ...ids });
    expect(place('cast-published')).toBe('/clip/clip_1');
    expect(place('review-publication')).toBe('/cameo/appearances#gen_1');
    expect(place('review-refused')).toBe('/create/gen_1');
  });
});

describe('an appearance', () => {
  test.each([
    [{ clipStatus: 'published', served: true }, 'published'],
    [{ clipStatus: 'published', served: false }, 'stopped'],
    [{ clipStatus: 'withdrawn', served: false }, 'deleted'],
    [{ clipStatus: 'draft', served: true }, 'draft'],
    [{ clipStatus: 'draft', served: true, review: 'before-publication' }, 'waiting for you'],
    [{ clipStatus: null, served: false, generationStatus: 'running' }, 'being made'],
    [
      { clipStatus: null, served: false, generationStatus: 'queued', review: 'before-generation' },
      'waiting for you',
    ],
  ] as const)('%j is %s', (item, label) => {
    const base = { generationStatus: 'ready', review: null } as const;
    expect(appearanceState({ ...base, ...item }).label).toBe(label);
  });

  test('a clip that was recast is one entry, the newest; jobs without a clip are each their own', () => {
    const items = [
      { clipId: 'clip_a', at: 3 },
      { clipId: null, at: 2 },
      { clipId: 'clip_b', at: 2 },
      { clipId: 'clip_a', at: 1 },
      { clipId: null, at: 0 },
    ] as const;
    expect(newestPerClip(items).map(({ at }) => at)).toEqual([3, 2, 2, 0]);
  });

  test('every status of a job has a word', () => {
    for (const generationStatus of generationStatuses)
      expect(
        appearanceState({ generationStatus, clipStatus: null, served: false, review: null }).label,
      ).toMatch(/\S/);
  });
});

describe('contracts', () => {
  const account = { id: 'acc_1', handle: 'a', displayName: 'A', demo: false, createdAt: '' } as const;
  const grant = {
    id: 'grant_1',
    grantee: account,
    grantor: account,
    purpose: 'p',
    uses: 10,
    used: 3,
    until: null,
    reviewBeforeGeneration: true,
    reviewBeforePublication: false,
    allow: ['romantic'],
    status: 'active',
    createdAt: '',
  } as const;

  test('are told in facts', () => {
    const facts = grantFacts({ ...grant, allow: ['romantic'] }, () => 'tomorrow');
    expect(facts).toEqual(['3 of 10 used', 'no end date', 'asks before it is made', 'allows romance']);
    expect(
      grantFacts({ ...grant, allow: [], status: 'expired', uses: null, until: 'x' }, () => 'tomorrow'),
    ).toEqual(['expired', 'used 3 times', 'until tomorrow', 'asks before it is made']);
  });

  test('end with the day that was picked, in the zone of whoever picked it', () => {
    const end = endOfDay('2027-01-31');
    expect(end).toMatch(/Z$/);
    const local = new Date(end ?? '');
    expect([local.getFullYear(), local.getMonth(), local.getDate()]).toEqual([2027, 0, 31]);
    expect(local.getTime() + 1000).toBe(new Date(2027, 1, 1).getTime());
    expect(endOfDay('')).toBeNull();
    expect(endOfDay('2027-13-45')).toBeNull();
  });
});

describe('enrolment', () => {
  const challenge = { digits: '402213', turns: ['left', 'up', 'right'] } as const;
  const steps = stepsOf({ ...challenge, turns: [...challenge.turns] });

  test('the take asks for every digit and turn, in order, and is as long as the contract allows', () => {
    const cues = steps.map(({ cue }) => cue);
    expect(cues.flatMap((cue) => (cue.kind === 'digit' ? cue.digit : [])).join('')).toBe(challenge.digits);
    expect(cues.flatMap((cue) => (cue.kind === 'turn' ? cue.turn : []))).toEqual(challenge.turns);
    // Back to the front after every turn, as the challenge is defined.
    for (const [index, cue] of cues.entries())
      if (cue.kind === 'turn') expect(cues[index + 1]?.kind).toBe('back');
    expect(guideMs(steps)).toBeGreaterThan(recordingLimits.minSeconds * 1000);
    expect(guideMs(steps)).toBeLessThan((recordingLimits.maxSeconds - 2) * 1000);
    for (const [index, step] of steps.entries()) {
      expect(step.from).toBe(steps[index - 1]?.to ?? 0);
      expect(stepAt(steps, step.from)).toBe(step);
      expect(stepAt(steps, step.to - 1)).toBe(step);
    }
    expect(stepAt(steps, 1e9)?.cue.kind).toBe('done');
  });

  test('left is their own left', () => {
    for (const turn of headTurns) expect(cueWords({ kind: 'turn', turn, index: 0 })).toMatch(/\S/);
    expect(cueWords({ kind: 'turn', turn: 'left', index: 0 })).toContain('to your left');
    expect(cueWords({ kind: 'turn', turn: 'right', index: 0 })).toContain('to your right');
  });

  test.each([
    [10 * 60_000, '10:00'],
    [61_000, '1:01'],
    [59_400, '1:00'],
    [1, '0:01'],
    [0, null],
    [-5000, null],
  ])('%d ms before the end: %s', (ms, left) =>
    expect(timeLeft(new Date(1_000_000 + ms).toISOString(), 1_000_000)).toBe(left),
  );

  test('every way a camera can be missing has its own words', () => {
    const names = ['Insecure', 'Unsupported', 'NotAllowedError', 'NotFoundError', 'NotReadableError', 'x'];
    const titles = names.map((name) => cameraProblem(name).title);
    expect(new Set(titles).size).toBe(names.length);
    // Nothing that asking again could change.
    expect(cameraProblem('Insecure').again).toBe(false);
    expect(cameraProblem('NotAllowedError').again).toBe(true);
  });

  test('the recorder makes what the server takes, WebM before MP4', () => {
    expect(recordingTypeOf(() => true)).toMatch(/^video\/webm/);
    expect(recordingTypeOf((type) => type.startsWith('video/mp4'))).toMatch(/^video\/mp4/);
    expect(recordingTypeOf((type) => type === 'video/x-matroska')).toBeNull();
  });

  test('every outcome says what is next; a refusal counts what failed', () => {
    for (const status of enrolmentStatuses) expect(outcomeOf({ status, checks: [] }).title).toMatch(/\S/);
    const check = (outcome: 'passed' | 'failed' | 'unverified') =>
      ({ name: 'sound', outcome, message: '' }) as const;
    expect(outcomeOf({ status: 'refused', checks: [check('failed')] }).text).toMatch(/^One check did not/);
    expect(outcomeOf({ status: 'refused', checks: [check('failed'), check('failed')] }).text).toMatch(
      /^2 checks did not/,
    );
    expect(outcomeOf({ status: 'accepted', checks: [check('unverified')] }).text).toMatch(
      /could not be made/,
    );
  });
});

test('a job waits for agreement only while it is queued for that reason', () => {
  const error = { code: 'review_pending', message: '' } as const;
  expect(awaitsAgreement({ status: 'queued', error })).toBe(true);
  expect(awaitsAgreement({ status: 'running', error })).toBe(false);
  expect(awaitsAgreement({ status: 'queued' })).toBe(false);
  for (const code of errorCodes)
    expect(awaitsAgreement({ status: 'queued', error: { code, message: '' } })).toBe(
      code === 'review_pending',
    );
});

test('colours mix channel by channel and stay colours', () => {
  expect(mixColors('#000000', '#ffffff', 0.5)).toBe('#808080');
  expect(mixColors('#102030', '#000000', 0)).toBe('#102030');
  expect(mixColors('#102030', '#ffffff', 1)).toBe('#ffffff');
  expect(mixColors('#ff0000', '#ffffff', 3)).toMatch(/^#[0-9a-f]{6}$/);
});
