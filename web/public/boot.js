/*
 * Runs before the first paint, from its own file because the content security policy allows no inline script. It does two things
 * that must not wait for the bundle: sets the theme, and on the feed asks for the first page and its first poster.
 * The path and limit are those of getFeed() in src/api/clips.ts, which takes the answer over.
 */
(() => {
  try {
    const theme = localStorage.getItem('kinora.theme');
    const light =
      theme === 'light' || (theme === 'system' && matchMedia('(prefers-color-scheme: light)').matches);
    document.documentElement.dataset.theme = light ? 'light' : 'dark';
  } catch {
    // Storage may be blocked; dark is the default.
  }
  if (location.pathname !== '/') return;
  window.kinoraFirstFeed = fetch('/api/v1/feed?mode=discover&limit=4', {
    headers: { accept: 'application/json' },
  })
    .then((response) => (response.ok ? response.json() : null))
    .then((feed) => {
      const first = feed?.items[0];
      if (first) {
        const poster = new Image();
        poster.fetchPriority = 'high';
        poster.src = first.media.poster;
      }
      return feed;
    })
    .catch(() => null);
})();
