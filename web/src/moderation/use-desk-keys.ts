/** The keys of the desk, from the one table. They rest while a dialog is open; while somebody types, only those that say so work. */
import { useEffect } from 'preact/hooks';
import { overlays } from '../state/overlay.ts';
import { commandOf, type DeskCommand } from './keys.ts';

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return target.type !== 'radio' && target.type !== 'checkbox';
  return target.isContentEditable || /^(textarea|select)$/i.test(target.tagName);
}

/** Whether the control that has the focus answers this key by itself. */
function isForControl(event: KeyboardEvent): boolean {
  if (!(event.target instanceof HTMLElement)) return false;
  if (event.key === ' ') return event.target.closest('button, a, summary, input') !== null;
  if (event.key.startsWith('Arrow')) return event.target.closest('input, [role="tab"]') !== null;
  return false;
}

/**
 * @param run carries out a command
 * @param release is called when a held key is let go
 * @param active only one listener may be: whoever comes first takes the press
 */
export function useDeskKeys(
  run: (command: DeskCommand) => void,
  release: (command: DeskCommand) => void,
  active = true,
): void {
  useEffect(() => {
    if (!active) return;
    const onDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || overlays.peek().length > 0 || isForControl(event)) return;
      if (event.key === 'Escape' && isTyping(event.target) && event.target instanceof HTMLElement) {
        event.target.blur();
        return;
      }
      const command = commandOf(event, isTyping(event.target));
      if (command === null) return;
      event.preventDefault();
      if (!event.repeat) run(command);
    };
    const onUp = (event: KeyboardEvent) => {
      const command = commandOf(event, false);
      if (command !== null) release(command);
    };
    addEventListener('keydown', onDown);
    addEventListener('keyup', onUp);
    return () => {
      removeEventListener('keydown', onDown);
      removeEventListener('keyup', onUp);
    };
  }, [run, release, active]);
}
