/** Settings: account, passkeys, appearance, sign out. */
import { useEffect, useState } from 'preact/hooks';
import type { Me } from '#schemas/http/accounts.ts';
import { signOut } from '../api/accounts.ts';
import { asApiError } from '../api/client.ts';
import { forgetFeeds } from '../feed/feed-store.ts';
import { toast } from '../state/overlay.ts';
import { navigate, useTitle } from '../state/page.ts';
import { type Theme, theme } from '../state/preferences.ts';
import { me, requireKnownMe, sessionEnded, sessionStarted } from '../state/session.ts';
import { Avatar } from '../ui/avatar.tsx';
import { formatTime } from '../ui/format.ts';
import { Icon } from '../ui/icons.tsx';
import { Loading } from '../ui/states.tsx';
import '../styles/account.css';

const themes: readonly (readonly [Theme, string])[] = [
  ['dark', 'Dark'],
  ['light', 'Light'],
  ['system', 'As the system'],
];

export default function SettingsPage() {
  useTitle('Settings');
  useEffect(() => {
    void requireKnownMe();
  }, []);
  return (
    <div class="page settings">
      <header class="page-head">
        <h1>Settings</h1>
      </header>
      {me.value === undefined && <Loading />}
      {me.value && <AccountSettings me={me.value} />}
      {me.value === null && (
        <section class="card setting">
          <h2>Account</h2>
          <p class="quiet">You are watching signed out.</p>
          <div class="button-row button-row-start">
            <a class="button button-primary" href="/sign-in?next=/settings">
              Sign in
            </a>
          </div>
        </section>
      )}
      <section class="card setting">
        <h2>Appearance</h2>
        <fieldset class="segments">
          <legend class="sr-only">Theme</legend>
          {themes.map(([value, label]) => (
            <label key={value} class="segment">
              <input
                type="radio"
                name="theme"
                value={value}
                checked={theme.value === value}
                onChange={() => {
                  theme.value = value;
                }}
              />
              <span>{label}</span>
            </label>
          ))}
        </fieldset>
      </section>
      <section class="card setting">
        <h2>Behind the screen</h2>
        <ul class="plain-list link-list">
          <li>
            <a href="/verify">Check where a file comes from</a>
          </li>
          <li>
            <a href="/status">Render nodes and queue</a>
          </li>
          <li>
            <a href="/api/docs">API documentation</a>
          </li>
          <li>
            <a href="/api/openapi.json">OpenAPI description</a>
          </li>
        </ul>
      </section>
    </div>
  );
}

function AccountSettings({ me: current }: { me: Me }) {
  const { account, credits, tier, passkeys } = current;
  const [busy, setBusy] = useState(false);
  const addPasskey = async () => {
    setBusy(true);
    try {
      const { createPasskey } = await import('./passkeys.ts');
      await createPasskey(null);
      await sessionStarted();
      toast('Passkey added.');
    } catch (error) {
      toast(asApiError(error).message, { tone: 'bad' });
    } finally {
      setBusy(false);
    }
  };
  const leave = async () => {
    try {
      await signOut();
      sessionEnded();
      forgetFeeds();
      navigate('/');
    } catch (error) {
      toast(asApiError(error).message, { tone: 'bad' });
    }
  };
  return (
    <>
      <section class="card setting">
        <h2>Account</h2>
        <p class="account-line">
          <Avatar handle={account.handle} />
          <span>
            <strong>{account.displayName}</strong>
            <a href={`/@${account.handle}`}>@{account.handle}</a>
          </span>
        </p>
        <dl class="facts facts-tight">
          <div>
            <dt>Tier</dt>
            <dd>{tier}</dd>
          </div>
          <div>
            <dt>Credits</dt>
            <dd>
              {credits.available} of {credits.allowance} left today
              {credits.held > 0 && `, ${credits.held} held for clips being made`}
              <br />
              <span class="fine">New allowance {formatTime(credits.resetsAt)}</span>
            </dd>
          </div>
        </dl>
        <div class="button-row button-row-start">
          <button type="button" class="button" onClick={() => void leave()}>
            Sign out
          </button>
        </div>
      </section>
      <section class="card setting">
        <h2>Passkeys</h2>
        <p class="quiet">
          {passkeys === 0
            ? 'None yet. Without one you cannot come back to this account from another browser.'
            : passkeys === 1
              ? 'One passkey. A second one on another device keeps you from being locked out.'
              : `${passkeys} passkeys.`}
        </p>
        <div class="button-row button-row-start">
          <button type="button" class="button" disabled={busy} onClick={() => void addPasskey()}>
            <Icon name="key" /> {busy ? 'Waiting…' : 'Add a passkey'}
          </button>
        </div>
      </section>
    </>
  );
}
