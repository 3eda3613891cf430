/**
 * Perceptual fingerprints of films: PDQ of frames in several views, and a sub-band hash of the sound. They find a film again after it was
 * re-encoded, cropped, framed, mirrored, turned a little, captioned or trimmed; they say nothing about people. Pure: runs on the edge, the render
 * node and in the browser. docs/fingerprints.md says what they find and what not.
 */

export { bindingValueOf, framesOfBindingValue, maxBindingHashes } from './binding-value.ts';
export {
  agreesAt,
  type Comparison,
  compareFingerprints,
  type FramePair,
  frameAgreesWithin,
  hashAgreesWithin,
} from './compare.ts';
export { type AudioFingerprint, audioAgreesAt, compareAudio, fingerprintAudio } from './fingerprint-audio.ts';
export {
  type FrameFingerprints,
  type FrameOptions,
  fingerprintFrames,
  type TimedPicture,
} from './fingerprint-frames.ts';
export type { LumaPicture } from './picture.ts';
