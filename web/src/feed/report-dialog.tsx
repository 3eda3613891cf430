/** A report: one reason, words if wanted. Open to everyone, also without an account. */
import { useState } from 'preact/hooks';
import { type ApiError, asApiError } from '../api/client.ts';
import { type ReportReason, reportClip } from '../api/clips.ts';
import { reportDetailsLimit } from '../api/limits.ts';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/states.tsx';

const reasons: readonly (readonly [ReportReason, string])[] = [
  ['likeness', 'It shows me or someone without consent'],
  ['intimate', 'Intimate or sexual'],
  ['minor', 'It puts a minor at risk'],
  ['violence', 'Violence or threats'],
  ['hate', 'Hate'],
  ['copyright', 'It uses work that is not theirs'],
  ['spam', 'Spam or deception'],
  ['other', 'Something else'],
];

export function ReportDialog({ clipId, onClose }: { clipId: string; onClose: () => void }) {
  const [reason, setReason] = useState<ReportReason | null>(null);
  const [details, setDetails] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const [receipt, setReceipt] = useState<string | null>(null);
  const send = async () => {
    if (!reason || busy) return;
    setBusy(true);
    setError(null);
    try {
      const { token } = await reportClip(clipId, reason, details.trim());
      setReceipt(`/reports/${token}`);
    } catch (failure) {
      setError(asApiError(failure));
      setBusy(false);
    }
  };
  if (receipt !== null) {
    return (
      <Dialog kind="sheet" title="Thank you" onClose={onClose}>
        <p role="status">Thank you. The report was received. A person looks at it.</p>
        <p>
          <a href={receipt}>What came of it</a> is told at this address, also without an account. Keep it.
        </p>
        <div class="button-row">
          <button type="button" class="button button-primary" onClick={onClose}>
            Done
          </button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog kind="sheet" title="Report this clip" onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <fieldset class="choices">
          <legend>What is wrong with it?</legend>
          {reasons.map(([value, label]) => (
            <label key={value} class="choice">
              <input
                type="radio"
                name="reason"
                value={value}
                checked={reason === value}
                onChange={() => setReason(value)}
              />
              <span>{label}</span>
            </label>
          ))}
        </fieldset>
        <label class="field">
          <span class="field-label">Anything that helps to understand (optional)</span>
          <textarea
            rows={3}
            maxLength={reportDetailsLimit}
            value={details}
            onInput={(event) => setDetails(event.currentTarget.value)}
          />
        </label>
        {error && <ErrorNote error={error} />}
        <div class="button-row">
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="button button-primary" disabled={!reason || busy}>
            Send report
          </button>
        </div>
      </form>
    </Dialog>
  );
}
