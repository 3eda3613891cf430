/**
 * Pictures through libav, in this process: decode a file, filter, encode, decode again. Frames go from hand to hand one at a time;
 * whoever takes one frees it. Called by the other files of this folder and test/node/watermark-finishing.test.ts.
 */
import type { Frame } from 'node-av';
import { Demuxer, FilterAPI } from 'node-av/api';
import type { LumaFrame } from '../../../core/watermark/frame.ts';
import { check, mediaLibrary } from '../../../gpu-backend/src/finishing/native.ts';

const av = mediaLibrary();

export interface Stream {
  readonly codec: 'h264' | 'hevc' | 'av1';
  readonly fps: number;
  readonly packets: readonly Uint8Array[];
}

/** Bytes of the stream, for bit rates. */
export function sizeOf(stream: Stream): number {
  return stream.packets.reduce((sum, packet) => sum + packet.length, 0);
}

/** Frames of a file from `from` on, at most `count`, as planar 4:2:0 limited range. */
export async function* decodeFile(path: string, from: number, count: number): AsyncGenerator<Frame> {
  const demuxer = await Demuxer.open(path);
  const stream = demuxer.video();
  if (!stream) throw new Error(`${path} has no picture`);
  const codec = av.Codec.findDecoder(stream.codecpar.codecId);
  if (!codec) throw new Error('no decoder');
  const context = new av.CodecContext();
  context.allocContext3(codec);
  check(context.parametersToContext(stream.codecpar), 'reading parameters');
  let index = 0;
  try {
    for await (const frame of decodeWith(context, codec, packetsOf(demuxer, stream.index))) {
      if (index >= from && index < from + count) {
        frame.pts = BigInt(index - from);
        yield frame;
      } else frame.free();
      index += 1;
      if (index >= from + count) return;
    }
  } finally {
    await demuxer.close();
  }
}

async function* packetsOf(demuxer: Demuxer, index: number): AsyncGenerator<InstanceType<typeof av.Packet>> {
  for await (const packet of demuxer.packets(index)) {
    if (!packet) return;
    yield packet;
  }
}

async function* decodeWith(
  context: InstanceType<typeof av.CodecContext>,
  codec: InstanceType<typeof av.Codec>,
  packets: AsyncIterable<InstanceType<typeof av.Packet>>,
): AsyncGenerator<Frame> {
  context.threadCount = 1;
  check(await context.open2(codec), 'opening the decoder');
  const frame = new av.Frame();
  frame.alloc();
  async function* drain(): AsyncGenerator<Frame> {
    for (;;) {
      const status = await context.receiveFrame(frame);
      if (status === av.AVERROR_EAGAIN || status === av.AVERROR_EOF) return;
      check(status, 'decoding');
      const copy = frame.clone();
      frame.unref();
      if (copy) yield copy;
    }
  }
  try {
    for await (const packet of packets) {
      check(await context.sendPacket(packet), 'decoding');
      packet.free();
      yield* drain();
    }
    await context.sendPacket(null);
    yield* drain();
  } finally {
    frame.free();
    context.freeContext();
  }
}

/** Decodes what `encode` made. */
export async function* decode(stream: Stream): AsyncGenerator<Frame> {
  const id = { h264: av.AV_CODEC_ID_H264, hevc: av.AV_CODEC_ID_HEVC, av1: av.AV_CODEC_ID_AV1 }[stream.codec];
  // FFmpeg's own AV1 decoder needs hardware.
  const codec =
    stream.codec === 'av1' ? av.Codec.findDecoderByName(av.FF_DECODER_LIBDAV1D) : av.Codec.findDecoder(id);
  if (!codec) throw new Error(`no decoder for ${stream.codec}`);
  const context = new av.CodecContext();
  context.allocContext3(codec);
  async function* packets(): AsyncGenerator<InstanceType<typeof av.Packet>> {
    for (const data of stream.packets) {
      const packet = new av.Packet();
      packet.alloc();
      packet.data = Buffer.from(data);
      yield packet;
    }
  }
  let index = 0n;
  for await (const frame of decodeWith(context, codec, packets())) {
    frame.pts = index++;
    yield frame;
  }
}

