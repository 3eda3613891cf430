/**
 * The live connections of one inbox. Invariants: connections hibernate (nothing about them is kept in memory); what is sent is only
 * how many items are unread, which tells the page to fetch the list again, so nothing private waits in a socket's buffer; at most ten
 * messages a second leave, and the last count is always among them. Used by the Inbox object.
 */
import type { InboxEvent } from '#schemas/http/inbox.ts';

const intervalMs = 100;
/** Tabs and devices of one person; the oldest connection makes room. */
const connectionLimit = 32;

export class Connections {
  readonly #ctx: DurableObjectState;
  readonly #unread: () => number;
  #lastAt = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(ctx: DurableObjectState, unread: () => number) {
    this.#ctx = ctx;
    this.#unread = unread;
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'));
  }

  /** Accepts a connection, hibernating, and sends it the count. */
  accept(now: number): Response {
    const { 0: client, 1: server } = new WebSocketPair();
    const open = this.#ctx.getWebSockets();
    if (open.length >= connectionLimit) {
      const [oldest] = open.toSorted((a, b) => connectedAt(a) - connectedAt(b));
      oldest?.close(1008, 'too many connections');
    }
    this.#ctx.acceptWebSocket(server);
    server.serializeAttachment(now);
    send(server, this.#frame());
    return new Response(null, { status: 101, webSocket: client });
  }

  /** Something came or was read: sends the count now, or at the end of the present tenth of a second. */
  nudge(): void {
    if (this.#ctx.getWebSockets().length === 0) return;
    const wait = this.#lastAt + intervalMs - Date.now();
    if (wait <= 0) this.#broadcast();
    else this.#timer ??= setTimeout(() => this.#broadcast(), wait);
  }

  #broadcast(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#lastAt = Date.now();
    const text = this.#frame();
    for (const socket of this.#ctx.getWebSockets()) send(socket, text);
  }

  #frame(): string {
    const event: InboxEvent = { type: 'unread', unread: this.#unread() };
    return JSON.stringify(event);
  }
}

function connectedAt(socket: WebSocket): number {
  const at: unknown = socket.deserializeAttachment();
  return typeof at === 'number' ? at : 0;
}

/** A peer that has gone away makes `send` throw; the platform tells the object in its own time. */
function send(socket: WebSocket, text: string): void {
  try {
    socket.send(text);
  } catch {
    // Nothing is owed to a connection that is closed.
  }
}
