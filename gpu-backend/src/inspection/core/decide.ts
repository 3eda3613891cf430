/**
 * The verdict of an inspection: every check of an enrolment that a node can make, in the order of the contract, each with a
 * sentence that says what to do. Nothing is decided here about the account: the edge does that. Called by inspect.ts.
 */
import type { Challenge, EnrolmentCheck, HeadTurn } from '#schemas/http/cameo.ts';
import { recordingLimits } from '#schemas/http/cameo.ts';
import type { EnrolmentReport } from '#schemas/inspection.ts';
import { digitsCheck, type Heard } from './digits.ts';
import { readTurns } from './head-turns.ts';
import { lifeSigns } from './live-person.ts';
import { samePerson } from './same-person.ts';
import { lipSync, voicedSeconds } from './speech.ts';
import { median, percentile } from './statistics.ts';
import { thresholds } from './thresholds.ts';
import type { AudioTrack, FaceTrack } from './tracks.ts';

export interface Seen {
  readonly challenge: Challenge;
  /** Undefined when the file is no video that can be read. */
  readonly face: FaceTrack | undefined;
  /** Undefined without a sound track. */
  readonly audio: AudioTrack | undefined;
  readonly heard: Heard;
}

export interface Verdict {
  readonly checks: EnrolmentCheck[];
  readonly speech: EnrolmentReport['speech'];
  /** Every check that must pass passed; speech may be unverified. */
  readonly passed: boolean;
}

type Outcome = Omit<EnrolmentCheck, 'name'>;
const passed = (message: string): Outcome => ({ outcome: 'passed', message });
const failed = (message: string): Outcome => ({ outcome: 'failed', message });
const skipped = (why: string): Outcome => ({
  outcome: 'unverified',
  message: `Not looked at, because ${why}.`,
});

/** @returns checks in the order of `enrolmentChecks`, without `not-enrolled-elsewhere`. */
export function decide({ challenge, face, audio, heard }: Seen): Verdict {
  const recording = recordingCheck(face);
  const usable = face && recording.outcome === 'passed' ? face : undefined;
  const sound = face ? soundCheck(audio) : skipped('the recording cannot be read');
  const oneFace = usable ? oneFaceCheck(usable) : skipped('the recording cannot be used');
  // Without one face there is nobody to look at any closer.
  const person = oneFace.outcome === 'passed' ? usable : undefined;
  const noPerson = skipped('there is not one face all along');
  const digits = digitsCheck(challenge.digits, heard, sound.outcome === 'passed');
  const checks: EnrolmentCheck[] = [
    { name: 'recording', ...recording },
    { name: 'sound', ...sound },
    { name: 'one-face', ...oneFace },
    { name: 'head-turns', ...(person ? headTurnsCheck(person, challenge.turns) : noPerson) },
    { name: 'live-person', ...(person ? livePersonCheck(person) : noPerson) },
    { name: 'same-person', ...(person ? samePersonCheck(person) : noPerson) },
    { name: 'lips-and-voice', ...(person ? lipsCheck(person, audio, sound) : noPerson) },
    { name: 'spoken-digits', outcome: digits.outcome, message: digits.message },
  ];
  return {
    checks,
    speech: digits.speech,
    passed: checks.every(
      ({ name, outcome }) => outcome === 'passed' || (name === 'spoken-digits' && outcome === 'unverified'),
    ),
  };
}

function recordingCheck(face: FaceTrack | undefined): Outcome {
  if (!face)
    return failed(
      'The recording cannot be read as a video. Record it again, in this page or as MP4 or WebM.',
    );
  const { minSeconds, maxSeconds } = recordingLimits;
  const { slackSeconds, darkest } = thresholds.recording;
  const seconds = `${face.seconds.toFixed(1)} s`;
  if (face.seconds < minSeconds - slackSeconds)
    return failed(
      `The recording lasts ${seconds}; it needs at least ${minSeconds} s. Record again and take your time.`,
    );
  if (face.seconds > maxSeconds + slackSeconds)
    return failed(
      `The recording lasts ${seconds}; at most ${maxSeconds} s are looked at. Record a shorter one.`,
    );
  if (median(face.frames.map((frame) => frame.light)) < darkest)
    return failed('The picture is almost black. Turn on a light or uncover the camera, and record again.');
  return passed(`A video of ${seconds} that can be read.`);
}

