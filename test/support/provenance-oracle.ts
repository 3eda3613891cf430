/**
 * What c2pa-wasm says of a whole file, and what the streaming verifier says of the same file. Invariant: the first uses nothing of ours but the
 * trust settings, so that agreement means something. Called by test/node/provenance-verify*.test.ts and test/bench/provenance-verify.ts.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { initSync, WasmReader } from '@contentauth/c2pa-wasm';
import { z } from 'zod';
import { type ByteSource, bytesSource } from '#core/provenance/byte-source.ts';
import { storeReader } from '#core/provenance/c2pa-store.ts';
import { verifySettings } from '#core/provenance/trust-settings.ts';
import type { Verification, VerifyDeps, VerifyOptions } from '#core/provenance/verification.ts';
import { verifyAsset } from '#core/provenance/verify-asset.ts';
import type { TrustLists } from '#schemas/provenance.ts';
import type { Result } from '#schemas/result.ts';

initSync({
  module: readFileSync(createRequire(import.meta.url).resolve('@contentauth/c2pa-wasm/c2pa.wasm')),
});

/** The verifier's dependencies in Node. */
export const nodeDeps: VerifyDeps = {
  createHasher: (algorithm) => {
    const hash = createHash(algorithm);
    return { update: (bytes) => void hash.update(bytes), digest: () => new Uint8Array(hash.digest()) };
  },
  readStore: storeReader(WasmReader),
  now: () => new Date(),
};

/** `code url`, sorted; ingredients' failures included, their other statuses not. */
export interface Opinion {
  readonly state: string;
  readonly failures: readonly string[];
  readonly informational: readonly string[];
  readonly successes: readonly string[];
}

const codesSchema = z.array(z.object({ code: z.string(), url: z.string().nullish() }));
const statusesSchema = z.object({ success: codesSchema, informational: codesSchema, failure: codesSchema });
const storeSchema = z.object({
  validation_state: z.string(),
  validation_results: z.object({
    activeManifest: statusesSchema,
    ingredientDeltas: z.array(z.object({ validationDeltas: statusesSchema })).optional(),
  }),
});

const named = (codes: z.infer<typeof codesSchema>) =>
  codes.map(({ code, url }) => `${code} ${url ?? ''}`).sort();

/** c2pa-wasm on the whole file; what it threw where it refused. */
export async function theirs(
  bytes: Uint8Array,
  mediaType: string,
  trust: TrustLists,
): Promise<Opinion | { readonly thrown: string }> {
  try {
    const reader = await WasmReader.fromBytes(mediaType, bytes, verifySettings(trust, false));
    const store = storeSchema.parse(JSON.parse(reader.json()));
    reader.free();
    const { activeManifest, ingredientDeltas = [] } = store.validation_results;
    return {
      state: store.validation_state,
      failures: named([
        ...activeManifest.failure,
        ...ingredientDeltas.flatMap(({ validationDeltas }) => validationDeltas.failure),
      ]),
      informational: named(activeManifest.informational),
      successes: named(activeManifest.success),
    };
  } catch (error) {
    if (error instanceof z.ZodError) throw error;
    return { thrown: String(error) };
  }
}

/** The streaming verifier on the same bytes. */
export function verifyBytes(
  bytes: Uint8Array,
  mediaType: string,
  trust: TrustLists,
  options: VerifyOptions = {},
): Promise<Result<Verification>> {
  return verifyAsset(bytesSource(bytes, 10_000), mediaType, trust, nodeDeps, options);
}

/** A report as an opinion. */
export function opinionOf({ report }: Verification): Opinion {
  const of = (outcome: string, withIngredients: boolean) =>
    named(
      report.statuses.filter(
        (one) => one.outcome === outcome && (withIngredients || one.ingredient === undefined),
      ),
    );
  return {
    state: report.state,
    failures: of('failure', true),
    informational: of('informational', false),
    successes: of('success', false),
  };
}

/** Ours in the terms of theirs, so that the two can be compared whole. */
export async function both(
  bytes: Uint8Array,
  mediaType: string,
  trust: TrustLists,
): Promise<{ readonly theirs: unknown; readonly ours: unknown }> {
  const expected = await theirs(bytes, mediaType, trust);
  const result = await verifyBytes(bytes, mediaType, trust);
  if (!('thrown' in expected)) {
    return { theirs: expected, ours: result.ok ? opinionOf(result.value) : result.error };
  }
  // Where c2pa-wasm only throws, ours is None for what it did not find, and a refusal or Invalid for what it could not read.
  const nothing = /JumbfNotFound|RemoteManifestUrl/.test(expected.thrown);
  const state = result.ok ? result.value.report.state : 'refused';
  const fits = nothing ? state === 'None' : state === 'refused' || state === 'Invalid';
  return { theirs: expected.thrown, ours: fits ? expected.thrown : state };
}

/** Counts what is asked of a source. */
export function counted(source: ByteSource): { source: ByteSource; reads: [start: number, end: number][] } {
  const reads: [start: number, end: number][] = [];
  return {
    reads,
    source: {
      size: source.size,
      stream: (start, end) => {
        reads.push([start, end]);
        return source.stream(start, end);
      },
      read: (start, end) => {
        reads.push([start, end]);
        return source.read(start, end);
      },
    },
  };
}
