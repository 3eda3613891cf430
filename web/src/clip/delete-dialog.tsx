/** Deleting: says what will stop before, and shows the receipt of the consent log after. */
import { useState } from 'preact/hooks';
import type { Clip, ReceiptBody } from '#schemas/http/clips.ts';
import { type ApiError, asApiError } from '../api/client.ts';
import { deleteClip } from '../api/clips.ts';
import { removeEverywhere } from '../feed/feed-store.ts';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/states.tsx';
import { Erasure } from './erasure.tsx';
import { Receipt } from './receipt.tsx';
import '../styles/consent.css';

export function DeleteDialog({
  clip,
  onDeleted,
  onClose,
}: {
  clip: Clip;
  onDeleted: () => void;
  onClose: () => void;
}) {
  const [receipt, setReceipt] = useState<ReceiptBody | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const draft = clip.status === 'draft';
  const run = async () => {
    setBusy(true);
    setError(null);
    try {
      const answer = await deleteClip(clip.id);
      setReceipt(answer);
      removeEverywhere(clip.id);
    } catch (failure) {
      setError(asApiError(failure));
    } finally {
      setBusy(false);
    }
  };
  const finish = () => {
    onClose();
    if (receipt) onDeleted();
  };
  if (receipt) {
    return (
      <Dialog title={draft ? 'Draft discarded' : 'Clip deleted'} onClose={finish}>
        <Receipt receipt={receipt} />
        <Erasure subject={clip.id} />
        <div class="button-row">
          <button type="button" class="button button-primary" onClick={finish}>
            Done
          </button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title={draft ? 'Discard this draft?' : 'Delete this clip?'} onClose={onClose}>
      <p>When you confirm, before the answer reaches you:</p>
      <ul class="bullets">
        <li>the video, its poster and its captions stop being served, everywhere;</li>
        {!draft && <li>it leaves every feed, profile and search;</li>}
        {clip.counts.remixes > 0 ? (
          <li>
            remixes that carry its frames stop with it ({clip.counts.remixes}{' '}
            {clip.counts.remixes === 1 ? 'remix' : 'remixes'} so far);
          </li>
        ) : (
          !draft && <li>remixes that carry its frames stop with it;</li>
        )}
        <li>a public record says that this happened and when, not who did it.</li>
      </ul>
      <p>This cannot be undone.</p>
      {error && <ErrorNote error={error} />}
      <div class="button-row">
        <button type="button" class="button" onClick={onClose}>
          Keep it
        </button>
        <button type="button" class="button button-danger" disabled={busy} onClick={() => void run()}>
          {busy ? 'Stopping…' : draft ? 'Discard' : 'Delete'}
        </button>
      </div>
    </Dialog>
  );
}
