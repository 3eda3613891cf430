/**
 * How an engine or finishing says that a job cannot be done: a code the edge knows, a sentence for the creator, and whether
 * another attempt could succeed. Anything else that is thrown counts as `engine_failed`, retryable. Thrown by engines and
 * finishing, mapped to a Failure by node/run-job.ts.
 */
import type { renderFailureCodes } from '#schemas/render.ts';

export type RenderFailureCode = (typeof renderFailureCodes)[number];

/** Another attempt can help when the machine was the cause, not when the request or the engine was. */
const retryableByCode: Readonly<Record<RenderFailureCode, boolean>> = {
  engine_failed: true,
  engine_refused: false,
  output_invalid: true,
  audio_missing: false,
  node_shutdown: true,
  out_of_resources: true,
};

export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly code: RenderFailureCode;
  readonly retryable: boolean;

  /** @param message A sentence for a person; goes to the edge, so it must not contain the prompt. */
  constructor(
    code: RenderFailureCode,
    message: string,
    options: { readonly retryable?: boolean; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? retryableByCode[code];
  }
}
