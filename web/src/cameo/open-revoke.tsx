/** Opens the revocation dialogs; their code loads only now. */
import type { CameoReceipt } from '#schemas/http/cameo.ts';
import { openOverlay, toast } from '../state/overlay.ts';
import type { RevokeRequest } from './revoke-dialog.tsx';

/** @param onRevoked called once the receipt is there; the dialog stays to show it */
export async function openRevoke(
  request: RevokeRequest,
  onRevoked: (receipt: CameoReceipt) => void,
): Promise<void> {
  try {
    const { RevokeDialog } = await import('./revoke-dialog.tsx');
    openOverlay((close) => <RevokeDialog request={request} onRevoked={onRevoked} onClose={close} />);
  } catch {
    toast('This part of the page could not be loaded. Check your connection.', { tone: 'bad' });
  }
}

/** Takes back everything: the same dialog wherever it is opened. */
export function openRevokeAll(onRevoked: (receipt: CameoReceipt) => void): void {
  void openRevoke({ scope: 'all', title: 'Revoke everything?', initial: 'delete' }, onRevoked);
}
