/**
 * The chain over the events of a case and the offline check of it. Invariants: an event's hash covers everything it states and the hash
 * before it; every event is signed, so a log that was written anew from some point on is told from the true one at exactly that event;
 * `verifyCaseLog` names the first event that is wrong, and folds with the reducer the server uses. Pure: hashing and signatures come in.
 * Called by the case object, scripts/verify-case-log.ts and the console.
 */
import canonicalize from 'canonicalize';
import type { CaseEvent, CaseLog } from '#schemas/case-log.ts';
import { caseEventSchema } from '#schemas/case-log.ts';
import { applyEvent, type CaseState, IllegalEventError } from './case-state.ts';

/** Hex SHA-256 of UTF-8 text. */
export type Sha256 = (text: string) => string;

/** `previousHash` of the first event. */
export const genesisHash = '0'.repeat(64);

export type UnsignedEvent = CaseEvent extends infer E
  ? E extends unknown
    ? Omit<E, 'hash' | 'signature'>
    : never
  : never;

/** RFC 8785 form of everything that is hashed. */
export function eventText(event: UnsignedEvent | CaseEvent): string {
  const { hash: _, signature: __, ...stated } = { hash: '', signature: '', ...event };
  const text = canonicalize(stated);
  if (text === undefined) throw new Error('an event has no canonical form');
  return text;
}

/**
 * What a signature covers: who signs what about which event. The first line keeps it from being taken for anything else that the key
 * might sign.
 */
export function checkpointText({ caseId, seq, hash }: Pick<CaseEvent, 'caseId' | 'seq' | 'hash'>): string {
  return `kinora case log v1\n${caseId}\n${seq}\n${hash}\n`;
}

export interface VerifyCaseTools {
  readonly sha256: Sha256;
  /** Ed25519 (RFC 8032); all three are base64, base64 and text. */
  readonly verifySignature: (
    publicKey: string,
    text: string,
    signature: string,
  ) => boolean | Promise<boolean>;
}

/** A head that somebody noted earlier: the end of an earlier export, or a receipt. */
export interface KnownHead {
  readonly seq: number;
  readonly hash: string;
}

export type CaseLogVerdict =
  | { readonly valid: true; readonly state: CaseState; readonly head: KnownHead }
  | {
      readonly valid: false;
      /** Of the first event that is wrong, counted from 1; 0 when it is the key. */
      readonly seq: number;
      readonly reason:
        | 'key'
        | 'shape'
        | 'number'
        | 'link'
        | 'hash'
        | 'signature'
        | 'transition'
        | 'head'
        | 'truncated';
      readonly detail: string;
    };

/**
 * @param publicKey the key published by Kinora, base64; not the one in the file
 * @param known a head noted earlier: a log that ends before it was cut off, one that has another hash there was forked
 */
export async function verifyCaseLog(
  log: Pick<CaseLog, 'caseId' | 'events'>,
  publicKey: string,
  tools: VerifyCaseTools,
  known?: KnownHead,
): Promise<CaseLogVerdict> {
  let state: CaseState | null = null;
  let hash = genesisHash;
  let seq = 0;
  const wrong = (
    reason: Extract<CaseLogVerdict, { valid: false }>['reason'],
    detail: string,
  ): CaseLogVerdict => ({
    valid: false,
    seq,
    reason,
    detail,
  });
  for (const given of log.events) {
    seq += 1;
    const parsed = caseEventSchema.safeParse(given);
    // What the schema does not know would be dropped and escape the hash: compare the whole.
    if (!parsed.success || canonicalize(parsed.data) !== canonicalize(given)) {
      return wrong('shape', 'It is not an event of a case.');
    }
    const event = parsed.data;
    if (event.seq !== seq || event.caseId !== log.caseId) {
      return wrong('number', `It is number ${event.seq} of ${event.caseId}.`);
    }
    if (event.previousHash !== hash) return wrong('link', 'It does not continue the event before it.');
    if (tools.sha256(eventText(event)) !== event.hash)
      return wrong('hash', 'Its hash is not that of what it says.');
    if (known?.seq === seq && known.hash !== event.hash) {
      return wrong('head', 'Another event was known at this place: the log was forked.');
    }
    if (!(await tools.verifySignature(publicKey, checkpointText(event), event.signature))) {
      return wrong('signature', 'It is not signed by this key.');
    }
    try {
      state = applyEvent(state, event);
    } catch (error) {
      if (error instanceof IllegalEventError) return wrong('transition', error.message);
      throw error;
    }
    hash = event.hash;
  }
  seq += 1;
  if (state === null) return wrong('truncated', 'There is no event.');
  if (known !== undefined && known.seq >= seq) {
    return wrong('truncated', `Event ${known.seq} was known and is missing.`);
  }
  return { valid: true, state, head: { seq: seq - 1, hash } };
}

/** The first event in which two logs of one case differ, both signed or not; null if one continues the other. */
export function firstDifference(a: CaseLog, b: CaseLog): number | null {
  const shorter = Math.min(a.events.length, b.events.length);
  for (let index = 0; index < shorter; index += 1) {
    if (canonicalize(a.events[index]) !== canonicalize(b.events[index])) return index + 1;
  }
  return null;
}
