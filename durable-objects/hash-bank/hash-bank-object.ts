/**
 * What must not come back. Invariants: only entries that two people agreed to match; what a person called no match is never matched again by that
 * entry; an entry that matches far above its own history stops itself, and the desk hears of it; matching explains itself with pairs of frames.
 * Called by ingest (`match`), by the desk's decisions (`propose`, `remove`) and by the moderators' routes.
 */
import { DurableObject } from 'cloudflare:workers';
import { ClipIndex, probesOf } from '#core/fingerprint/clip-index.ts';
import { type Comparison, compareFingerprints } from '#core/fingerprint/index.ts';
import { packBank, packQuery } from '#core/fingerprint/packed.ts';
import { Wakes } from '#durable-objects/shared/alarms.ts';
import { migrate } from '#durable-objects/shared/migrations.ts';
import { Outbox } from '#durable-objects/shared/outbox.ts';
import { type Fingerprints, fingerprintsSchema } from '#schemas/fingerprint.ts';
import type { Id } from '#schemas/ids.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import * as machine from './core/bank-entry-machine.ts';
import { type FloodNotice, tellDesk } from './flood.ts';
import { hashBankMigrations } from './migrations.ts';
import type { BankEntry, BankMatch, HashBankRpc } from './rpc.ts';
import { BankStore, present, type StoredEntry } from './store.ts';

const hourMs = 3_600_000;
/** Hours of matches that an entry is measured by. */
const historyHours = 7 * 24;
const maxCandidates = 20;
const pageSize = 50;

