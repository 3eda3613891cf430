/**
 * The looking half of a scripted node, for uploads: leases media inspections, fetches the bytes, and reports what a test tells it to have
 * seen. Fingerprints are drawn from a seed: the same seed is the same film, another one has nothing to do with it.
 */
import { createHash } from 'node:crypto';
import { createCanvas } from '@napi-rs/canvas';
import { type Fingerprints, fingerprintAlgorithm } from '#schemas/fingerprint.ts';
import {
  type LeasedMediaInspection,
  leasedMediaInspectionSchema,
  type MediaReport,
} from '#schemas/inspection.ts';
import type { Edge } from './edge.ts';
import { eventually, expectStatus } from './generation-run.ts';
import { storedFile } from './scripted-node.ts';

export function filmOf(seed: string): Fingerprints {
  const frames = Array.from({ length: 6 }, (_, index) => ({
    at: index / 2,
    quality: 90,
    views: [createHash('sha256').update(`${seed}:${index}`).digest('hex')],
  }));
  return { algorithm: fingerprintAlgorithm, frames, audio: null };
}

export const poster = new Uint8Array(createCanvas(180, 320).toBuffer('image/jpeg'));

/** A film of two seconds in which nobody saw anything wrong. */
export function mediaReport(seed: string, change: Partial<MediaReport> = {}): MediaReport {
  return {
    probe: {
      kind: 'video',
      width: 720,
      height: 1280,
      durationMs: 2000,
      videoCodec: 'avc',
      audioCodec: 'aac',
    },
    watermark: null,
    fingerprints: filmOf(seed),
    policy: { version: 'test', models: [{ name: 'nsfwjs', version: 'test' }], findings: [] },
    poster: null,
    color: '#304050',
    ...change,
  };
}

export interface ScriptedLooker {
  /** Null when there was nothing to look at. @throws Error for any refusal */
  lease(waitMs?: number): Promise<LeasedMediaInspection | null>;
  /** Waits for one. */
  next(): Promise<LeasedMediaInspection>;
  media(leased: LeasedMediaInspection): Promise<Response>;
  /** Stores the poster if one is wanted, and reports. */
  report(leased: LeasedMediaInspection, report: MediaReport): Promise<void>;
  fail(leased: LeasedMediaInspection, code: string, retryable: boolean): Promise<void>;
}

export function createScriptedLooker(edge: Edge): ScriptedLooker {
  const { node } = edge;
  const path = ({ inspectionId, fence }: LeasedMediaInspection, what: string) =>
    `/render/v1/inspections/${inspectionId}/${what}?fence=${fence}`;
  const lease: ScriptedLooker['lease'] = async (waitMs = 0) => {
    const response = await node.request('POST', '/render/v1/inspections/lease', {
      kinds: ['media'],
      waitMs,
      software: 'scripted',
    });
    if (response.status === 204) return null;
    if (!response.ok) throw new Error(`lease: ${response.status} ${await response.text()}`);
    return leasedMediaInspectionSchema.parse(await response.json());
  };
  return {
    lease,
    next: () => eventually('something to look at', () => lease(1000)),
    media: (leased) => node.request('GET', path(leased, 'media'), new Uint8Array(0)),
    report: async (leased, report) => {
      if (leased.mayPublish) await expectStatus(node.request('PUT', path(leased, 'poster'), poster), 200);
      await expectStatus(
        node.request('POST', `/render/v1/inspections/${leased.inspectionId}/complete`, {
          fence: leased.fence,
          report: { ...report, poster: leased.mayPublish ? storedFile(poster) : null },
        }),
        200,
      );
    },
    fail: async (leased, code, retryable) => {
      await expectStatus(
        node.request('POST', `/render/v1/inspections/${leased.inspectionId}/fail`, {
          fence: leased.fence,
          code,
          message: 'as the test says',
          retryable,
        }),
        200,
      );
    },
  };
}
