/** The sign-in page. Goes on to `?next=` (own paths only) or to the profile. */

import { useEffect } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { navigate, useTitle } from '../state/page.ts';
import { me, requireKnownMe } from '../state/session.ts';
import { Reel } from '../ui/logo.tsx';
import { safeNext } from './safe-next.ts';
import { SignInForm } from './sign-in-form.tsx';
import '../styles/account.css';

export default function SignInPage() {
  useTitle('Sign in');
  const { query } = useLocation();
  const next = safeNext(query.next);
  useEffect(() => {
    void requireKnownMe();
  }, []);
  const account = me.value?.account;
  useEffect(() => {
    if (account) navigate(next === '/' ? `/@${account.handle}` : next, true);
  }, [account, next]);
  return (
    <div class="page sign-in-page">
      <div class="sign-in-intro">
        <Reel progress={0.62} turning={false} />
        <h1>Turn the crank</h1>
        <p class="lead">
          Write a sentence, watch it move, keep or publish it. No password: a passkey on your device is
          enough.
        </p>
      </div>
      <div class="card">
        <SignInForm onDone={() => {}} />
      </div>
    </div>
  );
}
