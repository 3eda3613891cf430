/** Pages that are somebody's own: asks to sign in first, and draws anew when the account changes. */
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Me } from '#schemas/http/accounts.ts';
import { me, requireKnownMe } from '../state/session.ts';
import { EmptyState, Loading } from '../ui/states.tsx';
import { askToSignIn } from './ask.ts';

/** @param purpose completes "Sign in to …" */
export function SignedIn(props: {
  title: string;
  purpose: string;
  why: ComponentChildren;
  children: (me: Me) => ComponentChildren;
}) {
  useEffect(() => {
    void requireKnownMe();
  }, []);
  if (me.value === undefined) return <Loading />;
  if (me.value) return <>{props.children(me.value)}</>;
  return (
    <div class="page">
      <EmptyState
        whole
        title={props.title}
        action={
          <button type="button" class="button button-primary" onClick={() => void askToSignIn(props.purpose)}>
            Sign in
          </button>
        }
      >
        {props.why}
      </EmptyState>
    </div>
  );
}
