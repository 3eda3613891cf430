/**
 * The streaming verifier and c2pa-rs reading the whole file agree about damaged files. A slice with a fixed seed; the long run is
 * `node scripts/prove-provenance.ts` (docs/provenance.md).
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { initSync } from '@contentauth/c2pa-wasm';
import { beforeAll, describe, expect, test } from 'vitest';
import { agreementOf, ours, reference } from '../support/provenance-mutants/compare.ts';
import { mutantOf } from '../support/provenance-mutants/mutate.ts';
import { prove } from '../support/provenance-mutants/prove.ts';
import { allSamples, testData } from '../support/provenance-mutants/samples.ts';

const mutants = 500;
const seed = 20_261_122;
const described = existsSync(testData)
  ? 'the public files and ours'
  : 'ours (the public test files are not here)';

let found: Awaited<ReturnType<typeof allSamples>>;
beforeAll(async () => {
  initSync({
    module: readFileSync(createRequire(import.meta.url).resolve('@contentauth/c2pa-wasm/c2pa.wasm')),
  });
  found = await allSamples();
});

describe(`agreement with c2pa-rs on ${described}`, () => {
  test('about every file as it is: state, and every failure with its place', async () => {
    for (const { name, mediaType, bytes } of found.samples) {
      const theirs = await reference(bytes, mediaType, found.trust);
      expect(await ours(bytes, mediaType, found.trust), name).toEqual(theirs);
    }
  });

  test('about damaged files: never more permissive, never broken down, never other codes', async () => {
    const { counts, differences } = await prove(found.samples, found.trust, seed, 0, mutants);
    const wrong = differences.filter(({ agreement }) => agreement !== 'refused' && agreement !== 'stricter');
    expect(wrong).toEqual([]);
    expect(counts.same).toBeGreaterThan(mutants / 2);
  });

  test('a mutant is given by its seed and number, and is never the file as it was', () => {
    for (let number = 0; number < 50; number += 1) {
      const [once, again] = [mutantOf(found.samples, seed, number), mutantOf(found.samples, seed, number)];
      expect(Buffer.compare(once.bytes, again.bytes)).toBe(0);
      expect(Buffer.compare(once.bytes, once.sample.bytes)).not.toBe(0);
    }
  });

  test('the comparison itself can tell a permissive verifier', () => {
    const accepts = { state: 'Trusted', failures: [] } as const;
    const refuses = { state: 'Invalid', failures: ['assertion.bmffHash.mismatch x'] } as const;
    expect(agreementOf(refuses, accepts)).toBe('permissive');
    expect(agreementOf(accepts, refuses)).toBe('stricter');
    expect(agreementOf(refuses, { state: 'Invalid', failures: ['claimSignature.mismatch x'] })).toBe('codes');
    const more = [...refuses.failures, 'claimSignature.mismatch x'];
    expect(agreementOf(refuses, { state: 'Invalid', failures: more })).toBe('stricter');
    expect(agreementOf({ state: 'Invalid', failures: more }, refuses)).toBe('codes');
    expect(agreementOf({ state: 'None', failures: [] }, { state: 'Valid', failures: [] })).toBe('permissive');
  });
});
