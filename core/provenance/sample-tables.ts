/**
 * Where the chunks of each track lie in an MP4. Invariant: only as many chunks as the offset table has, and none beyond the file; counts are
 * checked against their box before anything is made from them. Called by binding-merkle.ts for per-track Merkle hashes.
 * @see ISO/IEC 14496-12 §8.7 (sample tables), c2pa-rs `asset_handlers/bmff_io.rs` (`BmffSampleReader`)
 */
import type { ByteRange } from '#schemas/provenance.ts';
import type { Box } from './bmff-boxes.ts';
import { type BoxTree, boxTree } from './bmff-exclusions.ts';
import type { WindowReader } from './window.ts';

/** A table of an hour at 60 frames a second is under one megabyte. */
const maxTable = 16 * 1024 * 1024;

/** Chunks in order by track id; a `trak` without sample tables is left out. Null where a table is damaged. */
export async function trackChunks(
  boxes: readonly Box[],
  reader: WindowReader,
): Promise<Map<number, ByteRange[]> | null> {
  const tree = boxTree(boxes);
  const movie = tree.root.find(({ type }) => type === 'moov');
  const tracks = new Map<number, ByteRange[]>();
  for (const track of movie === undefined ? [] : tree.children(movie)) {
    if (track.type !== 'trak') continue;
    const found = await readTrack(track, tree, reader);
    if (found === 'damaged') return null;
    if (found !== null) tracks.set(found.id, found.chunks);
  }
  return tracks;
}

async function readTrack(
  track: Box,
  tree: BoxTree,
  reader: WindowReader,
): Promise<{ id: number; chunks: ByteRange[] } | null | 'damaged'> {
  const child = (box: Box | undefined, type: string) =>
    box === undefined ? undefined : tree.children(box).find((one) => one.type === type);
  const header = child(track, 'tkhd');
  const table = child(child(child(track, 'mdia'), 'minf'), 'stbl');
  const [runs, sizes] = [child(table, 'stsc'), child(table, 'stsz')];
  const short = child(table, 'stco');
  const offsets = short ?? child(table, 'co64');
  if (header === undefined || runs === undefined || sizes === undefined || offsets === undefined) return null;
  const [tkhd, stsc, stsz, stco] = [
    await content(header, reader),
    await content(runs, reader),
    await content(sizes, reader),
    await content(offsets, reader),
  ];
  if (tkhd === null || stsc === null || stsz === null || stco === null) return 'damaged';
  const idAt = tkhd.byteLength > 0 && tkhd.getUint8(0) === 1 ? 20 : 12;
  if (tkhd.byteLength < idAt + 4) return 'damaged';
  const chunks = chunksOf(stsc, stsz, stco, short === undefined ? 8 : 4, reader.size);
  return chunks === null ? 'damaged' : { id: tkhd.getUint32(idAt), chunks };
}

/** After the header, version and flags first. */
async function content(box: Box, reader: WindowReader): Promise<DataView | null> {
  const [start, end] = [box.start + box.headerSize, box.start + box.size];
  if (end < start || end - start > maxTable) return null;
  const bytes = (await reader.get(start, end)).slice();
  return new DataView(bytes.buffer);
}

function chunksOf(
  stsc: DataView,
  stsz: DataView,
  offsets: DataView,
  offsetSize: 4 | 8,
  fileSize: number,
): ByteRange[] | null {
  if (stsc.byteLength < 8 || offsets.byteLength < 8 || stsz.byteLength < 12) return null;
  const [runCount, chunkCount] = [stsc.getUint32(4), offsets.getUint32(4)];
  const [fixedSize, sampleCount] = [stsz.getUint32(4), stsz.getUint32(8)];
  if (runCount === 0 || runCount * 12 > stsc.byteLength - 8) return null;
  if (chunkCount * offsetSize > offsets.byteLength - 8) return null;
  if (fixedSize === 0 && sampleCount * 4 > stsz.byteLength - 12) return null;
  if (sampleCount === 0 || sampleCount > fileSize) return null;

  const chunks: ByteRange[] = [];
  let sample = 0;
  for (let run = 0; run < runCount && sample < sampleCount; run++) {
    const first = stsc.getUint32(8 + run * 12);
    const perChunk = stsc.getUint32(12 + run * 12);
    const next = run + 1 < runCount ? stsc.getUint32(20 + run * 12) : chunkCount + 1;
    // Runs follow each other; anything else would name a chunk twice.
    if (first !== chunks.length + 1 || next < first || perChunk === 0) return null;
    for (let chunk = first; chunk < next && sample < sampleCount; chunk++) {
      if (chunk > chunkCount) return null;
      const at = 8 + (chunk - 1) * offsetSize;
      const start = offsetSize === 4 ? offsets.getUint32(at) : Number(offsets.getBigUint64(at));
      const last = Math.min(sampleCount, sample + perChunk);
      let size = fixedSize * (last - sample);
      for (; fixedSize === 0 && sample < last; sample++) size += stsz.getUint32(12 + sample * 4);
      sample = last;
      if (start + size > fileSize) return null;
      chunks.push({ start, end: start + size });
    }
  }
  return sample === sampleCount ? chunks : null;
}
