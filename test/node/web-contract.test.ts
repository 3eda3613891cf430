/** The app keeps copies of a few contract numbers so that zod stays out of its bundle: they must not drift from schemas/. */
import { describe, expect, test } from 'vitest';
import {
  frameSizes as contractFrameSizes,
  dialogueLineSchema,
  soundCueSchema,
} from '../../schemas/engine.ts';
import {
  challengeMinutes,
  createGrantSchema,
  recastRequestSchema,
  recordingLimits,
  recordingMediaTypes,
} from '../../schemas/http/cameo.ts';
import {
  captionLimit as contractCaptionLimit,
  createCommentSchema,
  createReportSchema,
} from '../../schemas/http/clips.ts';
import { handleSchema } from '../../schemas/http/common.ts';
import {
  isFinal as contractIsFinal,
  promptLimit as contractPromptLimit,
  createGenerationSchema,
  generationStatuses,
} from '../../schemas/http/generations.ts';
import { appealLimit as contractAppealLimit } from '../../schemas/http/moderation.ts';
import { rulesSchema } from '../../schemas/likeness.ts';
import {
  explanationLimit as contractExplanationLimit,
  factsLimit as contractFactsLimit,
} from '../../schemas/moderation.ts';
import { renderStages } from '../../schemas/render.ts';
import * as limits from '../../web/src/api/limits.ts';
import { blank, parseComposition, priceOf, toRequest } from '../../web/src/studio/draft-prompt.ts';
import { stageWords, stepOf, steps } from '../../web/src/studio/stage-words.ts';

const accepts = (schema: { safeParse(value: unknown): { success: boolean } }, value: unknown) =>
  schema.safeParse(value).success;

describe('limits of the forms', () => {
  test('equal those of the contract', () => {
    expect(limits.promptLimit).toBe(contractPromptLimit);
    expect(limits.appealLimit).toBe(contractAppealLimit);
    expect(limits.factsLimit).toBe(contractFactsLimit);
    expect(limits.explanationLimit).toBe(contractExplanationLimit);
    expect(limits.captionLimit).toBe(contractCaptionLimit);
    expect(limits.frameSizes).toEqual(contractFrameSizes);
    expect(limits.stageOrder).toEqual(renderStages);
    expect(limits.recordingRange).toEqual(recordingLimits);
    expect(limits.recordingTypes).toEqual(recordingMediaTypes);
    expect(limits.challengeMinutes).toBe(challengeMinutes);
    expect(accepts(rulesSchema, { words: ['x'.repeat(limits.ruleWordRange.min)], denied: [] })).toBe(true);
    expect(accepts(rulesSchema, { words: ['x'.repeat(limits.ruleWordRange.min - 1)], denied: [] })).toBe(
      false,
    );
    for (const status of generationStatuses) expect(limits.isFinal(status)).toBe(contractIsFinal(status));
  });

  test.each([
    [
      'comment',
      (length: number) => accepts(createCommentSchema, { text: 'x'.repeat(length) }),
      limits.commentLimit,
    ],
    [
      'report details',
      (length: number) => accepts(createReportSchema, { reason: 'other', details: 'x'.repeat(length) }),
      limits.reportDetailsLimit,
    ],
    [
      'dialogue text',
      (length: number) => accepts(dialogueLineSchema, { text: 'x'.repeat(length) }),
      limits.dialogueTextLimit,
    ],
    [
      'speaker',
      (length: number) => accepts(dialogueLineSchema, { text: 'x', speaker: 'x'.repeat(length) }),
      limits.speakerLimit,
    ],
    [
      'sound',
      (length: number) => accepts(soundCueSchema, { sound: 'x'.repeat(length) }),
      limits.soundTextLimit,
    ],
    [
      'dialogue lines',
      (length: number) => accepts(createGenerationSchema, { prompt: 'x', dialogue: Array(length).fill('x') }),
      limits.dialogueLimit,
    ],
    [
      'sound cues',
      (length: number) =>
        accepts(createGenerationSchema, { prompt: 'x', soundCues: Array(length).fill('x') }),
      limits.soundCueLimit,
    ],
    [
      'rule word',
      (length: number) => accepts(rulesSchema, { words: ['x'.repeat(length)], denied: [] }),
      limits.ruleWordRange.max,
    ],
    [
      'rule words',
      (length: number) => accepts(rulesSchema, { words: Array(length).fill('word'), denied: [] }),
      limits.maxRuleWords,
    ],
    [
      'purpose of a contract',
      (length: number) => accepts(createGrantSchema, { handle: 'a', purpose: 'x'.repeat(length) }),
      limits.purposeLimit,
    ],
    [
      'uses of a contract',
      (length: number) => accepts(createGrantSchema, { handle: 'a', purpose: 'x', uses: length }),
      limits.grantUsesMax,
    ],
    [
      'note of a recast',
      (length: number) => accepts(recastRequestSchema, { note: 'x'.repeat(length) }),
      limits.recastNoteLimit,
    ],
    [
      'people in a cast',
      (length: number) => accepts(createGenerationSchema, { prompt: 'x', cameos: Array(length).fill('a') }),
      limits.castLimit,
    ],
    [
      'seconds',
      (length: number) => accepts(createGenerationSchema, { prompt: 'x', seconds: length }),
      limits.secondsRange.max,
    ],
  ])('%s: the limit is accepted, one more is not', (_name, fits, limit) => {
    expect(fits(limit)).toBe(true);
    expect(fits(limit + 1)).toBe(false);
  });

  test('the shortest clip offered is the shortest accepted', () => {
    expect(accepts(createGenerationSchema, { prompt: 'x', seconds: limits.secondsRange.min })).toBe(true);
    expect(accepts(createGenerationSchema, { prompt: 'x', seconds: limits.secondsRange.min - 1 })).toBe(
      false,
    );
  });

  test.each(['a', 'ab-c', 'x'.repeat(30), '-a', 'a-', 'A', 'a_b', '', 'x'.repeat(31), 'ä'])(
    'handle %j',
    (handle) => {
      // The server lower-cases before it looks; the form shows lower case only.
      expect(limits.handlePattern.test(handle)).toBe(handle === 'A' ? false : accepts(handleSchema, handle));
    },
  );
});

