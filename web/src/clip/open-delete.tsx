/** Opens the deletion dialog; its code loads only now. */
import type { Clip } from '#schemas/http/clips.ts';
import { openOverlay, toast } from '../state/overlay.ts';

/** @param onDeleted called once the receipt is there; the dialog stays to show it */
export async function openDelete(clip: Clip, onDeleted: () => void): Promise<void> {
  try {
    const { DeleteDialog } = await import('./delete-dialog.tsx');
    openOverlay((close) => <DeleteDialog clip={clip} onDeleted={onDeleted} onClose={close} />);
  } catch {
    toast('This part of the page could not be loaded. Check your connection.', { tone: 'bad' });
  }
}
