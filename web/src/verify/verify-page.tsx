/**
 * `/verify` (K-53): public, free, no account. A file is dropped, pasted or chosen, or a link is given; it is looked at by the server or by this
 * browser alone; the answer is a verdict with its evidence. `?clip=` opens on one of our own clips.
 */
import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { verdictWords } from '#core/provenance/explain/verdict-words.ts';
import type { ApiError } from '../api/client.ts';
import { verifyLimit } from '../api/limits.ts';
import { useTitle } from '../state/page.ts';
import { readStored, writeStored } from '../state/store.ts';
import { DropZone } from '../ui/drop-zone.tsx';
import { formatBytes } from '../ui/format.ts';
import { EmptyState, ErrorNote } from '../ui/states.tsx';
import { acceptedFiles } from '../upload/media-type.ts';
import { MethodPicker } from './method-picker.tsx';
import type { CheckMethod } from './outcome.ts';
import { Result } from './result.tsx';
import { Running } from './running.tsx';
import { useCheck } from './use-check.ts';
import '../styles/about.css';
import '../styles/verify.css';

export default function VerifyPage() {
  const { query } = useLocation();
  const clip = query.clip ?? null;
  const [method, setMethod] = useState<CheckMethod>(() =>
    readStored('verify-method') === 'browser' ? 'browser' : 'server',
  );
  const [link, setLink] = useState('');
  const { state, start, clear } = useCheck();
  useTitle(
    state.kind === 'done'
      ? verdictWords(state.outcome.verification.verdict).headline
      : state.kind === 'running'
        ? 'Checking'
        : 'Check a file',
  );
  useEffect(() => {
    if (clip) start({ kind: 'clip', id: clip }, 'server');
  }, [clip, start]);
  const choose = (next: CheckMethod) => {
    setMethod(next);
    writeStored('verify-method', next === 'browser' ? 'browser' : null);
  };
  const checkFile = (file: File | undefined) => file && start({ kind: 'file', file }, method);
  const checkLink = (url: string) => {
    setLink(url);
    const id = clipOfLink(url);
    start(id === null ? { kind: 'link', url } : { kind: 'clip', id }, 'server');
  };

  return (
    <div class="page verify">
      <header class="page-head">
        <h1>Where does it come from?</h1>
        {state.kind === 'idle' && (
          <p class="lead">
            Drop a film, a picture or a sound. Kinora reads who signed it, what it was made from, and whether
            it was changed since. Free, without an account.
          </p>
        )}
      </header>
      {state.kind === 'idle' && (
        <div class="verify-start">
          <DropZone
            label="Choose a file"
            accept={acceptedFiles}
            onFiles={([file]) => checkFile(file)}
            onLink={checkLink}
          >
            <p class="fine">
              or paste one. MP4, MOV, JPEG, PNG, WebP, WAV or M4A
              {method === 'server' && `, up to ${formatBytes(verifyLimit)}`}.
            </p>
          </DropZone>
          <MethodPicker value={method} onChange={choose} />
          <form
            class="verify-link"
            onSubmit={(event) => {
              event.preventDefault();
              if (link.trim()) checkLink(link.trim());
            }}
          >
            <label class="field">
              <span class="field-label">Or a link</span>
              <input
                type="text"
                inputMode="url"
                autocomplete="off"
                spellcheck={false}
                placeholder="https://…"
                value={link}
                onInput={(event) => setLink(event.currentTarget.value)}
              />
            </label>
            <button type="submit" class="button" disabled={!link.trim()}>
              Check the link
            </button>
            <p class="fine">
              Links to clips and films on Kinora. Other sites only where this server allows them; a link is
              always looked at by the server.
            </p>
          </form>
          <HowItWorks />
        </div>
      )}
      {state.kind === 'too-large' && (
        <section class="card stack" aria-labelledby="large-title">
          <h2 id="large-title">Too large for one request</h2>
          <p>
            {state.file.name} has {formatBytes(state.file.size)}; a single request takes{' '}
            {formatBytes(verifyLimit)}. It can be read here, where its size does not matter, or go up in
            parts, with an account.
          </p>
          <div class="button-row button-row-start">
            <button
              type="button"
              class="button button-primary"
              onClick={() => start({ kind: 'file', file: state.file }, 'browser')}
            >
              Check it in this browser
            </button>
            <a class="button" href="/upload">
              Upload it in parts
            </a>
            <button type="button" class="button button-quiet" onClick={clear}>
              Choose another
            </button>
          </div>
        </section>
      )}
      {state.kind === 'running' && <Running state={state} onCancel={clear} />}
      {state.kind === 'failed' && (
        <>
          {state.error.code === 'clip_deleted' ? (
            <TakenBack error={state.error} />
          ) : (
            <ErrorNote error={state.error} onRetry={() => start(state.subject, state.method)} />
          )}
          <div class="button-row verify-after">
            {state.subject.kind === 'file' && state.method === 'server' && (
              <button type="button" class="button" onClick={() => start(state.subject, 'browser')}>
                Check it in this browser instead
              </button>
            )}
            <button type="button" class="button button-quiet" onClick={clear}>
              Choose another
            </button>
          </div>
        </>
      )}
      {state.kind === 'done' && <Result outcome={state.outcome} onAgain={clear} />}
    </div>
  );
}

/** The page of a clip is not a film; the clip it is about is what is meant. */
function clipOfLink(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { origin, pathname } = new URL(url);
  return origin === location.origin ? (/^\/clip\/(clip_\w+)\/?$/.exec(pathname)?.[1] ?? null) : null;
}

/** One of our clips that must not be shown any more: says since when, and where that is on record. */
function TakenBack({ error }: { error: ApiError }) {
  const { record } = error.details;
  return (
    <EmptyState
      title="This clip was taken back"
      action={
        typeof record === 'string' && (
          <a class="button" href={record} target="_blank" rel="noopener">
            The public record
          </a>
        )
      }
    >
      {error.message} A copy of it can still be checked as a file.
    </EmptyState>
  );
}

function HowItWorks() {
  return (
    <section class="verify-how" aria-labelledby="how-title">
      <h2 id="how-title" class="minor">
        What is looked at
      </h2>
      <ol class="how-list">
        <li>
          <strong>Content Credentials</strong>
          <span>The signed record inside the file, and whether it still fits every byte it covers.</span>
        </li>
        <li>
          <strong>Invisible mark</strong>
          <span>Clips made here carry one. It can lead back to the record when that was removed.</span>
        </li>
        <li>
          <strong>Fingerprint</strong>
          <span>Picture and sound compared with our clips. A mark alone is never believed.</span>
        </li>
      </ol>
      <p class="quiet">
        No answer here means that something shows what happened, and none says whether a machine made it: the
        absence of a record is not evidence of anything.
      </p>
      <p class="fine">
        On a command line: <code class="mono">npx kinora verify FILE</code> · For programs:{' '}
        <code class="mono">POST /api/v1/verify</code>, <a href="/api/docs">documented here</a>
      </p>
    </section>
  );
}
