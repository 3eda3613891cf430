import { hueOf } from './format.ts';

/** The first letter of a handle on a colour of its own. Decorative: the handle is always written beside it or in the label. */
export function Avatar({ handle, size = 'medium' }: { handle: string; size?: 'small' | 'medium' | 'large' }) {
  const hue = hueOf(handle);
  return (
    <span
      class={`avatar avatar-${size}`}
      aria-hidden="true"
      style={{ background: `linear-gradient(145deg, hsl(${hue} 42% 34%), hsl(${(hue + 40) % 360} 48% 20%))` }}
    >
      {handle.slice(0, 1).toUpperCase()}
    </span>
  );
}
