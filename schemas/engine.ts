/**
 * What an engine can do, and what it is asked to do. The registry on a render node publishes capabilities with every lease
 * request; admission refuses a request no engine can meet (K-02) instead of dropping part of it.
 */
import { z } from 'zod';
import { castMemberSchema } from './likeness.ts';

/** Frame sizes offered to creators, width × height in pixels. */
export const frameSizes = ['720x1280', '1280x720'] as const;
export const frameSizeSchema = z.enum(frameSizes);
export type FrameSize = z.infer<typeof frameSizeSchema>;

/** Splits `"720x1280"` into pixels. */
export function parseFrameSize(size: FrameSize): { width: number; height: number } {
  const [width = 0, height = 0] = size.split('x').map(Number);
  return { width, height };
}

/**
 * IPTC digital source types this project writes into manifests.
 * @see https://cv.iptc.org/newscodes/digitalsourcetype/
 */
export const digitalSourceTypes = [
  'trainedAlgorithmicMedia',
  'algorithmicMedia',
  'compositeSynthetic',
] as const;
export type DigitalSourceType = (typeof digitalSourceTypes)[number];

/** Stands in the place of an engine where a clip came as an upload. No node offers it. */
export const uploadEngine = { name: 'upload', version: '1', model: 'none' } as const;

export const engineCapabilitySchema = z.object({
  /** Registry name, e.g. `sketch`; `upload` stands for no engine. */
  name: z.string().regex(/^(?!upload$)[a-z][a-z0-9-]{1,31}$/),
  version: z.string().max(32),
  /** One sentence shown to people on the clip page and in the studio. */
  description: z.string().max(300),
  models: z.array(z.string().max(64)).min(1),
  seconds: z.object({ min: z.number().positive(), max: z.number().positive() }),
  sizes: z.array(frameSizeSchema).min(1),
  fps: z.number().int().positive(),
  /** Whether the engine returns sound with the picture. */
  audio: z.boolean(),
  dialogue: z.enum(['spoken', 'captioned', 'none']),
  soundCues: z.boolean(),
  imageRef: z.boolean(),
  videoRef: z.boolean(),
  audioRef: z.boolean(),
  cancel: z.enum(['none', 'queued', 'step']),
  /** Whether likeness references may be sent to it (K-21). */
  biometricsAllowed: z.boolean(),
  region: z.string().max(32),
  /** Credits per started second of output. */
  creditsPerSecond: z.number().nonnegative(),
  digitalSourceType: z.enum(digitalSourceTypes),
});
export type EngineCapability = z.infer<typeof engineCapabilitySchema>;

export const dialogueLineSchema = z.object({
  speaker: z.string().trim().min(1).max(40).optional(),
  text: z.string().trim().min(1).max(240),
});
export type DialogueLine = z.infer<typeof dialogueLineSchema>;

export const soundCueSchema = z.object({
  sound: z.string().trim().min(1).max(80),
  /** Seconds from the start of the clip; placed by the engine when absent. */
  at: z.number().min(0).max(60).optional(),
});
export type SoundCue = z.infer<typeof soundCueSchema>;

/** Everything a render node needs for one clip. Contains no account id and no biometric template. */
export const renderSpecSchema = z.object({
  engine: z.string(),
  prompt: z.string().min(1).max(2000),
  seed: z.number().int().min(0).max(0xffff_ffff),
  seconds: z.number().min(1).max(60),
  size: frameSizeSchema,
  dialogue: z.array(dialogueLineSchema).max(8),
  soundCues: z.array(soundCueSchema).max(16),
  /** Likenesses in this clip, in the order they were named; empty for engines that may not see biometrics. */
  cast: z.array(castMemberSchema).max(8).default([]),
  /** Nameless people who take the place of somebody who is not cast any more. */
  standIns: z.number().int().min(0).max(8).default(0),
  /** Drawn into the moving visible mark. */
  creatorHandle: z.string(),
  /** The clip this one remixes: its prompt and seed, so that the engine starts from the same scene. */
  parent: z.object({ prompt: z.string(), seed: z.number().int() }).optional(),
});
export type RenderSpec = z.infer<typeof renderSpecSchema>;