export class HashBankObject extends DurableObject<Env> implements HashBankRpc {
  readonly #store: BankStore;
  readonly #wakes: Wakes<'outbox' | 'prune'>;
  readonly #outbox: Outbox<FloodNotice>;
  /** Confirmed entries by position; built with the first question. */
  #index: ClipIndex | null = null;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage, hashBankMigrations);
    this.#store = new BankStore(ctx.storage.sql);
    this.#wakes = new Wakes(ctx.storage);
    this.#outbox = new Outbox<FloodNotice>({
      storage: ctx.storage,
      wakes: this.#wakes,
      deliver: (notice) => tellDesk(env, notice),
    });
    ctx.waitUntil(this.#wakes.ensureArmed());
  }

  async propose({
    id,
    policyId,
    caseId,
    by,
    fingerprints,
  }: Parameters<HashBankRpc['propose']>[0]): Promise<Result<BankEntry>> {
    const known = this.#store.get(id);
    if (known !== null) {
      return known.caseId === caseId
        ? ok(this.#present(known))
        : fail('conflict', 'This entry is of another case.');
    }
    const now = Date.now();
    const entry = { id, policyId, caseId, state: machine.proposed(by) };
    this.#store.insert(entry, fingerprintsSchema.parse(fingerprints), now);
    return this.read(id);
  }

  async confirm(id: string, by: Id<'acc'>): Promise<Result<BankEntry>> {
    const hour = hourOf(Date.now());
    return this.#apply(id, { type: 'confirm', by, matches: this.#store.hits(id, hour).get(hour) ?? 0 });
  }

  async remove(id: string, by: Id<'acc'>): Promise<Result<BankEntry>> {
    return this.#apply(id, { type: 'remove', by });
  }

  async negative(id: string, fingerprints: Fingerprints, by: Id<'acc'>): Promise<Result<BankEntry>> {
    const entry = this.#store.get(id);
    if (entry === null) return fail('not_found');
    if (entry.state.status === 'removed')
      return fail('already_final', 'This entry was removed from the bank.');
    const parsed = fingerprintsSchema.parse(fingerprints);
    const digest = await digestOf(parsed);
    this.#store.addNegative(id, digest, parsed, by, Date.now());
    return this.read(id);
  }

  async match(query: Fingerprints): Promise<readonly BankMatch[]> {
    const parsed = fingerprintsSchema.parse(query);
    const digest = await digestOf(parsed);
    const matches: BankMatch[] = [];
    for (const { owner } of this.#built().candidates(packQuery(parsed.frames), maxCandidates)) {
      const entry = this.#store.at(owner);
      const fingerprints = entry === null ? null : this.#store.fingerprints(entry.id);
      if (entry === null || fingerprints === null || entry.state.status !== 'confirmed') continue;
      const { agrees, similarity, pairs } = compareFingerprints(parsed, fingerprints);
      if (!agrees || this.#isNegative(entry.id, parsed, similarity)) continue;
      if (this.#counted(entry, digest)) {
        matches.push({ entryId: entry.id, status: 'confirmed', policyId: entry.policyId, similarity, pairs });
      }
    }
    return matches.sort((a, b) => b.similarity - a.similarity);
  }

  async explain(id: string, query: Fingerprints): Promise<Result<Comparison>> {
    const fingerprints = this.#store.fingerprints(id);
    if (fingerprints === null) return fail('not_found', 'There is no such entry, or it was removed.');
    return ok(compareFingerprints(fingerprintsSchema.parse(query), fingerprints));
  }

  async read(id: string): Promise<Result<BankEntry>> {
    const entry = this.#store.get(id);
    return entry === null ? fail('not_found') : ok(this.#present(entry));
  }

  async list(
    cursor: string | null,
  ): Promise<{ readonly items: readonly BankEntry[]; readonly nextCursor: string | null }> {
    const page = this.#store.page(cursor === null ? null : Number(cursor), pageSize + 1);
    const items = page.slice(0, pageSize);
    const last = items.at(-1);
    return {
      items: items.map((entry) => this.#present(entry)),
      nextCursor: page.length > pageSize && last !== undefined ? String(last.position) : null,
    };
  }

  override async alarm(): Promise<void> {
    await this.#wakes.run(Date.now, {
      outbox: () => this.#outbox.drain(),
      prune: () => {
        const oldest = this.#store.pruneHits(hourOf(Date.now()) - historyHours);
        this.#wakes.set('prune', oldest === null ? null : (oldest + historyHours + 1) * hourMs);
      },
    });
  }

  #present(entry: StoredEntry): BankEntry {
    return present(entry, this.#store.negativesOf(entry.id));
  }

  #apply(id: string, input: machine.EntryInput): Result<BankEntry> {
    const entry = this.#store.get(id);
    if (entry === null) return fail('not_found');
    const next = machine.transition(entry.state, input, Date.now());
    if (!next.ok) return next;
    if (next.value !== entry.state) {
      this.ctx.storage.transactionSync(() => this.#store.update(id, next.value));
      this.#follow(entry.position, next.value.status === 'confirmed', id);
    }
    return ok(this.#present({ ...entry, state: next.value }));
  }

  /** Keeps the table in memory to the rows. */
  #follow(position: number, matches: boolean, id: string): void {
    if (this.#index === null) return;
    this.#index.remove(position);
    const fingerprints = matches ? this.#store.fingerprints(id) : null;
    if (fingerprints !== null) this.#index.add(position, probesOf(packBank(fingerprints.frames)));
  }

  #isNegative(id: string, query: Fingerprints, similarity: number): boolean {
    return this.#store.negatives(id).some((negative) => {
      const other = compareFingerprints(query, negative);
      return other.agrees && other.similarity >= similarity;
    });
  }

  /** Counts a match. @returns false when it was one too many and the entry has just stopped itself */
  #counted(entry: StoredEntry, digest: string): boolean {
    const now = Date.now();
    const hour = hourOf(now);
    const floods = this.ctx.storage.transactionSync(() => {
      this.#store.hit(entry.id, hour, digest);
      this.#wakes.notAfter('prune', (hour + historyHours + 1) * hourMs);
      const hits = this.#store.hits(entry.id, hour - historyHours);
      const earlier = [...hits].filter(([at]) => at < hour).map(([, count]) => count);
      if (!machine.isFlood(hits.get(hour) ?? 0, earlier, entry.state.accepted)) return false;
      const next = machine.transition(entry.state, { type: 'flood' }, now);
      if (!next.ok) return false;
      this.#store.update(entry.id, next.value);
      this.#outbox.add(entry.id, { kind: 'flood', entryId: entry.id, caseId: entry.caseId, at: now }, now);
      return true;
    });
    if (!floods) return true;
    this.#index?.remove(entry.position);
    this.#outbox.kick();
    return false;
  }

  #built(): ClipIndex {
    if (this.#index !== null) return this.#index;
    const index = new ClipIndex(16);
    for (const { position, fingerprints } of this.#store.withStatus('confirmed')) {
      index.add(position, probesOf(packBank(fingerprints.frames)));
    }
    this.#index = index;
    return index;
  }
}

function hourOf(now: number): number {
  return Math.floor(now / hourMs);
}

/** Tells films apart: the same one, asked about again, is not another match. */
async function digestOf({ frames }: Fingerprints): Promise<string> {
  const text = frames.map(({ views }) => views[0] ?? '').join('');
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest).slice(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );
}
