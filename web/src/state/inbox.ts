/** How much is unread, for the badge that every page shows. The connection behind it loads only for somebody who is signed in. */
import { effect, signal } from '@preact/signals';
import { me } from './session.ts';

export const unread = signal(0);
/** Grows whenever something new arrives: open lists load again. */
export const arrivals = signal(0);

/** Follows the inbox of whoever is signed in, and forgets it when they leave. */
export function startInbox(): void {
  let following = '';
  let stop = () => {};
  effect(() => {
    const account = me.value?.account.id ?? '';
    if (account === following) return;
    following = account;
    stop();
    stop = () => {};
    unread.value = 0;
    if (!account) return;
    import('../inbox/live.ts').then(
      ({ followInbox, browserDeps }) => {
        if (following !== account) return;
        stop = followInbox((count, arrived) => {
          unread.value = count;
          if (arrived) arrivals.value += 1;
        }, browserDeps);
      },
      // Without the badge the app works; the inbox page itself says when it cannot load.
      () => {},
    );
  });
}
