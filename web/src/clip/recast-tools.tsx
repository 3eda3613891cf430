/** The maker's side of recasting: a stand-in for whoever asked, in a new version under the same address (K-15, K-16). */
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { Clip } from '#schemas/http/clips.ts';
import { recastClip } from '../api/cameo.ts';
import { type ApiError, asApiError } from '../api/client.ts';
import { openOverlay, toast } from '../state/overlay.ts';
import { navigate } from '../state/page.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icons.tsx';
import { ErrorNote } from '../ui/states.tsx';
import { peopleIn } from './people-in.ts';
import '../styles/consent.css';

export function RecastTools({ clip }: { clip: Clip }) {
  const { query } = useLocation();
  const people = peopleIn(clip.cast).filter((who) => who.account.id !== clip.owner.id);
  if (people.length === 0) return null;
  const asking = people.find((who) => who.account.handle === query.recast);
  const open = (handle: string) =>
    openOverlay((close) => <RecastConfirm clipId={clip.id} handle={handle} onClose={close} />);
  return (
    <section class="co-owner" aria-label="Recast">
      {asking && (
        <p>
          <strong>@{asking.account.handle} asks you to recast this clip.</strong> Until you do, they can stop
          it for everybody.
        </p>
      )}
      <div class="button-row button-row-start">
        {people.map(({ account }) => (
          <button
            key={account.id}
            type="button"
            class={
              asking?.account.id === account.id ? 'button button-small button-primary' : 'button button-small'
            }
            onClick={() => open(account.handle)}
          >
            <Icon name="remix" /> Recast without @{account.handle}
          </button>
        ))}
      </div>
    </section>
  );
}

function RecastConfirm({ clipId, handle, onClose }: { clipId: string; handle: string; onClose: () => void }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const run = async () => {
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      const generation = await recastClip(clipId, [handle]);
      onClose();
      toast('A new version is being made. The address, likes and comments stay.');
      navigate(`/create/${generation.id}`);
    } catch (failure) {
      setError(asApiError(failure));
      setBusy(false);
    }
  };
  return (
    <Dialog title={`Recast without @${handle}?`} onClose={onClose}>
      <p>
        The clip is made once more from the same words, with a stand-in for @{handle}. When it is ready it
        takes the place of this version. It costs what a clip of this length costs.
      </p>
      {error && <ErrorNote error={error} />}
      <div class="button-row">
        <button type="button" class="button" onClick={onClose}>
          Not now
        </button>
        <button type="button" class="button button-primary" disabled={busy} onClick={() => void run()}>
          {busy ? 'Sending…' : 'Make the new version'}
        </button>
      </div>
    </Dialog>
  );
}
