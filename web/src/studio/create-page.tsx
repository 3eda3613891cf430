/** Composing a clip: words first, then frame, length, voices and sounds, engine. The price and what is left are always in sight. */

import { useEffect, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { Clip } from '#schemas/http/clips.ts';
import { type ApiError, asApiError } from '../api/client.ts';
import { getClip } from '../api/clips.ts';
import { createGeneration, listEngines } from '../api/generations.ts';
import { askToSignIn } from '../auth/ask.ts';
import { navigate, useTitle } from '../state/page.ts';
import { loadMe, me, requireKnownMe } from '../state/session.ts';
import { useLoad } from '../state/use-load.ts';
import { Icon } from '../ui/icons.tsx';
import { ErrorNote } from '../ui/states.tsx';
import { CastPicker } from './cast-picker.tsx';
import { CueFields, DialogueFields } from './cue-fields.tsx';
import { blank, changeComposition, composition, priceOf, toRequest } from './draft-prompt.ts';
import { EnginePicker } from './engine-picker.tsx';
import { FramePicker, LengthSlider } from './frame-picker.tsx';
import { PromptField } from './prompt-field.tsx';
import { Refusal } from './refusal.tsx';
import '../styles/studio.css';

export default function CreatePage() {
  const { query } = useLocation();
  const remixOf = query.remix ?? null;
  useTitle(remixOf ? 'Remix' : 'Create');
  useEffect(() => {
    void requireKnownMe();
  }, []);
  const parent = useLoad(`remix ${remixOf ?? ''}`, () =>
    remixOf ? getClip(remixOf) : Promise.resolve(null),
  );
  const engines = useLoad('engines', listEngines);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const attempt = useRef({ body: '', key: '' });
  const promptRef = useRef<HTMLTextAreaElement>(null);
  const sheet = composition.value;
  const engine = engines.data?.items.find((item) => item.name === sheet.engine) ?? engines.data?.items[0];
  const price = engine ? priceOf(sheet.seconds, engine.creditsPerSecond) : null;
  const left = me.value?.credits.available ?? null;
  const short = price !== null && left !== null && price > left;

  const source = parent.data;
  useEffect(() => {
    if (source) changeComposition({ prompt: source.prompt ?? composition.peek().prompt, size: source.size });
  }, [source]);

  const submit = async () => {
    if (!sheet.prompt.trim() || busy) return;
    if (!(await requireKnownMe())) return askToSignIn('make a clip');
    const body = toRequest({ ...sheet, engine: engine?.name ?? sheet.engine }, remixOf);
    const text = JSON.stringify(body);
    // A second press after a lost answer sends the same key: one job, one charge.
    if (attempt.current.body !== text) attempt.current = { body: text, key: crypto.randomUUID() };
    setBusy(true);
    setError(null);
    try {
      const generation = await createGeneration(body, attempt.current.key);
      attempt.current = { body: '', key: '' };
      changeComposition({ ...blank, size: sheet.size, seconds: sheet.seconds });
      void loadMe();
      navigate(`/create/${generation.id}`);
    } catch (failure) {
      setError(asApiError(failure));
      setBusy(false);
    }
  };

  return (
    <div class="page create">
      <header class="page-head">
        <h1>{remixOf ? 'Remix' : 'Write a clip'}</h1>
        <p class="lead">
          {remixOf
            ? 'Start from the same scene and change what you like.'
            : 'A sentence is enough. Picture and sound are made together.'}
        </p>
        {!remixOf && (
          <p>
            <a class="with-icon" href="/upload">
              <Icon name="upload" /> Upload a clip instead
            </a>
          </p>
        )}
      </header>
      {source && <RemixSource clip={source} />}
      {parent.error && <ErrorNote error={parent.error} onRetry={parent.reload} />}
      <form
        class="create-form"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <div class="create-main">
          <PromptField
            inputRef={promptRef}
            value={sheet.prompt}
            onChange={(prompt) => changeComposition({ prompt })}
            onSubmit={() => void submit()}
          />
          <CastPicker
            cast={sheet.cast}
            allowed={engine?.biometricsAllowed ?? true}
            onChange={(cast) => changeComposition({ cast })}
          />
          <DialogueFields
            lines={sheet.dialogue}
            mode={engine?.dialogue ?? 'captioned'}
            onChange={(dialogue) => changeComposition({ dialogue })}
          />
          {engine?.soundCues !== false && (
            <CueFields
              cues={sheet.soundCues}
              seconds={sheet.seconds}
              onChange={(soundCues) => changeComposition({ soundCues })}
            />
          )}
        </div>
        <div class="create-side">
          <FramePicker
            value={sheet.size}
            sizes={engine?.sizes ?? null}
            onChange={(size) => changeComposition({ size })}
          />
          <LengthSlider value={sheet.seconds} onChange={(seconds) => changeComposition({ seconds })} />
          {engines.error ? (
            <ErrorNote error={engines.error} onRetry={engines.reload} />
          ) : (
            <EnginePicker
              engines={engines.data?.items ?? null}
              value={engine?.name ?? sheet.engine}
              onChange={(name) => changeComposition({ engine: name })}
            />
          )}
        </div>
        <div class="create-submit">
          {error && (
            <Refusal
              error={error}
              sent={toRequest(sheet, remixOf)}
              onRetry={() => void submit()}
              onShow={(start, end) => showWords(promptRef.current, start, end)}
            />
          )}
          <div class="create-bar">
            <p class="price" aria-live="polite">
              <strong>{price === null ? '…' : price === 1 ? '1 credit' : `${price} credits`}</strong>
              <span class={short ? 'price-short' : 'fine'}>
                {left === null
                  ? 'Held when you start, charged on delivery'
                  : short
                    ? `Only ${left} left today`
                    : `${left} left today`}
              </span>
            </p>
            <button
              type="submit"
              class="button button-primary button-large"
              disabled={!sheet.prompt.trim() || busy || short}
            >
              {busy ? 'Sending…' : 'Make clip'}
            </button>
          </div>
        </div>
      </form>
    </div>
  );
}

/** Puts the cursor on words of the prompt. The server counted in the trimmed text. */
function showWords(field: HTMLTextAreaElement | null, start: number, end: number): void {
  if (!field) return;
  const skipped = field.value.length - field.value.trimStart().length;
  field.focus();
  field.setSelectionRange(start + skipped, end + skipped);
  field.scrollIntoView({ block: 'center' });
}

function RemixSource({ clip }: { clip: Clip }) {
  return (
    <a class="remix-source" href={`/clip/${clip.id}`}>
      <img src={clip.media.poster} alt="" style={{ backgroundColor: clip.color }} />
      <span>
        <strong>{clip.caption || clip.summary || 'A clip'}</strong>
        <span class="fine">
          by @{clip.owner.handle}
          {clip.prompt === null && '. Its prompt is private, so write your own.'}
        </span>
      </span>
    </a>
  );
}
