/**
 * The one interface every engine implements. An engine turns a `RenderSpec` into raw material; finishing (mark, loudness,
 * encode, poster) is the same for all of them and lives in ../finishing.
 */
import type { EngineCapability, RenderSpec } from '#schemas/engine.ts';
import type { RenderStage } from '#schemas/render.ts';

export interface EngineContext {
  /** Aborts when the edge answers `cancel` or the lease is lost. Engines stop within one frame. */
  readonly signal: AbortSignal;
  /** A private folder, removed after the job. */
  readonly workDir: string;
  /** Photo portraits of the cast by cameo id: paths of JPEG files in a folder that is removed after the job. */
  readonly portraits: ReadonlyMap<string, string>;
  /** Reports live progress, 0..1 within the stage. Cheap to call per frame. */
  report(stage: RenderStage, progress: number): void;
}

/** Frames and sound produced on the fly; the consumer pulls, so memory stays bounded. */
export interface FrameOutput {
  readonly kind: 'frames';
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly frameCount: number;
  /** RGBA8888, straight alpha, row-major, `width * height * 4` bytes. A yielded buffer is only valid until the next pull. */
  readonly frames: AsyncIterable<Uint8ClampedArray>;
  /** Interleaved stereo float samples in blocks of any length; total = round(frameCount / fps * sampleRate) frames. */
  readonly audio: { readonly sampleRate: 48000; readonly blocks: AsyncIterable<Float32Array> };
  readonly report: EngineReport;
}

/** A file from an engine that encodes for itself; finishing decodes, marks and encodes it again. */
export interface FileOutput {
  readonly kind: 'file';
  readonly path: string;
  readonly report: EngineReport;
}

export type EngineOutput = FrameOutput | FileOutput;

/** What the engine says about what it made: shown on the clip page, kept with the clip. */
export interface EngineReport {
  readonly model: string;
  /** One plain sentence: how the prompt was understood. */
  readonly summary: string;
  /** Sound and speech as timed captions, in seconds. */
  readonly captions: readonly { start: number; end: number; text: string }[];
  /** Frame to use as the poster, 0-based. */
  readonly posterFrame: number;
}

export interface Engine {
  readonly capability: EngineCapability;
  /** @throws EngineError with a code from schemas/render.ts when the job cannot be done. */
  render(spec: RenderSpec, context: EngineContext): Promise<EngineOutput>;
}
