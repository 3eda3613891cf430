/** Signing in: a passkey, a new passkey, or one click on a developer's own machine. Used by the page and by the dialog. */
import { useEffect, useId, useState } from 'preact/hooks';
import type { AppConfig } from '#schemas/http/config.ts';
import { localSignIn } from '../api/accounts.ts';
import { type ApiError, asApiError } from '../api/client.ts';
import { handlePattern } from '../api/limits.ts';
import { forgetFeeds } from '../feed/feed-store.ts';
import { toast } from '../state/overlay.ts';
import { loadConfig, me, sessionStarted } from '../state/session.ts';
import { Icon } from '../ui/icons.tsx';
import { ErrorNote, Loading } from '../ui/states.tsx';
import { suggestHandle } from './suggest-handle.ts';

export function SignInForm({ onDone }: { onDone: () => void }) {
  const id = useId();
  const [config, setConfig] = useState<AppConfig | null>(null);
  const [handle, setHandle] = useState(suggestHandle);
  const [busy, setBusy] = useState<string | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const readConfig = () => {
    setError(null);
    loadConfig().then(setConfig, (failure) => setError(asApiError(failure)));
  };
  useEffect(readConfig, []);
  const name = handle.trim().toLowerCase().replace(/^@/, '');
  const valid = handlePattern.test(name);

  const run = async (what: string, signIn: () => Promise<unknown>) => {
    if (busy) return;
    setBusy(what);
    setError(null);
    try {
      await signIn();
      await sessionStarted();
      forgetFeeds();
      if (me.value) toast(`Signed in as @${me.value.account.handle}.`);
      onDone();
    } catch (failure) {
      setError(asApiError(failure));
      setBusy(null);
    }
  };
  const passkeys = () => import('./passkeys.ts');

  const passkeyButton = (primary: boolean) => (
    <button
      type="button"
      class={primary ? 'button button-primary button-large button-block' : 'button button-block'}
      disabled={busy !== null}
      onClick={() => void run('use', async () => (await passkeys()).signInWithPasskey())}
    >
      <Icon name="key" /> {busy === 'use' ? 'Waiting for your passkey…' : 'Sign in with a passkey'}
    </button>
  );
  const createButton = (
    <button
      type="button"
      class="button button-block"
      disabled={!valid || busy !== null}
      onClick={() => void run('create', async () => (await passkeys()).createPasskey(name))}
    >
      {busy === 'create' ? 'Making your passkey…' : 'Create account with a passkey'}
    </button>
  );
  const handleField = (
    <div>
      <label class="field-label" for={id}>
        Your handle
      </label>
      <div class="handle-input">
        <span aria-hidden="true">@</span>
        <input
          id={id}
          type="text"
          value={handle}
          maxLength={31}
          autocapitalize="none"
          autocomplete="username"
          spellcheck={false}
          aria-invalid={!valid}
          aria-describedby={`${id}-hint`}
          onInput={(event) => setHandle(event.currentTarget.value)}
        />
      </div>
      <p id={`${id}-hint`} class={valid ? 'fine' : 'fine field-bad'}>
        Up to 30 lower-case letters, digits or hyphens, with a letter or digit at both ends.
      </p>
    </div>
  );

  if (!config) return error ? <ErrorNote error={error} onRetry={readConfig} /> : <Loading />;
  return (
    <div class="sign-in">
      {config.localSignIn ? (
        <>
          {handleField}
          <button
            type="button"
            class="button button-primary button-large button-block"
            disabled={!valid || busy !== null}
            onClick={() => void run('local', () => localSignIn(name))}
          >
            {busy === 'local' ? 'Signing in…' : `Continue as @${valid ? name : '…'}`}
          </button>
          <p class="fine">
            One click, because Kinora runs on your own machine. Elsewhere it takes a passkey.
          </p>
          <Or />
          {passkeyButton(false)}
          {createButton}
        </>
      ) : (
        <>
          {passkeyButton(true)}
          <Or />
          {handleField}
          {createButton}
        </>
      )}
      {error && <ErrorNote error={error} />}
    </div>
  );
}

function Or() {
  return (
    <div class="or">
      <span>or</span>
    </div>
  );
}
