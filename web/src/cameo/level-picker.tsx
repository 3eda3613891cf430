/** Who may cast me (K-11), from closed to open. After a revocation of everything, opening up again is a new consent and says so. */
import { useState } from 'preact/hooks';
import type { Cameo } from '#schemas/http/cameo.ts';
import type { CameoLevel } from '#schemas/likeness.ts';
import { updateCameo } from '../api/cameo.ts';
import { type ApiError, asApiError } from '../api/client.ts';
import { openOverlay, toast } from '../state/overlay.ts';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/states.tsx';
import type { Save } from './cameo-home.tsx';
import { levels } from './words.ts';

export function LevelPicker(props: { cameo: Cameo; onSave: Save; onChange: (cameo: Cameo) => void }) {
  const { cameo, onSave } = props;
  const choose = (level: CameoLevel, label: string) => {
    if (level === cameo.level) return;
    if (cameo.status === 'revoked') {
      openOverlay((close) => (
        <ConsentAgain level={level} label={label} onClose={close} onChange={props.onChange} />
      ));
      return;
    }
    void onSave({ level }, { level: cameo.level }, `Who may cast you: ${label.toLowerCase()}.`);
  };
  return (
    <section class="card" aria-labelledby="level-title">
      <fieldset class="choices">
        <legend>
          <h2 id="level-title">Who may cast you</h2>
        </legend>
        {cameo.status === 'revoked' && (
          <p class="menu-note-plain">
            You have revoked everything. Choosing anything but nobody consents anew, to new clips only.
          </p>
        )}
        {levels.map(([level, label, line]) => (
          <label key={level} class="choice">
            <input
              type="radio"
              name="level"
              value={level}
              checked={cameo.level === level}
              onClick={(event) => {
                // Drawn from what is saved: a refused or cancelled change never looks made.
                if (level !== cameo.level) event.preventDefault();
                choose(level, label);
              }}
            />
            <span>
              <strong>{label}</strong>
              <span class="fine">{line}</span>
            </span>
          </label>
        ))}
      </fieldset>
    </section>
  );
}

function ConsentAgain(props: {
  level: CameoLevel;
  label: string;
  onClose: () => void;
  onChange: (cameo: Cameo) => void;
}) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const agree = async () => {
    setBusy(true);
    setError(null);
    try {
      const cameo = await updateCameo({ level: props.level });
      props.onClose();
      props.onChange(cameo);
      toast(`You have consented anew: ${props.label.toLowerCase()}.`);
    } catch (failure) {
      setError(asApiError(failure));
      setBusy(false);
    }
  };
  return (
    <Dialog title="Consent again?" onClose={props.onClose}>
      <p>
        From now on: <strong>{props.label.toLowerCase()}</strong>. This opens a new chapter: clips stopped by
        your revocation stay stopped. Contracts you had before are not brought back.
      </p>
      {error && <ErrorNote error={error} />}
      <div class="button-row">
        <button type="button" class="button" onClick={props.onClose}>
          Not now
        </button>
        <button type="button" class="button button-primary" disabled={busy} onClick={() => void agree()}>
          {busy ? 'Saving…' : 'Consent again'}
        </button>
      </div>
    </Dialog>
  );
}
