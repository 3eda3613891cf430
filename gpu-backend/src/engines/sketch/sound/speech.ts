/**
 * Speaks dialogue with a voice found on this machine (espeak-ng), or stays silent so that captions carry the words. The text
 * goes to the voice by standard input, never on a command line, and never into a log. Called by render-sound.ts; the
 * engine asks `findVoice` what to promise in its capability.
 */
import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import type { Voice } from '#schemas/likeness.ts';
import { sampleRate } from './filters.ts';
import type { Shot } from './mixer.ts';
import { deriveSeed } from './random.ts';
import { normalize } from './synth.ts';
import { brighten, manner } from './voice.ts';

export interface DialogueLine {
  readonly speaker?: string;
  readonly text: string;
  /** Seconds. */
  readonly start: number;
  readonly end: number;
  /** Of the person who says it, where they lend it. */
  readonly voice?: Voice;
}

let voice: Promise<string | undefined> | undefined;

/** The command of a local voice, or undefined. Looked up once per process. */
export function findVoice(): Promise<string | undefined> {
  voice ??= promisify(execFile)('espeak-ng', ['--version'], { timeout: 3000 }).then(
    () => 'espeak-ng',
    () => undefined,
  );
  return voice;
}

/** Voices by script: the language itself cannot be told from one line, its alphabet can. */
const scripts: readonly (readonly [RegExp, string])[] = [
  [/\p{Script=Hiragana}|\p{Script=Katakana}/u, 'ja'],
  [/\p{Script=Han}/u, 'cmn'],
  [/\p{Script=Hangul}/u, 'ko'],
  [/\p{Script=Cyrillic}/u, 'ru'],
  [/\p{Script=Greek}/u, 'el'],
  [/\p{Script=Arabic}/u, 'ar'],
  [/\p{Script=Hebrew}/u, 'he'],
  [/\p{Script=Devanagari}/u, 'hi'],
  [/\p{Script=Thai}/u, 'th'],
  [/[äöüß]/iu, 'de'],
  [/[ñ¿¡]/iu, 'es'],
  [/[àçèêœ]/iu, 'fr'],
];
const variants = ['m3', 'f2', 'm1', 'f4', 'm7', 'f5'];

/** One shot per line that could be spoken; a line that fails is left to its caption. */
export async function speechShots(lines: readonly DialogueLine[]): Promise<Shot[]> {
  const command = lines.length > 0 ? await findVoice() : undefined;
  if (command === undefined) return [];
  const shots: Shot[] = [];
  for (const line of lines) {
    const samples = await speak(command, line).catch(() => undefined);
    if (!samples || samples.length === 0) continue;
    normalize(samples, 0.9);
    shots.push({
      start: Math.round(line.start * sampleRate),
      bus: 'voice',
      pan: 0.5,
      gain: 0.75,
      send: 0.06,
      render: () => samples,
    });
  }
  return shots;
}

async function speak(command: string, line: DialogueLine): Promise<Float32Array> {
  const who = deriveSeed(7, line.speaker ?? '');
  const language = scripts.find(([pattern]) => pattern.test(line.text))?.[1] ?? 'en-us';
  const own = line.voice === undefined ? undefined : manner(line.voice);
  const name = `${language}+${own?.variant ?? variants[who % variants.length] ?? 'm3'}`;
  const pitch = own?.pitch ?? 50;
  const pace = own?.wordsPerMinute ?? 160;
  const samples = await fitted(command, { name, pitch, pace }, line);
  return line.voice === undefined ? samples : brighten(samples, line.voice.brightness);
}

interface Manner {
  readonly name: string;
  /** espeak-ng's scale, 0 … 99. */
  readonly pitch: number;
  /** Words a minute. */
  readonly pace: number;
}

/** The line within its slot: once more, faster, when it is too long. */
async function fitted(command: string, manner: Manner, line: DialogueLine): Promise<Float32Array> {
  const slot = Math.max(0.3, line.end - line.start);
  const first = await synthesise(command, manner, line.text);
  const seconds = first.length / sampleRate;
  if (seconds <= slot) return first;
  // Too long for its slot: once more, faster. Beyond 320 words a minute nobody follows; the rest is cut with a short fade.
  const pace = Math.min(320, Math.ceil((manner.pace * seconds * 1.04) / slot));
  const faster = await synthesise(command, { ...manner, pace }, line.text);
  const kept = faster.subarray(0, Math.min(faster.length, Math.round((slot + 0.25) * sampleRate))).slice();
  const fade = Math.min(2400, kept.length);
  for (let i = 0; i < fade; i++) kept[kept.length - 1 - i] = (kept[kept.length - 1 - i] ?? 0) * (i / fade);
  return kept;
}

function synthesise(command: string, { name, pitch, pace }: Manner, text: string): Promise<Float32Array> {
  return new Promise((resolve, reject) => {
    const options = ['--stdin', '--stdout', '-v', name, '-s', String(pace), '-p', String(pitch)];
    const child = spawn(command, options, { stdio: ['pipe', 'pipe', 'ignore'] });
    const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      if (code !== 0) reject(new Error(`the voice ended with status ${code}`));
      else resolve(readWav(Buffer.concat(chunks)));
    });
    child.stdin.on('error', reject);
    child.stdin.end(text);
  });
}

/** 16-bit mono WAV from a pipe (its length fields may be wrong) to floats at 48 kHz. */
function readWav(bytes: Buffer): Float32Array {
  const data = bytes.indexOf('data', 12, 'latin1');
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || data < 0) throw new Error('the voice returned no WAV');
  const rate = bytes.readUInt32LE(24);
  const start = data + 8;
  const frames = Math.floor((bytes.length - start) / 2);
  const source = new Float32Array(frames);
  for (let i = 0; i < frames; i++) source[i] = bytes.readInt16LE(start + 2 * i) / 32_768;
  return resample(source, rate);
}

/** Hann-windowed sinc, 16 taps a side: images of a voice lie above 11 kHz and are 60 dB down. */
function resample(source: Float32Array, rate: number): Float32Array {
  const ratio = rate / sampleRate;
  const out = new Float32Array(Math.floor(source.length / ratio));
  const half = 16;
  for (let i = 0; i < out.length; i++) {
    const position = i * ratio;
    const centre = Math.floor(position);
    let sum = 0;
    for (let k = centre - half + 1; k <= centre + half; k++) {
      const x = position - k;
      const sinc = Math.abs(x) < 1e-9 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
      sum += (source[k] ?? 0) * sinc * (0.5 + 0.5 * Math.cos((Math.PI * x) / half));
    }
    out[i] = sum;
  }
  return out;
}
