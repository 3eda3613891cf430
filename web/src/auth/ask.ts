/** Asks a signed-out viewer to sign in without leaving the page. The dialog and WebAuthn load only now. */
import { h } from 'preact';
import { openOverlay, toast } from '../state/overlay.ts';

/** @param purpose completes "Sign in to …" */
export async function askToSignIn(purpose: string): Promise<void> {
  try {
    const { SignInDialog } = await import('./sign-in-dialog.tsx');
    openOverlay((close) => h(SignInDialog, { purpose, onClose: close }));
  } catch {
    toast('Signing in could not be loaded. Check your connection.', { tone: 'bad' });
  }
}
