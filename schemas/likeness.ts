/**
 * What a cameo lends to a clip: a portrait and, where its owner agrees, a voice; and the rules it is lent under. Shared by the
 * HTTP contract, the Cameo object and the render protocol.
 */
import { z } from 'zod';
import { idSchema } from './ids.ts';

const colorSchema = z.string().regex(/^#[0-9a-f]{6}$/);

/** Length of a face embedding (`@vladmandic/human` faceres). */
export const embeddingLength = 1024;

/** A face drawn from parameters: what demo accounts have instead of a photograph. The web app and the sketch engine draw the same. */
export const drawnPortraitSchema = z.object({
  kind: z.literal('drawn'),
  skin: colorSchema,
  hair: z.enum(['none', 'short', 'long', 'curly', 'bun', 'bob', 'mohawk', 'braids']),
  hairColor: colorSchema,
  eyes: colorSchema,
  glasses: z.enum(['none', 'round', 'square']),
  beard: z.enum(['none', 'stubble', 'full', 'moustache']),
  shirt: colorSchema,
});
export type DrawnPortrait = z.infer<typeof drawnPortraitSchema>;

/** A frontal frame of the enrolment recording, kept only if its owner asked for it. Bytes travel apart from this. */
export const photoPortraitSchema = z.object({
  kind: z.literal('photo'),
  /** Hex SHA-256 of the JPEG, 512×512. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

export const portraitSchema = z.discriminatedUnion('kind', [drawnPortraitSchema, photoPortraitSchema]);
export type Portrait = z.infer<typeof portraitSchema>;

/** What a voice sounds like, as far as an engine without a voice model can follow it. */
export const voiceSchema = z.object({
  /** Median fundamental frequency, Hz. */
  pitchHz: z.number().min(50).max(500),
  /** 0 dark … 1 bright: where the energy of voiced speech lies. */
  brightness: z.number().min(0).max(1),
  /** Syllables per second. */
  rate: z.number().min(1).max(10),
});
export type Voice = z.infer<typeof voiceSchema>;

/** One likeness in a job, as a render node gets it. Says nothing of accounts beyond the public handle. */
export const castMemberSchema = z.object({
  cameoId: idSchema('cam'),
  handle: z.string(),
  displayName: z.string(),
  portrait: portraitSchema,
  /** Null unless its owner lends the voice. */
  voice: voiceSchema.nullable(),
});
export type CastMember = z.infer<typeof castMemberSchema>;

/** K-11, from closed to open. Default after enrolment: `only-me`. */
export const cameoLevels = ['nobody', 'only-me', 'approved', 'mutuals', 'everyone'] as const;
export const cameoLevelSchema = z.enum(cameoLevels);
export type CameoLevel = z.infer<typeof cameoLevelSchema>;

/** K-13. Structured classes a prompt is checked against; what each means stands in durable-objects/cameo/core/rule-lexicon.ts. */
export const ruleClasses = [
  'political',
  'romantic',
  'violence',
  'endorsement',
  'substances',
  'degradation',
  'fetish',
  'stalking',
  'sexual',
] as const;
export const ruleClassSchema = z.enum(ruleClasses);
export type RuleClass = z.infer<typeof ruleClassSchema>;
/** Never allowed, whatever the owner or a contract says. */
export const neverClasses: readonly RuleClass[] = ['sexual'];
/** Denied until the owner allows them. */
export const defaultDenied: readonly RuleClass[] = [
  'political',
  'endorsement',
  'degradation',
  'fetish',
  'stalking',
  'sexual',
];

export const rulesSchema = z.strictObject({
  /** Words or phrases that must not appear in what I am cast in; matched by word, without case and accents. */
  words: z.array(z.string().trim().min(2).max(60)).max(50),
  /** Classes that are refused. `sexual` is always refused. */
  denied: z.array(ruleClassSchema).max(ruleClasses.length),
});
export type Rules = z.infer<typeof rulesSchema>;
