/**
 * The protocol broken on purpose: the model test must notice every time, within a stated number of histories and by the promise that is
 * at stake. test/support/consent-simulation/mutants.ts says what each of them changes.
 */
import { describe, expect, test } from 'vitest';
import { mutants } from '../support/consent-simulation/mutants.ts';
import { historiesUntil } from '../support/consent-simulation/prove.ts';

const seed = 20_261_122;

describe('the model test catches', () => {
  test.each(mutants)('$name', (mutant) => {
    const found = historiesUntil(mutant, { histories: mutant.within, seed });
    expect(found?.broken).toBeOneOf([...mutant.breaks]);
  });
});
