/**
 * Who has enrolled which face, without being able to say so. Invariants: a template is stored sealed under a key of its own and opened
 * only while somebody enrols or a clip shows a face, one at a time; no two accounts get the same face in without a person having looked; what is erased
 * cannot be opened again, and no enrolment that was under way brings it back. Nothing here is ever logged. Called by Enrolment objects
 * (`claimRecording`, `enrol`, `discard`), Cameo objects (`erase`), the RenderQueue (`recognise`) and the edge (`admitChallenge`).
 */
import { DurableObject } from 'cloudflare:workers';
import { Wakes } from '#durable-objects/shared/alarms.ts';
import { migrate } from '#durable-objects/shared/migrations.ts';
import { Outbox } from '#durable-objects/shared/outbox.ts';
import type { Id } from '#schemas/ids.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import { duplicateAt, sameFaceAt, similarity } from './core/similarity.ts';
import { LedgerStore } from './ledger-store.ts';
import { faceIndexMigrations } from './migrations.ts';
import type { FaceIndexRpc, FaceOutcome, RecognisedFace } from './rpc.ts';
import { type StoredTemplate, TemplatesStore } from './templates-store.ts';
import { openTemplate, sealTemplate } from './vault.ts';

const challengesPerDay = 10;
/** Faces of one clip that are compared. */
const mostFaces = 8;
const dayMs = 86_400_000;
/** How long used recordings are remembered, and which enrolments belong to whom: longer than any enrolment takes. */
const keepMs = 30 * dayMs;

interface Message {
  readonly kind: 'withdraw';
  readonly enrolmentId: Id<'enr'>;
}

export class FaceIndexObject extends DurableObject<Env> implements FaceIndexRpc {
  readonly #templates: TemplatesStore;
  readonly #ledger: LedgerStore;
  readonly #wakes: Wakes<'outbox' | 'prune'>;
  readonly #outbox: Outbox<Message>;
  /** Comparing takes many awaits: whoever changes templates waits here for those before. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage, faceIndexMigrations);
    this.#templates = new TemplatesStore(ctx.storage.sql);
    this.#ledger = new LedgerStore(ctx.storage.sql);
    this.#wakes = new Wakes(ctx.storage);
    this.#outbox = new Outbox<Message>({
      storage: ctx.storage,
      wakes: this.#wakes,
      deliver: (message) => env.ENROLMENT.getByName(message.enrolmentId).withdraw(),
    });
    ctx.waitUntil(this.#wakes.ensureArmed());
  }

  async admitChallenge(accountId: Id<'acc'>, enrolmentId: Id<'enr'>): Promise<Result<void>> {
    const now = Date.now();
    const today = this.#ledger.openedSince(accountId, now - dayMs);
    if (today.some((challenge) => challenge.enrolmentId === enrolmentId)) return ok(undefined);
    const oldest = today[0];
    if (oldest !== undefined && today.length >= challengesPerDay) {
      return fail('rate_limited', `You can try ${challengesPerDay} times a day. Come back later.`, {
        retryAfterSeconds: Math.ceil((oldest.openedAt + dayMs - now) / 1000),
      });
    }
    this.ctx.storage.transactionSync(() => {
      this.#ledger.opened(accountId, enrolmentId, now);
      this.#wakes.notAfter('prune', now + keepMs);
    });
    return ok(undefined);
  }

  async claimRecording(enrolmentId: Id<'enr'>, sha256: string): Promise<boolean> {
    const now = Date.now();
    return this.ctx.storage.transactionSync(() => {
      this.#wakes.notAfter('prune', now + keepMs);
      return this.#ledger.claim(sha256, enrolmentId, now) === enrolmentId;
    });
  }

  enrol(input: Parameters<FaceIndexRpc['enrol']>[0]): Promise<FaceOutcome> {
    return this.#inTurn(() => this.#enrol(input));
  }

  /** Not in turn: nothing is changed, and a template that is erased meanwhile is one that is not compared. */
  async recognise(embeddings: readonly (readonly number[])[]): Promise<readonly RecognisedFace[]> {
    const best = new Map<number, RecognisedFace>();
    for (
      let known = this.#templates.after(0);
      known !== null;
      known = this.#templates.after(known.position)
    ) {
      const { accountId } = known;
      const template = await openTemplate(this.env, `account:${accountId}`, known);
      try {
        for (const [face, embedding] of embeddings.slice(0, mostFaces).entries()) {
          const alike = similarity(template, embedding);
          if (alike >= duplicateAt && alike > (best.get(face)?.similarity ?? 0))
            best.set(face, { face, accountId, similarity: alike });
        }
      } finally {
        template.fill(0);
      }
    }
    return [...best.values()];
  }

  discard(accountId: Id<'acc'>, enrolmentId: Id<'enr'>): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#templates.of(accountId)?.enrolmentId !== enrolmentId) return;
      this.ctx.storage.transactionSync(() => this.#templates.remove(accountId));
    });
  }

  erase(accountId: Id<'acc'>): Promise<{ readonly erased: number }> {
    return this.#inTurn(async () => {
      const now = Date.now();
      const erased = this.ctx.storage.transactionSync(() => {
        for (const { enrolmentId } of this.#ledger.openedSince(accountId, now - keepMs)) {
          this.#outbox.add(enrolmentId, { kind: 'withdraw', enrolmentId }, now);
        }
        return this.#templates.remove(accountId);
      });
      this.#outbox.kick();
      return { erased };
    });
  }

  override async alarm(): Promise<void> {
    await this.#wakes.run(Date.now, {
      outbox: () => this.#outbox.drain(),
      prune: () => {
        const oldest = this.#ledger.prune(Date.now() - keepMs);
        this.#wakes.set('prune', oldest === null ? null : oldest + keepMs);
      },
    });
  }

  async #enrol({
    accountId,
    enrolmentId,
    template,
    confirmed,
  }: Parameters<FaceIndexRpc['enrol']>[0]): Promise<FaceOutcome> {
    const own = this.#templates.of(accountId);
    if (own?.enrolmentId === enrolmentId) return 'stored';
    const embedding = await openTemplate(this.env, `enrolment:${enrolmentId}`, template);
    try {
      if (!confirmed) {
        if (own !== null && (await this.#likeness(own, embedding)) < sameFaceAt) return 'other-face';
        for (
          let other = this.#templates.after(0);
          other !== null;
          other = this.#templates.after(other.position)
        ) {
          if (other.accountId === accountId) continue;
          if ((await this.#likeness(other, embedding)) >= duplicateAt) return 'similar';
        }
      }
      const sealed = await sealTemplate(this.env, `account:${accountId}`, embedding);
      this.ctx.storage.transactionSync(() => this.#templates.put(accountId, enrolmentId, sealed));
      return 'stored';
    } finally {
      embedding.fill(0);
    }
  }

  /** Opens one stored template, compares and wipes it. */
  async #likeness(stored: StoredTemplate, embedding: Float32Array): Promise<number> {
    const known = await openTemplate(this.env, `account:${stored.accountId}`, stored);
    try {
      return similarity(known, embedding);
    } finally {
      known.fill(0);
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}
