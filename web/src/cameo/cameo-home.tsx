/** The enrolled person's page. Every change is saved as it is made, and can be undone from the message that confirms it. */
import { useState } from 'preact/hooks';
import type { Cameo, UpdateCameo } from '#schemas/http/cameo.ts';
import { updateCameo } from '../api/cameo.ts';
import { asApiError } from '../api/client.ts';
import { toast } from '../state/overlay.ts';
import { formatTime, plural } from '../ui/format.ts';
import { Icon } from '../ui/icons.tsx';
import { DangerZone } from './danger-zone.tsx';
import { LevelPicker } from './level-picker.tsx';
import { People } from './people.tsx';
import { Portrait } from './portrait.tsx';
import { RulesEditor } from './rules-editor.tsx';
import { VerificationChip } from './verification.tsx';
import { verificationWords } from './words.ts';

interface CameoHomeProps {
  readonly cameo: Cameo;
  readonly handle: string;
  readonly onChange: (cameo: Cameo) => void;
  readonly onReload: () => void;
}

/** Saves a change; `said` confirms it and offers the way back. */
export type Save = (change: UpdateCameo, back: UpdateCameo, said: string) => Promise<void>;

export function CameoHome({ cameo, handle, onChange, onReload }: CameoHomeProps) {
  const [saving, setSaving] = useState(false);
  const save: Save = async (change, back, said) => {
    setSaving(true);
    try {
      onChange(await updateCameo(change));
      toast(said, { action: { label: 'Undo', run: () => void undo(back) } });
    } catch (error) {
      toast(asApiError(error).message, { tone: 'bad' });
      onReload();
    } finally {
      setSaving(false);
    }
  };
  const undo = async (back: UpdateCameo) => {
    try {
      onChange(await updateCameo(back));
    } catch (error) {
      toast(asApiError(error).message, { tone: 'bad' });
    }
  };
  return (
    <div class="page cameo" aria-busy={saving}>
      <CameoHead cameo={cameo} handle={handle} />
      <div class="cameo-columns">
        <div class="cameo-column">
          <LevelPicker cameo={cameo} onSave={save} onChange={onChange} />
          <Lending cameo={cameo} onSave={save} />
          <RulesEditor rules={cameo.rules} onSave={save} />
        </div>
        <div class="cameo-column">
          <People level={cameo.level} />
          <DangerZone cameo={cameo} onReload={onReload} />
        </div>
      </div>
    </div>
  );
}

function CameoHead({ cameo, handle }: { cameo: Cameo; handle: string }) {
  const { counts } = cameo;
  return (
    <header class="cameo-head">
      <Portrait portrait={cameo.portrait} cameoId={cameo.id} handle={handle} size="large" />
      <div class="cameo-names">
        <h1>Your likeness</h1>
        <p class="chips">
          {cameo.verification && <VerificationChip verification={cameo.verification} />}
          {cameo.status === 'revoked' && <span class="chip chip-stopped">revoked</span>}
        </p>
        <p class="quiet">
          {cameo.verification && `${verificationWords[cameo.verification].line} `}
          {cameo.enrolledAt && `Enrolled ${formatTime(cameo.enrolledAt)}.`}
        </p>
        <p class="cameo-links">
          <a class="button button-small" href="/cameo/appearances">
            <Icon name="watch" /> {counts.clips > 0 ? plural(counts.clips, 'clip') : 'Clips'} with me
          </a>
          <a class="button button-small" href="/cameo/enrol">
            <Icon name="user" /> {cameo.verification === 'demo' ? 'Enrol for real' : 'Enrol again'}
          </a>
        </p>
      </div>
    </header>
  );
}

function Lending({ cameo, onSave }: { cameo: Cameo; onSave: Save }) {
  return (
    <section class="card" aria-labelledby="lend-title">
      <h2 id="lend-title">What you lend</h2>
      <label class="switch-row">
        <span>
          <strong>My voice</strong>
          <span class="fine">
            {cameo.voice
              ? 'Casts may speak with your pitch and pace. Off: they speak with another voice.'
              : 'No voice was kept when you enrolled, so there is none to lend.'}
          </span>
        </span>
        <input
          class="switch"
          type="checkbox"
          checked={cameo.lendVoice && cameo.voice !== null}
          disabled={cameo.voice === null}
          onChange={(event) => {
            const lendVoice = event.currentTarget.checked;
            void onSave(
              { lendVoice },
              { lendVoice: !lendVoice },
              lendVoice ? 'Your voice may be used.' : 'Your voice stays with you.',
            );
          }}
        />
      </label>
      <label class="switch-row">
        <span>
          <strong>I agree before anything is published</strong>
          <span class="fine">For casts your level allows. Contracts say it for themselves.</span>
        </span>
        <input
          class="switch"
          type="checkbox"
          checked={cameo.reviewBeforePublication}
          onChange={(event) => {
            const reviewBeforePublication = event.currentTarget.checked;
            void onSave(
              { reviewBeforePublication },
              { reviewBeforePublication: !reviewBeforePublication },
              reviewBeforePublication
                ? 'You will be asked first.'
                : 'Drafts can be published without asking.',
            );
          }}
        />
      </label>
    </section>
  );
}
