/** Asking the maker to put a stand-in in my place: everybody else keeps the clip (K-15). */
import { useState } from 'preact/hooks';
import { requestRecast } from '../api/cameo.ts';
import { type ApiError, asApiError } from '../api/client.ts';
import { recastNoteLimit } from '../api/limits.ts';
import { toast } from '../state/overlay.ts';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/states.tsx';

export function RecastDialog(props: {
  clipId: string;
  maker: string;
  onClose: () => void;
  onRequested: () => void;
}) {
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const send = async () => {
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      await requestRecast(props.clipId, note.trim());
      props.onClose();
      props.onRequested();
      toast(`@${props.maker} was asked to put a stand-in in your place.`);
    } catch (failure) {
      setError(asApiError(failure));
      setBusy(false);
    }
  };
  return (
    <Dialog kind="sheet" title={`Ask @${props.maker} to recast?`} onClose={props.onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <p>
          A stand-in takes your place in a new version; likes, comments and everybody else stay. Until then
          the clip is as it is. If it should stop now, delete or hide it instead.
        </p>
        <label class="field">
          <span class="field-label">A note for them (optional)</span>
          <textarea
            rows={2}
            maxLength={recastNoteLimit}
            value={note}
            onInput={(event) => setNote(event.currentTarget.value)}
          />
        </label>
        {error && <ErrorNote error={error} />}
        <div class="button-row">
          <button type="button" class="button" onClick={props.onClose}>
            Cancel
          </button>
          <button type="submit" class="button button-primary" disabled={busy}>
            {busy ? 'Asking…' : 'Ask'}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
