/**
 * The only source of chance in the mark: the ChaCha20 key stream of the mark's own secret. The same key and label always give the
 * same draws, and without the key they cannot be told from noise. Called by carriers.ts.
 */

/** Draws from ChaCha20 (RFC 8439 §2.3), the block counter starting at 0, the nonce being the label. */
export class KeyStream {
  readonly #state = new Uint32Array(16);
  readonly #block = new Uint32Array(16);
  #used = 16;
  #bits = 0;
  #bitsLeft = 0;

  /**
   * @param key 32 bytes
   * @param label at most 12 ASCII characters; streams with different labels are independent
   * @throws RangeError for a key of another length
   */
  constructor(key: Uint8Array, label: string) {
    if (key.length !== 32) throw new RangeError(`a watermark key has 32 bytes, not ${key.length}`);
    if (label.length > 12) throw new RangeError('a label has at most 12 characters');
    const nonce = new Uint8Array(12);
    for (let i = 0; i < label.length; i++) nonce[i] = label.charCodeAt(i) & 0x7f;
    const keyView = new DataView(key.buffer, key.byteOffset, 32);
    const nonceView = new DataView(nonce.buffer);
    this.#state.set([0x61707865, 0x3320646e, 0x79622d32, 0x6b206574]); // "expand 32-byte k"
    for (let i = 0; i < 8; i++) this.#state[4 + i] = keyView.getUint32(4 * i, true);
    for (let i = 0; i < 3; i++) this.#state[13 + i] = nonceView.getUint32(4 * i, true);
  }

  /** The next 32 bits. */
  next(): number {
    if (this.#used === 16) {
      const working = this.#block;
      working.set(this.#state);
      for (let round = 0; round < 10; round++) {
        for (const [a, b, c, d] of quarters) quarterRound(working, a, b, c, d);
      }
      for (let i = 0; i < 16; i++) working[i] = (working[i] ?? 0) + (this.#state[i] ?? 0);
      this.#state[12] = (this.#state[12] ?? 0) + 1;
      this.#used = 0;
    }
    return this.#block[this.#used++] ?? 0;
  }

  /** A number from 0 to `n` − 1, without bias. */
  below(n: number): number {
    const limit = 2 ** 32 - (2 ** 32 % n);
    for (;;) {
      const draw = this.next();
      if (draw < limit) return draw % n;
    }
  }

  /** +1 or −1. */
  sign(): 1 | -1 {
    if (this.#bitsLeft === 0) {
      this.#bits = this.next();
      this.#bitsLeft = 32;
    }
    this.#bitsLeft -= 1;
    return (this.#bits >>> this.#bitsLeft) & 1 ? 1 : -1;
  }

  /** The numbers 0 … `n` − 1 in drawn order. */
  permutation(n: number): number[] {
    const order = Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const [a, b] = [order[i] ?? 0, order[j] ?? 0];
      order[i] = b;
      order[j] = a;
    }
    return order;
  }
}

const quarters = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
] as const;

function quarterRound(x: Uint32Array, a: number, b: number, c: number, d: number): void {
  mix(x, a, b, d, 16);
  mix(x, c, d, b, 12);
  mix(x, a, b, d, 8);
  mix(x, c, d, b, 7);
}

/** `to += from; other ^= to; other <<<= bits` */
function mix(x: Uint32Array, to: number, from: number, other: number, bits: number): void {
  const sum = ((x[to] ?? 0) + (x[from] ?? 0)) >>> 0;
  x[to] = sum;
  const mixed = (x[other] ?? 0) ^ sum;
  x[other] = (mixed << bits) | (mixed >>> (32 - bits));
}
