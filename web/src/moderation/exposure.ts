/**
 * Counts how long somebody looks at a film as it is and tells the server, which keeps the books and closes the day. Invariant: a veil that
 * is lifted is reported at the latest after five seconds and when it falls; once the server says that it is enough, nothing is shown
 * unfiltered until the case is another.
 */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Exposure } from '#schemas/http/moderation.ts';
import type { HarmClass } from '#schemas/moderation.ts';
import { asApiError } from '../api/client.ts';
import { reportExposure } from '../api/moderation.ts';

const everySeconds = 5;

export interface Veil {
  readonly lifted: boolean;
  /** What is left of the day, once the server has said so. */
  readonly exposure: Exposure | null;
  /** The server's sentence when the day's share is used up. */
  readonly capped: string | null;
  lift(): void;
  drop(): void;
}

export function useVeil(caseId: string, harmClass: HarmClass, known: Exposure | null): Veil {
  const [lifted, setLifted] = useState(false);
  const [exposure, setExposure] = useState(known);
  const [capped, setCapped] = useState<string | null>(
    known && known.remainingSeconds <= 0 ? 'You have seen enough of this kind for today.' : null,
  );
  const since = useRef<number | null>(null);

  const report = useCallback(() => {
    const from = since.current;
    if (from === null) return;
    const now = performance.now();
    since.current = now;
    // Less than this is the press of a key, and the server takes no zeros.
    const seconds = Math.max(0.1, (now - from) / 1000);
    reportExposure(caseId, Math.min(120, seconds), harmClass).then(setExposure, (error) => {
      const told = asApiError(error);
      if (told.code !== 'exposure_capped') return;
      since.current = null;
      setLifted(false);
      setCapped(told.message);
    });
  }, [caseId, harmClass]);

  const drop = useCallback(() => {
    report();
    since.current = null;
    setLifted(false);
  }, [report]);

  const lift = useCallback(() => {
    if (capped !== null || since.current !== null) return;
    since.current = performance.now();
    setLifted(true);
  }, [capped]);

  useEffect(() => {
    if (!lifted) return;
    const timer = setInterval(report, everySeconds * 1000);
    // A key that is let go in another window is never seen here.
    addEventListener('blur', drop);
    document.addEventListener('visibilitychange', drop);
    return () => {
      clearInterval(timer);
      removeEventListener('blur', drop);
      document.removeEventListener('visibilitychange', drop);
    };
  }, [lifted, report, drop]);
  useEffect(() => () => report(), [report]);

  return { lifted, exposure, capped, lift, drop };
}
