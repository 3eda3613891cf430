/**
 * Taking consent back. Shows exactly what will stop, counted anew at every choice, before anything happens; then the receipt. A repeated
 * press after a lost answer sends the same key, so it gets the same receipt.
 */
import { useRef, useState } from 'preact/hooks';
import type { ExistingChoice, CameoReceipt as ReceiptBody, RevokeInput } from '#schemas/http/cameo.ts';
import { previewRevocation, revoke } from '../api/cameo.ts';
import { type ApiError, asApiError } from '../api/client.ts';
import { Erasure } from '../clip/erasure.tsx';
import { removeEverywhere } from '../feed/feed-store.ts';
import { useLoad } from '../state/use-load.ts';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/states.tsx';
import { CameoReceipt } from './cameo-receipt.tsx';
import { WhatStops } from './what-stops.tsx';
import { existingWords } from './words.ts';
import '../styles/consent.css';

export interface RevokeRequest {
  readonly scope: RevokeInput['scope'];
  readonly target?: string;
  /** The question in the title, e.g. "Revoke @alice?". */
  readonly title: string;
  readonly initial: ExistingChoice;
}

interface RevokeDialogProps {
  readonly request: RevokeRequest;
  /** Called once the receipt is there; the dialog stays to show it. */
  readonly onRevoked: (receipt: ReceiptBody) => void;
  readonly onClose: () => void;
}

export function RevokeDialog({ request, onRevoked, onClose }: RevokeDialogProps) {
  const { scope, target } = request;
  const [existing, setExisting] = useState<ExistingChoice>(request.initial);
  const [receipt, setReceipt] = useState<ReceiptBody | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const attempt = useRef({ existing: '', key: '' });
  const body = { scope, existing, ...(target === undefined ? {} : { target }) };
  const preview = useLoad(`revocation ${scope} ${target ?? ''} ${existing}`, () => previewRevocation(body));
  const run = async () => {
    if (busy) return;
    if (attempt.current.existing !== existing) attempt.current = { existing, key: crypto.randomUUID() };
    setBusy(true);
    setError(null);
    try {
      const answer = await revoke(body, attempt.current.key);
      if (answer.existing !== 'keep') for (const id of answer.stopped.clipIds) removeEverywhere(id);
      setReceipt(answer);
      onRevoked(answer);
    } catch (failure) {
      setError(asApiError(failure));
    } finally {
      setBusy(false);
    }
  };
  if (receipt) {
    return (
      <Dialog title="Your receipt" onClose={onClose}>
        <CameoReceipt receipt={receipt} />
        {receipt.existing === 'delete' && scope === 'clip' && target && <Erasure subject={target} />}
        <div class="button-row">
          <button type="button" class="button button-primary" onClick={onClose}>
            Done
          </button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title={request.title} onClose={onClose}>
      <fieldset class="choices">
        <legend>{scope === 'clip' ? 'This clip' : 'What already exists'}</legend>
        {existingWords(scope).map(([value, label, hint]) => (
          <label key={value} class="choice">
            <input
              type="radio"
              name="existing"
              value={value}
              checked={existing === value}
              disabled={busy}
              onChange={() => setExisting(value)}
            />
            <span>
              <strong>{label}</strong>
              <span class="fine">{hint}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <WhatStops preview={preview.data} error={preview.error} onRetry={preview.reload} />
      {scope !== 'clip' && (
        <p class="fine">
          {scope === 'all'
            ? 'Nobody can cast you again until you consent anew. Jobs being made stop, and their makers get their credits back.'
            : 'Nothing new of you can be made by this person. Jobs being made stop.'}
        </p>
      )}
      {error && <ErrorNote error={error} />}
      <div class="button-row revoke-actions">
        <button type="button" class="button" onClick={onClose}>
          Change nothing
        </button>
        <button type="button" class="button button-danger" disabled={busy} onClick={() => void run()}>
          {busy ? 'Stopping…' : confirmWords(scope, existing)}
        </button>
      </div>
    </Dialog>
  );
}

function confirmWords(scope: RevokeInput['scope'], existing: ExistingChoice): string {
  if (scope === 'clip') return { keep: 'Stop remixes', unlist: 'Unlist it', delete: 'Delete it' }[existing];
  return { keep: 'Revoke, keep clips', unlist: 'Revoke and unlist', delete: 'Revoke and delete' }[existing];
}
