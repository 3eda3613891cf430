/**
 * What c2pa-wasm itself, called directly in Node, says about the public test files. Invariant: nothing of the provenance
 * worker is used, so that agreement means something. Called by provenance-setup.ts.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import { initSync, WasmReader } from '@contentauth/c2pa-wasm';
import type { Reference, ReferenceFile } from './provenance-context.ts';

const mediaTypes: Readonly<Record<string, string>> = {
  '.jpg': 'image/jpeg',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.wav': 'audio/wav',
  '.mp4': 'video/mp4',
  '.m4s': 'video/mp4',
};

/** Reads `<KINORA_TESTDATA>/c2pa`. */
export async function readReference(): Promise<Reference | null> {
  const folder = join(process.env.KINORA_TESTDATA ?? '../shared/testdata', 'c2pa');
  if (!existsSync(folder)) return null;
  initSync({
    module: readFileSync(createRequire(import.meta.url).resolve('@contentauth/c2pa-wasm/c2pa.wasm')),
  });
  const anchors = readFileSync(join(folder, 'test-trust-anchors.pem'), 'utf8');
  const files: ReferenceFile[] = [];
  for (const name of readdirSync(folder)) {
    const mediaType = mediaTypes[extname(name)];
    if (mediaType === undefined) continue;
    const bytes = readFileSync(join(folder, name));
    files.push({
      name,
      mediaType,
      base64: bytes.toString('base64'),
      expected: await verdict(bytes, mediaType, anchors),
    });
  }
  return { anchors, files };
}

async function verdict(
  bytes: Uint8Array,
  mediaType: string,
  anchors: string,
): Promise<ReferenceFile['expected']> {
  const settings = JSON.stringify({
    trust: { trust_anchors: anchors },
    verify: { verify_trust: true, remote_manifest_fetch: false },
  });
  try {
    const reader = await WasmReader.fromBytes(mediaType, bytes, settings);
    const store: {
      validation_state: string;
      validation_results: { activeManifest?: { failure: { code: string; url?: string | null }[] } };
    } = JSON.parse(reader.json());
    reader.free();
    return {
      state: store.validation_state,
      failures: (store.validation_results.activeManifest?.failure ?? []).map(
        ({ code, url }) => `${code} ${url ?? ''}`,
      ),
    };
  } catch (error) {
    return { thrown: String(error) };
  }
}
