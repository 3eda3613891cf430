/**
 * The receipt of an erasure (K-20). Invariants: it names every store from the beginning; a store that has answered is not asked again,
 * so the first account of what was erased stands when a step is repeated; it is complete when no store is pending. Pure; called by the
 * erasure workflow through receipts.ts and by the routes that show a receipt.
 */
import { type Erasure, erasureStores } from '#schemas/http/clips.ts';

export type StoreLine = Erasure['stores'][number];
export type StoreName = StoreLine['store'];
/** What a store answers; the receipt adds the time. */
export type StoreAnswer = Omit<StoreLine, 'store' | 'at'>;

export function openReceipt({ subject, revocationId }: Pick<Erasure, 'subject' | 'revocationId'>): Erasure {
  return {
    subject,
    revocationId,
    complete: false,
    stores: erasureStores.map((store) => ({ store, status: 'pending', items: 0, at: null, detail: '' })),
  };
}

/** @param at ISO 8601; kept only with an answer that ends the wait */
export function withAnswer(receipt: Erasure, store: StoreName, answer: StoreAnswer, at: string): Erasure {
  const stores = receipt.stores.map((line) =>
    line.store === store && line.status === 'pending'
      ? { store, ...answer, at: answer.status === 'pending' ? null : at }
      : line,
  );
  return { ...receipt, stores, complete: stores.every(({ status }) => status !== 'pending') };
}

/** `3 files`, `1 file`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
