/**
 * One upload: its parts, its check, what became of it. Invariants: every change goes through the machine and is written together with what
 * it owes (assembling, workflow, erasure, projection); the bytes themselves never pass through here; whatever ends it, what came is owed
 * its erasure in the same step. Called by the upload and verify routes, IngestClip, InspectionQueue (`inspected`, `inspectionFailed`) and
 * the moderation desk (`decided`).
 */
import { DurableObject } from 'cloudflare:workers';
import type { InspectionDeath } from '#durable-objects/inspection-queue/rpc.ts';
import { Wakes } from '#durable-objects/shared/alarms.ts';
import { migrate } from '#durable-objects/shared/migrations.ts';
import { Outbox } from '#durable-objects/shared/outbox.ts';
import { Waiters } from '#durable-objects/shared/waiters.ts';
import type { CreateUpload, Upload } from '#schemas/http/uploads.ts';
import type { Id } from '#schemas/ids.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import type { Verification } from '#schemas/verdict.ts';
import { missingParts, sizeOfPart, slotOf } from './core/parts.ts';
import * as machine from './core/upload-machine.ts';
import { deliverUpload, type UploadMessage } from './deliveries.ts';
import { ownKey } from './files.ts';
import { uploadMigrations } from './migrations.ts';
import { uploadProjection, uploadRecord } from './record.ts';
import type {
  PartPlace,
  StoredMediaReport,
  UploadDecision,
  UploadOutcome,
  UploadRecord,
  UploadRpc,
} from './rpc.ts';
import { type Opening, UploadStore } from './store.ts';

const policy: machine.UploadPolicy = {
  receivingMs: 86_400_000,
  keepMs: 30 * 86_400_000,
  verifyMs: 10 * 60_000,
  forgetMs: 3_600_000,
};
/** A part that was under way when the upload ended is stored or given up by then: what it left is erased again. */
const sweepAfterMs = 15 * 60_000;

type Look = StoredMediaReport | { readonly death: InspectionDeath };

