/**
 * Loads c2pa-rs (WebAssembly) into this worker. Invariant: one instance per isolate, instantiated on first use and not at start-up, because the
 * module is 9 MB; settings are passed with every call and nothing is fetched. Called by verify.ts.
 */
import { initSync, WasmReader } from '@contentauth/c2pa-wasm';
import wasm from '@contentauth/c2pa-wasm/c2pa.wasm';
import { storeReader } from '#core/provenance/c2pa-store.ts';
import type { VerifyDeps } from '#core/provenance/verification.ts';

let ready = false;
const read = storeReader(WasmReader);

/** Reads a bare manifest store. @see core/provenance/verification.ts */
export const readStore: VerifyDeps['readStore'] = (store, settings) => {
  if (!ready) {
    initSync({ module: wasm });
    ready = true;
  }
  return read(store, settings);
};
