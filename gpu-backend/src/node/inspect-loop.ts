/**
 * Leases recordings and uploads that people sent in, has them looked at and reports, one at a time beside the render slots. Whatever happens, an
 * inspection ends in exactly one of: completed, failed (told to the edge) or dropped (the edge has moved on, or the node was killed),
 * and nothing of it is left on disk. Invariant: of what was sent in neither bytes nor findings reach the log. Called by run-node.ts.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type EnrolmentReport,
  type InspectionFailure,
  inspectionKinds,
  type LeasedEnrolment,
  type LeasedInspection,
  type LeasedMediaInspection,
  type MediaReport,
} from '#schemas/inspection.ts';
import type { StoredFile } from '#schemas/render.ts';
import { ChildFault } from '../inspection/child.ts';
import type { Inspector } from '../inspection/inspector.ts';
import type { Answer } from './edge-client.ts';
import { JobEnd, leaseLeft } from './heartbeat.ts';
import type { InspectionClient } from './inspection-client.ts';
import type { Log } from './log.ts';
import { backoff, type Clock } from './wait.ts';

/** Where fault tests may strike; awaited, so a hook can hold the inspection there. */
export type InspectionPoint = 'leased' | 'fetched' | 'inspected' | 'stored' | 'completed';
export type InspectionResult = 'completed' | 'failed' | 'dropped';

export interface InspectParts {
  readonly client: InspectionClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly inspector: Inspector;
  readonly scratch: string;
  readonly software: string;
  /** Aborts with a JobEnd when the node stops. */
  readonly signal: AbortSignal;
  readonly hook?: (point: InspectionPoint) => Promise<void> | void;
  readonly onResult?: (inspection: LeasedInspection, result: InspectionResult) => void;
}

const waitMs = 20_000;
/** An edge that answers "nothing" at once is not asked again before this. */
const emptyPauseMs = 1000;
const attempts = 6;
/** What is kept of the lease for storing and reporting. */
const reportMs = 3000;

/** Runs until the signal aborts; never rejects. */
export async function inspectLoop(parts: InspectParts): Promise<void> {
  const { client, clock, log, signal } = parts;
  let failures = 0;
  while (!signal.aborted) {
    const askedAt = clock.now();
    const answer = await client.lease(
      { kinds: [...inspectionKinds], waitMs, software: parts.software },
      signal,
    );
    if (signal.aborted) break;
    if (answer.kind !== 'ok') {
      failures += 1;
      // The lease loop says already that the edge is away; a refusal of this alone is said once.
      if (failures === 1 && answer.kind === 'rejected')
        log('warn', 'inspections refused', { code: answer.code });
      await clock.sleep(backoff(failures + 1, clock.random(), 1000, 30_000), signal);
      continue;
    }
    failures = 0;
    const inspection = answer.value;
    if (!inspection) {
      await clock.sleep(Math.max(0, emptyPauseMs - (clock.now() - askedAt)), signal);
      continue;
    }
    const until = clock.now() + leaseLeft(inspection.leaseExpiresAt, answer.edgeTime);
    const result = await runInspection(parts, inspection, until);
    parts.onResult?.(inspection, result);
  }
  parts.inspector.close();
}

