/** A value in localStorage or sessionStorage that never throws: storage may be full, blocked or cleared at any time. */

/** @returns the stored text, or null */
export function readStored(key: string, area: 'local' | 'session' = 'local'): string | null {
  try {
    return (area === 'local' ? localStorage : sessionStorage).getItem(`kinora.${key}`);
  } catch {
    return null;
  }
}

/** Stores a text, or removes it when `value` is null. */
export function writeStored(key: string, value: string | null, area: 'local' | 'session' = 'local'): void {
  try {
    const storage = area === 'local' ? localStorage : sessionStorage;
    if (value === null) storage.removeItem(`kinora.${key}`);
    else storage.setItem(`kinora.${key}`, value);
  } catch {
    // The app works without memory; it only forgets a preference.
  }
}
