/** The rest of what can be done with a clip: why it is here, see less, report, and for its owner lock and delete. */
import { useState } from 'preact/hooks';
import type { FeedItem } from '#schemas/http/clips.ts';
import { openDelete } from '../clip/open-delete.tsx';
import { openOverlay } from '../state/overlay.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Icon, type IconName } from '../ui/icons.tsx';
import { ReportDialog } from './report-dialog.tsx';
import { openHelp } from './use-feed-keys.ts';

interface MoreMenuProps {
  readonly item: FeedItem;
  readonly onClose: () => void;
  readonly onSeeLess: () => void;
  readonly onDeleted: () => void;
}

export function MoreMenu({ item, onClose, onSeeLess, onDeleted }: MoreMenuProps) {
  const [why, setWhy] = useState(false);
  const then = (action: () => void) => () => {
    onClose();
    action();
  };
  return (
    <Dialog kind="sheet" title="More" onClose={onClose}>
      <ul class="menu">
        <li>
          <MenuButton icon="info" label="Why this clip" expanded={why} onClick={() => setWhy(!why)} />
          {why && <p class="menu-note">{item.why || 'The feed gave no reason for this one.'}</p>}
        </li>
        <li>
          <a class="menu-item" href={`/clip/${item.id}`}>
            <Icon name="link" />
            Open clip page
          </a>
        </li>
        <li>
          <MenuButton icon="eyeOff" label="See less like this" onClick={then(onSeeLess)} />
        </li>
        <li>
          <MenuButton
            icon="flag"
            label="Report"
            onClick={then(() => openOverlay((close) => <ReportDialog clipId={item.id} onClose={close} />))}
          />
        </li>
        <li class="menu-wide">
          <MenuButton icon="keyboard" label="Keyboard" onClick={then(() => void openHelp())} />
        </li>
        {item.viewer.isOwner && (
          <li>
            <MenuButton
              icon="trash"
              label="Delete this clip"
              danger
              onClick={then(() => openDelete(item, onDeleted))}
            />
          </li>
        )}
      </ul>
    </Dialog>
  );
}

function MenuButton(props: {
  icon: IconName;
  label: string;
  onClick: () => void;
  expanded?: boolean;
  danger?: boolean;
}) {
  return (
    <button
      type="button"
      class={props.danger ? 'menu-item menu-danger' : 'menu-item'}
      aria-expanded={props.expanded}
      onClick={props.onClick}
    >
      <Icon name={props.icon} />
      {props.label}
    </button>
  );
}
