/**
 * Reads the CBOR of a `merkle` box: which leaf of which tree a part of the file is, and the hashes beside its way to the row that is signed.
 * Invariant: what is not exactly of that shape is refused. Called by bmff.ts; checked by binding-merkle.ts.
 * @see C2PA 2.4 Annex A.5.4, c2pa-rs `assertions/bmff_hash.rs` (`BmffMerkleMap`)
 */
import { decodeFirst } from 'cborg';
import { z } from 'zod';

const count = z.number().int().nonnegative();
/** serde reads bytes from a byte string, from text and from a list of numbers alike. */
const bytes = z.union([
  z.instanceof(Uint8Array),
  z.string().transform((text) => new TextEncoder().encode(text)),
  z.array(z.number().int().min(0).max(255)).transform((list) => Uint8Array.from(list)),
]);
const proofSchema = z.object({
  uniqueId: count,
  localId: count,
  location: count,
  hashes: z
    .array(bytes)
    .nullish()
    .transform((list) => list ?? null),
});

export type MerkleProof = z.infer<typeof proofSchema>;

/** Null if it cannot be read. Padding after the map is ignored, as c2pa-rs writes it. */
export function parseMerkleProof(content: Uint8Array): MerkleProof | null {
  try {
    const [value] = decodeFirst(content, { rejectDuplicateMapKeys: true });
    const parsed = proofSchema.safeParse(value);
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
