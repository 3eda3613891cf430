/**
 * What the receipt says of render nodes. Invariants: a node counts as clean only by its own confirmation; one that was not seen for a
 * month is waited for no longer and named as such, never as having confirmed. Pure; called by the erasure workflow.
 */
import type { NodeErasure } from '#durable-objects/render-queue/rpc.ts';
import { counted, type StoreAnswer } from './receipt.ts';

/** A node silent for this long is not waited for. Milliseconds. */
export const goneAfterMs = 30 * 86_400_000;
const firstWaitMs = 1_000;
const longestWaitMs = 6 * 3_600_000;
/** After about ninety days of asking the receipt stays as it is: pending, with the names of the nodes that never answered. */
export const maxChecks = 380;

/** How long to wait before check `n + 1`, milliseconds: nodes ask every five seconds, one that is off may be off for days. */
export function waitBefore(check: number): number {
  return Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(check - 1, 20));
}

/** @param now milliseconds since the epoch */
export function nodesAnswer(erasures: readonly NodeErasure[], now: number): StoreAnswer {
  if (erasures.length === 0) {
    return { status: 'none', items: 0, detail: 'No render node had it.' };
  }
  const open = erasures.filter(({ confirmedAt }) => confirmedAt === null);
  const waiting = names(open.filter((row) => !isGone(row, now)));
  const gone = names(open.filter((row) => isGone(row, now)));
  const confirmed = names(erasures).filter((node) => !waiting.includes(node) && !gone.includes(node));
  const items = erasures.length - open.length;
  const parts = [
    ...(confirmed.length === 0
      ? []
      : [
          `${confirmed.join(', ')} confirmed that nothing of ${counted(items, 'job')} is left in its scratch.`,
        ]),
    ...(gone.length === 0
      ? []
      : [
          `${gone.join(', ')} was not seen for 30 days and did not confirm; a node empties its scratch when it starts.`,
        ]),
  ];
  if (waiting.length > 0) {
    return { status: 'pending', items, detail: [...parts, `Waiting for ${waiting.join(', ')}.`].join(' ') };
  }
  return { status: confirmed.length === 0 ? 'none' : 'erased', items, detail: parts.join(' ') };
}

function isGone({ lastSeenAt }: NodeErasure, now: number): boolean {
  return lastSeenAt === null || Date.parse(lastSeenAt) <= now - goneAfterMs;
}

function names(erasures: readonly NodeErasure[]): string[] {
  return [...new Set(erasures.map(({ nodeId }) => nodeId))].sort();
}
