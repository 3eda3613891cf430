/**
 * The inspection half of the render protocol (schemas/inspection.ts), signed and sorted as everything else a node says
 * (edge-client.ts). Called by inspect-loop.ts.
 */
import {
  type EnrolmentReport,
  type InspectionFailure,
  type InspectionLeaseRequest,
  inspectionCompletionSchema,
  inspectionFailureSchema,
  inspectionLeaseRequestSchema,
  type LeasedInspection,
  leasedInspectionSchema,
  type MediaReport,
} from '#schemas/inspection.ts';
import type { StoredFile } from '#schemas/render.ts';
import type { Answer, EdgeClient } from './edge-client.ts';

export class InspectionClient {
  readonly #edge: EdgeClient;

  constructor(edge: EdgeClient) {
    this.#edge = edge;
  }

  /** An inspection, or undefined when there is none now. Held open by the edge for up to `waitMs`. */
  lease(request: InspectionLeaseRequest, signal: AbortSignal): Promise<Answer<LeasedInspection | undefined>> {
    const body = inspectionLeaseRequestSchema.parse(request);
    return this.#edge.post(
      '/render/v1/inspections/lease',
      body,
      leasedInspectionSchema,
      request.waitMs + 10_000,
      signal,
    );
  }

  /** The recording or upload, into a file. */
  media(id: string, fence: number, to: string, size: number, signal: AbortSignal): Promise<Answer<number>> {
    return this.#edge.downloadTo(`${path(id, 'media')}?fence=${fence}`, to, size, signal);
  }

  /** @param picture the portrait of somebody who enrols, the poster of an upload */
  putPicture(
    picture: 'portrait' | 'poster',
    id: string,
    fence: number,
    file: string,
    stored: StoredFile,
    signal: AbortSignal,
  ): Promise<Answer<unknown>> {
    return this.#edge.put(`${path(id, picture)}?fence=${fence}`, file, stored, 'image/jpeg', signal);
  }

  complete(
    id: string,
    fence: number,
    report: EnrolmentReport | MediaReport,
    signal: AbortSignal,
  ): Promise<Answer<unknown>> {
    const body = inspectionCompletionSchema.parse({ fence, report });
    return this.#edge.post(path(id, 'complete'), body, undefined, 20_000, signal);
  }

  fail(id: string, failure: InspectionFailure, timeoutMs: number): Promise<Answer<unknown>> {
    const body = inspectionFailureSchema.parse(failure);
    return this.#edge.post(path(id, 'fail'), body, undefined, timeoutMs, undefined);
  }
}

function path(id: string, action: string): string {
  return `/render/v1/inspections/${encodeURIComponent(id)}/${action}`;
}
