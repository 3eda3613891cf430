/**
 * Cameo: one object per account, named by its id: the likeness, who may cast it, and every cast. Invariants: a permit and the use it takes
 * are one transaction; a revocation closes this object, tells the jobs and notes what it owes the consent log in one transaction before
 * the log is asked, and answers only with the log's receipts; a debt that a crash left behind is settled by the alarm; everything else
 * leaves through the outbox. Called by admission and publication, the Generation and Enrolment objects, and the cameo routes.
 */
import { DurableObject } from 'cloudflare:workers';
import { consentLogOf } from '#durable-objects/consent/gate.ts';
import type { LogReceipt } from '#durable-objects/consent/rpc.ts';
import { Wakes } from '#durable-objects/shared/alarms.ts';
import { shortError } from '#durable-objects/shared/core/drain.ts';
import { createId } from '#durable-objects/shared/id.ts';
import { log } from '#durable-objects/shared/log.ts';
import { migrate } from '#durable-objects/shared/migrations.ts';
import { Outbox } from '#durable-objects/shared/outbox.ts';
import type { CreateGrant, ExistingChoice, UpdateCameo } from '#schemas/http/cameo.ts';
import type { GenerationStatus } from '#schemas/http/generations.ts';
import { type Id, idSchema } from '#schemas/ids.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import { AppearancesStore } from './appearances-store.ts';
import { askerOf, authorize, generationChanged, release } from './casting.ts';
import { createContract } from './contracts.ts';
import { type CameoState, enrol, update } from './core/cameo-machine.ts';
import { permit } from './core/permission.ts';
import { type Denial, deniesOf, idempotencyKeyOf } from './core/revocation-plan.ts';
import { type CameoMessage, deliver, Effects } from './effects.ts';
import { cameoMigrations } from './migrations.ts';
import { type CameoParts, saveCameo } from './parts.ts';
import { admitPublication, decideReview } from './publishing.ts';
import { type AnsweredRevocation, RevocationsStore, type StoredRevocation } from './revocations-store.ts';
import { beginRevocation, previewOf, type RevocationScope } from './revoking.ts';
import type {
  AppearanceRecord,
  CameoPreview,
  CameoRecord,
  CameoRevocation,
  CameoRpc,
  CarryingClips,
  CastPermit,
  CastRequest,
  EnrolInput,
  GrantRecord,
  RevokeTarget,
} from './rpc.ts';
import { CameoStore } from './store.ts';

/** The alarm stays behind the call that follows the debt at once; then it tries every so often until the log has answered. */
const consentGraceMs = 15_000;
const consentRetryMs = 5_000;
/** A request id answers for itself this long. */
const requestMs = 24 * 3_600_000;
const reservationsPerWake = 200;

const noLikeness = () => fail('not_found', 'You have not enrolled a likeness yet.');

