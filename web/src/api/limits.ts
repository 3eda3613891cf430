/**
 * Numbers of the HTTP contract that forms need before they send. Copies, so that zod stays out of the bundle;
 * test/node/web-contract.test.ts fails when one differs from schemas/.
 */
import type { FrameSize } from '#schemas/engine.ts';
import type { Tier } from '#schemas/http/accounts.ts';
import type { GenerationStatus } from '#schemas/http/generations.ts';
import type { UploadMediaType } from '#schemas/http/uploads.ts';
import type { RenderStage } from '#schemas/render.ts';

export const promptLimit = 2000;
export const captionLimit = 300;
export const commentLimit = 500;
export const dialogueLimit = 8;
export const dialogueTextLimit = 240;
export const speakerLimit = 40;
export const soundCueLimit = 16;
export const soundTextLimit = 80;
export const reportDetailsLimit = 1000;
export const secondsRange = { min: 2, max: 20, initial: 10 } as const;
export const frameSizes = ['720x1280', '1280x720'] as const satisfies readonly FrameSize[];
export const handlePattern = /^[a-z0-9](?:[a-z0-9-]{0,28}[a-z0-9])?$/;

/** Stages in the order a job passes through them. */
export const stageOrder = [
  'waiting',
  'reading',
  'simulating',
  'drawing',
  'encoding',
  'uploading',
  'checking',
  'signing',
  'delivering',
  'done',
] as const satisfies readonly RenderStage[];

/** Nothing changes after these. */
export function isFinal(status: GenerationStatus): boolean {
  return status === 'ready' || status === 'failed' || status === 'cancelled' || status === 'quarantined';
}

// ── likenesses ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

export const maxRuleWords = 50;
export const ruleWordRange = { min: 2, max: 60 } as const;
export const purposeLimit = 200;
export const grantUsesMax = 10_000;
export const recastNoteLimit = 200;
export const castLimit = 8;
/** Seconds and bytes of an enrolment recording, and minutes its challenge is good for. */
export const recordingRange = { maxBytes: 48 * 1024 * 1024, minSeconds: 5, maxSeconds: 30 } as const;
export const challengeMinutes = 10;
/** What a recorder may produce, best first. */
export const recordingTypes = ['video/webm', 'video/mp4'] as const;

// ── files that are checked or uploaded ───────────────────────────────────────────────────────────────────────────────────────

/** Bytes a check takes in one request; larger files go in parts, or are looked at in the browser. */
export const verifyLimit = 95 * 1024 * 1024;
export const uploadMediaTypes = [
  'video/mp4',
  'video/quicktime',
  'image/jpeg',
  'image/png',
  'image/webp',
  'audio/wav',
  'audio/mp4',
] as const satisfies readonly UploadMediaType[];
/** Bytes per file, by tier. */
export const uploadLimits = {
  free: 256 * 1024 ** 2,
  plus: 1024 ** 3,
  pro: 4 * 1024 ** 3,
} as const satisfies Record<Tier, number>;
export const fileNameLimit = 200;

// ── the desk ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────

export const factsLimit = 5000;
export const explanationLimit = 2000;
export const appealLimit = 4000;
