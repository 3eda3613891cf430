/** The decision in the making: what to do, under which policy, for which reasons, and the exact words its author will read. */
import { useEffect, useState } from 'preact/hooks';
import type { ModerationCase, StatementPreview } from '#schemas/http/moderation.ts';
import { asApiError } from '../api/client.ts';
import { explanationLimit, factsLimit } from '../api/limits.ts';
import { previewStatement } from '../api/moderation.ts';
import { busy, changeDraft, chooseAction, choosePolicy, complete, decide, draft, policies } from './desk.ts';
import { keyOf } from './keys.ts';
import { actionWords } from './words.ts';

/** Ids of the fields that keys jump to. */
export const fieldIds = {
  policy: 'desk-policy',
  facts: 'desk-facts',
  explanation: 'desk-explanation',
} as const;
const previewAfterMs = 300;

export function DecisionForm({ found }: { found: ModerationCase }) {
  const now = draft.value;
  if (!now) return null;
  const restrictive = now.action !== null && now.action !== 'allow';
  return (
    <form
      class="desk-decision"
      aria-label="Decision"
      onSubmit={(event) => {
        event.preventDefault();
        void decide();
      }}
    >
      <fieldset class="desk-actions">
        <legend>What to do</legend>
        {found.allowedActions.map((action) => (
          <label key={action} class={now.action === action ? 'desk-action chosen' : 'desk-action'}>
            <input
              type="radio"
              name="action"
              value={action}
              checked={now.action === action}
              onChange={() => chooseAction(action)}
            />
            <span>
              <strong>{actionWords[action].verb}</strong> <kbd>{keyOf(action)}</kbd>
              <span class="fine">{actionWords[action].meaning}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <div class="field">
        <label class="field-label" for={fieldIds.policy}>
          Policy <kbd>{keyOf('policy')}</kbd>
        </label>
        <select
          id={fieldIds.policy}
          value={now.policyId}
          onChange={(event) => choosePolicy(event.currentTarget.value)}
        >
          {[...policies.value]
            .sort((a, b) => rank(found, a.id) - rank(found, b.id))
            .map((policy) => (
              <option key={policy.id} value={policy.id}>
                {policy.title}
              </option>
            ))}
        </select>
      </div>
      {restrictive && (
        <>
          <Reason
            id={fieldIds.facts}
            label="What was found"
            shown={keyOf('facts')}
            value={now.facts}
            limit={factsLimit}
            onChange={(facts) => changeDraft({ facts })}
          />
          <Reason
            id={fieldIds.explanation}
            label="Why the policy applies"
            shown={keyOf('explanation')}
            value={now.explanation}
            limit={explanationLimit}
            onChange={(explanation) => changeDraft({ explanation })}
          />
          <label class="check">
            <input
              type="checkbox"
              checked={now.addToBank}
              onChange={(event) => changeDraft({ addToBank: event.currentTarget.checked })}
            />{' '}
            Propose it for the hash bank; somebody else confirms <kbd>{keyOf('bank')}</kbd>
          </label>
          <Preview found={found} />
        </>
      )}
      <button type="submit" class="button button-primary" disabled={!complete.value || busy.value !== null}>
        {busy.value === 'deciding' ? 'Recording' : 'Record the decision'} <kbd>{keyOf('decide')}</kbd>
      </button>
    </form>
  );
}

function rank(found: ModerationCase, policyId: string): number {
  const place = found.suggestedPolicies.indexOf(policyId);
  return place === -1 ? found.suggestedPolicies.length : place;
}

function Reason(props: {
  id: string;
  label: string;
  shown: string;
  value: string;
  limit: number;
  onChange: (value: string) => void;
}) {
  return (
    <div class="field">
      <label class="field-label" for={props.id}>
        {props.label} <kbd>{props.shown}</kbd>
      </label>
      <textarea
        id={props.id}
        rows={3}
        maxLength={props.limit}
        value={props.value}
        onInput={(event) => props.onChange(event.currentTarget.value)}
      />
    </div>
  );
}

/** Asks the server for the text, so that what is shown is what will be sent. */
function Preview({ found }: { found: ModerationCase }) {
  const [preview, setPreview] = useState<StatementPreview | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const now = draft.value;
  useEffect(() => {
    if (!now?.action || now.action === 'allow' || !complete.peek()) {
      setPreview(null);
      return;
    }
    const { action, policyId, facts, explanation } = now;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      previewStatement(found.id, { action, policyId, facts, explanation }, stop.signal).then(
        (answer) => {
          setPreview(answer);
          setFailure(null);
        },
        (error) => !stop.signal.aborted && setFailure(asApiError(error).message),
      );
    }, previewAfterMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [found.id, now?.action, now?.policyId, now?.facts, now?.explanation]);
  return (
    <section class="desk-preview" aria-live="polite">
      <h3>What {found.subject.owner ? `@${found.subject.owner.handle}` : 'the author'} will read</h3>
      {failure !== null && <p role="alert">{failure}</p>}
      {preview?.text ? (
        <p class="desk-statement">{preview.text}</p>
      ) : (
        failure === null && <p class="quiet">It is written as soon as both reasons are there.</p>
      )}
    </section>
  );
}
