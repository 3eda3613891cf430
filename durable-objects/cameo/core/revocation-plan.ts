/**
 * What a revocation denies, and on which keys. Invariants: a later, weaker wish never weakens what was denied before; the same wish
 * on the same key is one entry of the log, however often and by however many calls at once it is asked for. Called by
 * cameo-object.ts.
 */
import type { Capability, ConsentKey } from '#schemas/consent.ts';
import { capabilities } from '#schemas/consent.ts';
import { type ExistingChoice, existingChoices } from '#schemas/http/cameo.ts';
import type { Id } from '#schemas/ids.ts';

/** keep: nothing new. unlist: also out of lists. delete: everything. Each contains the one before. */
const denied: Readonly<Record<ExistingChoice, readonly Capability[]>> = {
  keep: ['remix', 'cast'],
  unlist: ['list', 'remix', 'download', 'cast'],
  delete: capabilities,
};

export function deniesOf(existing: ExistingChoice): readonly Capability[] {
  return denied[existing];
}

/** One entry the log owes or has given. */
export interface Denial {
  readonly key: ConsentKey;
  readonly existing: ExistingChoice;
}

export function stronger(a: ExistingChoice, b: ExistingChoice): ExistingChoice {
  return existingChoices.indexOf(a) >= existingChoices.indexOf(b) ? a : b;
}

/**
 * The denials that answer a wish. Every key of `first` answers for itself; of `others` only those that are not denied as much yet.
 * @param first keys the receipt must name
 * @param before the strongest denial asked for so far, per key
 */
export function planDenials(
  wish: ExistingChoice,
  first: readonly ConsentKey[],
  others: readonly ConsentKey[],
  before: (key: ConsentKey) => ExistingChoice | null,
): Denial[] {
  const open = others.filter((key) => {
    const known = before(key);
    return !first.includes(key) && (known === null || stronger(known, wish) !== known);
  });
  return [
    ...first.map((key) => ({ key, existing: stronger(before(key) ?? wish, wish) })),
    ...open.map((key) => ({ key, existing: wish })),
  ];
}

/** Of the likeness whose owner asks: two people in one clip make two entries on its key. Never changes, so a crash makes no second one. */
export function idempotencyKeyOf(cameoId: Id<'cam'>, { key, existing }: Denial): string {
  return `cameo:${cameoId}:${key}:${existing}`;
}
