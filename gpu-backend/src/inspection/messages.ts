/** What the node and its inspection process say to each other. One request at a time. */
import type { InspectionOutcome, InspectionRequest } from './inspect.ts';

export type ToInspection = InspectionRequest;

export type FromInspection =
  | { readonly kind: 'inspected'; readonly outcome: InspectionOutcome }
  | { readonly kind: 'failed'; readonly error: string };
