/** Spoken digits at the edge: the sound is taken out of a real container, and a recogniser that answers as documented is understood. */
import { env } from 'cloudflare:workers';
import {
  ALL_FORMATS,
  BufferSource,
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  Input,
  Mp4OutputFormat,
  Output,
  WebMOutputFormat,
} from 'mediabunny';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { hearDigits } from '#workers/speech/hear-digits.ts';
import type { WorkersAi } from '#workers/speech/whisper.ts';
import { newEnrolmentId, report } from '../support/api-enrolment.ts';

const logged: string[] = [];
beforeEach(() => {
  for (const level of ['log', 'info', 'warn', 'error'] as const)
    vi.spyOn(console, level).mockImplementation(
      (...parts: unknown[]) => void logged.push(parts.map(String).join(' ')),
    );
});
afterEach(() => {
  vi.restoreAllMocks();
});

const frames = 150;

/** Identification header: version 1, one channel, 312 samples to skip, 48 kHz (RFC 7845 §5.1); every WebM with Opus carries one. */
const opusHead = Uint8Array.from([
  ...new TextEncoder().encode('OpusHead'),
  ...[1, 1, 0x38, 0x01, 0x80, 0xbb, 0, 0, 0, 0, 0],
]);

/** Three seconds as a browser records them: VP8 with Opus in WebM, or VP9 with AAC in MP4. The packets are hollow, the containers real. */
async function take(kind: 'webm' | 'mp4', sound = true): Promise<Uint8Array<ArrayBuffer>> {
  const target = new BufferTarget();
  const output = new Output({
    format: kind === 'webm' ? new WebMOutputFormat() : new Mp4OutputFormat({ fastStart: 'in-memory' }),
    target,
  });
  const video = new EncodedVideoPacketSource(kind === 'webm' ? 'vp8' : 'vp9');
  output.addVideoTrack(video);
  const audio = new EncodedAudioPacketSource(kind === 'webm' ? 'opus' : 'aac');
  if (sound) output.addAudioTrack(audio);
  await output.start();
  const videoConfig = {
    codec: kind === 'webm' ? 'vp8' : 'vp09.00.10.08',
    codedWidth: 64,
    codedHeight: 64,
  };
  const audioConfig =
    kind === 'webm'
      ? { codec: 'opus', sampleRate: 48_000, numberOfChannels: 1, description: opusHead }
      : {
          codec: 'mp4a.40.2',
          sampleRate: 48_000,
          numberOfChannels: 1,
          description: Uint8Array.from([0x11, 0x88]),
        };
  for (let index = 0; index < frames; index += 1) {
    const at = index * 0.02;
    if (index % 5 === 0) {
      await video.add(new EncodedPacket(new Uint8Array(5_000).fill(index), 'key', at, 0.1), {
        decoderConfig: videoConfig,
      });
    }
    // A silent Opus frame of 20 ms (RFC 6716 §3.1: CELT, fullband, mono).
    const bytes = kind === 'webm' ? [0xf8, 0xff, 0xfe] : [0x01, 0x40, index % 256];
    if (sound)
      await audio.add(new EncodedPacket(Uint8Array.from(bytes), 'key', at, 0.02), {
        decoderConfig: audioConfig,
      });
  }
  await output.finalize();
  if (target.buffer === null) throw new Error('no recording');
  return new Uint8Array(target.buffer);
}

async function stored(bytes: Uint8Array<ArrayBuffer>) {
  const inspectionId = newEnrolmentId();
  const objectKey = `enrolments/${inspectionId}/recording-1`;
  await env.MEDIA.put(objectKey, bytes);
  return {
    inspectionId,
    challenge: { digits: '481516', turns: ['left' as const, 'up' as const, 'right' as const] },
    media: { objectKey, size: bytes.length, mediaType: 'video/webm' },
  };
}

/** What the model answers, with what comes with it. */
const answer = (text: string, more: object = {}) => ({
  transcription_info: { language: 'en', language_probability: 0.98, duration: 3, duration_after_vad: 2.1 },
  text,
  word_count: text.split(/\s+/).length,
  vtt: `WEBVTT\n\n00:00.000 --> 00:03.000\n${text}\n\n`,
  ...more,
});

