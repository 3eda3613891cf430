/** The moderators' desk: one case after the other, from the keyboard alone if you like. */
import { useCallback, useEffect } from 'preact/hooks';
import type { ModerationQueue } from '#schemas/http/moderation.ts';
import { SignedIn } from '../auth/signed-in.tsx';
import { openOverlay } from '../state/overlay.ts';
import { useTitle } from '../state/page.ts';
import { EmptyState, ErrorNote, Loading } from '../ui/states.tsx';
import { CaseView } from './case-view.tsx';
import { busy, claimed, leaveDesk, openDesk, problem, queue, takeNext, undo } from './desk.ts';
import { DeskHelp } from './desk-help.tsx';
import { type DeskCommand, keyOf } from './keys.ts';
import { UndoBar } from './undo-bar.tsx';
import { useDeskKeys } from './use-desk-keys.ts';
import { harmWords, spanWords } from './words.ts';
import '../styles/moderation.css';
import '../styles/verify.css';

export default function DeskPage() {
  useTitle('Desk');
  return (
    <SignedIn
      title="The desk"
      purpose="work at the desk"
      why="Reports and findings are decided here by moderators, one person at a time."
    >
      {(me) =>
        me.roles.includes('moderator') ? (
          <Desk key={me.account.id} />
        ) : (
          <div class="page">
            <EmptyState
              whole
              title="The desk is for moderators"
              action={
                <a class="button" href="/transparency">
                  What the desk decides, in numbers
                </a>
              }
            >
              You can report any clip from its menu, and you hear what came of it.
            </EmptyState>
          </div>
        )
      }
    </SignedIn>
  );
}

function Desk() {
  useEffect(() => {
    void openDesk();
    addEventListener('pagehide', leaveDesk);
    return () => {
      removeEventListener('pagehide', leaveDesk);
      leaveDesk();
    };
  }, []);
  const help = useCallback(() => void openOverlay((close) => <DeskHelp onClose={close} />), []);
  // Also between two cases, so that no press is lost; an open case has all the keys to itself.
  const run = useCallback(
    (command: DeskCommand) => {
      if (command === 'next') void takeNext();
      else if (command === 'undo') void undo();
      else if (command === 'help') help();
    },
    [help],
  );
  const open = claimed.value;
  useDeskKeys(run, nothing, open === null);
  return (
    <div class="page desk">
      <UndoBar />
      {problem.value && (
        <ErrorNote
          error={problem.value}
          onRetry={() => void (open ? takeNext(open.claim.caseId) : openDesk())}
        />
      )}
      {open ? (
        <CaseView key={`${open.claim.caseId}-${open.claim.token}`} open={open} onHelp={help} />
      ) : (
        <>
          <header class="page-head">
            <h1>The desk</h1>
            {queue.value && <p class="quiet">{countsOf(queue.value)}</p>}
          </header>
          {busy.value !== null ? (
            <Loading label="Loading the next case" />
          ) : (
            queue.value && <Idle onHelp={help} />
          )}
        </>
      )}
    </div>
  );
}

/** Nothing claimed: what waits, why it would be next, and what is left of today. */
function Idle({ onHelp }: { onHelp: () => void }) {
  const now = queue.value;
  if (!now) return null;
  return (
    <>
      {now.next ? (
        <section class="desk-next">
          <h2>{now.next.for === 'appeal' ? 'Next: an appeal' : 'Next case'}</h2>
          <p>{now.next.terms.why}</p>
          <button
            type="button"
            class="button button-primary"
            disabled={busy.value !== null}
            onClick={() => void takeNext()}
          >
            Take it <kbd>{keyOf('next')}</kbd>
          </button>
        </section>
      ) : (
        <EmptyState
          title="Nothing to decide"
          action={
            <button type="button" class="button" onClick={() => void openDesk()}>
              Look again
            </button>
          }
        >
          Cases come when somebody reports something or a check finds something.
        </EmptyState>
      )}
      <section class="desk-exposure">
        <h2>Your day</h2>
        <p class="quiet">What you see unfiltered is counted, and it ends before it is too much.</p>
        <ul class="desk-list">
          {now.exposure.map((share) => (
            <li key={share.harmClass}>
              <span>{harmWords[share.harmClass]}</span>
              <meter
                min={0}
                max={share.capSeconds}
                value={share.usedSeconds}
                aria-label={`Seen of ${harmWords[share.harmClass]}`}
              />
              <span class="fine">
                {spanWords(share.usedSeconds)} of {spanWords(share.capSeconds)}
              </span>
            </li>
          ))}
        </ul>
      </section>
      <p>
        <button type="button" class="link-button" onClick={onHelp}>
          Keys of the desk <kbd>{keyOf('help')}</kbd>
        </button>{' '}
        · <a href="/transparency">Numbers</a>
      </p>
    </>
  );
}

function countsOf({ waiting, appeals, claimed: held, overdue }: ModerationQueue): string {
  return `${waiting} waiting, ${appeals} appeals, ${held} being looked at, ${overdue} overdue.`;
}

function nothing(): void {}
