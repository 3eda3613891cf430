/**
 * A day at the desk in virtual time: moderators take cases, think, fall asleep, click twice, lose answers, skip and undo, while reports
 * and appeals keep coming and objects are evicted. Invariants watched at every step: one decision per case version, made by whoever held
 * the claim on what they saw; the same click, the same answer; whoever loses is told who won; a case that waits is given to whoever asks;
 * in the end nothing waits. Called by the property tests and scripts/prove-moderation.ts.
 */
import { type CaseState, IllegalEventError } from '#core/moderation/case-state.ts';
import * as machine from '#durable-objects/moderation-case/core/case-machine.ts';
import { mayJudge } from '#durable-objects/moderation-queue/core/queue-machine.ts';
import type { Id } from '#schemas/ids.ts';
import { claimGraceMs, claimLeaseMs, reportReasonSchema } from '#schemas/moderation.ts';
import type { Refusal, Result } from '#schemas/result.ts';
import { createRandom, type Random } from '../consent-simulation/random.ts';
import { SimulatedCase, SimulatedQueue } from './desk.ts';
import { type DeskProtocol, protocol as realProtocol } from './protocol.ts';
import { accountOf, caseIdOf, subjectOf, ulidOf } from './pure-case.ts';

export interface DayOptions {
  readonly seed: number;
  readonly moderators: number;
  readonly cases: number;
  readonly protocol?: DeskProtocol;
}

export interface DayResult {
  readonly violations: readonly string[];
  readonly decisions: number;
  readonly losers: number;
  readonly undone: number;
  readonly appeals: number;
  readonly expired: number;
  readonly evictions: number;
  readonly lostAnswers: number;
  readonly events: number;
}

const start = Date.parse('2026-11-22T08:00:00.000Z');
/** Within this everything must be decided; a day that lasts longer is stuck. */
const horizonMs = 86_400_000;
/** The same in steps, by case: people who ask in vain again and again. */
const stepsPerCase = 300;

