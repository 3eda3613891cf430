import { Dialog } from '../ui/dialog.tsx';
import { SignInForm } from './sign-in-form.tsx';
import '../styles/account.css';

/** Signing in without leaving the page. @param purpose completes "Sign in to …" */
export function SignInDialog({ purpose, onClose }: { purpose: string; onClose: () => void }) {
  return (
    <Dialog kind="sheet" title={`Sign in to ${purpose}`} onClose={onClose}>
      <SignInForm onDone={onClose} />
    </Dialog>
  );
}
