/**
 * The consent log's transitions. Invariants: positions grow by one, every entry names the hash of the one before, nothing is ever
 * changed or removed, one idempotency key makes at most one entry. Called by consent-log-object.ts, which stores what comes out.
 */
import type { Capability, ConsentKey } from '#schemas/consent.ts';
import type { Id } from '#schemas/ids.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import { canonicalDenies, entryText, genesisHash, type LogEntry, type Sha256 } from './log-entry.ts';

/** The end of the chain: all that an append needs to know of what came before. */
export interface LogHead {
  readonly position: number;
  readonly hash: string;
}

export const emptyHead: LogHead = { position: 0, hash: genesisHash };

export interface AppendContext {
  readonly id: Id<'rev'>;
  /** ISO 8601 UTC. */
  readonly at: string;
  /** 32 random hex digits. */
  readonly salt: string;
  readonly sha256: Sha256;
}

export interface Appended {
  readonly head: LogHead;
  readonly entry: LogEntry;
}

function append(
  head: LogHead,
  statement: { key: ConsentKey; denies: readonly Capability[]; lifts: Id<'rev'> | null },
  context: AppendContext,
): Appended {
  const body = {
    position: head.position + 1,
    id: context.id,
    key: statement.key,
    denies: canonicalDenies(statement.denies),
    lifts: statement.lifts,
    at: context.at,
    previousHash: head.hash,
    salt: context.salt,
  };
  const entry = { ...body, hash: context.sha256(entryText(body, context.sha256)) };
  return { head: { position: entry.position, hash: entry.hash }, entry };
}

/** A denial: `previous` is the entry that this idempotency key made before, if it did. */
export function revoke(
  head: LogHead,
  request: { readonly key: ConsentKey; readonly denies: readonly Capability[] },
  previous: LogEntry | null,
  context: AppendContext,
): Result<{ entry: LogEntry; appended: Appended | null }> {
  if (previous !== null) {
    const same =
      previous.lifts === null &&
      previous.key === request.key &&
      previous.denies.join() === canonicalDenies(request.denies).join();
    if (!same) return fail('idempotency_mismatch');
    return ok({ entry: previous, appended: null });
  }
  if (request.denies.length === 0) return fail('bad_request', 'A revocation must deny something.');
  const appended = append(head, { ...request, lifts: null }, context);
  return ok({ entry: appended.entry, appended });
}

/**
 * Lifts one denial. `previous` as for `revoke`; `target` is the denial, `liftedBy` the entry that lifted it already. Lifting twice
 * answers the first lift, whatever the idempotency key. Refuses with not_found, idempotency_mismatch and, for an entry that is
 * itself a lift, conflict.
 */
export function lift(
  head: LogHead,
  revocationId: Id<'rev'>,
  known: {
    readonly previous: LogEntry | null;
    readonly target: LogEntry | null;
    readonly liftedBy: LogEntry | null;
  },
  context: AppendContext,
): Result<{ entry: LogEntry; appended: Appended | null }> {
  const { previous, target, liftedBy } = known;
  if (previous !== null) {
    return previous.lifts === revocationId
      ? ok({ entry: previous, appended: null })
      : fail('idempotency_mismatch');
  }
  if (target === null) return fail('not_found', 'There is no such revocation.');
  if (target.lifts !== null) return fail('conflict', 'This entry lifts a revocation; it is none itself.');
  if (liftedBy !== null) return ok({ entry: liftedBy, appended: null });
  const appended = append(head, { key: target.key, denies: target.denies, lifts: target.id }, context);
  return ok({ entry: appended.entry, appended });
}
