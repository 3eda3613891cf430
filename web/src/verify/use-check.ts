/**
 * One check at a time: what is chosen, how it is looked at, where it stands, what came out. Invariant: a check that was given up never shows its
 * result; with "this browser only" no byte of the file and no name of it leaves the device. Called by verify-page.tsx.
 */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { type ApiError, asApiError } from '../api/client.ts';
import { verifyLimit } from '../api/limits.ts';
import { verifyClip, verifyFile, verifyLink } from '../api/verify.ts';
import { checkInBrowser } from './local-check.ts';
import type { CheckMethod, Outcome } from './outcome.ts';
import { storeOfClip, storeOfFile } from './store-of.ts';

export type Subject =
  | { readonly kind: 'file'; readonly file: File }
  | { readonly kind: 'link'; readonly url: string }
  | { readonly kind: 'clip'; readonly id: string };

/** `sending` bytes leave · `checking` the server looks · `loading` the reader comes · `reading` this browser looks. */
export type CheckStage = 'sending' | 'checking' | 'loading' | 'reading';

export type CheckState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'too-large'; readonly file: File }
  | {
      readonly kind: 'running';
      readonly subject: Subject;
      readonly stage: CheckStage;
      /** 0..1 of the stage, null where that cannot be known. */
      readonly done: number | null;
    }
  | {
      readonly kind: 'failed';
      readonly subject: Subject;
      readonly method: CheckMethod;
      readonly error: ApiError;
    }
  | { readonly kind: 'done'; readonly outcome: Outcome };

export interface Check {
  readonly state: CheckState;
  start(subject: Subject, method: CheckMethod): void;
  /** Gives up, or puts the result away. */
  clear(): void;
}

export function nameOf(subject: Subject): string {
  return subject.kind === 'file' ? subject.file.name : subject.kind === 'link' ? subject.url : subject.id;
}

export function useCheck(): Check {
  const [state, setState] = useState<CheckState>({ kind: 'idle' });
  const current = useRef<AbortController | null>(null);
  useEffect(() => () => current.current?.abort(), []);

  const clear = useCallback(() => {
    current.current?.abort();
    current.current = null;
    setState({ kind: 'idle' });
  }, []);

  const start = useCallback((subject: Subject, method: CheckMethod) => {
    current.current?.abort();
    const controller = new AbortController();
    current.current = controller;
    if (subject.kind === 'file' && method === 'server' && subject.file.size > verifyLimit) {
      setState({ kind: 'too-large', file: subject.file });
      return;
    }
    const show = (next: CheckState) => {
      if (current.current === controller) setState(next);
    };
    const progress = (stage: CheckStage, done: number | null) =>
      show({ kind: 'running', subject, stage, done });
    look(subject, method, progress, controller.signal).then(
      (outcome) => show({ kind: 'done', outcome }),
      (error: unknown) => show({ kind: 'failed', subject, method, error: asApiError(error) }),
    );
  }, []);

  return { state, start, clear };
}

async function look(
  subject: Subject,
  method: CheckMethod,
  onProgress: (stage: CheckStage, done: number | null) => void,
  signal: AbortSignal,
): Promise<Outcome> {
  const name = nameOf(subject);
  if (subject.kind !== 'file') {
    onProgress('checking', null);
    const verification =
      subject.kind === 'link' ? await verifyLink(subject.url, signal) : await verifyClip(subject.id, signal);
    const { clipId } = verification;
    const store = clipId === null ? null : () => storeOfClip(clipId);
    return { verification, method: 'server', crJson: null, store, file: null, name };
  }
  const { file } = subject;
  if (method === 'browser') {
    const { verification, crJson, manifestStore } = await checkInBrowser(file, onProgress, signal);
    return { verification, method, crJson, store: async () => manifestStore, file, name };
  }
  onProgress('sending', 0);
  const verification = await verifyFile(
    file,
    (done) => (done < 1 ? onProgress('sending', done) : onProgress('checking', null)),
    signal,
  );
  const ranges = verification.layers.manifest.store;
  return { verification, method, crJson: null, store: () => storeOfFile(file, ranges), file, name };
}