export class CameoObject extends DurableObject<Env> implements CameoRpc {
  readonly #parts: CameoParts;
  readonly #wakes: Wakes<'outbox' | 'consent' | 'reservations'>;
  readonly #outbox: Outbox<CameoMessage>;
  /** Denials the log is being asked for, so that a thousand callers at once ask it once. */
  readonly #asking = new Map<string, Promise<LogReceipt>>();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage, cameoMigrations);
    this.#wakes = new Wakes(ctx.storage);
    this.#outbox = new Outbox<CameoMessage>({
      storage: ctx.storage,
      wakes: this.#wakes,
      deliver: (message) =>
        deliver(
          {
            env: this.env,
            settle: (denial) => this.#settle(denial),
            isErased: () => this.#parts.store.cameo()?.status === 'none',
          },
          message,
        ),
    });
    const { sql } = ctx.storage;
    this.#parts = {
      store: new CameoStore(sql),
      appearances: new AppearancesStore(sql),
      revocations: new RevocationsStore(sql),
      effects: new Effects(this.#outbox),
    };
    ctx.waitUntil(this.#wakes.ensureArmed());
  }

  async read(): Promise<Result<CameoRecord>> {
    const state = this.#parts.store.cameo();
    return state === null ? noLikeness() : ok(this.#record(state));
  }

  async enrol(input: EnrolInput): Promise<Result<CameoRecord>> {
    return this.#change((now) => {
      const { store, effects } = this.#parts;
      const state = store.cameo();
      const enrolled = enrol(state, input, input.cameoId ?? createId('cam', now), now);
      if (!enrolled.ok && state?.status === 'none') effects.eraseLeftovers(state, now);
      return this.#saved(enrolled, now);
    });
  }

  async update(input: UpdateCameo): Promise<Result<CameoRecord>> {
    return this.#change((now) => this.#saved(update(this.#parts.store.cameo(), input), now));
  }

  async createGrant(granteeId: Id<'acc'>, input: Omit<CreateGrant, 'handle'>): Promise<Result<GrantRecord>> {
    return this.#change((now) => createContract(this.#parts, granteeId, input, now));
  }

  async grants(page: {
    readonly before: Id<'grant'> | null;
    readonly limit: number;
  }): Promise<GrantRecord[]> {
    return this.#parts.store.contracts(page.before, page.limit);
  }

  async revokeGrant(grantId: Id<'grant'>): Promise<Result<LogReceipt>> {
    const begun = this.#change((now) => {
      const [state, grant] = [this.#parts.store.cameo(), this.#parts.store.grant(grantId)];
      if (state === null || grant === null || grant.implicit) {
        return fail('not_found', 'There is no such contract.');
      }
      return ok(this.#begin(state, { kind: 'grant', grant }, 'keep', now));
    });
    if (!begun.ok) return begun;
    const receipts = await this.#receipts(begun.value.denials);
    const [receipt] = receipts.ok ? receipts.value : [];
    if (!receipts.ok) return receipts;
    return receipt === undefined ? fail('internal') : ok(receipt);
  }

  async authorize(request: CastRequest): Promise<Result<CastPermit>> {
    return this.#change((now) => {
      const permitted = authorize(this.#parts, request, now);
      this.#planReservations();
      return permitted;
    });
  }

  async release(generationId: Id<'gen'>): Promise<void> {
    this.#change((now) => {
      const row = this.#parts.appearances.get(generationId);
      if (row !== null) release(this.#parts, row, now);
    });
  }

  async generationChanged(generationId: Id<'gen'>, status: GenerationStatus): Promise<void> {
    this.#change((now) => generationChanged(this.#parts, generationId, status, now));
  }

  async admitPublication(input: {
    readonly generationId: Id<'gen'>;
    readonly texts: CastRequest['texts'];
  }): Promise<Result<void>> {
    return this.#change((now) => admitPublication(this.#parts, input.generationId, input.texts, now));
  }

  async decideReview(reviewId: Id<'rvw'>, decision: 'approve' | 'refuse'): Promise<Result<AppearanceRecord>> {
    return this.#change((now) => {
      const decided = decideReview(this.#parts, reviewId, decision, now);
      return decided.ok ? ok(this.#parts.appearances.record(decided.value)) : decided;
    });
  }

  async appearances(page: {
    readonly before: Id<'gen'> | null;
    readonly limit: number;
  }): Promise<AppearanceRecord[]> {
    const { appearances } = this.#parts;
    return appearances.page(page.before, page.limit).map((row) => appearances.record(row));
  }

  async admitRemix(input: Pick<CastRequest, 'makerId' | 'mutual' | 'texts'>): Promise<Result<void>> {
    const { store } = this.#parts;
    const ground = permit(store.cameo(), askerOf(store, input), input.texts, Date.now());
    return ground.ok ? ok(undefined) : ground;
  }

  async requestRecast(clipId: Id<'clip'>, _note: string): Promise<Result<AppearanceRecord>> {
    return this.#change(() => {
      const { appearances } = this.#parts;
      const row = appearances.inClip(clipId);
      if (row === null) return fail('not_found', 'You are not in this clip.');
      appearances.markRecastRequested(row.generationId);
      return ok(appearances.record({ ...row, recastRequested: true }));
    });
  }

  async preview(input: RevokeTarget): Promise<Result<CameoPreview>> {
    const scope = await this.#scopeOf(input);
    const state = this.#parts.store.cameo();
    if (state === null) return noLikeness();
    return scope.ok ? ok(previewOf(this.#parts, state, scope.value)) : scope;
  }

  async revoke(
    input: RevokeTarget & { readonly requestId: string; readonly carrying: CarryingClips },
  ): Promise<Result<CameoRevocation>> {
    const request = JSON.stringify([input.scope, input.targetId, input.existing]);
    if (this.#parts.revocations.seen(input.requestId) !== null) return this.#revoke(input, request, null);
    const scope = await this.#scopeOf(input);
    return scope.ok ? this.#revoke(input, request, scope.value) : scope;
  }

  async erase(input: {
    readonly requestId: string;
    readonly carrying: CarryingClips;
  }): Promise<Result<CameoRevocation>> {
    return this.#revoke({ ...input, existing: 'delete' }, '"erase"', { kind: 'all', erase: true });
  }

  override async alarm(): Promise<void> {
    await this.#wakes.run(Date.now, {
      outbox: () => this.#outbox.drain(),
      consent: async () => {
        await this.#receipts(this.#parts.revocations.owed());
        const owed = this.#parts.revocations.owed().length;
        this.#wakes.set('consent', owed === 0 ? null : Date.now() + consentRetryMs);
      },
      reservations: () => this.#releaseOverdue(),
    });
  }

  /** One transaction: what is decided in it, its rows and its effects stand together; then the effects are tried at once. */
  #change<T>(act: (now: number) => T): T {
    const now = Date.now();
    const value = this.ctx.storage.transactionSync(() => act(now));
    this.#outbox.kick();
    return value;
  }

  #saved(result: Result<CameoState>, now: number): Result<CameoRecord> {
    if (!result.ok) return result;
    saveCameo(this.#parts, result.value, now);
    return ok(this.#record(result.value));
  }

  #record(state: CameoState): CameoRecord {
    const { store, appearances } = this.#parts;
    const { cameoId, closedAt: _closedAt, enrolmentIds: _enrolmentIds, version: _version, ...shown } = state;
    const counts = { people: appearances.makers(state.accountId), grants: store.counts().contracts };
    return { id: cameoId, ...shown, counts };
  }

  /** What is asked to be revoked. A clip that does not carry this likeness is not told apart from one that does not exist. */
  async #scopeOf({ scope, targetId }: RevokeTarget): Promise<Result<RevocationScope>> {
    const state = this.#parts.store.cameo();
    if (state === null) return noLikeness();
    if (scope === 'all') return ok({ kind: 'all', erase: false });
    if (scope === 'account') {
      const account = idSchema('acc').safeParse(targetId);
      if (!account.success) return fail('not_found', 'There is no such account.');
      if (account.data === state.accountId) {
        return fail('conflict', 'That is you. Revoke everything, or set your level to nobody.');
      }
      return ok({ kind: 'account', accountId: account.data });
    }
    const clip = idSchema('clip').safeParse(targetId);
    if (clip.success && (await this.#isIn(state, clip.data))) return ok({ kind: 'clip', clipId: clip.data });
    return fail('not_found', 'There is no clip with your likeness under this id.');
  }

  async #isIn({ cameoId }: CameoState, clipId: Id<'clip'>): Promise<boolean> {
    if (this.#parts.appearances.unfinished({ clipId }).length > 0) return true;
    const clip = await this.env.CLIP.getByName(clipId).read();
    if (clip.ok) return clip.value.keys.some((key) => key.startsWith(`cameo:${cameoId}#`));
    // A draft that was deleted reads as never made: whoever was in it may still ask for the receipt.
    return this.#parts.appearances.inClip(clipId) !== null;
  }

  async #revoke(
    input: {
      readonly requestId: string;
      readonly existing: ExistingChoice;
      readonly carrying: CarryingClips;
    },
    request: string,
    scope: RevocationScope | null,
  ): Promise<Result<CameoRevocation>> {
    const { requestId, existing, carrying } = input;
    const begun = this.#change((now): Result<AnsweredRevocation> => {
      const { store, revocations } = this.#parts;
      const state = store.cameo();
      if (state === null) return noLikeness();
      const seen = revocations.seen(requestId);
      if (seen !== null) return seen.request === request ? ok(seen.outcome) : fail('idempotency_mismatch');
      if (scope === null) return fail('not_found');
      const outcome = { ...this.#begin(state, scope, existing, now), carrying };
      revocations.remember(requestId, request, outcome, now, now - requestMs);
      return ok(outcome);
    });
    if (!begun.ok) return begun;
    const entries = await this.#receipts(begun.value.denials);
    if (!entries.ok) return entries;
    const { denials: _denials, ...outcome } = begun.value;
    return ok({ ...outcome, entries: entries.value });
  }

  #begin(state: CameoState, scope: RevocationScope, existing: ExistingChoice, now: number): StoredRevocation {
    const outcome = beginRevocation(this.#parts, state, scope, existing, now);
    this.#wakes.notAfter('consent', now + consentGraceMs);
    return outcome;
  }

  /** Asks the log for what it has not answered yet, all at once. What stays open is the alarm's. */
  async #receipts(denials: readonly Denial[]): Promise<Result<LogReceipt[]>> {
    try {
      return ok(await Promise.all(denials.map((denial) => this.#settle(denial))));
    } catch (error) {
      log('error', 'consent log did not answer', { error: shortError(error) });
      return fail(
        'consent_unavailable',
        'It is noted, nothing new is allowed any more, and it will be finished. Ask again for the receipt.',
      );
    }
  }

  async #settle(denial: Denial): Promise<LogReceipt> {
    const known = this.#parts.revocations.receipt(denial);
    if (known !== null) return known;
    const name = `${denial.existing} ${denial.key}`;
    const asked = this.#asking.get(name);
    if (asked !== undefined) return asked;
    const asking = this.#ask(denial)
      .then((receipt) => {
        this.#parts.revocations.settle(denial, receipt);
        return receipt;
      })
      .finally(() => this.#asking.delete(name));
    this.#asking.set(name, asking);
    return asking;
  }

  /** A clip is deleted by its own object, which keeps the receipt and erases; one that was never made is denied in the log alone. */
  async #ask(denial: Denial): Promise<LogReceipt> {
    const state = this.#parts.store.cameo();
    if (state === null) throw new Error('a debt without a likeness');
    const { key, existing } = denial;
    if (key.startsWith('clip:') && existing === 'delete') {
      const withdrawn = await this.env.CLIP.getByName(key.slice('clip:'.length)).withdraw(state.accountId);
      if (withdrawn.ok) return withdrawn.value;
      if (withdrawn.error.code === 'consent_unavailable') throw new Error('the clip has no receipt yet');
    }
    const idempotencyKey = idempotencyKeyOf(state.cameoId, denial);
    return consentLogOf(this.env, key).revoke({ key, denies: deniesOf(existing), idempotencyKey });
  }

  #releaseOverdue(): void {
    this.#change((now) => {
      const { appearances } = this.#parts;
      for (const row of appearances.overdue(now, reservationsPerWake)) release(this.#parts, row, now);
      this.#planReservations();
    });
  }

  #planReservations(): void {
    this.#wakes.set('reservations', this.#parts.appearances.nextReservationEnd());
  }
}
