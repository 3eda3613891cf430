/**
 * One line per event: JSON where a machine reads, words where a person does. Fields are chosen by the caller and never hold
 * prompts, captions, keys or error messages of engines; of an unknown error only its name and place are written.
 */

export type LogLevel = 'info' | 'warn' | 'error';
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;
export type Log = (level: LogLevel, event: string, fields?: LogFields) => void;

/** A log that writes to a stream. @param readable words instead of JSON. */
export function createLog(
  write: (line: string) => void,
  readable: boolean,
  now: () => Date = () => new Date(),
): Log {
  return (level, event, fields = {}) => {
    const time = now().toISOString();
    if (!readable) {
      write(`${JSON.stringify({ time, level, event, ...fields })}\n`);
      return;
    }
    const details = Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => ` ${name}=${value}`)
      .join('');
    write(
      `${time.slice(11, 19)} ${level === 'info' ? ' ' : level === 'warn' ? '!' : '✗'} ${event}${details}\n`,
    );
  };
}

/** Name and place of an error without its message, which may quote what a user wrote. */
export function describeError(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: typeof error };
  const place = error.stack?.split('\n').find((line) => line.trimStart().startsWith('at '));
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return { error: error.name, code, place: place?.trim().slice(0, 200) };
}
