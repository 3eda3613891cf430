/**
 * Digits by PocketSphinx (CMU), the command of Debian's `pocketsphinx` with its `pocketsphinx-en-us` model: offline, English, 0.3 s
 * for a recording. Called through speech-recogniser.ts.
 */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { decoysFor, digitsIn, grammarOf } from './core/decoys.ts';
import { soundRate } from './core/sound.ts';
import type { SpeechRecogniser } from './speech-recogniser.ts';

const command = 'pocketsphinx_continuous';
const run = promisify(execFile);
/**
 * Measured on 48 strings by six espeak-ng voices, digits set apart: what was said is picked 45 times, something that was not said is
 * taken for it once in 96 times.
 */
const decoys = 99;
/** Beams far wider than usual: with those the right string is often lost before its last digit. The long pause keeps it one utterance. */
const beam = '1e-200';
const options = [
  '-logfn',
  '/dev/null',
  '-vad_postspeech',
  '500',
  '-beam',
  beam,
  '-wbeam',
  beam,
  '-pbeam',
  beam,
];

/** @returns undefined when the command is not installed. */
export async function findPocketSphinx(): Promise<SpeechRecogniser | undefined> {
  const installed = await run(command, ['-h'], { timeout: 5000 }).then(
    () => true,
    // It answers with its options and a status of its own; only a missing file is a no.
    (error: { code?: unknown }) => error.code !== 'ENOENT' && error.code !== 'EACCES',
  );
  if (!installed) return undefined;
  return {
    name: 'pocketsphinx',
    async hear(samples, asked, folder) {
      const [sound, grammar] = [join(folder, 'speech.wav'), join(folder, 'digits.gram')];
      await writeFile(sound, wav(samples), { mode: 0o600 });
      await writeFile(grammar, grammarOf([asked, ...decoysFor(asked, decoys)]), { mode: 0o600 });
      const heard = await run(command, ['-infile', sound, '-jsgf', grammar, ...options], {
        timeout: 30_000,
      }).catch(() => undefined);
      // Installed without its model, or killed: this machine cannot tell.
      return heard ? { kind: 'heard', digits: digitsIn(heard.stdout) } : { kind: 'unavailable' };
    },
  };
}

/** 16-bit mono WAV, as loud as it can be. */
function wav(samples: Float32Array): Buffer {
  let peak = 1e-4;
  for (const value of samples) peak = Math.max(peak, Math.abs(value));
  const bytes = Buffer.alloc(44 + 2 * samples.length);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(36 + 2 * samples.length, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(soundRate, 24);
  bytes.writeUInt32LE(2 * soundRate, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(2 * samples.length, 40);
  for (const [i, value] of samples.entries())
    bytes.writeInt16LE(Math.round((value / peak) * 29_000), 44 + 2 * i);
  return bytes;
}