describe('what the studio sends', () => {
  test('is a valid request; empty lines are left out and times are kept', () => {
    const request = toRequest(
      {
        ...blank,
        prompt: '  a ball  ',
        dialogue: [
          { id: 1, speaker: ' Ball ', text: ' hop ' },
          { id: 2, speaker: 'nobody', text: '  ' },
        ],
        soundCues: [
          { id: 3, sound: 'bell', at: '1.5' },
          { id: 4, sound: 'wind', at: '' },
          { id: 5, sound: ' ', at: '2' },
        ],
      },
      null,
    );
    expect(createGenerationSchema.parse(request)).toMatchObject({
      prompt: 'a ball',
      dialogue: [{ speaker: 'Ball', text: 'hop' }],
      soundCues: [{ sound: 'bell', at: 1.5 }, { sound: 'wind' }],
    });
  });

  test('costs every started second', () => {
    expect(priceOf(10, 1)).toBe(10);
    expect(priceOf(9.2, 1)).toBe(10);
    expect(priceOf(3, 0.5)).toBe(2);
    expect(priceOf(4, 0)).toBe(0);
  });

  test.each([null, '', '{', '[]', '{"prompt":1}', '{"prompt":"x"}'])(
    'stored nonsense %j becomes a blank sheet',
    (text) => {
      expect(parseComposition(text)).toEqual(blank);
    },
  );

  test('a stored length outside the range is brought back into it', () => {
    expect(parseComposition('{"prompt":"x","seconds":900}').seconds).toBe(limits.secondsRange.max);
  });
});

describe('progress in words', () => {
  test('every stage has words, and the steps never go back', () => {
    const walked = renderStages.map((stage) => {
      expect(stageWords(stage)).toMatch(/\S/);
      return stepOf(stage);
    });
    expect(walked).toEqual([...walked].sort((a, b) => a - b));
    expect(walked[0]).toBe(0);
    expect(walked.at(-1)).toBe(steps.length);
    expect(new Set(walked).size).toBe(steps.length + 1);
  });
});
