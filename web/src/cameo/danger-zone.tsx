/** The two ways out: revoke everything (the cameo stays, closed), or delete the cameo with template, portrait and voice. */
import type { Cameo } from '#schemas/http/cameo.ts';
import { openOverlay, toast } from '../state/overlay.ts';
import { Icon } from '../ui/icons.tsx';
import { openRevokeAll } from './open-revoke.tsx';

export function DangerZone({ cameo, onReload }: { cameo: Cameo; onReload: () => void }) {
  const erase = async () => {
    try {
      const { EraseDialog } = await import('./erase-dialog.tsx');
      openOverlay((close) => <EraseDialog cameoId={cameo.id} onErased={onReload} onClose={close} />);
    } catch {
      toast('This part of the page could not be loaded. Check your connection.', { tone: 'bad' });
    }
  };
  return (
    <section class="card danger" aria-labelledby="danger-title">
      <h2 id="danger-title">Take it back</h2>
      <div class="danger-row">
        <p>
          <strong>Revoke everything</strong>
          <span class="fine">
            Nobody can cast you any more. You choose what happens to the clips that exist, and see how many
            before you confirm.
          </span>
        </p>
        <button type="button" class="button button-danger" onClick={() => openRevokeAll(onReload)}>
          Revoke…
        </button>
      </div>
      <div class="danger-row">
        <p>
          <strong>Delete my cameo</strong>
          <span class="fine">
            Everything above, and your face template, portrait and voice are erased. You can enrol again.
          </span>
        </p>
        <button type="button" class="button button-danger" onClick={() => void erase()}>
          <Icon name="trash" /> Delete…
        </button>
      </div>
    </section>
  );
}
