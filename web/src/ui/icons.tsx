/** Every icon of the app: 24-pixel grid, strokes in the current colour. Decorative by themselves; the control carries the name. */

const strokes = {
  watch: 'M4 5.5h16v13H4zM10 9.2v5.6l4.8-2.8z',
  create: 'M12 5v14M5 12h14',
  drafts: 'M7 4.5h10a1.5 1.5 0 0 1 1.5 1.5v13.5L12 16l-6.5 3.5V6A1.5 1.5 0 0 1 7 4.5z',
  user: 'M12 12.2a3.9 3.9 0 1 0 0-7.8 3.9 3.9 0 0 0 0 7.8zM4.6 20c.7-3.4 3.6-5.2 7.4-5.2s6.7 1.8 7.4 5.2',
  node: 'M4.5 5h15v5.6h-15zM4.5 13.4h15V19h-15zM8 7.8h.01M8 16.2h.01M11.5 7.8h5M11.5 16.2h5',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 4.6v4.8M9 14.6v4.8',
  heart: 'M12 19.6s-7.4-4.4-7.4-9.9a4.2 4.2 0 0 1 7.4-2.7 4.2 4.2 0 0 1 7.4 2.7c0 5.5-7.4 9.9-7.4 9.9z',
  comment:
    'M4.5 6.2A1.7 1.7 0 0 1 6.2 4.5h11.6a1.7 1.7 0 0 1 1.7 1.7v8.1a1.7 1.7 0 0 1-1.7 1.7H11l-4.4 3.6V16h-.4a1.7 1.7 0 0 1-1.7-1.7z',
  remix:
    'M4.5 8.5h11.2a3.8 3.8 0 0 1 3.8 3.8M8 5 4.5 8.5 8 12M19.5 15.5H8.3a3.8 3.8 0 0 1-3.8-3.8M16 19l3.5-3.5L16 12',
  share: 'M12 15V4.5M8 8l4-4 4 4M5.5 12.5v5.8a1.7 1.7 0 0 0 1.7 1.7h9.6a1.7 1.7 0 0 0 1.7-1.7v-5.8',
  more: 'M5.5 12h.01M12 12h.01M18.5 12h.01',
  close: 'm6 6 12 12M18 6 6 18',
  check: 'm5 12.5 4.6 4.6L19 7.6',
  alert: 'M12 4.2 3.4 19h17.2zM12 10v4.2M12 16.8h.01',
  info: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM12 11v5.2M12 7.8h.01',
  soundOn: 'M4.5 9.5v5h3.2l4.3 3.6V5.9L7.7 9.5zM15.4 9a4.2 4.2 0 0 1 0 6M17.9 6.5a7.8 7.8 0 0 1 0 11',
  soundOff: 'M4.5 9.5v5h3.2l4.3 3.6V5.9L7.7 9.5zM16 9.8l4.4 4.4M20.4 9.8 16 14.2',
  captions: 'M4 6.5h16v11H4zM10.6 10.6a2 2 0 1 0 0 2.8M16.8 10.6a2 2 0 1 0 0 2.8',
  up: 'm6 14.5 6-6 6 6',
  down: 'm6 9.5 6 6 6-6',
  back: 'm14.5 6-6 6 6 6',
  trash: 'M5 7h14M10 7V4.8h4V7M7 7l.9 12.2h8.2L17 7M10.4 10.5v5.4M13.6 10.5v5.4',
  lock: 'M6.5 11h11v8.5h-11zM8.8 11V8.2a3.2 3.2 0 0 1 6.4 0V11',
  key: 'M14.8 12.6a4 4 0 1 0-3.4-3.4L4.5 16v3.5H8l.4-2.2 2.2-.4.4-2.2zM16.2 7.9h.01',
  download: 'M12 4.5V15M8 11l4 4 4-4M5 19.5h14',
  link: 'M10 14a3.6 3.6 0 0 0 5.1 0l3.3-3.3a3.6 3.6 0 0 0-5.1-5.1l-1.2 1.2M14 10a3.6 3.6 0 0 0-5.1 0l-3.3 3.3a3.6 3.6 0 0 0 5.1 5.1l1.2-1.2',
  flag: 'M6 20.5V4.5h11.5l-2.4 4 2.4 4H6',
  eyeOff:
    'M4 4l16 16M9.6 5.9A9.6 9.6 0 0 1 12 5.6c4.6 0 7.7 3.6 9 6.4a13 13 0 0 1-2.9 3.8M6.2 7.5A13.4 13.4 0 0 0 3 12c1.3 2.8 4.4 6.4 9 6.4 1.6 0 3-.4 4.2-1M10 10a2.8 2.8 0 0 0 4 4',
  spark: 'M12 3.5c.6 4.9 3.1 7.4 8 8-4.9.6-7.4 3.1-8 8-.6-4.9-3.1-7.4-8-8 4.9-.6 7.4-3.1 8-8z',
  keyboard: 'M3.5 7h17v10h-17zM7 10.2h.01M10.3 10.2h.01M13.7 10.2h.01M17 10.2h.01M8 13.8h8',
  plus: 'M12 6v12M6 12h12',
  speech: 'M5 6h14v9H12l-4 3.5V15H5z',
  wave: 'M4 12h.01M7 9.5v5M10 6.5v11M13 9v6M16 7.5v9M19 10.5v3',
  upload: 'M12 19.5V9M8 13l4-4 4 4M5 4.5h14',
  verify: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.2 15.2l4.8 4.8M7.8 10.6l2 2 3.6-3.8',
  unknown:
    'M9 9.2a3.1 3.1 0 1 1 4.6 2.7c-1 .6-1.6 1.2-1.6 2.3M12 17.4h.01M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17z',
  broken: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM9 9l6 6M15 9l-6 6',
  pause: 'M9 6v12M15 6v12',
  play: 'M8 5.5v13l10-6.5z',
  inbox: 'M4.5 13.5 7 5.5h10l2.5 8v5h-15zM4.5 13.5h4.2l1.3 2.4h4l1.3-2.4h4.2',
  cameo:
    'M12 13.2a3.4 3.4 0 1 0 0-6.8 3.4 3.4 0 0 0 0 6.8zM6.6 19c.7-2.6 2.7-4 5.4-4s4.7 1.4 5.4 4M4 8V4h4M20 8V4h-4M4 16v4h4M20 16v4h-4',
  book: 'M5 5.5h5.2A1.8 1.8 0 0 1 12 7.3v12a1.6 1.6 0 0 0-1.6-1.4H5zM19 5.5h-5.2A1.8 1.8 0 0 0 12 7.3v12a1.6 1.6 0 0 1 1.6-1.4H19z',
} as const;

