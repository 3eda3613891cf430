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
/** A likeness at the epoch its owner's consent was given in; re-consenting opens the next one. */
export const cameoKey = (id: Id<'cam'>, epoch: number): ConsentKey => `cameo:${id}#${epoch}`;
export const grantKey = (id: Id<'grant'>): ConsentKey => `grant:${id}`;

/**
 * Where region gates stand: Cloudflare's Durable Object location hints.
 * @see https://developers.cloudflare.com/durable-objects/reference/data-location/
 */
export const regions = ['wnam', 'enam', 'sam', 'weur', 'eeur', 'apac', 'oc', 'afr', 'me'] as const;
export const regionSchema = z.enum(regions);
export type Region = z.infer<typeof regionSchema>;
