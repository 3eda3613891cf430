/**
 * Every action of the desk with its key. One table: the key handler runs it and the list of keys is printed from it, so the two cannot
 * differ. Invariant: no two actions share a key.
 */
import type { CaseAction } from '#schemas/moderation.ts';

export type DeskCommand =
  | 'next'
  | 'skip'
  | 'play'
  | 'reveal'
  | 'sound'
  | 'frame-back'
  | 'frame-on'
  | `tab-${Tab}`
  | CaseAction
  | 'policy'
  | 'facts'
  | 'explanation'
  | 'bank'
  | 'decide'
  | 'undo'
  | 'help';

export const tabs = ['reports', 'evidence', 'matches', 'history'] as const;
export type Tab = (typeof tabs)[number];

export interface KeyBinding {
  readonly command: DeskCommand;
  /** As `KeyboardEvent.key` says it, in lower case. */
  readonly key: string;
  /** How it is printed. */
  readonly shown: string;
  readonly meaning: string;
  readonly group: 'Case' | 'Film' | 'Look at' | 'Decide';
  /** Also while somebody types. */
  readonly whileTyping?: true;
  /** Together with Ctrl or ⌘. */
  readonly modified?: true;
}

export const keyBindings: readonly KeyBinding[] = [
  { command: 'next', key: 'n', shown: 'N', meaning: 'Take the next case', group: 'Case' },
  { command: 'skip', key: 's', shown: 'S', meaning: 'Give this case back; it costs nothing', group: 'Case' },
  { command: 'undo', key: 'u', shown: 'U', meaning: 'Take the last decision back (10 s)', group: 'Case' },
  { command: 'help', key: '?', shown: '?', meaning: 'This list', group: 'Case' },
  { command: 'reveal', key: 'v', shown: 'V', meaning: 'Hold to see it as it is', group: 'Film' },
  { command: 'play', key: ' ', shown: 'Space', meaning: 'Play or pause', group: 'Film' },
  { command: 'sound', key: 'm', shown: 'M', meaning: 'Sound on or off', group: 'Film' },
  { command: 'frame-back', key: 'arrowleft', shown: '←', meaning: 'Keyframe before', group: 'Film' },
  { command: 'frame-on', key: 'arrowright', shown: '→', meaning: 'Keyframe after', group: 'Film' },
  { command: 'tab-reports', key: '1', shown: '1', meaning: 'Reports and findings', group: 'Look at' },
  { command: 'tab-evidence', key: '2', shown: '2', meaning: 'Where it comes from', group: 'Look at' },
  { command: 'tab-matches', key: '3', shown: '3', meaning: 'Matches in the hash bank', group: 'Look at' },
  { command: 'tab-history', key: '4', shown: '4', meaning: 'History', group: 'Look at' },
  { command: 'allow', key: 'a', shown: 'A', meaning: 'Allow', group: 'Decide' },
  { command: 'label', key: 'l', shown: 'L', meaning: 'Label', group: 'Decide' },
  { command: 'demote', key: 'd', shown: 'D', meaning: 'Take off lists', group: 'Decide' },
  { command: 'remove', key: 'x', shown: 'X', meaning: 'Remove', group: 'Decide' },
  { command: 'refuse', key: 'r', shown: 'R', meaning: 'Refuse', group: 'Decide' },
  { command: 'policy', key: 'p', shown: 'P', meaning: 'Choose the policy', group: 'Decide' },
  { command: 'facts', key: 'f', shown: 'F', meaning: 'Write what was found', group: 'Decide' },
  { command: 'explanation', key: 'e', shown: 'E', meaning: 'Write why the policy applies', group: 'Decide' },
  {
    command: 'bank',
    key: 'b',
    shown: 'B',
    meaning: 'Propose it for the hash bank, or not',
    group: 'Decide',
  },
  {
    command: 'decide',
    key: 'enter',
    shown: 'Ctrl + Enter',
    meaning: 'Record the decision',
    group: 'Decide',
    whileTyping: true,
    modified: true,
  },
];

/** How the key of a command is printed. */
export function keyOf(command: DeskCommand): string {
  return keyBindings.find((binding) => binding.command === command)?.shown ?? '';
}

interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** What a key press asks for. @param typing whether the focus is in a field that takes text or choices */
export function commandOf(press: KeyPress, typing: boolean): DeskCommand | null {
  if (press.altKey) return null;
  const modified = press.ctrlKey || press.metaKey;
  const key = press.key.toLowerCase();
  const found = keyBindings.find(
    (binding) => binding.key === key && (binding.modified ?? false) === modified,
  );
  if (!found || (typing && !found.whileTyping)) return null;
  return found.command;
}
