/**
 * Writes a signed file to R2 while it streams. Invariant: nothing is visible under the key before `finish`; at most three parts are in memory; the
 * first part, which has the room for the credentials, is uploaded last. Called by sign.ts, fed by core/provenance/sign/write-signed.ts.
 *
 * R2 wants parts of one size, at least 5 MiB, at most 10,000; what fits into one part is put whole.
 * @see https://developers.cloudflare.com/r2/objects/multipart-objects/
 */
import type { AssetSink } from '#core/provenance/sign/write-signed.ts';

const mebibyte = 1024 * 1024;
const minPart = 5 * mebibyte;
const maxParts = 10_000;

export interface RenditionTarget {
  readonly bucket: R2Bucket;
  readonly key: string;
  /** Size of the finished file, bytes. */
  readonly size: number;
  /** Bytes from the start that the room for the credentials lies in. */
  readonly head: number;
  readonly contentType: string;
  readonly customMetadata: Record<string, string>;
}

export class RenditionWriter implements AssetSink {
  readonly #target: RenditionTarget;
  readonly #partSize: number;
  readonly #first: Uint8Array<ArrayBuffer>;
  /** Filled and uploaded in turn: one is on its way while the other fills. */
  readonly #buffers: Uint8Array<ArrayBuffer>[] = [];
  #upload: R2MultipartUpload | null = null;
  #uploading: Promise<R2UploadedPart> | null = null;
  readonly #parts: R2UploadedPart[] = [];
  #position = 0;
  #room = { start: 0, end: 0 };

  constructor(target: RenditionTarget) {
    this.#target = target;
    const needed = Math.max(minPart, target.head, Math.ceil(target.size / maxParts));
    this.#partSize = Math.ceil(needed / mebibyte) * mebibyte;
    this.#first = new Uint8Array(Math.min(target.size, this.#partSize));
  }

  /** Whether the file is put whole. */
  get whole(): boolean {
    return this.#target.size <= this.#partSize;
  }

  async reserve(length: number): Promise<void> {
    this.#room = { start: this.#position, end: this.#position + length };
    if (this.#room.end > this.#first.length)
      throw new Error('the credentials do not fit into the first part');
    this.#position = this.#room.end;
  }

  async write(bytes: Uint8Array): Promise<void> {
    let rest = bytes;
    while (rest.length > 0) {
      const part = Math.floor(this.#position / this.#partSize);
      const buffer = this.#bufferOf(part);
      const at = this.#position - part * this.#partSize;
      const taken = rest.subarray(0, buffer.length - at);
      buffer.set(taken, at);
      this.#position += taken.length;
      rest = rest.subarray(taken.length);
      if (at + taken.length === this.#partSize && part > 0) await this.#send(part, buffer);
    }
  }

  /** The whole file with these credentials, to be looked at before it is put. Only where `whole`. */
  preview(credentials: Uint8Array): Uint8Array<ArrayBuffer> {
    this.#fill(credentials);
    return this.#first;
  }

  /**
   * Puts the credentials in and makes the file visible.
   * @param onlyIf condition for a file that is put whole
   * @returns null where the condition does not hold
   */
  async finish(credentials: Uint8Array, onlyIf: R2Conditional | Headers): Promise<R2Object | null> {
    this.#fill(credentials);
    const { bucket, key, size, contentType, customMetadata } = this.#target;
    if (this.#position !== size) throw new Error(`${this.#position} bytes were written of ${size}`);
    if (this.whole) {
      return bucket.put(key, this.#first, { onlyIf, httpMetadata: { contentType }, customMetadata });
    }
    const rest = size % this.#partSize;
    const last = Math.floor(size / this.#partSize);
    if (rest > 0) await this.#send(last, this.#bufferOf(last).subarray(0, rest));
    await this.#send(0, this.#first);
    await this.#settle();
    const upload = await this.#multipart();
    return upload.complete(this.#parts.toSorted((left, right) => left.partNumber - right.partNumber));
  }

  /** Leaves nothing behind. */
  async abort(): Promise<void> {
    await this.#uploading?.catch(() => undefined);
    await this.#upload?.abort();
    this.#upload = null;
  }

  #fill(credentials: Uint8Array): void {
    if (credentials.length !== this.#room.end - this.#room.start)
      throw new Error('the credentials are not as long as the room that was left for them');
    this.#first.set(credentials, this.#room.start);
  }

  #bufferOf(part: number): Uint8Array<ArrayBuffer> {
    if (part === 0) return this.#first;
    const turn = part % 2;
    this.#buffers[turn] ??= new Uint8Array(this.#partSize);
    return this.#buffers[turn];
  }

  /** Waits for the part before, so that its buffer is free when this one is full. */
  async #send(part: number, bytes: Uint8Array): Promise<void> {
    const upload = await this.#multipart();
    await this.#settle();
    this.#uploading = upload.uploadPart(part + 1, bytes);
    // It is awaited with the next part; until then a failure must not count as unhandled.
    this.#uploading.catch(() => undefined);
  }

  async #settle(): Promise<void> {
    if (this.#uploading !== null) this.#parts.push(await this.#uploading);
    this.#uploading = null;
  }

  async #multipart(): Promise<R2MultipartUpload> {
    const { bucket, key, contentType, customMetadata } = this.#target;
    this.#upload ??= await bucket.createMultipartUpload(key, {
      httpMetadata: { contentType },
      customMetadata,
    });
    return this.#upload;
  }
}
