/**
 * The events of one case, in storage and in memory. Invariants: what is in memory is the fold of what is stored; an event is numbered, chained,
 * signed, accepted by the reducer and stored in one step; when the transaction around it fails, memory goes back with it. Called by the
 * ModerationCase object only.
 */
import type { KeyObject } from 'node:crypto';
import { genesisHash } from '#core/moderation/case-log.ts';
import { applyEvent, type CaseState, foldCase } from '#core/moderation/case-state.ts';
import type { CaseEvent, CaseLog } from '#schemas/case-log.ts';
import type { Id } from '#schemas/ids.ts';
import type { NewEvent } from './core/case-machine.ts';
import { loadLogKey, publicKeyOf, sealEvent } from './signing.ts';
import type { CaseStore } from './store.ts';

export class CaseBook {
  readonly #store: CaseStore;
  readonly #pkcs8: string;
  #events: readonly CaseEvent[];
  #state: CaseState | null;
  #key: KeyObject | undefined;

  /** @param pkcs8 MODERATION_LOG_KEY; read when the first event is signed */
  constructor(store: CaseStore, pkcs8: string) {
    this.#store = store;
    this.#pkcs8 = pkcs8;
    this.#events = store.events();
    this.#state = foldCase(this.#events);
  }

  /** Null before the case is opened. */
  get state(): CaseState | null {
    return this.#state;
  }

  get events(): readonly CaseEvent[] {
    return this.#events;
  }

  /** @throws before the case is opened */
  expect(): CaseState {
    if (this.#state === null) throw new Error('the case was never opened');
    return this.#state;
  }

  /** Milliseconds; never before the last event: an object that was moved may find itself on a clock that is behind. */
  now(): number {
    return Math.max(Date.now(), this.#state === null ? 0 : Date.parse(this.#state.lastAt));
  }

  /** Inside a transaction. @throws IllegalEventError when machine and reducer disagree */
  append(caseId: Id<'case'>, { body, actor, tool }: NewEvent, now: number): void {
    const previous = this.#state;
    const event = sealEvent(
      {
        v: 1,
        caseId,
        seq: (previous?.seq ?? 0) + 1,
        at: new Date(now).toISOString(),
        actor,
        tool,
        previousHash: previous?.hash ?? genesisHash,
        ...body,
      },
      this.#signingKey(),
    );
    this.#state = applyEvent(previous, event);
    this.#events = [...this.#events, event];
    this.#store.append(event);
  }

  /** Runs `change`; if it throws, memory is what it was. */
  guarded<T>(change: () => T): T {
    const [state, events] = [this.#state, this.#events];
    try {
      return change();
    } catch (error) {
      this.#state = state;
      this.#events = events;
      throw error;
    }
  }

  log(): CaseLog {
    const { caseId } = this.expect();
    const publicKey = publicKeyOf(this.#signingKey());
    return { format: 'kinora-case-log/1', caseId, publicKey, events: [...this.#events] };
  }

  #signingKey(): KeyObject {
    this.#key ??= loadLogKey(this.#pkcs8);
    return this.#key;
  }
}
