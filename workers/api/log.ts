/**
 * Structured logs: one JSON line per event. Fields are named by us, so that secrets, prompts and biometrics cannot slip in
 * through an object that was logged whole.
 */
export interface LogFields {
  readonly requestId?: string;
  readonly method?: string;
  readonly route?: string;
  readonly status?: number;
  readonly ms?: number;
  readonly code?: string;
  readonly id?: string;
  readonly node?: string;
  readonly error?: string;
  readonly stack?: string | undefined;
}

export interface Log {
  info(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

/** A log whose lines carry `base` as well. */
export function createLog(base: LogFields = {}): Log {
  const line = (level: 'info' | 'error', event: string, fields: LogFields) =>
    JSON.stringify({ level, event, ...base, ...fields });
  return {
    info: (event, fields = {}) => console.log(line('info', event, fields)),
    error: (event, fields = {}) => console.error(line('error', event, fields)),
  };
}
