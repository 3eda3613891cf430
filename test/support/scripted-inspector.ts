/** The inspecting half of a scripted node: leases recordings, fetches them, and reports what a test tells it to have seen. */
import { enrolmentChecks } from '#schemas/http/cameo.ts';
import {
  type EnrolmentReport,
  embeddingLength,
  type LeasedInspection,
  leasedInspectionSchema,
  type MediaReport,
} from '#schemas/inspection.ts';
import type { ScriptedNode } from './scripted-node.ts';

/** A face, single precision as the model gives it; the same seed is the same face. */
export function someFace(seed: number): number[] {
  return Array.from({ length: embeddingLength }, (_, index) =>
    Math.fround(2 + 2 * Math.sin(seed * 7.13 + index * (1 + seed * 0.37))),
  );
}

export function someReport(change: Partial<EnrolmentReport> = {}): EnrolmentReport {
  return {
    checks: enrolmentChecks
      .filter((name) => name !== 'not-enrolled-elsewhere')
      .map((name) => ({ name, outcome: 'passed', message: `What was seen of ${name}.` })),
    embedding: someFace(1),
    voice: { pitchHz: 181.5, brightness: 0.4375, rate: 4 },
    portrait: null,
    speech: 'verified',
    ...change,
  };
}

export interface ScriptedInspector {
  /** Null when there was nothing to look at. @throws Error for any refusal */
  lease(waitMs?: number, kinds?: readonly LeasedInspection['kind'][]): Promise<LeasedInspection | null>;
  media(leased: LeasedInspection, fence?: number): Promise<Response>;
  portrait(leased: LeasedInspection, bytes: Uint8Array<ArrayBuffer>): Promise<Response>;
  poster(leased: LeasedInspection, bytes: Uint8Array<ArrayBuffer>): Promise<Response>;
  complete(leased: LeasedInspection, report: EnrolmentReport | MediaReport): Promise<Response>;
  fail(leased: LeasedInspection, code: string, retryable: boolean): Promise<Response>;
}

export function createScriptedInspector(node: ScriptedNode): ScriptedInspector {
  const path = (leased: LeasedInspection, what: string, fence = leased.fence) =>
    `/render/v1/inspections/${leased.inspectionId}/${what}?fence=${fence}`;
  return {
    lease: async (waitMs = 0, kinds = ['enrolment']) => {
      const response = await node.request('POST', '/render/v1/inspections/lease', {
        kinds,
        waitMs,
        software: 'scripted',
      });
      if (response.status === 204) return null;
      if (!response.ok) throw new Error(`lease: ${response.status} ${await response.text()}`);
      return leasedInspectionSchema.parse(await response.json());
    },
    media: (leased, fence) => node.request('GET', path(leased, 'media', fence), new Uint8Array(0)),
    poster: (leased, bytes) => node.request('PUT', path(leased, 'poster'), bytes),
    portrait: (leased, bytes) => node.request('PUT', path(leased, 'portrait'), bytes),
    complete: (leased, report) =>
      node.request('POST', `/render/v1/inspections/${leased.inspectionId}/complete`, {
        fence: leased.fence,
        report,
      }),
    fail: (leased, code, retryable) =>
      node.request('POST', `/render/v1/inspections/${leased.inspectionId}/fail`, {
        fence: leased.fence,
        code,
        message: 'as the test says',
        retryable,
      }),
  };
}
