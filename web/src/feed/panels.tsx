/** Comments and "About this video": a panel beside the stage on wide screens, a sheet over it on phones. Loaded when first opened. */
import type { Clip } from '#schemas/http/clips.ts';
import { openOverlay } from '../state/overlay.ts';
import { Dialog, SidePanel } from '../ui/dialog.tsx';
import { lazyView } from '../ui/lazy-view.tsx';

export type PanelKind = 'comments' | 'about';

const Comments = lazyView(() => import('./comments.tsx').then((module) => module.Comments));
const AboutVideo = lazyView(() => import('../about/about-video.tsx').then((module) => module.AboutVideo));

const titles = { comments: 'Comments', about: 'About this video' } as const;

interface PanelProps {
  readonly kind: PanelKind;
  readonly clip: Clip;
  readonly onCount: (comments: number) => void;
}

function PanelContent({ kind, clip, onCount }: PanelProps) {
  return kind === 'comments' ? <Comments clip={clip} onCount={onCount} /> : <AboutVideo clip={clip} />;
}

/** The panel beside the stage. */
export function PanelView(props: PanelProps & { onClose: () => void }) {
  return (
    <SidePanel title={titles[props.kind]} onClose={props.onClose}>
      <PanelContent {...props} />
    </SidePanel>
  );
}

/** The same as a sheet. */
export function openPanel(kind: PanelKind, clip: Clip, onCount: (comments: number) => void): void {
  openOverlay((close) => (
    <Dialog kind="sheet" title={titles[kind]} onClose={close}>
      <PanelContent kind={kind} clip={clip} onCount={onCount} />
    </Dialog>
  ));
}
