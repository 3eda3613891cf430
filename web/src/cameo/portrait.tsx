/** Somebody's portrait: drawn, a photograph, or their initial where there is none. The name is always written beside it. */
import { useState } from 'preact/hooks';
import type { Portrait as PortraitData } from '#schemas/likeness.ts';
import { Avatar } from '../ui/avatar.tsx';
import { DrawnPortrait } from './drawn-portrait.tsx';
import '../styles/portrait.css';

export type PortraitSize = 'small' | 'medium' | 'large';

export function Portrait(props: {
  portrait: PortraitData | null;
  cameoId: string | null;
  handle: string;
  size: PortraitSize;
}) {
  const { portrait, cameoId, handle, size } = props;
  const [broken, setBroken] = useState(false);
  const className = `portrait portrait-${size}`;
  if (portrait?.kind === 'drawn') return <DrawnPortrait portrait={portrait} class={className} />;
  if (portrait?.kind === 'photo' && cameoId && !broken) {
    return (
      <img
        class={className}
        // The hash in the address lets a new portrait replace an old one at once.
        src={`/media/cameo/${cameoId}/portrait.jpg?v=${portrait.sha256.slice(0, 12)}`}
        alt=""
        onError={() => setBroken(true)}
      />
    );
  }
  return <Avatar handle={handle} size={size} />;
}
