/** Structured log lines of the objects. Invariant: no prompt, token, name or biometric goes in; ids and short reasons only. */

/** Writes one JSON line; the platform adds the time and the object's id. */
export function log(
  level: 'info' | 'warn' | 'error',
  message: string,
  fields: Readonly<Record<string, string | number | boolean | null>>,
): void {
  console[level](JSON.stringify({ level, message, ...fields }));
}
