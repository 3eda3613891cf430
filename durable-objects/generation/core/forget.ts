/**
 * What is left of an admission once what it made was deleted (K-20). Invariants: ids, keys, credits and times stay, because settlement,
 * lineage and receipts count by them; no word anybody wrote, no portrait and no voice does. Pure; called by the Generation object.
 */
import type { AdmittedGeneration } from '#durable-objects/account/rpc.ts';
import type { Id } from '#schemas/ids.ts';

/** @param cameoId only this likeness is forgotten; null: everything */
export function forgotten(admitted: AdmittedGeneration, cameoId: Id<'cam'> | null): AdmittedGeneration {
  if (cameoId !== null) {
    return { ...admitted, cast: admitted.cast.filter((permit) => permit.cameoId !== cameoId) };
  }
  const { request, parent } = admitted;
  return {
    ...admitted,
    request: { ...request, prompt: '', dialogue: [], soundCues: [] },
    parent: parent === null ? null : { ...parent, prompt: '' },
    cast: [],
  };
}
