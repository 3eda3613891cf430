/** The checks, live while they run, and what came out: what was seen, and for every failure what to do. */
import { useEffect, useState } from 'preact/hooks';
import type { Enrolment, EnrolmentCheck } from '#schemas/http/cameo.ts';
import { getEnrolment } from '../api/cameo.ts';
import { checkWords } from '../cameo/words.ts';
import { Icon } from '../ui/icons.tsx';
import { Reel } from '../ui/logo.tsx';
import { outcomeOf } from './outcome.ts';

const pollMs = 1000;
/** After this many looks it is said that it takes longer than usual: a render node may be off. */
const patientLooks = 40;
const names = Object.keys(checkWords) as EnrolmentCheck['name'][];

/** Asks once a second until there is a decision. A lost connection is no decision: it asks on. */
function useDecision(first: Enrolment): { enrolment: Enrolment; offline: boolean; slow: boolean } {
  const [enrolment, setEnrolment] = useState(first);
  const [offline, setOffline] = useState(false);
  const [looks, setLooks] = useState(0);
  useEffect(() => {
    setEnrolment(first);
    setLooks(0);
    if (first.status !== 'inspecting') return;
    let current = true;
    let timer: ReturnType<typeof setTimeout>;
    const look = async () => {
      try {
        const found = await getEnrolment(first.id);
        if (!current) return;
        setEnrolment(found);
        setLooks((count) => count + 1);
        setOffline(false);
        if (found.status !== 'inspecting') return;
      } catch {
        if (!current) return;
        setOffline(true);
      }
      timer = setTimeout(() => void look(), pollMs);
    };
    timer = setTimeout(() => void look(), pollMs);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [first]);
  return { enrolment, offline, slow: looks > patientLooks && enrolment.status === 'inspecting' };
}

export function ResultStep(props: { first: Enrolment; onAgain: () => void }) {
  const { enrolment, offline, slow } = useDecision(props.first);
  const { status, checks } = enrolment;
  const outcome = outcomeOf(enrolment);
  return (
    <div class="result">
      <header class="result-head">
        <Reel
          progress={status === 'inspecting' ? 0.5 : status === 'accepted' ? 1 : 0}
          turning={status === 'inspecting'}
        />
        <div role="status">
          <h1>{outcome.title}</h1>
          <p class="lead">{outcome.text}</p>
        </div>
      </header>
      {offline && (
        <p class="banner" role="status">
          The connection is interrupted. The check goes on; this page asks again.
        </p>
      )}
      {slow && !offline && (
        <p class="banner" role="status">
          It takes longer than usual: every render node is busy, or none is connected. You can leave; the
          answer comes to your inbox.
        </p>
      )}
      <ul class="check-list" aria-label="Checks">
        {checks.length > 0
          ? checks.map((check) => <CheckLine key={check.name} check={check} />)
          : names.map((name) => (
              <li key={name} class="check-line">
                <Icon name="more" />
                <span>{checkWords[name]}</span>
              </li>
            ))}
      </ul>
      {status !== 'inspecting' && (
        <div class="button-row button-row-start">
          {status === 'accepted' || status === 'review' ? (
            <a class="button button-primary" href="/cameo">
              {status === 'accepted' ? 'Decide who may cast you' : 'Back to your likeness'}
            </a>
          ) : (
            <>
              <button type="button" class="button button-primary" onClick={props.onAgain}>
                Try again with a new challenge
              </button>
              <a class="button" href="/cameo">
                Not now
              </a>
            </>
          )}
        </div>
      )}
    </div>
  );
}

const outcomeIcons = { passed: 'check', failed: 'alert', unverified: 'info' } as const;
const outcomeWords = { passed: 'Passed', failed: 'Did not pass', unverified: 'Not checked' } as const;

function CheckLine({ check }: { check: EnrolmentCheck }) {
  return (
    <li class={`check-line check-${check.outcome}`}>
      <Icon name={outcomeIcons[check.outcome]} />
      <span>
        <span class="sr-only">{outcomeWords[check.outcome]}: </span>
        <strong>{checkWords[check.name]}</strong>
        {(check.outcome !== 'passed' || check.message) && <span class="fine">{check.message}</span>}
      </span>
    </li>
  );
}
