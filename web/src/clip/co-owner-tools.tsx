/** What somebody whose likeness is in a clip can do about it, right where they watch it (K-15). */
import { useState } from 'preact/hooks';
import type { Clip } from '#schemas/http/clips.ts';
import { hideClip } from '../api/cameo.ts';
import { asApiError } from '../api/client.ts';
import { lockClip } from '../api/clips.ts';
import { openRevoke } from '../cameo/open-revoke.tsx';
import { RecastDialog } from '../cameo/recast-dialog.tsx';
import { openOverlay, toast } from '../state/overlay.ts';
import { navigate } from '../state/page.ts';
import { Icon } from '../ui/icons.tsx';
import '../styles/consent.css';

export function CoOwnerTools({ clip, onChange }: { clip: Clip; onChange: (clip: Clip) => void }) {
  const [busy, setBusy] = useState(false);
  const [hidden, setHidden] = useState(false);
  const [asked, setAsked] = useState(false);
  const maker = clip.owner.handle;
  const run = async (change: () => Promise<Clip>, said: string) => {
    if (busy) return false;
    setBusy(true);
    try {
      onChange(await change());
      toast(said);
      return true;
    } catch (error) {
      toast(asApiError(error).message, { tone: 'bad' });
      return false;
    } finally {
      setBusy(false);
    }
  };
  const toggleHidden = async () => {
    const next = !hidden;
    const done = await run(
      () => hideClip(clip.id, next),
      next ? 'Hidden from every feed and search. The link still works.' : 'Listed again.',
    );
    if (done) setHidden(next);
  };
  return (
    <section class="co-owner" aria-label="Your likeness is in this clip">
      <p class="with-icon">
        <Icon name="cameo" /> <strong>You are in this clip</strong>
      </p>
      <div class="button-row button-row-start">
        <button
          type="button"
          class="button button-small button-danger"
          onClick={() =>
            void openRevoke(
              { scope: 'clip', target: clip.id, title: 'Stop this clip?', initial: 'delete' },
              (receipt) => {
                if (receipt.existing === 'delete') navigate('/cameo/appearances');
              },
            )
          }
        >
          <Icon name="trash" /> Delete
        </button>
        <button
          type="button"
          class="button button-small"
          aria-pressed={clip.locked}
          disabled={busy}
          onClick={() =>
            void run(
              () => lockClip(clip.id, !clip.locked),
              clip.locked
                ? 'Unlocked: others may remix it again.'
                : 'Locked: nobody can remix or download it.',
            )
          }
        >
          <Icon name="lock" /> {clip.locked ? 'Unlock' : 'Lock'}
        </button>
        <button
          type="button"
          class="button button-small"
          aria-pressed={hidden}
          disabled={busy}
          onClick={() => void toggleHidden()}
        >
          <Icon name="eyeOff" /> {hidden ? 'Show again' : 'Hide'}
        </button>
        <button
          type="button"
          class="button button-small"
          disabled={asked}
          onClick={() =>
            openOverlay((close) => (
              <RecastDialog
                clipId={clip.id}
                maker={maker}
                onClose={close}
                onRequested={() => setAsked(true)}
              />
            ))
          }
        >
          <Icon name="remix" /> {asked ? 'Asked to recast' : 'Ask to recast'}
        </button>
        <button
          type="button"
          class="button button-small button-danger"
          onClick={() =>
            void openRevoke(
              { scope: 'account', target: maker, title: `Revoke @${maker}?`, initial: 'delete' },
              (receipt) => {
                if (receipt.existing === 'delete') navigate('/cameo/appearances');
              },
            )
          }
        >
          <Icon name="user" /> Revoke @{maker}
        </button>
      </div>
      <p class="fine">
        <a href="/cameo/appearances">All clips with you</a> · <a href="/cameo">who may cast you</a>
      </p>
    </section>
  );
}
