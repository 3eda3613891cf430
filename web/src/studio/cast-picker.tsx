/** Who is in the clip: oneself first, then whoever may be cast now. Says before anything is made who has to agree. */
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { Castable } from '#schemas/http/cameo.ts';
import { listCastable } from '../api/cameo.ts';
import { type ApiError, asApiError } from '../api/client.ts';
import { castLimit } from '../api/limits.ts';
import { askToSignIn } from '../auth/ask.ts';
import { Portrait } from '../cameo/portrait.tsx';
import { becauseWords, reviewWords } from '../cameo/words.ts';
import { me, requireKnownMe } from '../state/session.ts';
import { Icon } from '../ui/icons.tsx';
import { ErrorNote, Loading } from '../ui/states.tsx';
import '../styles/cast.css';

interface CastPickerProps {
  readonly cast: readonly Castable[];
  /** False where the chosen engine may not see likenesses. */
  readonly allowed: boolean;
  readonly onChange: (cast: readonly Castable[]) => void;
}

export function CastPicker({ cast, allowed, onChange }: CastPickerProps) {
  const [open, setOpen] = useState(false);
  const add = useRef<HTMLButtonElement>(null);
  const toggle = async () => {
    if (await requireKnownMe()) setOpen(!open);
    else await askToSignIn('cast somebody');
  };
  const close = () => {
    setOpen(false);
    add.current?.focus();
  };
  return (
    <fieldset class="cast">
      <legend class="field-label">Who is in it?</legend>
      {!allowed && (
        <p class={cast.length > 0 ? 'field-bad' : 'fine'}>
          This engine may not see likenesses, so nobody can be cast with it.
        </p>
      )}
      {cast.length > 0 && (
        <ul class="cast-list">
          {cast.map((who) => (
            <li key={who.account.id} class="cast-member">
              <Face who={who} />
              <span class="cast-names">
                <strong>@{who.account.handle}</strong>
                <CastFacts who={who} />
              </span>
              <button
                type="button"
                class="icon-button icon-small"
                aria-label={`Take @${who.account.handle} out`}
                onClick={() => onChange(cast.filter((other) => other.account.id !== who.account.id))}
              >
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      {allowed && cast.length < castLimit && (
        <button ref={add} type="button" class="add-button" aria-expanded={open} onClick={() => void toggle()}>
          <Icon name="cameo" /> {cast.length > 0 ? 'Add somebody' : 'Cast somebody'}
        </button>
      )}
      {open && allowed && (
        <CastSearch
          chosen={cast}
          onClose={close}
          onPick={(who) => {
            onChange([...cast, who]);
            close();
          }}
        />
      )}
    </fieldset>
  );
}

function Face({ who }: { who: Castable }) {
  return <Portrait portrait={who.portrait} cameoId={who.cameoId} handle={who.account.handle} size="small" />;
}

function CastFacts({ who }: { who: Castable }) {
  const review = reviewWords(who);
  return (
    <span class="fine">
      {becauseWords[who.because]}
      {who.verification === 'demo' && ' · demo, not a person'}
      {review && ` · ${review}`}
    </span>
  );
}

function CastSearch(props: {
  chosen: readonly Castable[];
  onPick: (who: Castable) => void;
  onClose: () => void;
}) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [query, setQuery] = useState('');
  const [found, setFound] = useState<readonly Castable[] | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [turn, setTurn] = useState(0);
  const myId = me.value?.account.id;
  useEffect(() => input.current?.focus(), []);
  useEffect(() => {
    let current = true;
    // Typing is not asking: a pause is.
    const timer = setTimeout(
      () => {
        listCastable(query.trim().replace(/^@/, '')).then(
          (answer) => {
            if (!current) return;
            setFound(answer.items);
            setError(null);
          },
          (failure) => current && setError(asApiError(failure)),
        );
      },
      query === '' ? 0 : 200,
    );
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [query, turn]);
  const taken = new Set(props.chosen.map((who) => who.account.id));
  const offered = (found ?? [])
    .filter((who) => !taken.has(who.account.id))
    .sort((a, b) => Number(b.account.id === myId) - Number(a.account.id === myId));
  const meThere = found?.some((who) => who.because === 'me') ?? true;
  return (
    <div class="cast-search">
      <label class="sr-only" for={id}>
        Find somebody you may cast
      </label>
      <input
        ref={input}
        id={id}
        type="text"
        value={query}
        maxLength={31}
        placeholder="handle or name"
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        onInput={(event) => setQuery(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.preventDefault();
            props.onClose();
          }
          // The form around it would be sent; the first match is what is meant.
          if (event.key === 'Enter') {
            event.preventDefault();
            const first = offered[0];
            if (first) props.onPick(first);
          }
        }}
      />
      {error && <ErrorNote error={error} onRetry={() => setTurn((value) => value + 1)} />}
      {!found && !error && <Loading label="Looking for people" />}
      <ul class="cast-found" aria-label="People you may cast">
        {offered.map((who) => (
          <li key={who.account.id}>
            <button type="button" class="cast-option" onClick={() => props.onPick(who)}>
              <Face who={who} />
              <span class="cast-names">
                <strong>
                  {who.account.displayName} <span class="quiet">@{who.account.handle}</span>
                </strong>
                <CastFacts who={who} />
              </span>
              <Icon name="plus" />
            </button>
          </li>
        ))}
      </ul>
      <p class="fine" role="status">
        {found && offered.length === 0
          ? query
            ? 'Nobody of that name lets you cast them.'
            : 'Nobody lets you cast them yet.'
          : ''}
      </p>
      {!meThere && query === '' && (
        <p class="fine">
          To be in your own clips, <a href="/cameo">enrol your likeness</a>. It takes a minute.
        </p>
      )}
    </div>
  );
}
