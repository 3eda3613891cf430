/**
 * Consent keys (architecture.md §3): every clip is served under a set of keys fixed when it is published; a revocation denies
 * capabilities on one key. Only `decide` (durable-objects/consent/core/decide.ts) turns keys into a decision.
 */
import { z } from 'zod';
import type { Id } from './ids.ts';

export const capabilities = ['serve', 'list', 'remix', 'download', 'cast'] as const;
export const capabilitySchema = z.enum(capabilities);
export type Capability = z.infer<typeof capabilitySchema>;

export type ConsentKey =
  | `clip:${string}`
  | `account:${string}`
  | `cameo:${string}#${number}`
  | `grant:${string}`;
const keyPattern =
  /^(?:clip:clip_[0-9a-z]{26}|account:acc_[0-9a-z]{26}|cameo:cam_[0-9a-z]{26}#\d+|grant:grant_[0-9a-z]{26})$/;
export const consentKeySchema = z
  .custom<ConsentKey>((value) => typeof value === 'string' && keyPattern.test(value), {
    error: 'must be a consent key',
  })
  .meta({ type: 'string', pattern: keyPattern.source });

/** A lineage that would carry more keys than this is refused (`lineage_too_large`). */
export const maxConsentKeys = 64;

export const clipKey = (id: Id<'clip'>): ConsentKey => `clip:${id}`;
export const accountKey = (id: Id<'acc'>): ConsentKey => `account:${id}`;
