/**
 * The files that are damaged: the public test files where they are, and files signed here. Invariant: every one of them reads the same to
 * both opinions before it is touched (tested). Called by prove.ts.
 */

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { WasmReader } from '@contentauth/c2pa-wasm';
import { bytesSource } from '#core/provenance/byte-source.ts';
import { storeReader } from '#core/provenance/c2pa-store.ts';
import { verifyAsset } from '#core/provenance/verify-asset.ts';
import type { TrustLists } from '#schemas/provenance.ts';
import { hostileCorpus } from './hostile.ts';
import type { Sample } from './mutate.ts';

const mediaTypes: Readonly<Record<string, string>> = {
  '.jpg': 'image/jpeg',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.wav': 'audio/wav',
  '.mp4': 'video/mp4',
};

export const testData = join(process.env.KINORA_TESTDATA ?? '../shared/testdata', 'c2pa');

/** The public test files, or none where the folder is absent. */
export async function publicSamples(trust: TrustLists): Promise<Sample[]> {
  if (!existsSync(testData)) return [];
  const files = readdirSync(testData).filter((name) => mediaTypes[extname(name)] !== undefined);
  return Promise.all(
    files.map((name) =>
      sampleOf(
        name,
        mediaTypes[extname(name)] ?? '',
        new Uint8Array(readFileSync(join(testData, name))),
        trust,
      ),
    ),
  );
}

/** A sample with the place of its store, so that damage can be aimed. */
export async function sampleOf(
  name: string,
  mediaType: string,
  bytes: Uint8Array,
  trust: TrustLists,
): Promise<Sample> {
  const result = await verifyAsset(bytesSource(bytes), mediaType, trust, {
    createHasher: (algorithm) => {
      const hash = createHash(algorithm);
      return { update: (chunk) => void hash.update(chunk), digest: () => hash.digest() };
    },
    readStore: storeReader(WasmReader),
    now: () => new Date(),
  });
  return { name, mediaType, bytes, store: result.ok ? result.value.where.store : [] };
}

/** Anchors of the public test files. */
export function publicTrust(): TrustLists {
  const file = join(testData, 'test-trust-anchors.pem');
  const pem = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return { own: { name: 'test anchors', version: '1', issuedAt: null, pem } };
}

/** The public files and the controls of the hostile corpus, signed now. */
export async function allSamples(): Promise<{ samples: Sample[]; trust: TrustLists }> {
  const { controls, trust: own } = await hostileCorpus();
  const pem = `${publicTrust().own.pem}\n${own.own.pem}`;
  const trust: TrustLists = { own: { name: 'anchors of the tests', version: '1', issuedAt: null, pem } };
  const signedHere = controls.map(({ name, mediaType, bytes }) => sampleOf(name, mediaType, bytes, trust));
  return { samples: [...(await publicSamples(trust)), ...(await Promise.all(signedHere))], trust };
}

/** Keeps samples in a folder, so that every process of a run damages the same bytes. */
export function keepSamples(folder: string, found: Awaited<ReturnType<typeof allSamples>>): void {
  const files = found.samples.map(({ bytes, ...rest }) => ({
    ...rest,
    base64: Buffer.from(bytes).toString('base64'),
  }));
  writeFileSync(join(folder, 'samples.json'), JSON.stringify({ trust: found.trust, files }));
}

export function keptSamples(folder: string): Awaited<ReturnType<typeof allSamples>> {
  const { trust, files } = JSON.parse(readFileSync(join(folder, 'samples.json'), 'utf8')) as {
    trust: TrustLists;
    files: (Omit<Sample, 'bytes'> & { base64: string })[];
  };
  return {
    trust,
    samples: files.map(({ base64, ...rest }) => ({
      ...rest,
      bytes: new Uint8Array(Buffer.from(base64, 'base64')),
    })),
  };
}
