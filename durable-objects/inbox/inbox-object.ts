/**
 * Inbox: one object per account, named by its id: what happened to a person and their likeness, newest first, and live. Invariants: a
 * notice that is delivered twice is one item; an inbox is bounded (core/retention.ts); whoever is connected hears of every change.
 * Called by the outboxes of Cameo, Clip, Generation, Enrolment and ModerationCase objects and by the erasure workflow (`notify`), and by
 * the inbox routes.
 */
import { DurableObject } from 'cloudflare:workers';
import { createId } from '#durable-objects/shared/id.ts';
import { migrate } from '#durable-objects/shared/migrations.ts';
import type { Id } from '#schemas/ids.ts';
import { Connections } from './connections.ts';
import { dedupeMs, nextTime, overflow } from './core/retention.ts';
import { inboxMigrations } from './migrations.ts';
import type { InboxRecord, InboxRpc, NotifyInput } from './rpc.ts';
import { InboxStore } from './store.ts';

/** One sentence; a longer one is cut, so that no sender can fill an inbox. */
const textLimit = 500;

export class InboxObject extends DurableObject<Env> implements InboxRpc {
  readonly #store: InboxStore;
  readonly #connections: Connections;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage, inboxMigrations);
    this.#store = new InboxStore(ctx.storage.sql);
    this.#connections = new Connections(ctx, () => this.#store.unread());
  }

  async notify({ dedupeKey, ...item }: NotifyInput): Promise<void> {
    const now = Date.now();
    const isNew = this.ctx.storage.transactionSync(() => {
      if (!this.#store.claim(dedupeKey, now)) return false;
      const at = nextTime(now, this.#store.lastTime());
      this.#store.insert(createId('ntf', at), { ...item, text: item.text.slice(0, textLimit) }, at);
      const excess = overflow(this.#store.counts());
      this.#store.dropOldest('read', excess.read);
      this.#store.dropOldest('unread', excess.unread);
      this.#store.forgetKeys(now - dedupeMs);
      return true;
    });
    if (isNew) this.#connections.nudge();
  }

  async list(page: {
    readonly before: Id<'ntf'> | null;
    readonly limit: number;
  }): Promise<{ items: InboxRecord[]; unread: number }> {
    return { items: this.#store.page(page.before, page.limit), unread: this.#store.unread() };
  }

  async markRead(ids: 'all' | readonly Id<'ntf'>[]): Promise<{ unread: number }> {
    const before = this.#store.unread();
    this.#store.markRead(ids, Date.now());
    const unread = this.#store.unread();
    if (unread !== before) this.#connections.nudge();
    return { unread };
  }

  /** Live count. The edge has authorised the caller and hands the upgrade on unchanged. */
  override async fetch(request: Request): Promise<Response> {
    if (request.headers.get('upgrade')?.toLowerCase() !== 'websocket') {
      return new Response('This address answers WebSocket upgrades only.', {
        status: 426,
        headers: { upgrade: 'websocket' },
      });
    }
    return this.#connections.accept(Date.now());
  }

  override async webSocketMessage(): Promise<void> {
    // Clients have nothing to say here; `ping` is answered by the platform without waking the object.
  }

  override async webSocketClose(socket: WebSocket, code: number, reason: string): Promise<void> {
    // 1005 and 1006 say that no code came over the wire; they may not be sent back (RFC 6455 §7.4.1).
    if (code !== 1005 && code !== 1006) socket.close(code, reason);
  }
}
