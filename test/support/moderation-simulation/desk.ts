/**
 * The desk's objects in the simulation: cases with their storage and outbox, the queue with what it keeps and what it forgets. Evictions
 * lose memory, never storage; messages from a case to the queue come late, twice and out of order, and never get lost for good.
 */
import type { CaseState } from '#core/moderation/case-state.ts';
import type { CaseEffect, Step } from '#durable-objects/moderation-case/core/case-machine.ts';
import { open } from '#durable-objects/moderation-case/core/opening.ts';
import { queueEntry } from '#durable-objects/moderation-case/core/queue-entry.ts';
import type { DecideInput, OpenCaseInput } from '#durable-objects/moderation-case/rpc.ts';
import type { Offer } from '#durable-objects/moderation-queue/core/queue-machine.ts';
import { offerMs } from '#durable-objects/moderation-queue/core/queue-machine.ts';
import type { NextCase, QueueEntry } from '#durable-objects/moderation-queue/rpc.ts';
import type { Id } from '#schemas/ids.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import type { Random } from '../consent-simulation/random.ts';
import type { DeskProtocol } from './protocol.ts';
import { caseIdOf, PureCase } from './pure-case.ts';

export interface Clock {
  now(): number;
  after(ms: number, what: () => void): void;
}

export interface DeskDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly protocol: DeskProtocol;
}

export class SimulatedQueue {
  readonly #deps: DeskDeps;
  /** Stored. */
  readonly entries = new Map<Id<'case'>, QueueEntry>();
  readonly #skips = new Map<Id<'acc'>, Map<Id<'case'>, number>>();
  /** In memory. */
  #offers = new Map<Id<'case'>, Offer>();

  constructor(deps: DeskDeps) {
    this.#deps = deps;
  }

  update(entry: QueueEntry): void {
    const known = this.entries.get(entry.caseId);
    if (this.#deps.protocol.ordered && known !== undefined && known.seq >= entry.seq) return;
    this.entries.set(entry.caseId, entry);
    if (entry.claim !== null) this.#offers.delete(entry.caseId);
  }

  next(moderatorId: Id<'acc'>): NextCase | null {
    const now = this.#deps.clock.now();
    const asking = {
      moderatorId,
      skipped: this.#skips.get(moderatorId) ?? new Map(),
      capped: new Set<never>(),
    };
    const next = this.#deps.protocol.pickNext(this.waiting(), asking, () => 0.5, now);
    if (next !== null) this.#offers.set(next.caseId, { moderatorId, until: now + offerMs });
    return next;
  }

  skip(moderatorId: Id<'acc'>, caseId: Id<'case'>): void {
    const skips = this.#skips.get(moderatorId) ?? new Map<Id<'case'>, number>();
    this.#skips.set(moderatorId, skips.set(caseId, this.#deps.clock.now()));
    if (this.#offers.get(caseId)?.moderatorId === moderatorId) this.#offers.delete(caseId);
  }

  evict(): void {
    this.#offers = new Map();
  }

  *waiting() {
    for (const entry of this.entries.values()) {
      if (entry.status === 'open' || entry.status === 'appealed') {
        yield { entry, offer: this.#offers.get(entry.caseId) ?? null };
      }
    }
  }
}

export class SimulatedCase {
  readonly #deps: DeskDeps;
  readonly #queue: SimulatedQueue;
  readonly case: PureCase;
  readonly #answers = new Map<string, { request: string; version: number }>();
  readonly #taken = new Set<string>();

  constructor(n: number, deps: DeskDeps, queue: SimulatedQueue) {
    this.#deps = deps;
    this.#queue = queue;
    this.case = new PureCase(caseIdOf(n));
  }

  get state(): CaseState {
    return this.case.now;
  }

  open(input: OpenCaseInput): Result<void> {
    if (this.#taken.has(input.dedupeKey)) return ok(undefined);
    const context = { caseId: this.case.caseId, previousCaseIds: [], mayHide: false };
    const opened = this.#write(open(this.case.state, context, input));
    if (opened.ok) this.#taken.add(input.dedupeKey);
    return opened;
  }

  claim(by: Id<'acc'>): Result<{ token: number; version: number; expiresAt: number }> {
    const claimed = this.#write(this.#deps.protocol.claim(this.state, by, this.#deps.clock.now()));
    if (!claimed.ok) return claimed;
    const { claim, version } = this.state;
    if (claim === null) return fail('internal');
    this.#armClaim(Date.parse(claim.expiresAt));
    return ok({ token: claim.token, version, expiresAt: Date.parse(claim.expiresAt) });
  }

  /** As the object: the answer is stored with the decision. */
  decide(input: DecideInput): Result<{ version: number }> {
    const { protocol, clock } = this.#deps;
    const request = JSON.stringify(input);
    const key = `${input.moderatorId}:${input.idempotencyKey}`;
    const before = protocol.remembers ? this.#answers.get(key) : undefined;
    if (before !== undefined) {
      return before.request === request ? ok({ version: before.version }) : fail('idempotency_mismatch');
    }
    const decided = this.#write(protocol.decide(this.state, input, clock.now()));
    if (!decided.ok) return decided;
    this.#answers.set(key, { request, version: this.state.version });
    return ok({ version: this.state.version });
  }

  run(ask: (state: CaseState, now: number) => Result<Step>): Result<void> {
    return this.#write(ask(this.state, this.#deps.clock.now()));
  }

  /** The alarm of the lease, at most five seconds late, sometimes twice. */
  #armClaim(expiresAt: number): void {
    const { clock, random, protocol } = this.#deps;
    const ring = () => {
      this.#write(ok(protocol.expire(this.state, clock.now())));
    };
    const wait = Math.max(0, expiresAt - clock.now()) + random.between(0, 5_000);
    clock.after(wait, ring);
    if (random.chance(0.1)) clock.after(wait + random.between(0, 1_000), ring);
  }

  #write(made: Result<Step>): Result<void> {
    if (!made.ok) return made;
    this.case.write(made.value, this.#deps.clock.now());
    if (made.value.events.length > 0) this.#tellQueue();
    for (const effect of made.value.effects) this.#owe(effect);
    return ok(undefined);
  }

  /** Late, repeated and overtaken by others; the outbox makes sure that it comes. */
  #tellQueue(): void {
    const { clock, random } = this.#deps;
    const entry = queueEntry(this.state);
    const times = random.chance(0.1) ? 2 : 1;
    for (let n = 0; n < times; n += 1) {
      clock.after(random.chance(0.05) ? random.between(1_000, 90_000) : random.between(1, 200), () =>
        this.#queue.update(entry),
      );
    }
  }

  #owe(effect: CaseEffect): void {
    if (effect.kind !== 'settle') return;
    const { clock, random } = this.#deps;
    clock.after(effect.delayMs + random.between(0, 3_000), () => {
      const decision = this.state.decisions.find(({ id }) => id === effect.decisionId);
      if (decision?.standing !== 'in-force') return;
      const { decisionId } = effect;
      const body = { type: 'effects-applied' as const, data: { decisionId, effects: [] } };
      this.#write(ok({ events: [{ body, actor: { kind: 'system' }, tool: 'desk' }], effects: [] }));
    });
  }
}
