/**
 * Reads a hard-binding assertion out of crJSON. Invariant: what c2pa-rs decoded is the only reading there is (no CBOR parser of ours decides what
 * was signed), and what does not have exactly the expected shape is refused. Called by binding.ts.
 * @see c2pa-rs `crjson.rs` (byte strings are `b64'…'` or lists of numbers), C2PA 2.4 §18.6 – §18.8 (hash assertions)
 */
import { z } from 'zod';
import { storePaths } from './jumbf.ts';

/** As crJSON writes byte strings. */
export const crBytesSchema = z.union([
  z.array(z.number().int().min(0).max(255)).transform((list) => Uint8Array.from(list)),
  z
    .string()
    .regex(/^b64'[A-Za-z0-9+/]*={0,2}'$/)
    .transform((text) => decodeBase64(text.slice(4, -1))),
]);

const uint = z.number().int().nonnegative();
const optional = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? null);

const exclusionSchema = z.object({
  xpath: z.string(),
  length: optional(uint),
  data: optional(z.array(z.object({ offset: uint, value: crBytesSchema }))),
  subset: optional(z.array(z.object({ offset: uint, length: uint }))),
  version: optional(z.number().int().min(0).max(255)),
  flags: optional(crBytesSchema),
  exact: optional(z.boolean()),
});
export type BmffExclusion = z.infer<typeof exclusionSchema>;

const merkleSchema = z.object({
  uniqueId: uint,
  localId: uint,
  count: uint,
  alg: optional(z.string()),
  initHash: optional(crBytesSchema),
  hashes: z.array(crBytesSchema),
  fixedBlockSize: optional(uint),
  variableBlockSizes: optional(z.array(uint)),
});
export type MerkleMap = z.infer<typeof merkleSchema>;

export const bmffHashSchema = z.object({
  exclusions: z.array(exclusionSchema),
  alg: optional(z.string()),
  hash: optional(crBytesSchema),
  merkle: optional(z.array(merkleSchema)),
  url: z.unknown().optional(),
});
export type BmffHash = z.infer<typeof bmffHashSchema>;

export const dataHashSchema = z.object({
  exclusions: optional(z.array(z.object({ start: uint, length: uint }))),
  alg: optional(z.string()),
  hash: crBytesSchema,
  url: z.unknown().optional(),
});
export type DataHash = z.infer<typeof dataHashSchema>;

export const boxesHashSchema = z.object({
  boxes: z.array(
    z.object({
      names: z.array(z.string()),
      alg: optional(z.string()),
      hash: crBytesSchema,
      excluded: optional(z.boolean()),
      exclusions: z.unknown().optional(),
    }),
  ),
});
export type BoxesHash = z.infer<typeof boxesHashSchema>;

function decodeBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}

/**
 * Whether the raw assertion spells a byte string as text. crJSON cannot tell `b64'…'` that stands for bytes from text that says so, c2pa-rs can:
 * what only looks like a hash must not become one.
 */
export function isTextInPlaceOfBytes(
  store: Uint8Array,
  reference: { manifest: string; label: string },
): boolean {
  const box = storePaths(store).get(`/c2pa/${reference.manifest}/c2pa.assertions/${reference.label}`);
  if (box === undefined) return false;
  const content = new TextDecoder('latin1').decode(store.subarray(box.start, box.end));
  return content.includes("b64'");
}
