/** Small hooks about the page itself: title, width, connection, navigation from code. */
import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';

export const online = signal(typeof navigator === 'undefined' ? true : navigator.onLine);

/** Follows the browser's own idea of being online. */
export function startOnline(): void {
  addEventListener('online', () => {
    online.value = true;
  });
  addEventListener('offline', () => {
    online.value = false;
  });
}

/** Sets the document title while mounted. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title === 'Kinora' ? 'Kinora: short film by words' : `${title} · Kinora`;
  }, [title]);
}

/** Goes to an address inside the app; the router listens to popstate. */
export function navigate(url: string, replace = false): void {
  if (replace) history.replaceState(null, '', url);
  else history.pushState(null, '', url);
  dispatchEvent(new PopStateEvent('popstate'));
}

/** Whether a media query matches now, and again whenever that changes. */
export function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const update = () => setMatches(list.matches);
    update();
    list.addEventListener('change', update);
    return () => list.removeEventListener('change', update);
  }, [query]);
  return matches;
}

/** From this width on there is a navigation rail and room for a panel beside the stage. */
export const wideQuery = '(min-width: 900px)';
