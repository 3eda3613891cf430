/** One claimed case: pictures, what is known, and the decision. Keeps the claim alive while it is open. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { ClaimedCase } from '#schemas/http/moderation.ts';
import { formatAgo } from '../ui/format.ts';
import { Icon } from '../ui/icons.tsx';
import { CaseTabs } from './case-tabs.tsx';
import { DecisionForm, fieldIds } from './decision-form.tsx';
import {
  changeDraft,
  chooseAction,
  decide,
  draft,
  overtaken,
  queue,
  renewClaim,
  skip,
  takeNext,
  undo,
} from './desk.ts';
import { useVeil } from './exposure.ts';
import { Film, type FilmHandle } from './film.tsx';
import { type DeskCommand, keyOf, type Tab } from './keys.ts';
import { useDeskKeys } from './use-desk-keys.ts';
import { subjectOf } from './words.ts';

/** Well before a claim of five minutes runs out, also when one answer is slow. */
const renewEveryMs = 100_000;

export function CaseView({ open, onHelp }: { open: ClaimedCase; onHelp: () => void }) {
  const found = open.case;
  const [tab, setTab] = useState<Tab>('reports');
  const film = useRef<FilmHandle | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const known = queue.value?.exposure.find(({ harmClass }) => harmClass === found.harmClass) ?? null;
  const veil = useVeil(found.id, found.harmClass, known);

  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    const timer = setInterval(() => void renewClaim(), renewEveryMs);
    return () => clearInterval(timer);
  }, [found.id]);

  const run = useCallback(
    (command: DeskCommand) => {
      switch (command) {
        case 'next':
        case 'skip':
          return void skip();
        case 'undo':
          return void undo();
        case 'help':
          return onHelp();
        case 'play':
          return film.current?.play();
        case 'sound':
          return film.current?.sound();
        case 'frame-back':
          return film.current?.step(-1);
        case 'frame-on':
          return film.current?.step(1);
        case 'reveal':
          return veil.lift();
        case 'tab-reports':
          return setTab('reports');
        case 'tab-evidence':
          return setTab('evidence');
        case 'tab-matches':
          return setTab('matches');
        case 'tab-history':
          return setTab('history');
        case 'allow':
        case 'label':
        case 'demote':
        case 'remove':
        case 'refuse':
          return chooseAction(command);
        case 'policy':
        case 'facts':
        case 'explanation':
          return document.getElementById(fieldIds[command])?.focus();
        case 'bank':
          return changeDraft({ addToBank: !draft.peek()?.addToBank });
        case 'decide':
          return void decide();
      }
    },
    [veil.lift, onHelp],
  );
  const release = useCallback(
    (command: DeskCommand) => {
      if (command === 'reveal') veil.drop();
    },
    [veil.drop],
  );
  useDeskKeys(run, release);

  const keepFilm = useCallback((handle: FilmHandle) => {
    film.current = handle;
  }, []);
  return (
    <article class="desk-case" aria-labelledby="desk-case-title">
      <header class="desk-case-head">
        <div>
          <h1 id="desk-case-title" ref={heading} tabIndex={-1}>
            {open.claim.for === 'appeal' ? 'Appeal: ' : ''}
            {subjectOf(found)}
          </h1>
          <p>{found.subject.title || 'Without a title.'}</p>
          <p class="fine">
            Opened {formatAgo(found.openedAt, Date.now())}
            {open.terms ? ` · ${open.terms.why}` : ''}
            {found.hidden ? ' · hidden until it is decided' : ''} · <span class="mono">{found.id}</span>
          </p>
          {open.claim.for === 'appeal' && (
            <p class="fine">
              Somebody decided this before. You see what they decided once you have recorded what you would
              do.
            </p>
          )}
        </div>
        <div class="button-row">
          <button type="button" class="button button-small" onClick={() => void skip()}>
            Skip <kbd>{keyOf('skip')}</kbd>
          </button>
          <button type="button" class="icon-button" aria-label="Keys of the desk" onClick={onHelp}>
            <Icon name="keyboard" />
          </button>
        </div>
      </header>
      {overtaken.value && (
        <div class="banner" role="alert">
          <p>{overtaken.value.message}</p>
          <div class="button-row">
            {overtaken.value.code === 'stale_version' && (
              <button type="button" class="button button-small" onClick={() => void takeNext(found.id)}>
                Look again
              </button>
            )}
            <button type="button" class="button button-small" onClick={() => void takeNext()}>
              Next case
            </button>
          </div>
        </div>
      )}
      <div class="desk-columns">
        <Film found={found} veil={veil} onHandle={keepFilm} />
        <CaseTabs found={found} tab={tab} lifted={veil.lifted} onTab={setTab} />
        <DecisionForm found={found} />
      </div>
    </article>
  );
}
