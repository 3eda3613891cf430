/**
 * One recording from file to report. What leaves this function is checks, and of somebody who passed all of them an embedding, a
 * voice and, if asked for, a portrait; nothing is logged. Called by process.ts.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Challenge, recordingLimits } from '#schemas/http/cameo.ts';
import type { EnrolmentReport } from '#schemas/inspection.ts';
import { decide } from './core/decide.ts';
import type { Heard } from './core/digits.ts';
import { typicalEmbedding } from './core/same-person.ts';
import { hear, soundRate } from './core/sound.ts';
import { describeVoice, speechSteps } from './core/speech.ts';
import type { AudioTrack, FaceTrack, FrameView } from './core/tracks.ts';
import { loadFaceModels } from './face-models.ts';
import { lookAt } from './look.ts';
import { bestFrame, cutPortrait } from './portrait.ts';
import { openRecording, type Recording } from './read-recording.ts';
import { findRecogniser } from './speech-recogniser.ts';

export interface InspectionRequest {
  /** The recording. */
  readonly path: string;
  /** A private folder for what has to be written; the caller removes it. */
  readonly folder: string;
  readonly challenge: Challenge;
  readonly wantPortrait: boolean;
}

/** A report without its portrait, whose file the caller stores. */
export type InspectionOutcome = Omit<EnrolmentReport, 'portrait'> & {
  /** Path of a JPEG in `folder`. */
  readonly portraitFile: string | null;
};

export async function inspect(request: InspectionRequest): Promise<InspectionOutcome> {
  const recording = await openRecording(request.path);
  try {
    const sound = await recording?.sound().catch(() => undefined);
    const audio = sound && sound.length > 0 ? hear(sound) : undefined;
    const face = recording ? await watch(recording) : undefined;
    const heard = await listen(sound, audio, request);
    const verdict = decide({ challenge: request.challenge, face, audio, heard });
    const embedding = verdict.passed && face ? typicalEmbedding(face) : undefined;
    const whole = { checks: verdict.checks, speech: verdict.speech };
    if (!recording || !face || !embedding)
      return { ...whole, embedding: null, voice: null, portraitFile: null };
    return {
      ...whole,
      embedding: [...embedding],
      voice: audio && request.wantPortrait ? describeVoice(audio) : null,
      portraitFile: request.wantPortrait ? await savePortrait(recording, face, request.folder) : null,
    };
  } finally {
    recording?.close();
  }
}

/** @returns undefined when the picture breaks off so early that there is nothing to look at. */
async function watch(recording: Recording): Promise<FaceTrack | undefined> {
  const { seconds, height } = recording;
  const track = (frames: readonly FrameView[]): FaceTrack => ({ seconds, height, frames });
  // What is refused for its length needs no models.
  if (!(seconds >= 1 && seconds <= recordingLimits.maxSeconds + 5)) return track([]);
  const models = await loadFaceModels();
  const frames: FrameView[] = [];
  let tall = height;
  try {
    for await (const { at, picture } of recording.frames()) {
      frames.push(await lookAt(models, picture, at, frames.length));
      tall = picture.height;
    }
  } catch {
    if (frames.length === 0) return undefined;
  }
  return { ...track(frames), height: tall };
}

/** What is said, cut to where there is speech: pauses and turns of the head before it only confuse a recogniser. */
async function listen(
  sound: Float32Array | undefined,
  audio: AudioTrack | undefined,
  { challenge, folder }: InspectionRequest,
): Promise<Heard> {
  const recogniser = await findRecogniser();
  if (!sound || !audio) return { kind: 'heard', digits: '' };
  const speech = speechSteps(audio);
  const step = soundRate / audio.rate;
  const margin = 0.3 * soundRate;
  const from = Math.max(0, speech.indexOf(true) * step - margin);
  const to = (speech.lastIndexOf(true) + 1) * step + margin;
  return recogniser.hear(sound.subarray(from, to), challenge.digits, folder);
}

async function savePortrait(recording: Recording, track: FaceTrack, folder: string): Promise<string | null> {
  const best = bestFrame(track);
  const picture = best && (await recording.frameAt(best.at));
  if (!best || !picture) return null;
  const path = join(folder, 'portrait.jpg');
  await writeFile(path, cutPortrait(picture, best.face), { mode: 0o600 });
  return path;
}
