/**
 * One case of the desk. Invariants: the case is the fold of its events; every event is made by the machine, accepted by the reducer,
 * chained, signed and written in one transaction with what it owes; so no two decisions of one version, no decision without its effects,
 * no effect without its decision. Called by openCase (`open`), the desk's routes, whom a decision is about (`appeal`) and whoever
 * reported (`report`).
 */
import { DurableObject } from 'cloudflare:workers';
import type { CaseState } from '#core/moderation/case-state.ts';
import { Wakes } from '#durable-objects/shared/alarms.ts';
import { shortError } from '#durable-objects/shared/core/drain.ts';
import { log } from '#durable-objects/shared/log.ts';
import { migrate } from '#durable-objects/shared/migrations.ts';
import { Outbox } from '#durable-objects/shared/outbox.ts';
import { within } from '#durable-objects/shared/within.ts';
import type { AppliedEffect, CaseEvent, CaseEventBody, CaseLog } from '#schemas/case-log.ts';
import type { DecisionReceiptBody, ReportStatus } from '#schemas/http/moderation.ts';
import type { Id } from '#schemas/ids.ts';
import {
  type CaseMedia,
  caseCauseSchema,
  caseProvenanceSchema,
  caseSubjectSchema,
  type DecisionId,
  type HarmClass,
  type ReportOutcome,
} from '#schemas/moderation.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import { CaseBook } from './case-book.ts';
import * as machine from './core/case-machine.ts';
import { desired } from './core/desired.ts';
import { open } from './core/opening.ts';
import { queueEntry } from './core/queue-entry.ts';
import { caseMigrations } from './migrations.ts';
import { reconcile } from './outside.ts';
import type {
  CaseContext,
  CaseRecord,
  ClaimGrant,
  DecideInput,
  ModerationCaseRpc,
  OpenCaseInput,
  OpenedCase,
} from './rpc.ts';
import { CaseStore } from './store.ts';
import { projectCase, reportTexts, tellAppellant, tellAuthor, tellReporter } from './telling.ts';

type CaseMessage =
  | machine.CaseEffect
  | { readonly kind: 'queue' }
  | { readonly kind: 'project' }
  | {
      readonly kind: 'judged';
      readonly reporterIds: readonly Id<'acc'>[];
      readonly right: boolean;
      readonly seq: number;
    }
  | { readonly kind: 'tell-author'; readonly decisionId: DecisionId }
  | {
      readonly kind: 'tell-reporter';
      readonly reportId: Id<'rep'>;
      readonly outcome: ReportOutcome;
      readonly decisionId: DecisionId;
    };

const answerMs = 86_400_000;
/** A report that hides something answers once it is out of sight, or after this long. */
const hideWaitMs = 4_000;

