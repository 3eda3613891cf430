/**
 * Perceptual fingerprints as they cross boundaries: a render node computes them (core/fingerprint), the edge stores, compares and binds
 * them. They are about pictures and sound, never about a person's face.
 */
import { z } from 'zod';

/** C2PA soft-binding algorithm name of our fingerprint: PDQ of frames in several views, and a sub-band hash of the sound. */
export const fingerprintAlgorithm = 'app.kinora.mvpdq.1';

const hex64 = z.string().regex(/^[0-9a-f]{64}$/);

export const frameFingerprintSchema = z.object({
  /** Seconds from the start. */
  at: z.number().min(0),
  /** PDQ quality 0..100; below 50 a hash says nothing. */
  quality: z.number().int().min(0).max(100),
  /** Hex of 256 bits, one per view in the order of core/fingerprint `bankViews`. */
  views: z.array(hex64).min(1).max(32),
});

export const fingerprintsSchema = z.object({
  algorithm: z.literal(fingerprintAlgorithm),
  frames: z.array(frameFingerprintSchema).min(1).max(240),
  /** Base64 of 32-bit words, `wordsPerSecond` a second; null without sound. */
  audio: z.object({ wordsPerSecond: z.number().positive(), words: z.string().max(200_000) }).nullable(),
});
export type Fingerprints = z.infer<typeof fingerprintsSchema>;
