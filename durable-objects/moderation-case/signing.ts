/**
 * Hashes and signs events. Invariant: an event is signed in the step that makes it, synchronously, so that no event is ever stored without
 * its signature and nothing that was altered in storage is ever signed. Called by the ModerationCase object and by the edge (public key).
 */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { checkpointText, eventText, type UnsignedEvent } from '#core/moderation/case-log.ts';
import type { CaseEvent } from '#schemas/case-log.ts';

/** Hex SHA-256 of UTF-8 text. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** @param pkcs8 base64, as in MODERATION_LOG_KEY. @throws if it is not an Ed25519 key */
export function loadLogKey(pkcs8: string): KeyObject {
  const key = createPrivateKey({ key: Buffer.from(pkcs8, 'base64'), format: 'der', type: 'pkcs8' });
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('MODERATION_LOG_KEY is not an Ed25519 key');
  return key;
}

/** Base64 of the 32 raw bytes. */
export function publicKeyOf(key: KeyObject): string {
  const { x } = createPublicKey(key).export({ format: 'jwk' });
  if (typeof x !== 'string') throw new Error('MODERATION_LOG_KEY has no public part');
  return Buffer.from(x, 'base64url').toString('base64');
}

export function sealEvent(event: UnsignedEvent, key: KeyObject): CaseEvent {
  const hash = sha256(eventText(event));
  const text = checkpointText({ caseId: event.caseId, seq: event.seq, hash });
  return { ...event, hash, signature: sign(null, Buffer.from(text), key).toString('base64') };
}
