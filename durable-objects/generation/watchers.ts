/**
 * The live connections of one generation. Invariants: connections hibernate (nothing about them is kept in memory), at most ten
 * events a second leave, and the final state is always sent, then the connection is closed with 1000. Used by the Generation object.
 */
import { type Generation, isFinal } from '#schemas/http/generations.ts';

const intervalMs = 100;

export class Watchers {
  readonly #ctx: DurableObjectState;
  readonly #current: () => Promise<Generation | null>;
  #lastAt = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #last = '';

  /** @param current reads the record; it is called once per event that leaves, so a burst of changes costs one read */
  constructor(ctx: DurableObjectState, current: () => Promise<Generation | null>) {
    this.#ctx = ctx;
    this.#current = current;
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'));
  }

  get count(): number {
    return this.#ctx.getWebSockets().length;
  }

  /** Accepts a connection, hibernating, and sends it the present record; a generation that has ended is sent and closed. */
  accept(generation: Generation): Response {
    const { 0: client, 1: server } = new WebSocketPair();
    this.#ctx.acceptWebSocket(server);
    send(server, frame(generation), isFinal(generation.status));
    return new Response(null, { status: 101, webSocket: client });
  }

  /** The record changed: sends it now, or at the end of the present tenth of a second. */
  notify(final: boolean): void {
    if (this.count === 0) return;
    const wait = final ? 0 : this.#lastAt + intervalMs - Date.now();
    if (wait <= 0) {
      if (this.#timer !== null) clearTimeout(this.#timer);
      this.#timer = null;
      void this.#broadcast();
    } else {
      this.#timer ??= setTimeout(() => {
        this.#timer = null;
        void this.#broadcast();
      }, wait);
    }
  }

  async #broadcast(): Promise<void> {
    this.#lastAt = Date.now();
    const generation = await this.#current();
    if (generation === null) return;
    const text = frame(generation);
    const final = isFinal(generation.status);
    if (text === this.#last && !final) return;
    this.#last = text;
    for (const socket of this.#ctx.getWebSockets()) send(socket, text, final);
  }
}

function frame(generation: Generation): string {
  return JSON.stringify({ type: 'generation', generation });
}

/** A peer that has gone away makes `send` throw; the platform tells the object in its own time. */
function send(socket: WebSocket, text: string, final: boolean): void {
  try {
    socket.send(text);
    if (final) socket.close(1000, 'final');
  } catch {
    // Nothing is owed to a connection that is closed.
  }
}
