/**
 * Any number of hashes at once from one WebAssembly instance per algorithm. Invariant: a hasher's result does not depend on what others were fed in
 * between: the instance's state is put aside whenever it changes hands. Called by check-worker.ts.
 */
import type { createSHA256, IHasher } from 'hash-wasm';
import type { HashAlgorithm, Hasher } from '#core/provenance/byte-source.ts';

type Create = typeof createSHA256;

/** One instance and who is using it. */
interface Machine {
  readonly instance: IHasher;
  holder: { saved: Uint8Array | null } | null;
}

/**
 * The verifier asks for hashers without waiting; instances are made beforehand.
 * @param makers of hash-wasm, one per algorithm
 */
export async function wasmHashers(
  makers: Readonly<Record<HashAlgorithm, Create>>,
): Promise<(algorithm: HashAlgorithm) => Hasher> {
  const [sha256, sha384, sha512] = await Promise.all([makers.sha256(), makers.sha384(), makers.sha512()]);
  const machines: Readonly<Record<HashAlgorithm, Machine>> = {
    sha256: { instance: sha256, holder: null },
    sha384: { instance: sha384, holder: null },
    sha512: { instance: sha512, holder: null },
  };
  return (algorithm) => {
    const machine = machines[algorithm];
    const self: { saved: Uint8Array | null } = { saved: null };
    const take = () => {
      if (machine.holder === self) return machine.instance;
      if (machine.holder !== null) machine.holder.saved = machine.instance.save();
      machine.holder = self;
      return self.saved === null ? machine.instance.init() : machine.instance.load(self.saved);
    };
    return {
      update(bytes) {
        take().update(bytes);
      },
      digest() {
        const digest = take().digest('binary');
        // After a digest the instance holds nothing worth keeping.
        machine.holder = null;
        return digest;
      },
    };
  };
}
