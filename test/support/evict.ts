/** Eviction as tests want it: afterwards the object runs nowhere, whether it did before or not. workerd only. */
import { evictDurableObject } from 'cloudflare:test';

/** @throws whatever kept the object from being evicted, but not that it was gone already */
export async function evict(stub: Parameters<typeof evictDurableObject>[0]): Promise<void> {
  try {
    await evictDurableObject(stub);
  } catch (error) {
    if (!(error instanceof Error && error.message.includes('not currently running'))) throw error;
  }
}
