/**
 * Whether what was signed may go out. Invariant: only a spotless second opinion does. Called by sign.ts, on bytes before they are put and on
 * objects after.
 */
import type { Verification } from '#core/provenance/verification.ts';
import { fail, ok, type Result } from '#schemas/result.ts';

export interface Expectation {
  /** How many ingredients were put in. */
  readonly ingredients: number;
  /** Whether every one of them has to hold; an upload may come with credentials that do not, and says so. */
  readonly soundIngredients: boolean;
  /** Whether a time stamp was put in. */
  readonly timeStamp: boolean;
}

/** What a signed file gave, with all of it there. */
export interface SoundFile {
  readonly verification: Verification;
  readonly label: string;
  readonly store: Uint8Array;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** Fails with `provenance_failed` and what was seen. */
export function soundness(checked: Result<Verification>, expected: Expectation): Result<SoundFile> {
  if (!checked.ok) return fail('provenance_failed', undefined, { reason: checked.error.code });
  const { report, manifestStore: store, fileSha256: sha256 } = checked.value;
  const failures = report.statuses.filter(({ outcome }) => outcome === 'failure').map(({ code }) => code);
  const succeeded = (code: string) =>
    report.statuses.some((status) => status.outcome === 'success' && status.code === code);
  const bound = succeeded('assertion.bmffHash.match');
  const stamped = !expected.timeStamp || succeeded('timeStamp.validated');
  // A parent that was changed does not spoil the state of the file it went into, so it is looked at by itself.
  const ingredients = (report.manifest?.ingredients ?? []).map(({ state }) => state);
  const complete =
    ingredients.length === expected.ingredients &&
    !(expected.soundIngredients && ingredients.includes('Invalid'));
  const label = report.manifest?.label;
  const spotless = report.state === 'Trusted' && failures.length === 0 && bound && stamped && complete;
  if (!spotless || label === undefined || store === null || sha256 === null) {
    return fail('provenance_failed', undefined, {
      state: report.state,
      failures,
      bound,
      stamped,
      ingredients,
    });
  }
  return ok({ verification: checked.value, label, store, sha256 });
}
