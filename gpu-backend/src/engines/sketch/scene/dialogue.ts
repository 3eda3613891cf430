/** Gives dialogue lines their place in the clip: in order, readable, inside the clip. Pure; called by read-scene.ts. */
import type { DialogueLine } from '#schemas/engine.ts';
import type { TimedLine } from './scene.ts';

/** About 2.6 words a second of unhurried speech, at least 1.2 s a line. */
function speakingSeconds(text: string): number {
  return Math.max(1.2, 0.4 + text.split(/\s+/).length / 2.6);
}

/** Lines share the clip from 0.8 s to 0.3 s before its end; when they would not fit, all are shortened alike. */
export function timeDialogue(lines: readonly DialogueLine[], seconds: number): TimedLine[] {
  const from = Math.min(0.8, seconds * 0.1);
  const room = Math.max(0.5, seconds - 0.3 - from);
  const needs = lines.map((l) => speakingSeconds(l.text));
  const total = needs.reduce((a, b) => a + b, 0);
  const scale = Math.min(1, room / Math.max(total, 1e-6));
  const gap = lines.length > 0 ? Math.min(1.2, (room - total * scale) / lines.length) : 0;
  let at = from;
  return lines.map((line, i) => {
    const length = (needs[i] ?? 1) * scale;
    const timed: TimedLine = {
      text: line.text,
      start: at,
      end: at + length,
      ...(line.speaker && { speaker: line.speaker }),
    };
    at += length + gap;
    return timed;
  });
}
