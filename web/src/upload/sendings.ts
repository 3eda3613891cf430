/**
 * What this tab is sending at the moment. Lives outside the pages, so that somebody may look around while a film goes up; leaving the site asks
 * first. Called by upload-page.tsx.
 */
import { effect, signal } from '@preact/signals';
import type { UploadMediaType } from '#schemas/http/uploads.ts';
import { completeUpload, createUpload, deleteUpload, getUpload, putPart } from '../api/uploads.ts';
import { readStored, writeStored } from '../state/store.ts';
import { startUpload, type Uploader } from './uploader.ts';

/** In the order they were started. */
export const sendings = signal<readonly Uploader[]>([]);

/** Sends a file for an account and adds it to the list; the same file that is under way already is not sent twice. */
export function send(file: File, mediaType: UploadMediaType, accountId: string): Uploader {
  const same = sendings.peek().find((one) => one.file === file);
  if (same) return same;
  const key = `upload ${accountId} ${file.name} ${file.size} ${file.lastModified}`;
  const uploader = startUpload(file, mediaType, {
    create: createUpload,
    get: getUpload,
    putPart,
    complete: completeUpload,
    remove: deleteUpload,
    sha256: (bytes) => crypto.subtle.digest('SHA-256', bytes),
    wait: (milliseconds, stop) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        stop.addEventListener(
          'abort',
          () => {
            clearTimeout(timer);
            resolve();
          },
          { once: true },
        );
      }),
    chance: Math.random,
    recall: () => readStored(key),
    remember: (id) => writeStored(key, id),
  });
  sendings.value = [...sendings.peek(), uploader];
  return uploader;
}

/** Takes one off the list. */
export function forget(uploader: Uploader): void {
  sendings.value = sendings.peek().filter((one) => one !== uploader);
}

const underWay = () =>
  sendings.value.some(({ state }) =>
    ['starting', 'sending', 'completing', 'paused', 'interrupted'].includes(state.value.phase),
  );

const warn = (event: BeforeUnloadEvent) => event.preventDefault();
effect(() => {
  if (underWay()) addEventListener('beforeunload', warn);
  else removeEventListener('beforeunload', warn);
});
addEventListener('online', () => {
  for (const one of sendings.peek()) if (one.state.peek().phase === 'interrupted') one.resume();
});
