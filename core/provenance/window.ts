/**
 * Reads small pieces of a large file with few requests. Invariant: at most `maxPieces` ranged reads before it turns to one forward stream,
 * and never more than one window of the file in memory beside what a caller asked for. Called by the container walkers, which go forward.
 */
import type { ByteSource } from './byte-source.ts';

/** One read covers this much: the boxes before the media, or those after it, of nearly every file. */
const windowSize = 64 * 1024;
/** A walker that has needed this many pieces is in a file of many fragments: streaming once is then cheaper than asking on. */
const maxPieces = 4;
/** Reads behind the stream, e.g. to compare bytes that an exclusion names. */
const maxBehind = 64;
/** What a caller may ask for at once. */
const maxPiece = 32 * 1024 * 1024;

/** Thrown where bytes are asked for that lie beyond the end. */
export class BeyondEnd extends Error {
  constructor() {
    super('the file ends here');
  }
}

export class WindowReader {
  readonly size: number;
  readonly #source: ByteSource;
  #start = 0;
  #bytes: Uint8Array = new Uint8Array();
  #pieces = 0;
  #stream: AsyncIterator<Uint8Array> | null = null;
  /** Where the next chunk of the stream starts. */
  #position = 0;

  constructor(source: ByteSource) {
    this.#source = source;
    this.size = source.size;
  }

  /**
   * A view of bytes `[start, end)`, valid until the next call.
   * @throws BeyondEnd
   */
  async get(start: number, end: number): Promise<Uint8Array> {
    if (start < 0 || end > this.size || end < start) throw new BeyondEnd();
    if (end - start > maxPiece) throw new RangeError('more was asked for than is read in one piece');
    if (!this.#holds(start, end)) await this.#load(start, end);
    return this.#bytes.subarray(start - this.#start, end - this.#start);
  }

  /** Reads `[start, end)` ahead, as far as a window goes, because a walk through it follows. */
  async prefetch(start: number, end: number, limit: number): Promise<void> {
    const to = Math.min(end, start + limit, this.size);
    if (this.#stream !== null || this.#pieces >= maxPieces || this.#holds(start, to)) return;
    this.#pieces += 1;
    await this.#piece(start, Math.max(to, Math.min(this.size, start + windowSize)));
  }

  /** Ends the stream, if one was opened. */
  async close(): Promise<void> {
    await this.#stream?.return?.();
    this.#stream = null;
  }

  #holds(start: number, end: number): boolean {
    return start >= this.#start && end <= this.#start + this.#bytes.length;
  }

  async #load(start: number, end: number): Promise<void> {
    const ahead = this.#stream === null || start >= this.#position || this.#continues(start);
    if (!ahead || (this.#stream === null && this.#pieces < maxPieces)) {
      this.#pieces += 1;
      if (this.#pieces > maxPieces + maxBehind)
        throw new RangeError('the file sends its reader back and forth');
      await this.#piece(start, Math.max(end, Math.min(this.size, start + windowSize)));
      return;
    }
    if (this.#stream === null) {
      this.#stream = this.#source.stream(start, this.size)[Symbol.asyncIterator]();
      this.#position = start;
    }
    await this.#advance(start, end);
  }

  /** Whether `start` lies in what is held and the stream goes on where that ends. */
  #continues(start: number): boolean {
    return start >= this.#start && this.#start + this.#bytes.length === this.#position;
  }

  /** Reads the stream until `end` is there; what lies before `start` is let go. */
  async #advance(start: number, end: number): Promise<void> {
    const parts =
      this.#continues(start) && start < this.#position ? [this.#bytes.slice(start - this.#start)] : [];
    while (this.#position < end) {
      const next = await this.#stream?.next();
      if (next === undefined || next.done === true) throw new Error('the source ended before its size');
      const at = this.#position;
      this.#position += next.value.length;
      if (this.#position > start) parts.push(next.value.slice(Math.max(0, start - at)));
    }
    this.#bytes = concat(parts);
    this.#start = start;
  }

  async #piece(start: number, end: number): Promise<void> {
    const bytes = await this.#source.read(start, end);
    if (bytes.length !== end - start) throw new Error('the source gave fewer bytes than it has');
    this.#bytes = bytes;
    this.#start = start;
  }
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
