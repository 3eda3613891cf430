/** My rules (K-13): classes as switches, words as chips. They are checked when somebody casts me and again when a clip is remixed. */
import { useId, useState } from 'preact/hooks';
import type { RuleClass, Rules } from '#schemas/likeness.ts';
import { maxRuleWords, ruleWordRange } from '../api/limits.ts';
import { Icon } from '../ui/icons.tsx';
import type { Save } from './cameo-home.tsx';
import { ruleOrder, ruleWords } from './words.ts';

export function RulesEditor({ rules, onSave }: { rules: Rules; onSave: Save }) {
  const save = (changed: Rules, said: string) => onSave({ rules: changed }, { rules }, said);
  const toggle = (name: RuleClass, allowed: boolean) => {
    const denied = allowed ? rules.denied.filter((item) => item !== name) : [...rules.denied, name];
    void save(
      { ...rules, denied },
      allowed ? `${ruleWords[name].name}: allowed.` : `${ruleWords[name].name}: refused.`,
    );
  };
  return (
    <section class="card" aria-labelledby="rules-title">
      <h2 id="rules-title">What you can be cast in</h2>
      <p class="quiet">A prompt that breaks a rule is refused before anything is made, remixes too.</p>
      <div class="rule-list">
        {ruleOrder.map((name) => (
          <label key={name} class="switch-row">
            <span>
              <strong>{ruleWords[name].name}</strong>
              <span class="fine">{ruleWords[name].line}</span>
            </span>
            <input
              class="switch"
              type="checkbox"
              checked={name !== 'sexual' && !rules.denied.includes(name)}
              disabled={name === 'sexual'}
              onChange={(event) => toggle(name, event.currentTarget.checked)}
            />
          </label>
        ))}
      </div>
      <Words
        words={rules.words}
        onChange={(words, said) => void save({ ...rules, words: [...words] }, said)}
      />
    </section>
  );
}

function Words(props: {
  words: readonly string[];
  onChange: (words: readonly string[], said: string) => void;
}) {
  const id = useId();
  const [text, setText] = useState('');
  const word = text.trim();
  const problem =
    word.length === 0
      ? null
      : word.length < ruleWordRange.min
        ? 'Two letters at least.'
        : props.words.some((known) => known.toLowerCase() === word.toLowerCase())
          ? 'That is on the list already.'
          : props.words.length >= maxRuleWords
            ? `${maxRuleWords} words at most. Take one off first.`
            : null;
  const add = () => {
    if (!word || problem) return;
    setText('');
    props.onChange([...props.words, word], `“${word}” is refused from now on.`);
  };
  return (
    <form
      class="word-form"
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <label class="field-label" for={id}>
        Words that must not appear
      </label>
      {props.words.length > 0 && (
        <ul class="chips">
          {props.words.map((item) => (
            <li key={item}>
              <button
                type="button"
                class="chip chip-button"
                aria-label={`Take “${item}” off the list`}
                onClick={() =>
                  props.onChange(
                    props.words.filter((other) => other !== item),
                    `“${item}” is off the list.`,
                  )
                }
              >
                {item} <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div class="word-row">
        <input
          id={id}
          type="text"
          value={text}
          maxLength={ruleWordRange.max}
          placeholder="a word or a phrase"
          autocomplete="off"
          aria-describedby={`${id}-hint`}
          aria-invalid={problem !== null}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" class="button" disabled={!word || problem !== null}>
          Add
        </button>
      </div>
      <p id={`${id}-hint`} class={problem ? 'fine field-bad' : 'fine'}>
        {problem ?? 'Matched as whole words, whatever the case or accents.'}
      </p>
    </form>
  );
}
