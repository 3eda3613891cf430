/** What a check on this page ends with. Types only, shared by the parts of the page. */
import type { Verification } from '#schemas/verdict.ts';

/** Where the looking was done: by the server, with every layer, or by this browser, with the credentials alone. */
export type CheckMethod = 'server' | 'browser';

export interface Outcome {
  readonly verification: Verification;
  readonly method: CheckMethod;
  /** The raw record (crJSON), if this browser read it itself. */
  readonly crJson: unknown;
  /** The manifest store as it lay in the file, if it is at hand: it holds the pictures of the sources. */
  readonly store: (() => Promise<Uint8Array | null>) | null;
  /** The file that was looked at; null for a link or a clip. */
  readonly file: File | null;
  /** What people call it: a file name, an address. */
  readonly name: string;
}
