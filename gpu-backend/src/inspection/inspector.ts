/**
 * Holds the inspection process: started by the first request, kept warm between requests, ended when nobody has asked for a while, so
 * that a node that inspects nothing pays nothing. Called by node/inspect-loop.ts.
 */
import { ChildFault, createChild } from './child.ts';
import type { InspectionOutcome, InspectionRequest } from './inspect.ts';
import type { MediaOutcome, MediaRequest } from './media/inspect-media.ts';

export type ToInspection = (InspectionRequest & { readonly kind: 'enrolment' }) | MediaRequest;

/** `outcome` null: the file is nothing that can be looked at. */
export type InspectionAnswer =
  | { readonly kind: 'enrolment'; readonly outcome: InspectionOutcome }
  | { readonly kind: 'media'; readonly outcome: MediaOutcome | null };

interface Limits {
  readonly signal: AbortSignal;
  readonly withinMs: number;
}

export interface Inspector {
  /** @throws ChildFault, or the signal's reason when it aborts. */
  inspect(request: InspectionRequest, limits: Limits): Promise<InspectionOutcome>;
  /** The same; null when the file is nothing that can be looked at. Reports what was seen when its time is nearly over. */
  inspectMedia(
    request: Omit<MediaRequest, 'kind' | 'withinMs'>,
    limits: Limits,
  ): Promise<MediaOutcome | null>;
  /** Ends the process. */
  close(): void;
}

/** How long the process waits for another recording: it holds half a gigabyte meanwhile. */
const idleMs = 60_000;
/** An upload that takes longer is reported as far as it was seen, however long the lease is. */
const longestLookMs = 90_000;
/** Of the time there is, this is kept for what cannot be interrupted. */
const reserve = 0.25;

/** @param entry the process's program; tests bring one that crashes. */
export function createInspector(
  entry: URL = new URL('./process.ts', import.meta.url),
  idle = idleMs,
): Inspector {
  const child = createChild<ToInspection, InspectionAnswer>(entry, idle);
  const wrong = (): ChildFault => new ChildFault('failed', 'the process answered something else');
  return {
    close: child.close,
    async inspect(request, limits) {
      const answer = await child.ask({ ...request, kind: 'enrolment' }, limits);
      if (answer.kind !== 'enrolment') throw wrong();
      return answer.outcome;
    },
    async inspectMedia(request, limits) {
      const withinMs = Math.min(longestLookMs, limits.withinMs * (1 - reserve));
      const answer = await child.ask({ ...request, kind: 'media', withinMs }, limits);
      if (answer.kind !== 'media') throw wrong();
      return answer.outcome;
    },
  };
}
