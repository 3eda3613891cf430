import type { GenerationRecord } from '#durable-objects/generation/rpc.ts';
import type { Generation } from '#schemas/http/generations.ts';

/** What the creator sees: the record without whose it is. */
export function presentGeneration({ accountId: _, ...generation }: GenerationRecord): Generation {
  return generation;
}
