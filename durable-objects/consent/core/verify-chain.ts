/**
 * Checks a consent log from the outside. Invariant: answers `valid` only if no entry was changed, dropped from the middle or the
 * front, reordered or inserted; entries dropped from the end show when the expected head is given. Called by tests, by operators
 * and later by anyone who holds a signed checkpoint.
 */
import type { LogHead } from './consent-machine.ts';
import { entryText, genesisHash, type LogEntry, type Sha256 } from './log-entry.ts';

export type ChainVerdict =
  | { readonly valid: true; readonly head: LogHead }
  | {
      readonly valid: false;
      readonly position: number;
      readonly reason: 'position' | 'link' | 'hash' | 'lift' | 'head';
    };

/** Verifies entries given in order from position 1; `expectedHead` is a head somebody noted earlier. */
export function verifyChain(
  entries: Iterable<LogEntry>,
  sha256: Sha256,
  expectedHead?: LogHead,
): ChainVerdict {
  let position = 0;
  let hash = genesisHash;
  const standing = new Map<string, string>();
  for (const entry of entries) {
    position += 1;
    if (entry.position !== position) return { valid: false, position, reason: 'position' };
    if (entry.previousHash !== hash) return { valid: false, position, reason: 'link' };
    if (sha256(entryText(entry, sha256)) !== entry.hash) return { valid: false, position, reason: 'hash' };
    if (entry.lifts === null) standing.set(entry.id, entry.key);
    else if (standing.get(entry.lifts) !== entry.key) return { valid: false, position, reason: 'lift' };
    else standing.delete(entry.lifts);
    hash = entry.hash;
    if (expectedHead?.position === position && expectedHead.hash !== hash) {
      return { valid: false, position, reason: 'head' };
    }
  }
  if (expectedHead !== undefined && expectedHead.position > position) {
    return { valid: false, position, reason: 'head' };
  }
  return { valid: true, head: { position, hash } };
}
