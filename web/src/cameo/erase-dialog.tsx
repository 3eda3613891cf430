/** Deleting the cameo: everything stops, then template, portrait and voice are erased; the receipt says so store by store. */
import { useState } from 'preact/hooks';
import type { CameoReceipt as ReceiptBody } from '#schemas/http/cameo.ts';
import { deleteCameo, previewRevocation } from '../api/cameo.ts';
import { type ApiError, asApiError } from '../api/client.ts';
import { Erasure } from '../clip/erasure.tsx';
import { removeEverywhere } from '../feed/feed-store.ts';
import { useLoad } from '../state/use-load.ts';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/states.tsx';
import { CameoReceipt } from './cameo-receipt.tsx';
import { WhatStops } from './what-stops.tsx';
import '../styles/consent.css';

export function EraseDialog(props: { cameoId: string; onErased: () => void; onClose: () => void }) {
  const [receipt, setReceipt] = useState<ReceiptBody | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const preview = useLoad('erasure of my cameo', () =>
    previewRevocation({ scope: 'all', existing: 'delete' }),
  );
  const run = async () => {
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      const answer = await deleteCameo();
      for (const id of answer.stopped.clipIds) removeEverywhere(id);
      setReceipt(answer);
      props.onErased();
    } catch (failure) {
      setError(asApiError(failure));
    } finally {
      setBusy(false);
    }
  };
  if (receipt) {
    return (
      <Dialog title="Your cameo is deleted" onClose={props.onClose}>
        <CameoReceipt receipt={receipt} />
        <Erasure subject={props.cameoId} />
        <div class="button-row">
          <button type="button" class="button button-primary" onClick={props.onClose}>
            Done
          </button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title="Delete your cameo?" onClose={props.onClose}>
      <WhatStops preview={preview.data} error={preview.error} onRetry={preview.reload} />
      <p>
        Your face template, portrait and voice are erased after that. Nobody can cast you. To be cast again
        you would have to enrol again.
      </p>
      {error && <ErrorNote error={error} />}
      <div class="button-row revoke-actions">
        <button type="button" class="button" onClick={props.onClose}>
          Keep it
        </button>
        <button type="button" class="button button-danger" disabled={busy} onClick={() => void run()}>
          {busy ? 'Stopping and erasing…' : 'Delete my cameo'}
        </button>
      </div>
    </Dialog>
  );
}
