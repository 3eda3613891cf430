/** Credentials that are properly signed and bind nothing are never accepted, whatever else is right about them. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { initSync } from '@contentauth/c2pa-wasm';
import { beforeAll, describe, expect, test } from 'vitest';
import { ours, reference } from '../support/provenance-mutants/compare.ts';
import { type Corpus, hostileCorpus } from '../support/provenance-mutants/hostile.ts';

let corpus: Corpus;
beforeAll(async () => {
  initSync({
    module: readFileSync(createRequire(import.meta.url).resolve('@contentauth/c2pa-wasm/c2pa.wasm')),
  });
  corpus = await hostileCorpus();
});

describe('credentials that bind nothing', () => {
  test('the same files with an honest binding are trusted', async () => {
    for (const { name, bytes, mediaType } of corpus.controls)
      expect(await ours(bytes, mediaType, corpus.trust), name).toEqual({ state: 'Trusted', failures: [] });
  });

  test('none of at least fifty is accepted, and each is told why or refused as a file', async () => {
    expect(corpus.hostile.length).toBeGreaterThanOrEqual(50);
    expect(new Set(corpus.hostile.map(({ name }) => name)).size).toBe(corpus.hostile.length);
    for (const { name, bytes, mediaType } of corpus.hostile) {
      const { state, failures } = await ours(bytes, mediaType, corpus.trust);
      expect(['Invalid', 'unreadable'], name).toContain(state);
      if (state === 'Invalid') expect(failures.length, name).toBeGreaterThan(0);
    }
  });

  test('the corpus is not idle: c2pa-rs by itself accepts some of them', async () => {
    const accepted: string[] = [];
    for (const { name, bytes, mediaType } of corpus.hostile) {
      const { state } = await reference(bytes, mediaType, corpus.trust);
      if (state === 'Trusted' || state === 'Valid') accepted.push(name);
    }
    expect(accepted).toHaveLength(12);
  });
});
