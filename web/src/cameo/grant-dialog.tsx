/** A new contract: who, for what, how often, until when, and what they must ask first. */
import { useId, useState } from 'preact/hooks';
import type { Grant } from '#schemas/http/cameo.ts';
import type { RuleClass } from '#schemas/likeness.ts';
import { createGrant } from '../api/cameo.ts';
import { type ApiError, asApiError } from '../api/client.ts';
import { grantUsesMax, handlePattern, purposeLimit } from '../api/limits.ts';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/states.tsx';
import { endOfDay } from './grant-words.ts';
import { ruleOrder, ruleWords } from './words.ts';
import '../styles/account.css';

export function GrantDialog(props: { onClose: () => void; onCreated: (grant: Grant) => void }) {
  const id = useId();
  const [handle, setHandle] = useState('');
  const [purpose, setPurpose] = useState('');
  const [uses, setUses] = useState('');
  const [day, setDay] = useState('');
  const [beforeGeneration, setBeforeGeneration] = useState(false);
  const [beforePublication, setBeforePublication] = useState(true);
  const [allow, setAllow] = useState<readonly RuleClass[]>([]);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const name = handle.trim().toLowerCase().replace(/^@/, '');
  const count = uses === '' ? null : Number(uses);
  const countFits = count === null || (Number.isInteger(count) && count >= 1 && count <= grantUsesMax);
  const valid = handlePattern.test(name) && purpose.trim() !== '' && countFits;
  const send = async () => {
    if (!valid || busy) return;
    setBusy(true);
    setError(null);
    try {
      props.onCreated(
        await createGrant({
          handle: name,
          purpose: purpose.trim(),
          uses: count,
          until: endOfDay(day),
          reviewBeforeGeneration: beforeGeneration,
          reviewBeforePublication: beforePublication,
          allow: [...allow],
        }),
      );
    } catch (failure) {
      setError(asApiError(failure));
      setBusy(false);
    }
  };
  return (
    <Dialog kind="sheet" title="New contract" onClose={props.onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <div class="field">
          <label class="field-label" for={`${id}-who`}>
            Who
          </label>
          <div class="handle-input">
            <span aria-hidden="true">@</span>
            <input
              id={`${id}-who`}
              type="text"
              value={handle}
              maxLength={31}
              autocapitalize="none"
              autocomplete="off"
              spellcheck={false}
              placeholder="their handle"
              onInput={(event) => setHandle(event.currentTarget.value)}
            />
          </div>
        </div>
        <label class="field">
          <span class="field-label">For what (both of you see this)</span>
          <input
            type="text"
            value={purpose}
            maxLength={purposeLimit}
            placeholder="our holiday videos"
            onInput={(event) => setPurpose(event.currentTarget.value)}
          />
        </label>
        <div class="field-pair">
          <label class="field">
            <span class="field-label">How often</span>
            <input
              type="number"
              min="1"
              max={grantUsesMax}
              step="1"
              value={uses}
              placeholder="no limit"
              aria-invalid={!countFits}
              onInput={(event) => setUses(event.currentTarget.value)}
            />
          </label>
          <label class="field">
            <span class="field-label">Until</span>
            <input
              type="date"
              value={day}
              min={new Date().toISOString().slice(0, 10)}
              onInput={(event) => setDay(event.currentTarget.value)}
            />
          </label>
        </div>
        <div>
          <Toggle
            label="I agree before it is made"
            checked={beforeGeneration}
            onChange={setBeforeGeneration}
          />
          <Toggle
            label="I agree before it is published"
            checked={beforePublication}
            onChange={setBeforePublication}
          />
        </div>
        <fieldset>
          <legend class="field-label">Allow here what my rules refuse</legend>
          <div class="chips">
            {ruleOrder
              .filter((rule) => rule !== 'sexual')
              .map((rule) => (
                <label key={rule} class="chip chip-button chip-check">
                  <input
                    type="checkbox"
                    checked={allow.includes(rule)}
                    onChange={(event) =>
                      setAllow(
                        event.currentTarget.checked
                          ? [...allow, rule]
                          : allow.filter((other) => other !== rule),
                      )
                    }
                  />
                  {ruleWords[rule].name}
                </label>
              ))}
          </div>
        </fieldset>
        {error && <ErrorNote error={error} />}
        <div class="button-row">
          <button type="button" class="button" onClick={props.onClose}>
            Cancel
          </button>
          <button type="submit" class="button button-primary" disabled={!valid || busy}>
            {busy ? 'Saving…' : 'Give this contract'}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function Toggle(props: { label: string; checked: boolean; onChange: (on: boolean) => void }) {
  return (
    <label class="switch-row switch-row-plain">
      <span>{props.label}</span>
      <input
        class="switch"
        type="checkbox"
        checked={props.checked}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
    </label>
  );
}
