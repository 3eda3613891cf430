/** What somebody agrees to before anything is recorded. */
import { useState } from 'preact/hooks';
import { WithoutCamera } from '../cameo/cameo-intro.tsx';
import { navigate } from '../state/page.ts';
import { Icon } from '../ui/icons.tsx';

const facts = [
  [
    'user',
    'You record for less than 20 seconds: you say six digits and turn your head three times, as asked.',
  ],
  [
    'node',
    'A render node checks that it is one live person, that lips and voice fit and the digits are right.',
  ],
  ['trash', 'The recording is deleted right after the check, whatever comes out.'],
  [
    'key',
    'A face template stays, encrypted with a key of its own. It is compared at enrolment, never used for training and never given to an engine.',
  ],
  [
    'lock',
    'Afterwards only you can cast yourself. You open it to others, or delete all of it, whenever you like.',
  ],
] as const;

export function ConsentStep(props: { busy: boolean; onAgree: (keepForRendering: boolean) => void }) {
  const [agreed, setAgreed] = useState(false);
  const [keep, setKeep] = useState(true);
  return (
    <>
      <header class="page-head">
        <h1>Enrol your likeness</h1>
        <p class="lead">One recording proves that you are you. It takes about a minute.</p>
      </header>
      <ul class="fact-list">
        {facts.map(([icon, text]) => (
          <li key={text}>
            <Icon name={icon} />
            <span>{text}</span>
          </li>
        ))}
      </ul>
      <form
        class="card consent-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (agreed) props.onAgree(keep);
        }}
      >
        <label class="choice">
          <input
            type="checkbox"
            checked={agreed}
            onChange={(event) => setAgreed(event.currentTarget.checked)}
          />
          <span>
            <strong>I agree that my face and voice are checked this way</strong>
            <span class="fine">I am the person in the recording, and of age.</span>
          </span>
        </label>
        <label class="choice">
          <input type="checkbox" checked={keep} onChange={(event) => setKeep(event.currentTarget.checked)} />
          <span>
            <strong>Keep one picture and the pitch of my voice for clips</strong>
            <span class="fine">
              Without them engines have nothing to draw you by. Erased with your cameo.
            </span>
          </span>
        </label>
        <div class="button-row button-row-start">
          <button type="submit" class="button button-primary button-large" disabled={!agreed || props.busy}>
            {props.busy ? 'Getting your challenge…' : 'Go on to the camera'}
          </button>
          <WithoutCamera onEnrolled={() => navigate('/cameo')} />
        </div>
      </form>
    </>
  );
}
