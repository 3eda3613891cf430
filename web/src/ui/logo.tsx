/**
 * The mark: a K whose arms are the outermost leaves of a kinora reel, the hand-cranked flip-book viewer of 1900, with three
 * leaves turning between them. The same leaves turn while something loads, and fill the reel while a clip is made.
 */

const leaf = (angle: number, length: number) => {
  const radians = (angle * Math.PI) / 180;
  return { x2: 10.5 + length * Math.cos(radians), y2: 16 + length * Math.sin(radians) };
};
const arms = [-47, 47].map((angle) => leaf(angle, 17.5));
const leaves = [-24, 0, 24].map((angle) => leaf(angle, 17.5));

/** The mark alone. `turning` moves the leaves; with reduced motion they rest. */
export function Mark({ turning = false }: { turning?: boolean }) {
  return (
    <svg
      class={turning ? 'mark mark-turning' : 'mark'}
      viewBox="0 0 32 32"
      aria-hidden="true"
      focusable="false"
    >
      <path class="mark-stem" d="M7 4.6v22.8" />
      {arms.map((end) => (
        <line key={end.y2} class="mark-arm" x1="10.5" y1="16" {...end} />
      ))}
      {leaves.map((end) => (
        <line key={end.y2} class="mark-leaf" x1="10.5" y1="16" {...end} />
      ))}
    </svg>
  );
}

/** Mark and name, drawn as strokes so that no font is needed. */
export function Wordmark() {
  return (
    <span class="wordmark">
      <Mark />
      <svg class="wordmark-name" viewBox="0 0 76 32" aria-hidden="true" focusable="false">
        <path d="M3 12.5V27M3 5.8v.1M11 27V12.5M11 18a5.5 5.5 0 0 1 11 0v9M41.9 19.8a7.1 7.1 0 1 1-14.2 0 7.1 7.1 0 0 1 14.2 0zM48.5 27V12.5M48.5 19c.4-4.1 2.9-6.4 6.6-6.3M72.5 19.8a7.1 7.1 0 1 1-14.2 0 7.1 7.1 0 0 1 14.2 0zM72.5 12.5V27" />
      </svg>
      <span class="sr-only">Kinora</span>
    </span>
  );
}

const reelLeaves = Array.from({ length: 60 }, (_, index) => {
  const angle = ((index * 6 - 90) * Math.PI) / 180;
  return {
    index,
    x1: 60 + 30 * Math.cos(angle),
    y1: 60 + 30 * Math.sin(angle),
    x2: 60 + 55 * Math.cos(angle),
    y2: 60 + 55 * Math.sin(angle),
  };
});

/** The reel: sixty leaves, filled clockwise. @param progress 0..1 */
export function Reel({ progress, turning }: { progress: number; turning: boolean }) {
  const filled = Math.round(Math.min(1, Math.max(0, progress)) * reelLeaves.length);
  return (
    <svg
      class={turning ? 'reel reel-turning' : 'reel'}
      viewBox="0 0 120 120"
      aria-hidden="true"
      focusable="false"
    >
      {reelLeaves.map(({ index, ...line }) => (
        <line
          key={index}
          class={
            index < filled
              ? index === filled - 1
                ? 'reel-leaf reel-now'
                : 'reel-leaf reel-done'
              : 'reel-leaf'
          }
          {...line}
        />
      ))}
    </svg>
  );
}
