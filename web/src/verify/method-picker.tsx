/** By whom a file is looked at. What each choice sends and can see is said before anything happens. */
import { readerMegabytes } from './local-check.ts';
import type { CheckMethod } from './outcome.ts';

export function MethodPicker(props: { value: CheckMethod; onChange: (method: CheckMethod) => void }) {
  return (
    <fieldset class="choices verify-method">
      <legend>Who looks at it</legend>
      <Choice
        method="server"
        current={props.value}
        onChange={props.onChange}
        title="Kinora, with everything"
        words="The file is sent, looked at and erased. Credentials, invisible mark, fingerprint, our records."
      />
      <Choice
        method="browser"
        current={props.value}
        onChange={props.onChange}
        title="This browser only"
        words={`Nothing of the file is sent. Credentials alone: mark, fingerprint and our records stay unknown. Loads a reader of ${readerMegabytes} MB once.`}
      />
    </fieldset>
  );
}

function Choice(props: {
  method: CheckMethod;
  current: CheckMethod;
  onChange: (method: CheckMethod) => void;
  title: string;
  words: string;
}) {
  return (
    <label class="choice">
      <input
        type="radio"
        name="verify-method"
        checked={props.current === props.method}
        onChange={() => props.onChange(props.method)}
      />
      <span>
        {props.title}
        <span class="fine">{props.words}</span>
      </span>
    </label>
  );
}
