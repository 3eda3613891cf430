/** Numbers and times as people read them. Pure: the present moment is an argument. */

/** `999`, `1.2K`, `34K`, `1.2M`. */
export function formatCount(value: number): string {
  if (value < 1000) return String(value);
  const [scaled, unit] = value < 999_500 ? [value / 1000, 'K'] : [value / 1_000_000, 'M'];
  return `${scaled < 10 ? scaled.toFixed(1).replace(/\.0$/, '') : Math.round(scaled)}${unit}`;
}

/** `just now`, `5 min ago`, `3 h ago`, `2 d ago`, then a date. */
export function formatAgo(iso: string, now: number): string {
  const time = Date.parse(iso);
  if (Number.isNaN(time)) return '';
  const seconds = Math.max(0, (now - time) / 1000);
  if (seconds < 45) return 'just now';
  if (seconds < 3600) return `${Math.max(1, Math.round(seconds / 60))} min ago`;
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h ago`;
  if (seconds < 7 * 86_400) return `${Math.round(seconds / 86_400)} d ago`;
  return new Date(time).toLocaleDateString(undefined, { year: 'numeric', month: 'short', day: 'numeric' });
}

/** A full date and time in the reader's own zone. */
export function formatTime(iso: string): string {
  const time = Date.parse(iso);
  if (Number.isNaN(time)) return iso;
  return new Date(time).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
}

/** `0:07`, `1:05`. @param seconds may be NaN before media has loaded */
export function formatClock(seconds: number): string {
  const whole = Number.isFinite(seconds) ? Math.max(0, Math.floor(seconds)) : 0;
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/** `about 8 s`, `about 2 min`; null when there is no estimate. */
export function formatEstimate(seconds: number | null): string | null {
  if (seconds === null) return null;
  if (seconds < 1.5) return 'a moment';
  if (seconds < 90) return `about ${Math.round(seconds)} s`;
  return `about ${Math.round(seconds / 60)} min`;
}

/** `812 bytes`, `4.2 MB`, `1.1 GB`; a thousand is 1,024, as in the limits. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  const units = ['kB', 'MB', 'GB'] as const;
  const power = Math.min(units.length, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${value < 10 ? value.toFixed(1).replace(/\.0$/, '') : Math.round(value)} ${units[power - 1]}`;
}

/** What a clip is marked as, wherever it is shown. */
export function labelName(label: 'ai-generated' | 'uploaded'): string {
  return label === 'uploaded' ? 'Uploaded' : 'AI-generated';
}

/** `1 clip`, `2 clips`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** A stable number 0..359 from a text: the hue of an avatar. */
export function hueOf(text: string): number {
  let hash = 2166136261;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16777619) >>> 0;
  return hash % 360;
}

/** The aspect of a frame size: `720x1280` is 9:16. */
export function aspectName(size: string): string {
  return size === '1280x720' ? '16:9' : '9:16';
}