function soundCheck(audio: AudioTrack | undefined): Outcome {
  if (!audio) return failed('The recording has no sound. Allow the microphone and record again.');
  if (percentile(audio.level, 0.95) < thresholds.sound.quietest)
    return failed(
      'The recording is silent. Check that the right microphone is chosen and not muted, and record again.',
    );
  const voiced = voicedSeconds(audio);
  if (voiced < thresholds.sound.voiced)
    return failed('There is sound but hardly a voice in it. Say the digits aloud, close to the microphone.');
  return passed(`A voice is heard for ${voiced.toFixed(1)} s.`);
}

function oneFaceCheck(track: FaceTrack): Outcome {
  const { oneFace, secondFace, smallest } = thresholds.face;
  const counts = track.frames.map(({ faces }) => {
    const largest = faces[0]?.size ?? 0;
    return faces.filter(({ size }) => size >= secondFace * largest).length;
  });
  const share = (test: (count: number) => boolean): number =>
    counts.filter(test).length / Math.max(1, counts.length);
  if (share((count) => count === 0) > 1 - oneFace)
    return failed(
      share((count) => count === 0) > 0.9
        ? 'No face is seen. Look into the camera, with light on your face.'
        : 'Your face leaves the picture for a part of the recording. Stay in view, also while you turn your head.',
    );
  if (share((count) => count === 1) < oneFace)
    return failed(
      'More than one face is seen. Make sure that nobody else, and no picture of anybody, is in view.',
    );
  const size = median(track.frames.flatMap(({ faces }) => faces.slice(0, 1).map((face) => face.size)));
  if (size < smallest * track.height)
    return failed('Your face is too small to see well. Come closer to the camera.');
  return passed('One face is seen all along.');
}

function headTurnsCheck(track: FaceTrack, asked: readonly HeadTurn[]): Outcome {
  const made = readTurns(track).map(({ direction }) => direction);
  const wanted = asked.join(', then ');
  if (made.length === asked.length && made.every((direction, i) => direction === asked[i]))
    return passed(`Your head turned ${wanted}.`);
  const seen = made.length === 0 ? 'no turn was seen' : `what was seen is ${made.join(', then ')}`;
  return failed(
    `Asked for was ${wanted}; ${seen}. Left and right are your own. Turn clearly, and come back to the front each time.`,
  );
}

function livePersonCheck(track: FaceTrack): Outcome {
  const signs = lifeSigns(track);
  const { live } = thresholds;
  if (!signs) return failed('No face is seen.');
  if (signs.grain > live.grain)
    return failed(
      'The picture has the pattern of a screen. Record yourself with the camera, not a screen that shows you.',
    );
  if (signs.relief < live.relief || signs.reliefOverSolid < live.reliefOverSolid)
    return failed(
      'The face stays flat when it turns, as a picture does. Record yourself, and turn your head further.',
    );
  if (signs.real < live.real || signs.live < live.live)
    return failed(
      'The face does not look like a living one to the camera. Use even light from the front and no filter.',
    );
  if (signs.blink < live.blink && signs.mouth < live.mouth)
    return failed('Neither eyes nor mouth move. Blink, speak, and record again.');
  return passed('The face has depth when it turns, and it moves.');
}

function samePersonCheck(track: FaceTrack): Outcome {
  const lowest = samePerson(track);
  if (lowest === undefined)
    return failed('The face is not seen well enough to tell that it is one person. Use more light.');
  return lowest >= thresholds.same.similarity
    ? passed('It is the same person from beginning to end.')
    : failed('The face changes during the recording. Record it in one go, with nobody else in view.');
}

function lipsCheck(track: FaceTrack, audio: AudioTrack | undefined, sound: Outcome): Outcome {
  if (!audio || sound.outcome !== 'passed') return skipped('no voice is heard');
  const sync = lipSync(track, audio);
  if (!sync)
    return failed('The mouth is not seen while the voice is heard. Face the camera while you speak.');
  const { movement, correlation } = thresholds.lips;
  if (sync.movement < movement)
    return failed('The lips hardly move while the voice is heard. Speak yourself, and clearly.');
  if (sync.correlation < correlation)
    return failed(
      'The lips do not go with the voice. Speak yourself, without music or other voices in the room.',
    );
  return passed('The lips go with the voice.');
}
