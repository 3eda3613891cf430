/** What this browser remembers: theme (for good), sound and captions (for this visit). */
import { effect, signal } from '@preact/signals';
import { readStored, writeStored } from './store.ts';

export type Theme = 'dark' | 'light' | 'system';

export const theme = signal<Theme>(parseTheme(readStored('theme')));
/** Whether the viewer asked for sound during this visit. Every visit starts muted. */
export const soundOn = signal(readStored('sound', 'session') === 'on');
export const captionsOn = signal(readStored('captions', 'session') !== 'off');

function parseTheme(value: string | null): Theme {
  return value === 'light' || value === 'system' ? value : 'dark';
}

/** Keeps storage and the document in step with the signals. boot.js does the same before the first paint. */
export function startPreferences(): void {
  const prefersLight = matchMedia('(prefers-color-scheme: light)');
  const systemLight = signal(prefersLight.matches);
  prefersLight.addEventListener('change', (event) => {
    systemLight.value = event.matches;
  });
  effect(() => {
    const light = theme.value === 'light' || (theme.value === 'system' && systemLight.value);
    document.documentElement.dataset.theme = light ? 'light' : 'dark';
    document
      .querySelector('meta[name="theme-color"]')
      ?.setAttribute('content', light ? '#eef0f2' : '#0a0b0d');
    writeStored('theme', theme.value === 'dark' ? null : theme.value);
  });
  effect(() => writeStored('sound', soundOn.value ? 'on' : null, 'session'));
  effect(() => writeStored('captions', captionsOn.value ? null : 'off', 'session'));
}

/** True when the viewer asked the system for less motion. */
export function reducedMotion(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}
