/** The prompt: a large field, a counter that speaks up near the end, and examples to start from. */
import type { RefObject } from 'preact';
import { useId } from 'preact/hooks';
import { promptLimit } from '../api/limits.ts';

const examples = [
  ['Off the rim', 'A basketball bounces off the rim, hits the backboard and drops in, at sunset'],
  ['Dominoes', 'A long line of dominoes falls through a toy town at night, neon signs glowing'],
  ['Paper boat', 'A paper boat rides choppy waves in a storm while lightning flashes far away'],
  ['Pendulums', 'Seven brass pendulums swing in and out of step in a quiet museum hall'],
  ['Snowfall', 'Heavy snow settles on a little village as a balloon rises past the church'],
  ['Fireworks', 'Fireworks over a desert canyon, slow and golden, the echo arriving late'],
  ['Marble run', 'Glass marbles race down a wooden marble run in morning light'],
] as const;

export function PromptField(props: {
  inputRef: RefObject<HTMLTextAreaElement | null>;
  value: string;
  onChange: (value: string) => void;
  onSubmit: () => void;
}) {
  const id = useId();
  const left = promptLimit - props.value.length;
  return (
    <div class="prompt">
      <label class="field-label" for={id}>
        What happens?
      </label>
      <textarea
        ref={props.inputRef}
        id={id}
        class="prompt-input"
        rows={5}
        maxLength={promptLimit}
        value={props.value}
        placeholder="Who or what, where, in which light, and what moves…"
        aria-describedby={`${id}-count`}
        onInput={(event) => props.onChange(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) props.onSubmit();
        }}
      />
      <p id={`${id}-count`} class="counter" aria-live={left < 100 ? 'polite' : 'off'}>
        {props.value.length} / {promptLimit}
      </p>
      <fieldset class="examples">
        <legend class="sr-only">Examples</legend>
        {examples.map(([name, text]) => (
          <button
            key={name}
            type="button"
            class="chip chip-button"
            title={text}
            onClick={() => props.onChange(text)}
          >
            {name}
          </button>
        ))}
      </fieldset>
    </div>
  );
}
