/** An upload in plain words: where it stands, and what its owner can do next. Pure. */
import type { Upload } from '#schemas/http/uploads.ts';
import type { SendState } from './uploader.ts';

const checking: Readonly<Record<NonNullable<Upload['stage']>, string>> = {
  bytes: 'Putting the parts together',
  credentials: 'Reading its Content Credentials',
  mark: 'Looking for an invisible mark, and at what it shows',
  verdict: 'Putting the evidence together',
};

/** The steps of a check, in order, for the list under the bar. */
export const checkSteps = ['bytes', 'credentials', 'mark', 'verdict'] as const satisfies readonly NonNullable<
  Upload['stage']
>[];

export function stepWords(stage: (typeof checkSteps)[number]): string {
  return checking[stage];
}

/** Where a stored upload stands, as a clause. */
export function statusWords(upload: Pick<Upload, 'status' | 'stage' | 'clipId' | 'parts'>): string {
  switch (upload.status) {
    case 'receiving':
      return 'Not all of it has arrived';
    case 'checking':
      return upload.stage === null ? 'Waiting to be checked' : checking[upload.stage];
    case 'ready':
      return upload.clipId === null ? 'Checked' : 'Ready: it is among your drafts';
    case 'review':
      return 'A moderator looks at it';
    case 'refused':
      return 'Not taken';
    case 'failed':
      return 'It could not be checked';
    case 'expired':
      return 'Given up: the rest of it never came';
  }
}

/** What to do about an upload that did not become a draft; null where nothing is left to do. */
export function nextWords(upload: Pick<Upload, 'status' | 'clipId' | 'verification'>): string | null {
  switch (upload.status) {
    case 'review':
      return 'You will find the decision here and in your inbox. You need not do anything.';
    case 'refused':
      return upload.verification?.verdict === 'made-here' || upload.verification?.verdict === 'recovered'
        ? 'If it is yours under another account, upload it from there.'
        : 'If you think this is wrong, the notice in your inbox says how to object.';
    case 'failed':
      return 'Nothing of it is kept. You can send it again.';
    case 'expired':
      return 'Parts are kept for a day. Send it again.';
    default:
      return null;
  }
}

/** Whether nothing changes any more without somebody doing something. */
export function isSettled(upload: Pick<Upload, 'status'>): boolean {
  return upload.status !== 'checking' && upload.status !== 'review';
}

/** Where sending stands, as a clause. */
export function sendWords(state: Pick<SendState, 'phase'>): string {
  switch (state.phase) {
    case 'starting':
      return 'Asking where to go on';
    case 'sending':
      return 'Sending';
    case 'paused':
      return 'Paused';
    case 'interrupted':
      return 'The connection is gone; what has arrived is kept';
    case 'completing':
      return 'Everything is there';
    case 'sent':
      return 'Sent';
    case 'failed':
      return 'It did not work out';
    case 'cancelled':
      return 'Cancelled';
  }
}