/** @param until when the lease runs out, by the node's clock. Never rejects. */
async function runInspection(
  parts: InspectParts,
  inspection: LeasedInspection,
  until: number,
): Promise<InspectionResult> {
  const { client, clock, log, signal } = parts;
  const { inspectionId: id, fence } = inspection;
  const folder = join(parts.scratch, `${id}-${fence}`);
  const fields = { inspection: id, fence };
  const startedAt = clock.now();
  log('info', 'inspection leased', fields);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const report = await untilStopped(lookAndStore(parts, inspection, folder, until), signal);
    await send(parts, () => client.complete(id, fence, report, signal));
    await parts.hook?.('completed');
    log('info', 'inspection completed', {
      ...fields,
      seconds: Math.round((clock.now() - startedAt) / 100) / 10,
    });
    return 'completed';
  } catch (error) {
    if (error instanceof JobEnd && error.reason !== 'shutdown') {
      log('info', 'inspection dropped', { ...fields, reason: error.reason });
      return 'dropped';
    }
    const failure = toFailure(error, fence);
    log(failure.code === 'node_shutdown' ? 'info' : 'error', 'inspection failed', {
      ...fields,
      code: failure.code,
      retryable: failure.retryable,
    });
    const tries = failure.code === 'node_shutdown' ? 1 : 4;
    for (let attempt = 1; attempt <= tries; attempt++) {
      const answer = await client.fail(id, failure, tries === 1 ? 1500 : 8000);
      if (answer.kind !== 'transient' || signal.aborted) break;
      await clock.sleep(backoff(attempt, clock.random()), signal);
    }
    return 'failed';
  } finally {
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** The file is nothing that can be looked at. */
class Unreadable extends Error {}

async function lookAndStore(
  parts: InspectParts,
  inspection: LeasedInspection,
  folder: string,
  until: number,
): Promise<EnrolmentReport | MediaReport> {
  const { client, clock, signal } = parts;
  const { inspectionId: id, fence, media } = inspection;
  await parts.hook?.('leased');
  const path = join(folder, 'recording');
  await send(parts, () => client.media(id, fence, path, media.size, signal));
  await parts.hook?.('fetched');
  const limits = { signal, withinMs: Math.max(1000, until - clock.now() - reportMs) };
  return inspection.kind === 'media'
    ? lookAtUpload(parts, inspection, { path, folder }, limits)
    : lookAtRecording(parts, inspection, { path, folder }, limits);
}

interface Place {
  readonly path: string;
  readonly folder: string;
}
type Limits = Parameters<Inspector['inspect']>[1];

async function lookAtRecording(
  parts: InspectParts,
  inspection: LeasedEnrolment,
  place: Place,
  limits: Limits,
): Promise<EnrolmentReport> {
  const { challenge, wantPortrait } = inspection;
  const { portraitFile, ...seen } = await parts.inspector.inspect(
    { ...place, challenge, wantPortrait },
    limits,
  );
  await parts.hook?.('inspected');
  const portrait = await store(parts, inspection, 'portrait', portraitFile);
  await parts.hook?.('stored');
  return { ...seen, portrait };
}

async function lookAtUpload(
  parts: InspectParts,
  inspection: LeasedMediaInspection,
  place: Place,
  limits: Limits,
): Promise<MediaReport> {
  const { watermarkKey, mayPublish } = inspection;
  const request = { ...place, watermarkKey: Buffer.from(watermarkKey, 'base64'), mayPublish };
  const outcome = await parts.inspector.inspectMedia(request, limits);
  if (outcome === null) throw new Unreadable('nothing that can be looked at');
  const { posterFile, ...seen } = outcome;
  await parts.hook?.('inspected');
  const poster = await store(parts, inspection, 'poster', posterFile);
  await parts.hook?.('stored');
  return { ...seen, poster };
}

async function store(
  parts: InspectParts,
  { inspectionId, fence }: LeasedInspection,
  picture: 'portrait' | 'poster',
  file: string | null,
): Promise<StoredFile | null> {
  if (file === null) return null;
  const stored = await digest(file);
  await send(parts, () => parts.client.putPicture(picture, inspectionId, fence, file, stored, parts.signal));
  return stored;
}

/** Until the edge answers, says that the inspection is not ours any more, or has not answered for too long. */
async function send(parts: InspectParts, request: () => Promise<Answer<unknown>>): Promise<void> {
  const { clock, signal } = parts;
  for (let attempt = 1; ; attempt++) {
    const answer = await request();
    signal.throwIfAborted();
    if (answer.kind === 'ok') return;
    if (answer.kind === 'stale') throw new JobEnd('stale');
    if (answer.kind === 'rejected') throw new Error(`the edge refused: ${answer.code}`);
    if (attempt === attempts) throw new JobEnd('lease-lost');
    await clock.sleep(backoff(attempt, clock.random()), signal);
    signal.throwIfAborted();
  }
}

function toFailure(error: unknown, fence: number): InspectionFailure {
  if (error instanceof JobEnd)
    return { fence, code: 'node_shutdown', message: 'The render node was shut down.', retryable: true };
  if (error instanceof Unreadable || (error instanceof ChildFault && error.kind === 'broke'))
    return {
      fence,
      code: 'unreadable_media',
      message: 'This file cannot be decoded.',
      retryable: false,
    };
  return {
    fence,
    code: 'inspection_failed',
    message: 'The inspection could not be finished.',
    retryable: true,
  };
}

async function digest(path: string): Promise<StoredFile> {
  const bytes = await readFile(path);
  return { sha256: createHash('sha256').update(bytes).digest('hex'), size: bytes.length };
}

/** A hook that hangs, or work that ignores the signal, is left behind when the node stops. */
function untilStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
