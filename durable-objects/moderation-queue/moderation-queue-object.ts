/**
 * The desk's queue. Invariants: a subject has one open case; `next` gives one case to one moderator at a time and never keeps a case to
 * itself: it holds no lease, the case does, and an offer lapses within seconds; what it knows of a case only ever gets newer. Called by
 * openCase (`assign`), the cases' outboxes (`update`, `judged`) and the desk's routes.
 */
import { DurableObject } from 'cloudflare:workers';
import { dayOf, exposureOf } from '#core/moderation/exposure.ts';
import { limitMs, priorityTerms, smoothedAccuracy } from '#core/moderation/priority.ts';
import { migrate } from '#durable-objects/shared/migrations.ts';
import type { Exposure, ModerationQueue } from '#schemas/http/moderation.ts';
import type { Id } from '#schemas/ids.ts';
import { type HarmClass, harmClasses, type SubjectKind } from '#schemas/moderation.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import {
  type Asking,
  isHeld,
  type Offer,
  offerMs,
  pickNext,
  priorityInput,
  type WaitingCase,
  waitsFor,
} from './core/queue-machine.ts';
import { queueMigrations } from './migrations.ts';
import type { Assignment, CaseSurroundings, ModerationQueueRpc, NextCase, QueueEntry } from './rpc.ts';
import { QueueStore } from './store.ts';

export class ModerationQueueObject extends DurableObject<Env> implements ModerationQueueRpc {
  readonly #store: QueueStore;
  /** Cases that wait, as stored. */
  readonly #waiting: Map<Id<'case'>, QueueEntry>;
  /** In memory only: a queue that restarts offers a case again, and the case itself refuses the second claim. */
  readonly #offers = new Map<Id<'case'>, Offer>();
  readonly #accuracy = new Map<Id<'acc'>, number>();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage, queueMigrations);
    this.#store = new QueueStore(ctx.storage.sql);
    this.#waiting = new Map(this.#store.waiting().map((entry) => [entry.caseId, entry]));
  }

  async assign(
    subject: { readonly kind: SubjectKind; readonly id: string },
    candidate: Id<'case'>,
    reporterId: Id<'acc'> | null,
    except?: Id<'case'>,
  ): Promise<Assignment> {
    return this.ctx.storage.transactionSync(() => {
      const open = this.#store.openCase(subject, except);
      const caseId = open ?? candidate;
      if (open === null) this.#store.assign(candidate, subject);
      const history = reporterId === null ? { right: 0, decided: 0 } : this.#store.reporter(reporterId);
      return {
        caseId,
        previousCaseIds: this.#store
          .casesAbout(subject, 50)
          .map((row) => row.caseId)
          .filter((id) => id !== caseId),
        dismissedReasons: this.#store.dismissedReasons(subject),
        reporterAccuracy: smoothedAccuracy(history.right, history.decided),
        reporterReports: history.decided,
      };
    });
  }

  async update(entry: QueueEntry): Promise<void> {
    this.ctx.storage.transactionSync(() => {
      if (!this.#store.put(entry)) return;
      if (waitsFor(entry) === null) {
        this.#waiting.delete(entry.caseId);
        this.#store.forgetSkips(entry.caseId);
      } else this.#waiting.set(entry.caseId, entry);
      if (entry.claim !== null || waitsFor(entry) === null) this.#offers.delete(entry.caseId);
    });
  }

  async judged(
    caseId: Id<'case'>,
    seq: number,
    reporterIds: readonly Id<'acc'>[],
    right: boolean,
  ): Promise<void> {
    this.ctx.storage.transactionSync(() => {
      for (const reporterId of reporterIds) {
        this.#store.judge(caseId, seq, reporterId, right);
        this.#accuracy.delete(reporterId);
      }
    });
  }

  async next(moderatorId: Id<'acc'>): Promise<NextCase | null> {
    const now = Date.now();
    const next = pickNext(this.#cases(), this.#asking(moderatorId, now), this.#accuracyOf, now);
    if (next !== null) this.#offers.set(next.caseId, { moderatorId, until: now + offerMs });
    return next;
  }

  async skip(moderatorId: Id<'acc'>, caseId: Id<'case'>): Promise<void> {
    this.#store.skip(moderatorId, caseId, Date.now());
    if (this.#offers.get(caseId)?.moderatorId === moderatorId) this.#offers.delete(caseId);
  }

  async overview(moderatorId: Id<'acc'>): Promise<ModerationQueue> {
    const now = Date.now();
    const entries = [...this.#waiting.values()];
    const free = entries.filter((entry) => !isHeld(entry, now));
    const used = this.#store.exposure(moderatorId, dayOf(now));
    return {
      waiting: free.filter(({ status }) => status === 'open').length,
      appeals: free.filter(({ status }) => status === 'appealed').length,
      claimed: entries.length - free.length,
      overdue: entries.filter(({ waitingSince, severity }) => now - waitingSince > limitMs(severity)).length,
      next: pickNext(this.#cases(), this.#asking(moderatorId, now), this.#accuracyOf, now),
      mine: entries.flatMap(({ caseId, claim }) =>
        claim !== null && claim.moderatorId === moderatorId && claim.expiresAt > now
          ? [{ caseId, claimToken: claim.token, expiresAt: new Date(claim.expiresAt).toISOString() }]
          : [],
      ),
      exposure: harmClasses.map((harmClass) => exposureOf(harmClass, used.get(harmClass) ?? 0, now)),
    };
  }

  async surroundings(caseId: Id<'case'>): Promise<CaseSurroundings> {
    const entry = this.#store.entry(caseId);
    if (entry === null) return { accuracy: {}, terms: null };
    return {
      accuracy: Object.fromEntries(entry.reporterIds.map((id) => [id, this.#accuracyOf(id)])),
      terms:
        waitsFor(entry) === null ? null : priorityTerms(priorityInput(entry, this.#accuracyOf), Date.now()),
    };
  }

  async expose(moderatorId: Id<'acc'>, harmClass: HarmClass, seconds: number): Promise<Result<Exposure>> {
    this.#store.addExposure(moderatorId, dayOf(Date.now()), harmClass, seconds);
    const exposure = await this.exposureLeft(moderatorId, harmClass);
    if (exposure.remainingSeconds > 0) return ok(exposure);
    return fail('exposure_capped', undefined, { ...exposure });
  }

  async exposureLeft(moderatorId: Id<'acc'>, harmClass: HarmClass): Promise<Exposure> {
    const now = Date.now();
    return exposureOf(harmClass, this.#store.exposure(moderatorId, dayOf(now)).get(harmClass) ?? 0, now);
  }

  *#cases(): Generator<WaitingCase> {
    for (const entry of this.#waiting.values()) {
      yield { entry, offer: this.#offers.get(entry.caseId) ?? null };
    }
  }

  #asking(moderatorId: Id<'acc'>, now: number): Asking {
    const used = this.#store.exposure(moderatorId, dayOf(now));
    return {
      moderatorId,
      skipped: this.#store.skipsOf(moderatorId),
      capped: new Set(
        harmClasses.filter(
          (harmClass) => exposureOf(harmClass, used.get(harmClass) ?? 0, now).remainingSeconds === 0,
        ),
      ),
    };
  }

  readonly #accuracyOf = (id: Id<'acc'>): number => {
    const known = this.#accuracy.get(id);
    if (known !== undefined) return known;
    const { right, decided } = this.#store.reporter(id);
    const accuracy = smoothedAccuracy(right, decided);
    this.#accuracy.set(id, accuracy);
    return accuracy;
  };
}
