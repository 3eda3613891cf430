/** Draws what state/overlay.ts holds: dialogs in order, toasts in a polite live region, the offline banner. */
import { Fragment } from 'preact';
import { dismissToast, overlays, toasts } from '../state/overlay.ts';
import { online } from '../state/page.ts';
import { Icon } from './icons.tsx';

export function OverlayHost() {
  return (
    <>
      {overlays.value.map((entry) => (
        <Fragment key={entry.id}>{entry.node}</Fragment>
      ))}
      <div class="toasts" role="status" aria-live="polite">
        {!online.value && (
          <p class="toast toast-bad">
            <Icon name="alert" />
            <span>You are offline. What is on the screen stays; new clips come when you are back.</span>
          </p>
        )}
        {toasts.value.map((entry) => (
          <p key={entry.id} class={entry.tone === 'bad' ? 'toast toast-bad' : 'toast'}>
            <span>{entry.text}</span>
            {entry.action && (
              <button
                type="button"
                class="link-button"
                onClick={() => {
                  entry.action?.run();
                  dismissToast(entry.id);
                }}
              >
                {entry.action.label}
              </button>
            )}
            <button
              type="button"
              class="icon-button icon-small"
              aria-label="Dismiss"
              onClick={() => dismissToast(entry.id)}
            >
              <Icon name="close" />
            </button>
          </p>
        ))}
      </div>
    </>
  );
}
