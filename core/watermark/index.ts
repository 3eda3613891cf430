/**
 * The invisible mark: forty bits in the picture that survive re-encoding, scaling, cropping and a screenshot. The mark only locates
 * a manifest; it never proves anything by itself (a fingerprint must agree). Pure: runs on the edge, the render node and in the
 * browser. docs/watermark.md says what it survives and what not.
 */

export { watermarkAlgorithm } from './algorithm.ts';
export { type Detection, type DetectOptions, detectFrames, type Pose } from './detect.ts';
export { createEmbedder, type Embedder, type EmbedStats, type FrameFormat } from './embed.ts';
export { type LumaFrame, lumaFromRgba } from './frame.ts';
