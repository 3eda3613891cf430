/**
 * Takes the sound out of a recording without decoding it, so that the recogniser gets half a megabyte instead of forty-eight. Invariant:
 * the recording is read in ranges and never held whole. Called by hear-digits.ts.
 */
import {
  AdtsOutputFormat,
  BufferTarget,
  CustomSource,
  EncodedAudioPacketSource,
  EncodedPacketSink,
  Input,
  MP4,
  OggOutputFormat,
  Output,
  WEBM,
} from 'mediabunny';

/** Reads bytes `start` to `end` (exclusive) of the recording. */
export type ReadRange = (start: number, end: number) => Promise<Uint8Array>;

/** More than this is no half minute of speech. */
const maxBytes = 4 * 1024 * 1024;

/** Opus as Ogg or AAC as ADTS, as recorded. @throws when there is no such sound in it */
export async function audioTrack(read: ReadRange, size: number): Promise<Uint8Array> {
  using input = new Input({
    formats: [WEBM, MP4],
    source: new CustomSource({ getSize: () => size, read, maxCacheSize: 1024 * 1024 }),
  });
  const track = await input.getPrimaryAudioTrack();
  if (track === null) throw new Error('the recording has no sound');
  const [codec, decoderConfig] = await Promise.all([track.getCodec(), track.getDecoderConfig()]);
  if ((codec !== 'opus' && codec !== 'aac') || decoderConfig === null) {
    throw new Error('the sound is neither Opus nor AAC');
  }
  const target = new BufferTarget();
  const output = new Output({
    format: codec === 'opus' ? new OggOutputFormat() : new AdtsOutputFormat(),
    target,
  });
  const source = new EncodedAudioPacketSource(codec);
  output.addAudioTrack(source);
  await output.start();
  let bytes = 0;
  let start: number | null = null;
  for await (const packet of new EncodedPacketSink(track).packets()) {
    bytes += packet.byteLength;
    if (bytes > maxBytes) throw new Error('the sound is too large');
    // Recorders begin a little before or after zero; an output begins at zero.
    start ??= packet.timestamp;
    await source.add(packet.clone({ timestamp: packet.timestamp - start }), { decoderConfig });
  }
  await output.finalize();
  if (target.buffer === null) throw new Error('the sound could not be written');
  return new Uint8Array(target.buffer);
}
