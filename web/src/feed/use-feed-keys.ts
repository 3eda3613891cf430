/** Keys of the feed. They rest while a dialog is open, while somebody types, and when a modifier is held. */
import { h } from 'preact';
import { useEffect } from 'preact/hooks';
import type { FeedItem } from '#schemas/http/clips.ts';
import { toggleActivePlayer } from '../player/active.ts';
import { openOverlay, overlays } from '../state/overlay.ts';
import { soundOn } from '../state/preferences.ts';
import { toggleLike } from './actions.ts';
import type { PanelKind } from './panels.tsx';

interface FeedKeyActions {
  readonly clip: FeedItem | null;
  readonly change: (item: FeedItem) => void;
  readonly open: (kind: PanelKind) => void;
  readonly step: (by: number) => void;
}

/** Whether a key press belongs to the control that has the focus. */
function isForControl(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || /^(textarea|select)$/i.test(target.tagName)) return true;
  if (target instanceof HTMLInputElement) return target.type !== 'range' || event.key.startsWith('Arrow');
  if (target.closest('.side-panel') && event.key.startsWith('Arrow')) return true;
  return (event.key === ' ' || event.key === 'Enter') && target.closest('button, a') !== null;
}

export function useFeedKeys({ clip, change, open, step }: FeedKeyActions): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (overlays.peek().length > 0 || isForControl(event)) return;
      const actions: Record<string, () => void> = {
        ArrowDown: () => step(1),
        j: () => step(1),
        ArrowUp: () => step(-1),
        k: () => step(-1),
        ' ': toggleActivePlayer,
        m: () => {
          soundOn.value = !soundOn.peek();
        },
        l: () => {
          if (clip) void toggleLike(clip, (liked) => change({ ...clip, ...liked }));
        },
        c: () => open('comments'),
        i: () => open('about'),
        '?': () => void openHelp(),
      };
      const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (!action) return;
      event.preventDefault();
      action();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [clip, change, open, step]);
}

/** The list of keys, as a dialog. */
export async function openHelp(): Promise<void> {
  const { HelpDialog } = await import('./help-dialog.tsx');
  openOverlay((close) => h(HelpDialog, { onClose: close }));
}