export class ModerationCaseObject extends DurableObject<Env> implements ModerationCaseRpc {
  readonly #store: CaseStore;
  readonly #wakes: Wakes<'outbox' | 'claim'>;
  readonly #outbox: Outbox<CaseMessage>;
  readonly #book: CaseBook;
  /** One reconciliation at a time: each looks at what the one before it recorded. */
  #reconciling: Promise<unknown> = Promise.resolve();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage, caseMigrations);
    this.#store = new CaseStore(ctx.storage.sql);
    this.#wakes = new Wakes(ctx.storage);
    this.#outbox = new Outbox<CaseMessage>({
      storage: ctx.storage,
      wakes: this.#wakes,
      deliver: (message) => this.#deliver(message),
    });
    this.#book = new CaseBook(this.#store, env.MODERATION_LOG_KEY);
    ctx.waitUntil(this.#wakes.ensureArmed());
  }

  async open(context: CaseContext, input: OpenCaseInput): Promise<Result<OpenedCase>> {
    if (this.ctx.id.name !== context.caseId) throw new Error('a case is named by its id');
    const known = this.#book.state;
    if (this.#store.isTaken(input.dedupeKey) && known !== null) {
      return ok({ caseId: context.caseId, version: known.version, outcome: 'known' });
    }
    const checked: OpenCaseInput = {
      ...input,
      subject: caseSubjectSchema.parse(input.subject),
      causes: caseCauseSchema.array().min(1).max(100).parse(input.causes),
      provenance: caseProvenanceSchema.nullable().parse(input.provenance),
    };
    const opened = this.#apply(
      () => open(this.#book.state, context, checked),
      () => this.#store.take(input.dedupeKey),
      context.caseId,
    );
    if (!opened.ok) return opened;
    if (opened.value.step.effects.length > 0) await this.#settleSoon();
    const { version } = this.#book.expect();
    return ok({ caseId: context.caseId, version, outcome: known === null ? 'opened' : 'added' });
  }

  async read(): Promise<Result<CaseRecord>> {
    const state = this.#book.state;
    return state === null ? notFound() : ok({ state, events: this.#book.events });
  }

  async claim(moderatorId: Id<'acc'>): Promise<Result<ClaimGrant>> {
    const now = this.#book.now();
    const claimed = this.#step((state) => machine.claim(state, moderatorId, now), now);
    if (!claimed.ok) return claimed;
    const { caseId, claim } = this.#book.expect();
    if (claim === null) throw new Error('a claim was given and is not there');
    const { token, version, expiresAt } = claim;
    return ok({ caseId, token, version, for: claim.for, expiresAt });
  }

  async release(moderatorId: Id<'acc'>): Promise<Result<void>> {
    const released = this.#step((state) => ok(machine.release(state, moderatorId)));
    return released.ok ? ok(undefined) : released;
  }

  async decide(input: DecideInput): Promise<Result<DecisionReceiptBody>> {
    const now = this.#book.now();
    const key = `${input.moderatorId}:${input.idempotencyKey}`;
    const { idempotencyKey: _, ...asked } = input;
    const request = JSON.stringify(asked);
    const before = this.#store.answer(key, now - answerMs);
    if (before !== null) return before.request === request ? ok(before.answer) : fail('idempotency_mismatch');
    const receipts: DecisionReceiptBody[] = [];
    const decided = this.#step(
      (state) => machine.decide(state, input, now),
      now,
      () => {
        const receipt = receiptOf(this.#book.expect(), this.#book.events.at(-1));
        this.#store.keepAnswer(key, request, receipt, now, now - answerMs);
        receipts.push(receipt);
      },
    );
    if (!decided.ok) return decided;
    const [receipt] = receipts;
    if (receipt === undefined) throw new Error('a decision was taken and has no receipt');
    return ok(receipt);
  }

  async undo(moderatorId: Id<'acc'>, decisionId: DecisionId): Promise<Result<CaseRecord>> {
    const now = this.#book.now();
    const undone = this.#step((state) => machine.undo(state, moderatorId, decisionId, now), now);
    return undone.ok ? this.read() : undone;
  }

  async viewed(moderatorId: Id<'acc'>, seconds: number, harmClass: HarmClass): Promise<Result<void>> {
    const now = this.#book.now();
    const viewed = this.#step((state) => machine.viewed(state, moderatorId, seconds, harmClass, now), now);
    return viewed.ok ? ok(undefined) : viewed;
  }

  async media(moderatorId: Id<'acc'>, file: string): Promise<Result<CaseMedia>> {
    const now = this.#book.now();
    const served = this.#step((state) => machine.serveMedia(state, moderatorId, file, now), now);
    if (!served.ok) return served;
    const media = this.#book.expect().subject.media.find((one) => one.file === file);
    return media === undefined ? notFound() : ok(media);
  }

  async appeal(accountId: Id<'acc'>, decisionId: DecisionId, text: string): Promise<Result<CaseRecord>> {
    const now = this.#book.now();
    const appealed = this.#step((state) => machine.appeal(state, accountId, decisionId, text, now), now);
    return appealed.ok ? this.read() : appealed;
  }

  async report(reportId: Id<'rep'>, receiptHash: string): Promise<Result<ReportStatus>> {
    const report = this.#book.state?.reports.find(({ id }) => id === reportId);
    if (report === undefined || report.receiptHash !== receiptHash) return notFound();
    const { id, reason, at, told } = report;
    const event = this.#book.events.findLast(
      (one) => one.type === 'reporter-told' && one.data.reportId === reportId,
    );
    return ok({
      id,
      reason,
      reportedAt: at,
      status: told === null ? 'waiting' : 'decided',
      outcome: told,
      text: reportTexts[told ?? 'waiting'],
      decidedAt: event?.at ?? null,
    });
  }

  async log(): Promise<Result<CaseLog>> {
    return this.#book.state === null ? notFound() : ok(this.#book.log());
  }

  override async alarm(): Promise<void> {
    await this.#wakes.run(Date.now, {
      outbox: () => this.#outbox.drain(),
      claim: () => {
        const now = this.#book.now();
        this.#step((state) => ok(machine.expire(state, now)), now);
        const { claim } = this.#book.expect();
        this.#wakes.set('claim', claim === null ? null : Date.parse(claim.expiresAt));
      },
    });
  }

  /** A step of a case that exists. */
  #step(
    ask: (state: CaseState) => Result<machine.Step>,
    now = this.#book.now(),
    also?: () => void,
  ): Result<{ step: machine.Step }> {
    const state = this.#book.state;
    if (state === null) return notFound();
    return this.#apply(() => ask(state), also, state.caseId, now);
  }

  /**
   * The only way a case changes: machine, reducer, chain, signature, rows, debts and wakes in one transaction; memory follows after it, and
   * goes back if it fails. `also` runs inside, when the state is the new one.
   */
  #apply(
    ask: () => Result<machine.Step>,
    also: (() => void) | undefined,
    caseId: Id<'case'>,
    now = this.#book.now(),
  ): Result<{ step: machine.Step }> {
    return this.#book.guarded(() =>
      this.ctx.storage.transactionSync(() => {
        const asked = ask();
        if (!asked.ok) return asked;
        const step = asked.value;
        for (const event of step.events) this.#book.append(caseId, event, now);
        also?.();
        for (const effect of step.effects) this.#owe(effect, now);
        if (step.events.some(({ body }) => changesTheQueue(body))) {
          this.#outbox.add('queue', { kind: 'queue' }, now);
          this.#outbox.add('project', { kind: 'project' }, now);
        }
        const claim = this.#book.state?.claim ?? null;
        this.#wakes.set('claim', claim === null ? null : Date.parse(claim.expiresAt));
        if (step.events.length > 0) this.#kickAfter();
        return ok({ step });
      }),
    );
  }

  /** The outbox is looked at once the transaction is over. */
  #kickAfter(): void {
    queueMicrotask(() => this.#outbox.kick());
  }

  #owe(effect: machine.CaseEffect, now: number): void {
    switch (effect.kind) {
      case 'reconcile':
        this.#outbox.add('reconcile', effect, now);
        break;
      case 'settle':
        this.#outbox.add('settle', effect, now, effect.delayMs);
        break;
      case 'tell-appellant':
        this.#outbox.add('author', effect, now);
        break;
    }
  }

  async #deliver(message: CaseMessage): Promise<void> {
    const state = this.#book.expect();
    switch (message.kind) {
      case 'queue':
        return this.env.MODERATION_QUEUE.getByName('main').update(queueEntry(state));
      case 'project':
        return projectCase(this.env, state);
      case 'judged': {
        const { reporterIds, right, seq } = message;
        return this.env.MODERATION_QUEUE.getByName('main').judged(state.caseId, seq, reporterIds, right);
      }
      case 'reconcile':
        return this.#reconcile(message.decisionId, message.restores ? 'restored' : 'effects-applied');
      case 'settle':
        return this.#settle(message.decisionId);
      case 'tell-author':
        await tellAuthor(this.env, state, message.decisionId);
        this.#note({ type: 'author-told', data: { decisionId: message.decisionId } });
        return;
      case 'tell-appellant':
        return tellAppellant(this.env, state);
      case 'tell-reporter': {
        const { reportId, outcome, decisionId } = message;
        await tellReporter(this.env, state, reportId, outcome, decisionId);
        this.#note({ type: 'reporter-told', data: { reportId, outcome } });
      }
    }
  }

  /** Brings what stands outside to what the case says, and records what was done. */
  async #reconcile(decisionId: DecisionId | null, type: 'effects-applied' | 'restored'): Promise<void> {
    await this.#alone(async () => {
      const effects = await this.#reconcileOnce();
      if (type === 'restored' && decisionId !== null) this.#note({ type, data: { decisionId, effects } });
      else this.#note({ type: 'effects-applied', data: { decisionId, effects } });
    });
  }

  /** The time for undoing is over: the decision takes effect if it still stands, and people are told. */
  async #settle(decisionId: DecisionId): Promise<void> {
    await this.#alone(async () => {
      const decision = this.#book.expect().decisions.find(({ id }) => id === decisionId);
      if (decision === undefined || decision.standing !== 'in-force') return;
      const effects = await this.#reconcileOnce();
      this.#note({ type: 'effects-applied', data: { decisionId, effects } }, (now) => {
        const { reports, seq } = this.#book.expect();
        const outcome = machine.outcomeFor(decision.action.kind);
        if (decision.action.kind !== 'allow')
          this.#outbox.add('author', { kind: 'tell-author', decisionId }, now);
        for (const { id, told } of reports) {
          if (told !== outcome)
            this.#outbox.add(
              `reporter:${id}`,
              { kind: 'tell-reporter', reportId: id, outcome, decisionId },
              now,
            );
        }
        const reporterIds = [...new Set(reports.flatMap(({ reporterId }) => reporterId ?? []))];
        if (reporterIds.length > 0)
          this.#outbox.add('judged', { kind: 'judged', reporterIds, right: outcome === 'acted', seq }, now);
      });
    });
  }

  async #reconcileOnce(): Promise<AppliedEffect[]> {
    const state = this.#book.expect();
    return reconcile(this.env, state, desired(state, this.#book.now()));
  }

  /** Resolves or rejects as `work` does; the next one starts either way. */
  #alone(work: () => Promise<void>): Promise<void> {
    const turn = this.#reconciling.then(work);
    this.#reconciling = turn.catch(() => undefined);
    return turn;
  }

  /** An event the system makes about what it did. */
  #note(body: CaseEventBody, also?: (now: number) => void): void {
    const now = this.#book.now();
    const step = {
      events: [{ body, actor: { kind: 'system' as const }, tool: 'desk' as const }],
      effects: [],
    };
    this.#step(
      () => ok(step),
      now,
      () => also?.(now),
    );
  }

  /** What was hidden is hidden when the report is answered; a region that is cut off does not keep the reporter waiting. */
  async #settleSoon(): Promise<void> {
    try {
      await within(this.#outbox.drain(), hideWaitMs);
    } catch (error) {
      log('warn', 'hiding takes longer', { error: shortError(error) });
    }
  }
}

/** Of the decision that the last event took. */
function receiptOf(state: CaseState, event: CaseEvent | undefined): DecisionReceiptBody {
  if (event?.type === 'decided') {
    const { decisionId, action, policyId, undoUntil } = event.data;
    const { version } = state;
    return { decisionId, action: action.kind, policyId, at: event.at, undoUntil, appeal: null, version };
  }
  if (event?.type === 'appeal-decided') {
    const { decisionId, action, policyId, outcome } = event.data;
    const { version } = state;
    // What was decided about an appeal is final.
    return {
      decisionId,
      action: action.kind,
      policyId,
      at: event.at,
      undoUntil: event.at,
      appeal: outcome,
      version,
    };
  }
  throw new Error('the last event is not a decision');
}

/** Looking and being told change nothing that the queue or a list shows. */
function changesTheQueue({ type }: CaseEventBody): boolean {
  return !['evidence-viewed', 'media-served', 'author-told', 'reporter-told'].includes(type);
}

function notFound(): Result<never> {
  return fail('not_found', 'There is no such case.');
}
