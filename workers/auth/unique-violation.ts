/** Tells a taken value from a fault: D1 reports constraint violations only as text, and drizzle wraps that in a cause. */

/** @param column as SQLite names it, e.g. `accounts.handle` */
export function violatesUnique(error: unknown, column: string): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause.message.includes(`UNIQUE constraint failed: ${column}`)) return true;
  }
  return false;
}
