/**
 * Brings every clip to the same loudness: −14 LUFS integrated (ITU-R BS.1770-5, as FFmpeg's ebur128 measures it) with a true
 * peak that stays under −1 dBTP after encoding. Measured, turned up or down by one gain for the whole clip, and limited
 * only where peaks would pass the ceiling. Called by finish.ts.
 */
import type { Frame } from 'node-av';
import { audioSampleRate } from './audio-encoder.ts';
import { mediaLibrary } from './native.ts';

export const targetLoudness = -14;
/** dBTP before AAC, which adds up to half a decibel of overshoot. */
const peakCeiling = -1.6;
/** Below this a clip is silent by the standard's absolute gate and is left alone. */
const silenceLoudness = -70;
/** Peaks are pushed down by no more than this: beyond it a limiter is heard, and the clip stays a little softer. */
const maxLimiting = 12;

export interface Loudness {
  /** LUFS; −70 for silence. */
  readonly integrated: number;
  /** dBTP; −Infinity for digital silence. */
  readonly truePeak: number;
}

/** Integrated loudness and true peak of interleaved stereo samples at 48 kHz. */
export async function measureLoudness(samples: Float32Array): Promise<Loudness> {
  let integrated = silenceLoudness;
  let truePeak = Number.NEGATIVE_INFINITY;
  await runFilter(samples, 'ebur128=peak=true:metadata=1,aformat=sample_fmts=flt', (frame) => {
    const metadata = frame.getMetadata();
    const value = Number(metadata.get('lavfi.r128.I') ?? Number.NaN);
    if (Number.isFinite(value)) integrated = Math.max(silenceLoudness, value);
    for (const channel of ['0', '1']) {
      const peak = Number(metadata.get(`lavfi.r128.true_peaks_ch${channel}`) ?? 0);
      if (peak > 0) truePeak = Math.max(truePeak, 20 * Math.log10(peak));
    }
    metadata.free();
  });
  return { integrated, truePeak };
}

/**
 * The samples at −14 LUFS with peaks held, and what they measure now. Same length, nothing moved in time.
 * @returns the input itself when it is silent.
 */
export async function normalizeLoudness(
  samples: Float32Array,
): Promise<{ samples: Float32Array; loudness: Loudness }> {
  const before = await measureLoudness(samples);
  if (before.integrated <= silenceLoudness) return { samples, loudness: before };
  let gain = Math.min(targetLoudness - before.integrated, peakCeiling + maxLimiting - before.truePeak);
  let best = { samples, loudness: before };
  for (let attempt = 0; attempt < 3; attempt++) {
    const limit = before.truePeak + gain > peakCeiling;
    const louder = limit ? await limited(samples, gain) : scaled(samples, gain);
    best = { samples: louder, loudness: await measureLoudness(louder) };
    const missing = targetLoudness - best.loudness.integrated;
    // Limiting takes loudness away: ask for as much more, within reason.
    if (Math.abs(missing) < 0.2 || before.truePeak + gain >= peakCeiling + maxLimiting) break;
    gain = Math.min(gain + missing, peakCeiling + maxLimiting - before.truePeak);
  }
  return best;
}

function scaled(samples: Float32Array, decibels: number): Float32Array {
  const factor = 10 ** (decibels / 20);
  return samples.map((sample) => sample * factor);
}

/** Look-ahead limiter at four times the rate, so that peaks between samples are held too. */
async function limited(samples: Float32Array, decibels: number): Promise<Float32Array> {
  const out = new Float32Array(samples.length);
  let at = 0;
  const ceiling = 10 ** (peakCeiling / 20);
  const chain = [
    `volume=${decibels.toFixed(3)}dB:precision=float`,
    'aresample=192000',
    `alimiter=limit=${ceiling.toFixed(5)}:attack=4:release=90:level=0:latency=1`,
    `aresample=${audioSampleRate}`,
    'aformat=sample_fmts=flt',
  ];
  await runFilter(samples, chain.join(','), (frame) => {
    const plane = frame.data?.[0];
    if (!plane) return;
    const block = new Float32Array(
      plane.buffer.slice(plane.byteOffset, plane.byteOffset + frame.nbSamples * 8),
    );
    out.set(block.subarray(0, Math.max(0, out.length - at)), at);
    at = Math.min(out.length, at + block.length);
  });
  return out;
}

async function runFilter(
  samples: Float32Array,
  description: string,
  use: (frame: Frame) => void,
): Promise<void> {
  const av = mediaLibrary();
  const filter = av.FilterAPI.create(description);
  const frames = samples.length / 2;
  const block = 4800;
  const take = async (input: Frame | null): Promise<void> => {
    for (const output of await filter.processAll(input)) {
      use(output);
      output.free();
    }
  };
  try {
    for (let from = 0; from < frames; from += block) {
      const count = Math.min(block, frames - from);
      const bytes = Buffer.from(samples.buffer, samples.byteOffset + from * 8, count * 8);
      const frame = av.Frame.fromAudioBuffer(bytes, {
        nbSamples: count,
        format: av.AV_SAMPLE_FMT_FLT,
        sampleRate: audioSampleRate,
        channelLayout: av.AV_CHANNEL_LAYOUT_STEREO,
        timeBase: { num: 1, den: audioSampleRate },
        pts: BigInt(from),
      });
      await take(frame);
      frame.free();
    }
    await take(null);
  } finally {
    filter.close();
  }
}
