/** The designed in-between states every page shares: loading, failed, empty. */
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ApiError } from '../api/client.ts';
import { Mark } from './logo.tsx';

/** Turning leaves with a word for screen readers. Appears only if loading takes a moment, so fast pages do not flicker. */
export function Loading({ label = 'Loading' }: { label?: string }) {
  return (
    <div class="state state-loading" role="status">
      <Mark turning />
      <span class="sr-only">{label}</span>
    </div>
  );
}

/** What went wrong, what to do next, and quietly the request id. Counts down where the server named a wait. */
export function ErrorNote({ error, onRetry }: { error: ApiError; onRetry?: () => void }) {
  const [wait, setWait] = useState(error.retryAfter ?? 0);
  useEffect(() => {
    setWait(error.retryAfter ?? 0);
    if (!error.retryAfter) return;
    const timer = setInterval(() => setWait((value) => Math.max(0, value - 1)), 1000);
    return () => clearInterval(timer);
  }, [error]);
  return (
    <div class="state state-error" role="alert">
      <p>{error.message}</p>
      {onRetry && (
        <button type="button" class="button" disabled={wait > 0} onClick={onRetry}>
          {wait > 0 ? `Try again in ${wait} s` : 'Try again'}
        </button>
      )}
      {error.requestId && <p class="fine mono">Request {error.requestId}</p>}
    </div>
  );
}

/** Nothing here yet, and the way to change that. `whole` where it is the page itself and carries its first heading. */
export function EmptyState({
  title,
  children,
  action,
  whole = false,
}: {
  title: string;
  whole?: boolean;
  children?: ComponentChildren;
  action?: ComponentChildren;
}) {
  return (
    <div class="state state-empty">
      <Mark />
      {whole ? <h1>{title}</h1> : <h2>{title}</h2>}
      {children && <p>{children}</p>}
      {action && <div class="button-row">{action}</div>}
    </div>
  );
}
