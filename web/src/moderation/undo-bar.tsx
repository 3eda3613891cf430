/** What was decided last, and how long it can still be taken back. */
import { useEffect, useState } from 'preact/hooks';
import { busy, last, undo } from './desk.ts';
import { keyOf } from './keys.ts';
import { actionWords } from './words.ts';

export function UndoBar() {
  const decided = last.value;
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (!decided) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [decided]);
  if (!decided) return null;
  const seconds = Math.ceil((decided.undoUntil - now) / 1000);
  const { receipt } = decided;
  const what =
    receipt.appeal === null
      ? actionWords[receipt.action].done
      : receipt.appeal === 'overturned'
        ? 'Appeal granted, everything restored'
        : 'Appeal turned down';
  return (
    <div class="desk-undo" role="status">
      <span>
        {what}
        {decided.title ? `: ${decided.title.slice(0, 60)}` : ''}
      </span>
      {seconds > 0 ? (
        <button
          type="button"
          class="button button-small"
          disabled={busy.value !== null}
          onClick={() => void undo()}
        >
          Undo <kbd>{keyOf('undo')}</kbd> <span class="fine">{seconds} s</span>
        </button>
      ) : (
        <span class="fine">It has taken effect.</span>
      )}
    </div>
  );
}
