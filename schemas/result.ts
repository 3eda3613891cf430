/** Expected refusals are returned, faults are thrown: classes do not survive Durable Object RPC, codes do. */
import type { ErrorCode } from './errors.ts';

type Scalar = string | number | boolean | null;
type Flat = Scalar | readonly Scalar[] | Readonly<Record<string, Scalar>>;
/** JSON of bounded depth: with `unknown` in it the types of Durable Object RPC drop the refusal, with a recursive type they give up. */
export type Detail = Flat | readonly Flat[];

export interface Refusal {
  readonly code: ErrorCode;
  /** A sentence for a person: what happened and what to do. */
  readonly message?: string;
  readonly details?: Readonly<Record<string, Detail>>;
}
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: Refusal };

export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function fail(
  code: ErrorCode,
  message?: string,
  details?: Readonly<Record<string, Detail>>,
): { ok: false; error: Refusal } {
  return {
    ok: false,
    error: {
      code,
      ...(message === undefined ? {} : { message }),
      ...(details === undefined ? {} : { details }),
    },
  };
}
