/**
 * RGBA frames in, H.264 packets out: High profile, 4:2:0, BT.709 limited range and flagged so, a key frame every second,
 * quality-driven with a ceiling on the rate. One frame is in memory at a time; the encoder's own look-ahead is short.
 * Called by finish.ts.
 */
import { EncodedPacket } from 'mediabunny';
import type { CodecContext, Frame, Packet, SoftwareScaleContext } from 'node-av';
import { check, mediaLibrary } from './native.ts';

export interface VideoSettings {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
}

/**
 * `veryfast` at CRF 20 under a 5.5 Mb/s ceiling: about 4 s of processor time for 10 s of 720×1280, with no visible loss on drawn
 * scenes. `rc-lookahead` is short because frames in flight are memory.
 */
const x264Options: Readonly<Record<string, string>> = {
  preset: 'veryfast',
  crf: '20',
  maxrate: '5500000',
  bufsize: '8000000',
  profile: 'high',
  'rc-lookahead': '12',
};

export class VideoEncoder {
  readonly #av = mediaLibrary();
  readonly #settings: VideoSettings;
  readonly #context: CodecContext;
  readonly #source: Frame;
  readonly #target: Frame;
  readonly #scaler: SoftwareScaleContext;
  readonly #packet: Packet;

  private constructor(settings: VideoSettings) {
    const av = this.#av;
    this.#settings = settings;
    const codec = av.Codec.findEncoderByName(av.FF_ENCODER_LIBX264);
    if (!codec) throw new Error('this build of the media library has no H.264 encoder');
    const context = new av.CodecContext();
    context.allocContext3(codec);
    context.width = settings.width;
    context.height = settings.height;
    context.pixelFormat = av.AV_PIX_FMT_YUV420P;
    context.timeBase = new av.Rational(1, settings.fps);
    context.framerate = new av.Rational(settings.fps, 1);
    context.gopSize = settings.fps;
    context.maxBFrames = 2;
    context.threadCount = 2;
    context.colorRange = av.AVCOL_RANGE_MPEG;
    context.colorPrimaries = av.AVCOL_PRI_BT709;
    context.colorTrc = av.AVCOL_TRC_BT709;
    context.colorSpace = av.AVCOL_SPC_BT709;
    for (const [name, value] of Object.entries(x264Options))
      check(context.setOption(name, value), `setting ${name}`);
    this.#context = context;
    this.#source = this.#makeFrame(av.AV_PIX_FMT_RGBA);
    this.#source.colorSpace = av.AVCOL_SPC_RGB;
    this.#source.colorRange = av.AVCOL_RANGE_JPEG;
    this.#target = this.#makeFrame(av.AV_PIX_FMT_YUV420P);
    this.#target.colorSpace = av.AVCOL_SPC_BT709;
    this.#target.colorRange = av.AVCOL_RANGE_MPEG;
    this.#scaler = new av.SoftwareScaleContext();
    this.#scaler.allocContext();
    this.#packet = new av.Packet();
    this.#packet.alloc();
  }

  /** @throws Error when the encoder cannot be opened with these settings (odd sizes, for instance). */
  static async open(settings: VideoSettings): Promise<VideoEncoder> {
    const encoder = new VideoEncoder(settings);
    check(await encoder.#context.open2(), 'opening the H.264 encoder');
    return encoder;
  }

  #makeFrame(format: Frame['format']): Frame {
    const frame = new this.#av.Frame();
    frame.alloc();
    frame.width = this.#settings.width;
    frame.height = this.#settings.height;
    frame.format = format;
    // Rows without padding, so that frames are copied in one move.
    check(frame.getBuffer(1), 'allocating a frame');
    return frame;
  }

  /**
   * Where to write the next frame, RGBA rows without padding; then call `encode`.
   */
  pixels(): Uint8Array {
    const plane = this.#source.data?.[0];
    if (!plane || this.#source.linesize[0] !== this.#settings.width * 4)
      throw new Error('the frame buffer is not as asked for');
    return plane;
  }

  /** Encodes what was written into `pixels()` as frame `index`; yields the packets that became ready, in decode order. */
  async *encode(index: number): AsyncGenerator<EncodedPacket> {
    check(this.#target.makeWritable(), 'taking a frame');
    check(await this.#scaler.scaleFrame(this.#target, this.#source), 'converting colours');
    this.#target.pts = BigInt(index);
    this.#target.duration = 1n;
    check(await this.#context.sendFrame(this.#target), 'encoding a frame');
    yield* this.#drain();
  }

  /** Yields the packets still inside the encoder. */
  async *flush(): AsyncGenerator<EncodedPacket> {
    check(await this.#context.sendFrame(null), 'ending the picture');
    yield* this.#drain();
  }

  async *#drain(): AsyncGenerator<EncodedPacket> {
    const av = this.#av;
    for (;;) {
      const status = await this.#context.receivePacket(this.#packet);
      if (status === av.AVERROR_EAGAIN || status === av.AVERROR_EOF) return;
      check(status, 'reading a packet');
      const data = this.#packet.data;
      if (data) {
        const { fps } = this.#settings;
        const type = this.#packet.isKeyframe ? 'key' : 'delta';
        yield new EncodedPacket(new Uint8Array(data), type, Number(this.#packet.pts) / fps, 1 / fps);
      }
      this.#packet.unref();
    }
  }

  /** Frees the encoder; safe at any time. */
  close(): void {
    this.#context.freeContext();
    this.#source.free();
    this.#target.free();
    this.#scaler.freeContext();
    this.#packet.free();
  }
}