/** Actions in the order of their time; those of one moment in the order they were planned. */
class Agenda {
  #now = start;
  #count = 0;
  readonly #heap: { at: number; n: number; what: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, what: () => void): void {
    this.#count += 1;
    const heap = this.#heap;
    heap.push({ at: this.#now + Math.ceil(ms), n: this.#count, what });
    for (let i = heap.length - 1; i > 0; ) {
      const parent = (i - 1) >> 1;
      if (!this.#before(i, parent)) break;
      this.#swap(i, parent);
      i = parent;
    }
  }

  /** False when nothing is left. */
  step(): boolean {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (first === undefined || last === undefined) return false;
    if (heap.length > 0) {
      heap[0] = last;
      this.#sink();
    }
    this.#now = first.at;
    first.what();
    return true;
  }

  #sink(): void {
    for (let i = 0; ; ) {
      let least = i;
      for (const child of [2 * i + 1, 2 * i + 2]) {
        if (child < this.#heap.length && this.#before(child, least)) least = child;
      }
      if (least === i) return;
      this.#swap(i, least);
      i = least;
    }
  }

  #before(a: number, b: number): boolean {
    const [one, two] = [this.#heap[a], this.#heap[b]];
    if (one === undefined || two === undefined) return false;
    return one.at === two.at ? one.n < two.n : one.at < two.at;
  }

  #swap(a: number, b: number): void {
    const [one, two] = [this.#heap[a], this.#heap[b]];
    if (one === undefined || two === undefined) return;
    this.#heap[a] = two;
    this.#heap[b] = one;
  }
}

export function playDay({ seed, moderators, cases: count, protocol = realProtocol }: DayOptions): DayResult {
  return new Day(seed, moderators, count, protocol).play();
}

class Day {
  readonly #agenda = new Agenda();
  readonly #random: Random;
  readonly #queue: SimulatedQueue;
  readonly #cases: SimulatedCase[];
  readonly #moderators: number;
  readonly #violations: string[] = [];
  readonly #clicks = new Map<string, number>();
  readonly #tally = { losers: 0, undone: 0, evictions: 0, lostAnswers: 0, appeals: 0 };
  /** What people outside the desk are about to do. */
  #planned = 0;

  constructor(seed: number, moderators: number, count: number, protocol: DeskProtocol) {
    this.#random = createRandom(seed, 1);
    this.#moderators = moderators;
    const deps = { clock: this.#agenda, random: createRandom(seed, 2), protocol };
    this.#queue = new SimulatedQueue(deps);
    this.#cases = Array.from({ length: count }, (_, n) => new SimulatedCase(n, deps, this.#queue));
  }

  play(): DayResult {
    // Two thirds are there when the day begins, the others come while people work.
    for (const [n, one] of this.#cases.entries()) {
      const late = n % 3 === 0 ? this.#random.between(0, 4 * 3_600_000) : 0;
      this.#plan(late, () => this.#report(one, n, 0));
      if (this.#random.chance(0.5)) {
        this.#plan(late + this.#random.between(0, 900_000), () => this.#report(one, n, 1));
      }
    }
    for (let n = 0; n < this.#moderators; n += 1) {
      this.#agenda.after(this.#random.between(0, 60_000), () => this.#ask(accountOf(n)));
    }
    this.#agenda.after(60_000, () => this.#fault());
    try {
      for (let steps = 0; this.#agenda.step(); steps += 1) {
        if (this.#agenda.now() > start + horizonMs || steps > stepsPerCase * this.#cases.length) {
          this.#violate('the day does not end: something is never decided');
          break;
        }
        if (this.#violations.length > 20) break;
      }
    } catch (error) {
      if (!(error instanceof IllegalEventError)) throw error;
      this.#violate(`an event that the reducer refuses: ${error.message}`);
    }
    return this.#judge();
  }

  #violate(what: string): void {
    this.#violations.push(`${((this.#agenda.now() - start) / 1000).toFixed(1)} s: ${what}`);
  }

  #report(one: SimulatedCase, n: number, nth: number): void {
    const reasons = reportReasonSchema.options;
    const reason = reasons[this.#random.below(reasons.length)] ?? 'other';
    const opened = one.open({
      subject: subjectOf(n, { reach: this.#random.below(1000) }),
      causes: [
        {
          kind: 'report',
          reportId: `rep_${ulidOf(n * 10 + nth)}`,
          reason,
          details: '',
          reporterId: null,
          receiptHash: '0'.repeat(64),
        },
      ],
      provenance: null,
      legalDeadlineAt: null,
      dedupeKey: `${nth}`,
      tool: 'report-form',
    });
    if (!opened.ok && opened.error.code !== 'already_decided')
      this.#violate(`a report got ${opened.error.code}`);
  }

  /** Evictions of objects, all day. */
  #fault(): void {
    if (this.#done()) return;
    const one = this.#cases[this.#random.below(this.#cases.length)];
    if (one?.case.state != null) {
      const before = JSON.stringify(one.state);
      one.case.evict();
      if (JSON.stringify(one.case.state) !== before) this.#violate('an evicted case came back as another');
    }
    if (this.#random.chance(0.2)) this.#queue.evict();
    this.#tally.evictions += 1;
    this.#agenda.after(this.#random.between(1_000, 60_000), () => this.#fault());
  }

  #plan(ms: number, what: () => void): void {
    this.#planned += 1;
    this.#agenda.after(ms, () => {
      this.#planned -= 1;
      what();
    });
  }

  #done(): boolean {
    if (this.#planned > 0) return false;
    return this.#cases.every(
      ({ case: { state } }) => state !== null && (state.status === 'decided' || state.status === 'closed'),
    );
  }

  /** Somebody free asks for the next case. */
  #ask(me: Id<'acc'>, refused: ReadonlySet<Id<'case'>> = new Set()): void {
    const next = this.#queue.next(me);
    if (next === null) {
      this.#nothing(me);
      return;
    }
    if (refused.has(next.caseId)) {
      // Nothing but what was refused just now: asks again in a while.
      this.#agenda.after(this.#random.between(2_000, 10_000), () => this.#ask(me));
      return;
    }
    const one = this.#case(next.caseId);
    const claimed = one.claim(me);
    // The answer may get lost: whoever asks again gets the same claim.
    const again = claimed.ok && this.#random.chance(0.05) ? one.claim(me) : claimed;
    if (claimed.ok && again.ok && again.value.token !== claimed.value.token)
      this.#violate('a claim that was asked for twice has two tokens');
    if (!again.ok) {
      this.#told(one.state, again.error, me);
      this.#queue.skip(me, next.caseId);
      const all = new Set([...refused, next.caseId]);
      this.#agenda.after(this.#random.between(10, 500), () => this.#ask(me, all));
      return;
    }
    const { token, version } = again.value;
    this.#look(me, one, token, version);
  }

  /** Nothing for me now: then nothing waits that I might judge, unless it was offered to somebody within seconds. */
  #nothing(me: Id<'acc'>): void {
    const now = this.#agenda.now();
    for (const { entry, offer } of this.#queue.waiting()) {
      const held = entry.claim !== null && entry.claim.expiresAt > now;
      const offered = offer !== null && offer.until > now && offer.moderatorId !== me;
      if (!held && !offered && mayJudge(entry, me)) this.#violate(`${entry.caseId} waits and was not given`);
    }
    if (!this.#done()) this.#agenda.after(this.#random.between(5_000, 60_000), () => this.#ask(me));
  }

  #look(me: Id<'acc'>, one: SimulatedCase, token: number, version: number): void {
    const random = this.#random;
    // Most take a minute; some fall asleep over it.
    const ms = random.chance(0.05)
      ? random.between(claimLeaseMs, 3 * claimLeaseMs)
      : random.between(5_000, 120_000);
    if (random.chance(0.06)) {
      this.#agenda.after(ms / 2, () => {
        one.run((state) => ({ ok: true, value: machine.release(state, me) }));
        this.#queue.skip(me, one.case.caseId);
        this.#ask(me);
      });
      return;
    }
    if (random.chance(0.02)) {
      // Closed the laptop and comes back after the lease.
      this.#agenda.after(2 * claimLeaseMs, () => this.#ask(me));
      return;
    }
    this.#agenda.after(ms, () => this.#decide(me, one, token, version));
  }

  #decide(me: Id<'acc'>, one: SimulatedCase, token: number, version: number): void {
    const random = this.#random;
    const { caseId } = one.case;
    const restrict = random.chance(0.5);
    const input = {
      moderatorId: me,
      claimToken: token,
      version,
      action: restrict ? ('remove' as const) : ('allow' as const),
      policyId: 'violence',
      facts: restrict ? 'It shows it.' : '',
      explanation: restrict ? 'It is not shown here.' : '',
      idempotencyKey: `${me}:${caseId}:${token}:${version}`,
      addToBank: false,
    };
    const first = this.#click(one, input);
    // Two tabs, a nervous finger, or an answer that got lost: the same click again, now or after others have acted.
    const repeats = random.chance(0.15) ? 1 + random.below(2) : 0;
    this.#tally.lostAnswers += repeats;
    for (let n = 0; n < repeats; n += 1) {
      this.#agenda.after(random.between(1, 30_000), () => this.#click(one, input));
    }
    if (first.ok) this.#afterwards(me, one, restrict);
    else if (first.error.code === 'stale_version') {
      const seen = one.state;
      const mine = seen.claim?.moderatorId === me && seen.claim.token === token;
      if (mine) {
        this.#agenda.after(random.between(1_000, 20_000), () => this.#decide(me, one, token, seen.version));
        return;
      }
    }
    this.#agenda.after(random.between(100, 5_000), () => this.#ask(me));
  }

  #click(one: SimulatedCase, input: Parameters<SimulatedCase['decide']>[0]): Result<{ version: number }> {
    const before = one.state;
    const decided = one.decide(input);
    const known = this.#clicks.get(input.idempotencyKey);
    if (decided.ok) {
      if (known !== undefined && known !== decided.value.version)
        this.#violate('the same click has two answers');
      if (known === undefined && before.version !== input.version)
        this.#violate('a decision was taken on what nobody saw');
      this.#clicks.set(input.idempotencyKey, decided.value.version);
    } else {
      if (known !== undefined) this.#violate(`a click that was taken is refused: ${decided.error.code}`);
      this.#told(before, decided.error, input.moderatorId);
    }
    return decided;
  }

  /** Whoever loses learns who won, or who holds it. */
  #told(state: CaseState, { code, details }: Refusal, me: Id<'acc'>): void {
    this.#tally.losers += 1;
    const decision = state.decisions.at(-1);
    if (code === 'already_decided') {
      const blind = state.status === 'appealed';
      if (!blind && (details?.decidedBy !== decision?.moderatorId || details?.decisionId !== decision?.id))
        this.#violate('a loser was not told who won');
    } else if (code === 'stale_claim') {
      const { claim } = state;
      const live = claim !== null && Date.parse(claim.expiresAt) > this.#agenda.now();
      if (details?.heldBy !== (live ? claim.moderatorId : null))
        this.#violate('a loser was not told who holds it');
      if (live && claim.moderatorId === me && details?.version === undefined)
        this.#violate('the holder of a claim lost it to nobody');
    } else if (code === 'stale_version') {
      if (details?.version !== state.version) this.#violate('a loser was not told the version');
    } else if (code !== 'forbidden') this.#violate(`an odd refusal: ${code}`);
  }

  #afterwards(me: Id<'acc'>, one: SimulatedCase, restricted: boolean): void {
    const random = this.#random;
    const decision = one.state.decisions.at(-1);
    if (decision === undefined || one.state.status !== 'decided') return;
    if (random.chance(0.05)) {
      this.#plan(random.between(500, 12_000), () => {
        const undone = one.run((state, now) => machine.undo(state, me, decision.id, now));
        if (undone.ok) this.#tally.undone += 1;
      });
      return;
    }
    const owner = one.state.subject.ownerId;
    if (!restricted || owner === null || !random.chance(0.2)) return;
    this.#plan(random.between(20_000, 3_600_000), () => {
      const appealed = one.run((state, now) => machine.appeal(state, owner, decision.id, 'No.', now));
      if (appealed.ok) this.#tally.appeals += 1;
    });
  }

  #case(caseId: Id<'case'>): SimulatedCase {
    const one = this.#cases.find((other) => other.case.caseId === caseId);
    if (one === undefined) throw new Error(`${caseId} is not one of ours: ${caseIdOf(0)}`);
    return one;
  }

  /** What can only be said of the whole. */
  #judge(): DayResult {
    let [decisions, expired, events] = [0, 0, 0];
    for (const { case: one } of this.#cases) {
      const versions = new Set<number>();
      let freeSince: number | null = null;
      for (const event of one.events) {
        events += 1;
        if (event.type === 'claimed') freeSince = Date.parse(event.data.expiresAt);
        if (event.type === 'claim-renewed') freeSince = Date.parse(event.data.expiresAt);
        if (event.type === 'claim-expired') {
          expired += 1;
          if (freeSince !== null && Date.parse(event.at) > freeSince + claimGraceMs + 1)
            this.#violate(`${one.caseId} came back too late`);
        }
        if (event.type !== 'decided' && event.type !== 'appeal-decided') continue;
        decisions += 1;
        if (versions.has(event.data.version)) this.#violate(`${one.caseId} was decided twice`);
        versions.add(event.data.version);
      }
      const { state } = one;
      if (state === null || state.status === 'open' || state.status === 'appealed')
        this.#violate(`${one.caseId} still waits`);
      const known = this.#queue.entries.get(one.caseId);
      if (known?.status !== state?.status)
        this.#violate(`the queue takes ${one.caseId} for ${known?.status}`);
      const judge = state?.appeal?.decidedBy;
      if (judge != null && state?.decisions.find(({ id }) => id === state.appeal?.of)?.moderatorId === judge)
        this.#violate(`${one.caseId}: the appeal was judged by who decided first`);
    }
    return { violations: this.#violations, decisions, expired, events, ...this.#tally };
  }
}
