/** Dialogue lines and sound cues: fields of their own (K-02), folded away until wanted. */
import {
  dialogueLimit,
  dialogueTextLimit,
  soundCueLimit,
  soundTextLimit,
  speakerLimit,
} from '../api/limits.ts';
import { Icon } from '../ui/icons.tsx';
import type { CueDraft, LineDraft } from './draft-prompt.ts';

let nextId = Date.now();

/** @param mode what the engine does with lines: speak them, caption them, or nothing */
export function DialogueFields(props: {
  lines: readonly LineDraft[];
  mode: 'spoken' | 'captioned' | 'none';
  onChange: (lines: readonly LineDraft[]) => void;
}) {
  const { lines, mode, onChange } = props;
  if (mode === 'none' && lines.length === 0) return null;
  const change = (id: number, patch: Partial<LineDraft>) =>
    onChange(lines.map((line) => (line.id === id ? { ...line, ...patch } : line)));
  return (
    <fieldset class="cues">
      <legend class="field-label">Dialogue</legend>
      {lines.length > 0 && (
        <p class="fine">
          {mode === 'spoken' ? 'Spoken, with captions.' : 'Shown as captions; this engine has no voice.'}
        </p>
      )}
      {lines.map((line, index) => (
        <div key={line.id} class="cue-row">
          <input
            class="cue-short"
            type="text"
            maxLength={speakerLimit}
            placeholder="Who"
            aria-label={`Speaker of line ${index + 1}`}
            value={line.speaker}
            onInput={(event) => change(line.id, { speaker: event.currentTarget.value })}
          />
          <input
            type="text"
            maxLength={dialogueTextLimit}
            placeholder="says…"
            aria-label={`Line ${index + 1}`}
            value={line.text}
            onInput={(event) => change(line.id, { text: event.currentTarget.value })}
          />
          <RemoveButton
            label={`Remove line ${index + 1}`}
            onClick={() => onChange(lines.filter((item) => item.id !== line.id))}
          />
        </div>
      ))}
      {lines.length < dialogueLimit && (
        <button
          type="button"
          class="add-button"
          onClick={() => onChange([...lines, { id: nextId++, speaker: '', text: '' }])}
        >
          <Icon name="speech" /> Add a line
        </button>
      )}
    </fieldset>
  );
}

export function CueFields(props: {
  cues: readonly CueDraft[];
  seconds: number;
  onChange: (cues: readonly CueDraft[]) => void;
}) {
  const { cues, seconds, onChange } = props;
  const change = (id: number, patch: Partial<CueDraft>) =>
    onChange(cues.map((cue) => (cue.id === id ? { ...cue, ...patch } : cue)));
  return (
    <fieldset class="cues">
      <legend class="field-label">Sounds</legend>
      {cues.map((cue, index) => (
        <div key={cue.id} class="cue-row">
          <input
            type="text"
            maxLength={soundTextLimit}
            placeholder="a distant bell"
            aria-label={`Sound ${index + 1}`}
            value={cue.sound}
            onInput={(event) => change(cue.id, { sound: event.currentTarget.value })}
          />
          <input
            class="cue-short"
            type="number"
            min="0"
            max={seconds}
            step="0.1"
            placeholder="at s"
            aria-label={`Time of sound ${index + 1} in seconds, empty to let the engine place it`}
            value={cue.at}
            onInput={(event) => change(cue.id, { at: event.currentTarget.value })}
          />
          <RemoveButton
            label={`Remove sound ${index + 1}`}
            onClick={() => onChange(cues.filter((item) => item.id !== cue.id))}
          />
        </div>
      ))}
      {cues.length < soundCueLimit && (
        <button
          type="button"
          class="add-button"
          onClick={() => onChange([...cues, { id: nextId++, sound: '', at: '' }])}
        >
          <Icon name="wave" /> Add a sound
        </button>
      )}
    </fieldset>
  );
}

function RemoveButton({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <button type="button" class="icon-button icon-small" aria-label={label} onClick={onClick}>
      <Icon name="close" />
    </button>
  );
}