export class UploadObject extends DurableObject<Env> implements UploadRpc {
  readonly #store: UploadStore;
  readonly #wakes: Wakes<'outbox' | 'due'>;
  readonly #outbox: Outbox<UploadMessage>;
  readonly #waiters = new Waiters<object, Look>();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage, uploadMigrations);
    this.#store = new UploadStore(ctx.storage.sql);
    this.#wakes = new Wakes(ctx.storage);
    this.#outbox = new Outbox<UploadMessage>({
      storage: ctx.storage,
      wakes: this.#wakes,
      deliver: (message) => this.#deliver(message),
      onPark: ({ kind }) => {
        if (kind === 'assemble' || kind === 'check') this.#apply({ type: 'stuck' });
      },
    });
    ctx.waitUntil(this.#wakes.ensureArmed());
  }

  async open(input: {
    uploadId: Id<'upl'>;
    ownerId: Id<'acc'> | null;
    purpose: 'publish' | 'verify';
    file: CreateUpload;
    origin: string;
  }): Promise<Result<UploadRecord>> {
    if (this.#store.load() !== null) return this.read();
    const { purpose, ...rest } = input;
    // What comes in one piece needs no parts.
    const parts =
      purpose === 'verify'
        ? null
        : await this.env.MEDIA.createMultipartUpload(ownKey(input.uploadId), {
            httpMetadata: { contentType: input.file.mediaType },
          });
    const now = Date.now();
    const opening: Opening = {
      ...rest,
      r2UploadId: parts?.uploadId ?? null,
      createdAt: new Date(now).toISOString(),
    };
    this.ctx.storage.transactionSync(() => {
      if (this.#store.load() !== null) return;
      const state = machine.opened(purpose, input.file.mediaType, now, policy);
      this.#store.insert(opening, state);
      this.#wakes.set('due', state.dueAt);
      this.#owe('project', state, now);
    });
    this.#outbox.kick();
    return this.read();
  }

  async read(): Promise<Result<UploadRecord>> {
    const stored = this.#store.load();
    return stored === null || stored.state.phase === 'gone'
      ? notFound()
      : ok(uploadRecord(stored, this.#numbers()));
  }

  async part(n: number): Promise<Result<PartPlace>> {
    const stored = this.#store.load();
    if (stored === null || stored.state.phase === 'gone') return notFound();
    const { opening, state } = stored;
    const taken = machine.takesParts(state, Date.now());
    if (!taken.ok) return taken;
    const size = sizeOfPart(opening.file.size, n);
    if (size === null || opening.r2UploadId === null)
      return fail('bad_request', `This upload has no part ${n}.`);
    const { attempt, recorded } = this.#store.begin(n);
    const { uploadId, r2UploadId } = opening;
    return ok({ objectKey: ownKey(uploadId), r2UploadId, r2Number: slotOf(n, attempt, recorded), size });
  }

  async partStored(
    n: number,
    part: { r2Number: number; etag: string; size: number; sha256: string },
  ): Promise<Result<UploadRecord>> {
    const stored = this.#store.load();
    if (stored === null || stored.state.phase === 'gone') return notFound();
    const taken = machine.takesParts(stored.state, Date.now());
    if (!taken.ok) return taken;
    this.#store.record({ n, ...part });
    return ok(uploadRecord(stored, this.#numbers()));
  }

  async complete(): Promise<Result<UploadRecord>> {
    const stored = this.#store.load();
    if (stored === null) return notFound();
    const missing = missingParts(stored.opening.file.size, this.#numbers());
    return this.#recordAfter(this.#apply({ type: 'complete', missing }));
  }

  async cancel(): Promise<Result<void>> {
    const done = this.#apply({ type: 'cancel' });
    return done.ok ? ok(undefined) : done;
  }

  async inspected(report: StoredMediaReport): Promise<void> {
    this.#looked({ kind: 'seen', report });
  }

  async inspectionFailed(death: InspectionDeath): Promise<void> {
    this.#looked({ kind: 'failed', death });
  }

  async look(waitMs: number): Promise<Look | null> {
    return this.#look() ?? (await this.#waiters.wait({}, waitMs));
  }

  async identified(file: Omit<Extract<machine.UploadInput, { type: 'identified' }>, 'type'>) {
    return this.#recordAfter(this.#apply({ type: 'identified', ...file }));
  }

  async stage(stage: NonNullable<Upload['stage']>): Promise<Result<UploadRecord>> {
    return this.#recordAfter(this.#apply({ type: 'stage', stage }));
  }

  async verified(verification: Verification): Promise<Result<UploadRecord>> {
    return this.#recordAfter(this.#apply({ type: 'verified', verification }));
  }

  async commit(): Promise<Result<UploadRecord>> {
    return this.#recordAfter(this.#apply({ type: 'commit' }));
  }

  async settled(outcome: UploadOutcome): Promise<Result<UploadRecord>> {
    return this.#recordAfter(this.#apply({ type: 'settle', outcome }));
  }

  async decided(decision: UploadDecision): Promise<void> {
    this.#apply({ type: 'decided', decision });
  }

  override async alarm(): Promise<void> {
    await this.#wakes.run(Date.now, {
      outbox: () => this.#outbox.drain(),
      due: () => {
        const now = Date.now();
        const state = this.#store.load()?.state ?? null;
        if (state === null || !machine.isForgettable(state, now)) {
          this.#apply({ type: 'due' });
          this.#wakes.set('due', this.#store.load()?.state.dueAt ?? null);
          return;
        }
        // What is still owed, an erasure above all, comes first.
        const settled = this.#outbox.stats().pending === 0;
        if (settled) this.#store.forget();
        this.#wakes.set('due', settled ? null : now + policy.forgetMs);
      },
    });
  }

  /** The only way an upload changes: machine, row, debts and wakes in one transaction. */
  #apply(input: machine.UploadInput): Result<machine.UploadState> {
    const now = Date.now();
    const applied = this.ctx.storage.transactionSync((): Result<machine.Transition> => {
      const stored = this.#store.load();
      if (stored === null) return notFound();
      const moved = machine.transition(stored.state, input, policy, now);
      if (!moved.ok || !moved.value.changed) return moved;
      const { state, effects } = moved.value;
      this.#store.save(state);
      if (machine.isOver(state.phase)) this.#store.forgetParts();
      for (const effect of effects) this.#owe(effect, state, now);
      this.#owe('project', state, now);
      this.#wakes.set('due', state.dueAt);
      return moved;
    });
    if (!applied.ok) return applied;
    if (applied.value.changed) this.#outbox.kick();
    return ok(applied.value.state);
  }

  /** Steps of the check keep their order; erasures and projections go their own way, so that a slow receiver holds up neither. */
  #owe(effect: machine.UploadEffect | 'project', { run }: machine.UploadState, now: number): void {
    if (effect === 'assemble') this.#outbox.add('check', { kind: effect }, now);
    else if (effect === 'check' || effect === 'nudge') this.#outbox.add('check', { kind: effect, run }, now);
    else if (effect === 'stop-inspection') this.#outbox.add('inspection', { kind: effect }, now);
    else if (effect === 'erase') {
      this.#outbox.add('files', { kind: effect }, now);
      this.#outbox.add('sweep', { kind: effect }, now, sweepAfterMs);
    } else {
      const stored = this.#store.load();
      const projection = stored === null ? null : uploadProjection(stored, this.#numbers());
      if (projection !== null) this.#outbox.add('project', { kind: effect, projection }, now);
    }
  }

  async #deliver(message: UploadMessage): Promise<void> {
    const stored = this.#store.load();
    if (stored === null) return;
    const heard = await deliverUpload(this.env, stored, this.#store.parts(), message);
    if (heard !== null) this.#apply(heard);
  }

  #looked(looked: Exclude<machine.Looked, { kind: 'awaited' }>): void {
    this.#apply({ type: 'looked', looked });
    this.#waiters.serve(() => this.#look());
  }

  #look(): Look | null {
    const looked = this.#store.load()?.state.looked;
    if (looked?.kind === 'seen') return looked.report;
    return looked?.kind === 'failed' ? { death: looked.death } : null;
  }

  #numbers(): number[] {
    return this.#store.parts().map(({ n }) => n);
  }

  #recordAfter(applied: Result<unknown>): Result<UploadRecord> {
    if (!applied.ok) return applied;
    const stored = this.#store.load();
    return stored === null ? notFound() : ok(uploadRecord(stored, this.#numbers()));
  }
}

function notFound(): Result<never> {
  return fail('not_found', 'There is no such upload.');
}
