/**
 * The same film in other shapes: large, with its movie header at the end, with 64-bit offsets, in several media boxes. Invariant: every shape plays like
 * the original; tables are found by walking boxes with code of this file only, so that it can judge the code under test. Called by
 * provenance-sign tests and benchmarks.
 */

export interface TopBox {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** Top-level boxes; 64-bit sizes and a last box without size included. */
export function topBoxes(bytes: Uint8Array): TopBox[] {
  return boxesIn(bytes, 0, bytes.length);
}

function boxesIn(bytes: Uint8Array, from: number, to: number): TopBox[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const boxes: TopBox[] = [];
  for (let at = from; at + 8 <= to; ) {
    const short = view.getUint32(at);
    const size = short === 1 ? Number(view.getBigUint64(at + 8)) : short === 0 ? to - at : short;
    boxes.push({ type: String.fromCharCode(...bytes.subarray(at + 4, at + 8)), start: at, end: at + size });
    at += size;
  }
  return boxes;
}

/** Chunk offset tables of a whole file: where each entry lies, how wide it is, what it says. */
export function chunkOffsets(bytes: Uint8Array): { at: number; wide: boolean; offset: number }[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const inside = (boxes: TopBox[], type: string) =>
    boxes.filter((one) => one.type === type).flatMap((one) => boxesIn(bytes, one.start + 8, one.end));
  const tables = ['moov', 'trak', 'mdia', 'minf', 'stbl'].reduce(inside, topBoxes(bytes));
  return tables
    .filter(({ type }) => type === 'stco' || type === 'co64')
    .flatMap(({ type, start }) => {
      const wide = type === 'co64';
      return Array.from({ length: view.getUint32(start + 12) }, (_, row) => {
        const at = start + 16 + row * (wide ? 8 : 4);
        return { at, wide, offset: wide ? Number(view.getBigUint64(at)) : view.getUint32(at) };
      });
    });
}

function shifted(bytes: Uint8Array, by: (offset: number) => number): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(bytes);
  const view = new DataView(copy.buffer);
  for (const { at, wide, offset } of chunkOffsets(copy)) {
    if (wide) view.setBigUint64(at, BigInt(offset + by(offset)));
    else view.setUint32(at, offset + by(offset));
  }
  return copy;
}

/** Bytes that no track refers to, at the end of the (last) media box, which must end the file. */
export function enlarged(bytes: Uint8Array, extra: number): Uint8Array<ArrayBuffer> {
  const last = topBoxes(bytes).at(-1);
  if (last?.type !== 'mdat') throw new Error('the media box must come last');
  const large = new Uint8Array(bytes.length + extra);
  large.set(bytes);
  for (let at = bytes.length; at < large.length; at += 1) large[at] = (at * 2_654_435_761) >>> 24;
  new DataView(large.buffer).setUint32(last.start, last.end - last.start + extra);
  return large;
}

/** `ftyp`, media, movie header: what a camera writes. */
export function movieLast(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const boxes = topBoxes(bytes);
  const movie = boxes.find(({ type }) => type === 'moov');
  if (movie === undefined) throw new Error('no movie header');
  const size = movie.end - movie.start;
  const moved = shifted(bytes, (offset) => (offset > movie.start ? -size : 0));
  return new Uint8Array([
    ...moved.subarray(0, movie.start),
    ...moved.subarray(movie.end),
    ...moved.subarray(movie.start, movie.end),
  ]);
}

/** The media box with a 64-bit size. */
export function wideMedia(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const media = topBoxes(bytes).find(({ type }) => type === 'mdat');
  if (media === undefined) throw new Error('no media');
  const moved = shifted(bytes, (offset) => (offset > media.start ? 8 : 0));
  const header = new Uint8Array(16);
  const view = new DataView(header.buffer);
  view.setUint32(0, 1);
  header.set(moved.subarray(media.start + 4, media.start + 8), 4);
  view.setBigUint64(8, BigInt(media.end - media.start + 8));
  return new Uint8Array([...moved.subarray(0, media.start), ...header, ...moved.subarray(media.start + 8)]);
}

/** A box put in after the file type, with everything behind it moved. */
export function withBox(bytes: Uint8Array, type: string, content: Uint8Array): Uint8Array<ArrayBuffer> {
  const [fileType] = topBoxes(bytes);
  if (fileType === undefined) throw new Error('no file type');
  const box = new Uint8Array(8 + content.length);
  new DataView(box.buffer).setUint32(0, box.length);
  box.set(new TextEncoder().encode(type), 4);
  box.set(content, 8);
  const moved = shifted(bytes, () => box.length);
  return new Uint8Array([...moved.subarray(0, fileType.end), ...box, ...moved.subarray(fileType.end)]);
}