export type IconName = keyof typeof strokes;

/** One icon, 24 pixels unless CSS says otherwise. `filled` fills the outline as well. */
export function Icon({ name, filled = false }: { name: IconName; filled?: boolean }) {
  return (
    <svg
      class={`icon${name === 'more' ? ' icon-dots' : ''}`}
      viewBox="0 0 24 24"
      aria-hidden="true"
      focusable="false"
      fill={filled ? 'currentColor' : 'none'}
    >
      <path d={strokes[name]} />
    </svg>
  );
}

/** The play glyph on a paused video. */
export function PlayGlyph() {
  return (
    <svg class="play-glyph" viewBox="0 0 64 64" aria-hidden="true" focusable="false">
      <path d="M22 14.5v35a2 2 0 0 0 3 1.7l29-17.5a2 2 0 0 0 0-3.4L25 12.8a2 2 0 0 0-3 1.7z" />
    </svg>
  );
}

/** Content Credentials pin: the letters CR in a round shape with one square corner. */
export function CredentialsPin() {
  return (
    <svg class="cr-pin" viewBox="0 0 28 28" aria-hidden="true" focusable="false">
      <path class="cr-shape" d="M14 2.5A11.5 11.5 0 1 0 14 25.5H25.5V14A11.5 11.5 0 0 0 14 2.5z" />
      <path
        class="cr-letters"
        d="M13 16.6a3.5 3.5 0 1 1 0-5.1M16.4 18V10.6M16.4 13.4c.3-1.8 1.6-2.9 3.6-2.7"
      />
    </svg>
  );
}
