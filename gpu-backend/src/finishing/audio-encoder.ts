/**
 * Stereo samples in, AAC packets out. The encoder's 1024 samples of priming keep their negative time, so that the muxer
 * writes an edit list and sound stays on its frame; the last packet is cut to length, so that sound ends with the picture.
 * Called by finish.ts.
 */
import { EncodedPacket } from 'mediabunny';
import { check, mediaLibrary } from './native.ts';

export const audioSampleRate = 48_000;
const bitRate = 160_000;

export interface EncodedAudio {
  readonly packets: readonly EncodedPacket[];
  /** AudioSpecificConfig, ISO/IEC 14496-3. */
  readonly description: Uint8Array;
}

/** @param samples interleaved stereo at 48 kHz. */
export async function encodeAudio(samples: Float32Array): Promise<EncodedAudio> {
  const av = mediaLibrary();
  const codec = av.Codec.findEncoder(av.AV_CODEC_ID_AAC);
  if (!codec) throw new Error('this build of the media library has no AAC encoder');
  const context = new av.CodecContext();
  context.allocContext3(codec);
  context.sampleRate = audioSampleRate;
  context.sampleFormat = av.AV_SAMPLE_FMT_FLTP;
  context.channelLayout = av.AV_CHANNEL_LAYOUT_STEREO;
  context.timeBase = new av.Rational(1, audioSampleRate);
  context.bitRate = BigInt(bitRate);
  const packet = new av.Packet();
  packet.alloc();
  const frame = new av.Frame();
  frame.alloc();
  const packets: EncodedPacket[] = [];
  const total = samples.length / 2;
  const drain = async (): Promise<void> => {
    for (;;) {
      const status = await context.receivePacket(packet);
      if (status === av.AVERROR_EAGAIN || status === av.AVERROR_EOF) return;
      check(status, 'reading a sound packet');
      const start = Number(packet.pts);
      if (packet.data && start < total) {
        const frames = Math.min(1024, total - start);
        packets.push(
          new EncodedPacket(
            new Uint8Array(packet.data),
            'key',
            start / audioSampleRate,
            frames / audioSampleRate,
          ),
        );
      }
      packet.unref();
    }
  };
  try {
    check(await context.open2(), 'opening the AAC encoder');
    const description = new Uint8Array(context.extraData ?? []);
    const size = context.frameSize;
    for (let from = 0; from < total; from += size) {
      frame.unref();
      frame.format = av.AV_SAMPLE_FMT_FLTP;
      frame.sampleRate = audioSampleRate;
      frame.channelLayout = av.AV_CHANNEL_LAYOUT_STEREO;
      frame.nbSamples = size;
      check(frame.allocBuffer(), 'allocating sound');
      frame.data?.slice(0, 2).forEach((plane, channel) => {
        const out = new Float32Array(plane.buffer, plane.byteOffset, size);
        for (let i = 0; i < size; i++) out[i] = samples[2 * (from + i) + channel] ?? 0;
      });
      frame.pts = BigInt(from);
      check(await context.sendFrame(frame), 'encoding sound');
      await drain();
    }
    check(await context.sendFrame(null), 'ending the sound');
    await drain();
    return { packets, description };
  } finally {
    context.freeContext();
    packet.free();
    frame.free();
  }
}