class Model implements WorkersAi {
  readonly asked: { model: string; input: Readonly<Record<string, unknown>> }[] = [];
  readonly #answer: unknown;
  constructor(reply: unknown) {
    this.#answer = reply;
  }
  async run(model: string, input: Readonly<Record<string, unknown>>): Promise<unknown> {
    this.asked.push({ model, input });
    if (this.#answer instanceof Error) throw this.#answer;
    return this.#answer;
  }
}

const unheard = () => report({ speech: 'unverified' }, { 'spoken-digits': 'unverified' });
const digitsCheck = (seen: ReturnType<typeof report>) =>
  seen.checks.filter(({ name }) => name === 'spoken-digits');

describe('the sound', () => {
  test.each([
    ['webm', 'opus', 'OggS'],
    ['mp4', 'aac', null],
  ] as const)('of a %s goes out as %s, whole, and without the picture', async (kind, codec, magic) => {
    const bytes = await take(kind);
    const AI = new Model(answer(' 4 8 1 5 1 6.'));
    const heard = await hearDigits({ MEDIA: env.MEDIA, ...{ AI } }, await stored(bytes), unheard());
    expect(heard.speech).toBe('verified');
    const [asked] = AI.asked;
    expect(asked?.model).toBe('@cf/openai/whisper-large-v3-turbo');
    const audio = Uint8Array.from(atob(String(asked?.input.audio)), (char) => char.charCodeAt(0));
    expect(audio.length).toBeLessThan(bytes.length / 20);
    if (magic !== null) expect(new TextDecoder().decode(audio.subarray(0, 4))).toBe(magic);
    using input = new Input({ formats: ALL_FORMATS, source: new BufferSource(audio) });
    const track = await input.getPrimaryAudioTrack();
    if (track === null) throw new Error('no sound');
    expect(await track.getCodec()).toBe(codec);
    expect(await input.getPrimaryVideoTrack()).toBeNull();
    let packets = 0;
    for await (const packet of new EncodedPacketSink(track).packets())
      packets += packet.byteLength > 0 ? 1 : 0;
    expect(packets).toBe(frames);
  });

  test.each([
    ['no sound', () => take('webm', false)],
    ['nothing readable', async () => Uint8Array.from(new TextEncoder().encode('neither WebM nor MP4'))],
  ])('of a recording with %s leaves the report as it was', async (_what, make) => {
    const AI = new Model(answer('4 8 1 5 1 6'));
    const before = unheard();
    expect(await hearDigits({ MEDIA: env.MEDIA, ...{ AI } }, await stored(await make()), before)).toBe(
      before,
    );
    expect(AI.asked).toEqual([]);
  });
});

describe('what the model answers', () => {
  test.each([
    ['numerals in one', answer(' 481516'), 'verified'],
    ['words', answer(' Four, eight, one, five, one, six.'), 'verified'],
    ['one digit misheard', answer(' 4 8 1 9 1 6'), 'verified'],
    ['another number', answer(' 1 2 3 4 5 6'), 'failed'],
    [
      'words nobody said over silence',
      answer(' Thank you.', { segments: [{ start: 0, end: 3, text: ' Thank you.', no_speech_prob: 0.93 }] }),
      'failed',
    ],
    [
      'the digits in one stretch, an invention in another',
      answer(' 9 9 9 9 9 9 4 8 1 5 1 6', {
        segments: [
          { text: ' 9 9 9 9 9 9', no_speech_prob: 0.9, avg_logprob: -1.4, words: [] },
          { text: ' 4 8 1 5 1 6', no_speech_prob: 0.02, avg_logprob: -0.2 },
        ],
      }),
      'verified',
    ],
    ['no segments', answer('4-8-1-5-1-6', { segments: [] }), 'verified'],
    ['nothing', { text: '' }, 'failed'],
  ] as const)('%s', async (_what, reply, speech) => {
    const heard = await hearDigits(
      { MEDIA: env.MEDIA, ...{ AI: new Model(reply) } },
      await stored(await take('webm')),
      unheard(),
    );
    expect(heard.speech).toBe(speech);
    expect(digitsCheck(heard)).toMatchObject([{ outcome: speech === 'verified' ? 'passed' : 'failed' }]);
    expect(heard.checks).toHaveLength(8);
  });

  test.each([
    ['an error', new Error('3046: Request timeout')],
    ['another shape', { result: { text: '4 8 1 5 1 6' } }],
    ['nothing at all', null],
  ])('%s leaves the report as it was', async (_what, reply) => {
    const before = unheard();
    expect(
      await hearDigits(
        { MEDIA: env.MEDIA, ...{ AI: new Model(reply) } },
        await stored(await take('webm')),
        before,
      ),
    ).toBe(before);
  });
});

describe('nothing is sent', () => {
  test.each([
    ['when the node heard the digits', report()],
    ['when the node heard others', report({ speech: 'failed' }, { 'spoken-digits': 'failed' })],
    [
      'when something else failed',
      report({ speech: 'unverified' }, { 'one-face': 'failed', 'spoken-digits': 'unverified' }),
    ],
  ])('%s', async (_when, seen) => {
    const AI = new Model(answer('1 2 3 4 5 6'));
    expect(await hearDigits({ MEDIA: env.MEDIA, ...{ AI } }, await stored(await take('webm')), seen)).toBe(
      seen,
    );
    expect(AI.asked).toEqual([]);
  });

  test('where the binding is absent', async () => {
    const before = unheard();
    expect(await hearDigits(env, await stored(await take('webm')), before)).toBe(before);
  });
});

test('what was said is in no log', () => {
  expect(logged.length).toBeGreaterThan(0);
  expect(logged.join('\n')).not.toMatch(/4 8 1|481516|Thank you|Four, eight/);
});