/** Through a filter graph in ffmpeg's notation; `null` passes frames on. */
export async function* filter(
  frames: AsyncIterable<Frame>,
  description: string | null,
  fps: number,
): AsyncGenerator<Frame> {
  if (description === null) {
    yield* frames;
    return;
  }
  const graph = FilterAPI.create(description, { framerate: { num: fps, den: 1 }, graph: { nbThreads: 1 } });
  async function* timed(): AsyncGenerator<Frame> {
    for await (const frame of frames) {
      frame.timeBase = new av.Rational(1, fps);
      yield frame;
      frame.free();
    }
  }
  try {
    for await (const frame of graph.frames(timed())) {
      if (!frame) return;
      yield frame;
    }
  } finally {
    graph.close();
  }
}

export interface EncoderChoice {
  readonly codec: Stream['codec'];
  /** Name of the encoder in libav. */
  readonly name: string;
  readonly options: Readonly<Record<string, string>>;
}

export function x264(crf: number, preset = 'veryfast'): EncoderChoice {
  return { codec: 'h264', name: 'libx264', options: { preset, crf: String(crf) } };
}

/** Encodes all frames, freeing them. */
export async function encode(
  frames: AsyncIterable<Frame>,
  choice: EncoderChoice,
  fps: number,
): Promise<Stream> {
  const codec = av.Codec.findEncoderByName(choice.name as Parameters<typeof av.Codec.findEncoderByName>[0]);
  if (!codec) throw new Error(`this build of the media library has no ${choice.name}`);
  const packets: Uint8Array[] = [];
  const packet = new av.Packet();
  packet.alloc();
  let context: InstanceType<typeof av.CodecContext> | null = null;
  const drain = async (from: InstanceType<typeof av.CodecContext>): Promise<void> => {
    for (;;) {
      const status = await from.receivePacket(packet);
      if (status === av.AVERROR_EAGAIN || status === av.AVERROR_EOF) return;
      check(status, 'encoding');
      if (packet.data) packets.push(new Uint8Array(packet.data));
      packet.unref();
    }
  };
  let index = 0n;
  for await (const frame of frames) {
    if (!context) {
      context = new av.CodecContext();
      context.allocContext3(codec);
      context.width = frame.width;
      context.height = frame.height;
      context.pixelFormat = frame.format as typeof av.AV_PIX_FMT_YUV420P;
      context.timeBase = new av.Rational(1, fps);
      context.framerate = new av.Rational(fps, 1);
      context.threadCount = 1;
      for (const [name, value] of Object.entries(choice.options))
        check(context.setOption(name, value), `setting ${name}`);
      check(await context.open2(codec), `opening ${choice.name}`);
    }
    frame.pts = index++;
    frame.pictType = av.AV_PICTURE_TYPE_NONE;
    check(await context.sendFrame(frame), 'encoding');
    frame.free();
    await drain(context);
  }
  if (!context) throw new Error('nothing to encode');
  await context.sendFrame(null);
  await drain(context);
  context.freeContext();
  packet.free();
  return { codec: choice.codec, fps, packets };
}

/** Samples of a plane without padding, copied. @param bytes per pixel */
function planeOf(frame: Frame, bytes: number): Uint8Array {
  const plane = frame.data?.[0];
  const stride = frame.linesize[0];
  if (!plane || !stride) throw new Error('the frame has no pixels');
  const row = frame.width * bytes;
  const data = new Uint8Array(row * frame.height);
  for (let y = 0; y < frame.height; y++) data.set(plane.subarray(y * stride, y * stride + row), y * row);
  return data;
}

/** The luma plane of a planar or grey frame. */
export function lumaOf(frame: Frame): LumaFrame {
  return { width: frame.width, height: frame.height, data: planeOf(frame, 1) };
}

/** The pixels of an RGBA frame. */
export function rgbaOf(frame: Frame): Uint8Array {
  return planeOf(frame, 4);
}

/** Frames out of RGBA pictures. */
export async function* fromRgba(
  pictures: AsyncIterable<Uint8Array | Uint8ClampedArray> | Iterable<Uint8Array | Uint8ClampedArray>,
  width: number,
  height: number,
  fps: number,
): AsyncGenerator<Frame> {
  let index = 0n;
  for await (const pixels of pictures) {
    const buffer = Buffer.from(pixels.buffer, pixels.byteOffset, pixels.length);
    const frame = av.Frame.fromVideoBuffer(buffer, {
      width,
      height,
      format: av.AV_PIX_FMT_RGBA,
      timeBase: { num: 1, den: fps },
    });
    frame.pts = index++;
    yield frame;
  }
}
