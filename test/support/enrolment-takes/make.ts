/**
 * Makes the recordings that the enrolment tests look at, from one portrait: a public-domain photograph (NASA; read from the
 * testdata folder) or a face painted here, which is nobody's. The head is turned on its own mesh and the mouth moved with the
 * sound (head.ts). Takes are kept in the system's temporary folder and made again when these sources change.
 *
 *     node test/support/enrolment-takes/make.ts [portrait|painted] [folder]
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { argv, pid } from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import type { Challenge } from '#schemas/http/cameo.ts';
import { loadFaceModels } from '../../../gpu-backend/src/inspection/face-models.ts';
import { meshOf } from '../../../gpu-backend/src/inspection/look.ts';
import { filmScreen, type Held, holdPrint } from './attacks.ts';
import { encodeTake } from './encode.ts';
import { Head } from './head.ts';
import { painted, paintPerson } from './painted.ts';
import { fps, perform, speechAt, takeSeconds } from './perform.ts';
import type { Image } from './raster.ts';
import { opening, sayDigits, voiceRate } from './voice.ts';

export const takeNames = [
  'good',
  'still',
  'screen',
  'two-faces',
  'wrong-order',
  'silence',
  'no-sound',
  'swapped',
  'other-digits',
  'dubbed',
  'nobody',
  'short',
] as const;
export type TakeName = (typeof takeNames)[number];

/** Safari's recorder writes MP4, the others WebM. */
const inMp4: TakeName = 'wrong-order';

/** What every take was asked for. */
export const takeChallenge: Challenge = { digits: '382917', turns: ['left', 'up', 'right'] };

export const testdata = resolve(
  process.env.KINORA_TESTDATA ?? resolve(import.meta.dirname, '../../../../shared/testdata'),
);
const portraitFile = join(testdata, 'face/astronaut.png');

const size = { width: 480, height: 360 };

/** Whose takes: the photographed portrait's where the testdata folder is there, a painted face's anywhere. */
export type Subject = 'portrait' | 'painted';
export const bestSubject: Subject = existsSync(portraitFile) ? 'portrait' : 'painted';

/** Head and shoulders of the portrait, as a camera on a desk would see them. */
async function portrait(): Promise<Image> {
  const canvas = createCanvas(size.width, size.height);
  const context = canvas.getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.drawImage(await loadImage(portraitFile), 80, 0, 293, 220, 0, 0, size.width, size.height);
  return { ...size, data: new Uint8ClampedArray(context.getImageData(0, 0, size.width, size.height).data) };
}

function paste(onto: Image, from: Image, x: number, y: number, scale: number): Image {
  const data = onto.data.slice();
  for (let v = 0; v < from.height * scale; v++)
    for (let u = 0; u < from.width * scale; u++) {
      const at = ((Math.floor(v / scale) * from.width + Math.floor(u / scale)) * 4) | 0;
      if (x + u < onto.width && y + v < onto.height)
        data.set(from.data.subarray(at, at + 3), ((y + v) * onto.width + x + u) * 4);
    }
  return { ...onto, data };
}

/** A hand is never still. */
const inHand = (index: number, turn: number, size: number): Held => ({
  yaw: turn * Math.sin((2 * Math.PI * index) / (fps * 3.2)),
  pitch: 0.6 * turn * Math.sin((2 * Math.PI * index) / (fps * 4.7)),
  roll: 0.02 * Math.sin(index / 9),
  dx: 6 * Math.sin(index / 11),
  dy: 4 * Math.sin(index / 7),
  scale: size,
});

function takeLock(path: string): boolean {
  try {
    writeFileSync(path, String(pid), { flag: 'wx' });
    return true;
  } catch {
    return false;
  }
}

/** A folder with one file per take, made when it is not there yet. About a minute of computing. */
export async function makeTakes(
  subject: Subject = bestSubject,
  into?: string,
): Promise<Record<TakeName, string>> {
  const here = import.meta.dirname;
  const hash = createHash('sha256').update(subject);
  for (const name of readdirSync(here).sort()) hash.update(readFileSync(join(here, name)));
  const folder = into ?? join(tmpdir(), `kinora-enrolment-takes-${hash.digest('hex').slice(0, 12)}`);
  mkdirSync(folder, { recursive: true });
  const paths = Object.fromEntries(
    takeNames.map((name) => [name, join(folder, `${name}.${inMp4 === name ? 'mp4' : 'webm'}`)]),
  ) as Record<TakeName, string>;
  const made = (): boolean => takeNames.every((name) => existsSync(paths[name]));
  const lock = join(folder, 'making');
  const mine = made() || takeLock(lock);
  // Test files run side by side: one makes the takes, the others wait, and make them after all if it died over it.
  for (let waited = 0; !mine && !made() && waited < 300; waited++) await setTimeout(1000);
  if (made()) return paths;
  const picture =
    subject === 'portrait' ? await portrait() : paintPerson(painted.ada, size.width, size.height);
  const models = await loadFaceModels();
  const headOf = async (image: Image): Promise<Head> => {
    const [face] = await models.find(image, false);
    if (!face) throw new Error('the models see no face in the portrait');
    return new Head(image, meshOf(face, Math.max(image.width, image.height)));
  };
  const me = await headOf(picture);
  const stranger = await headOf(paintPerson(painted.bo, size.width, size.height));
  const { digits, turns } = takeChallenge;
  const voice = sayDigits(digits, speechAt, takeSeconds).samples;
  const mouth = opening(voice, fps);
  const gestures = perform(turns, mouth);
  const good = gestures.map((gesture) => me.draw(gesture));
  const count = good.length;
  const strangers = gestures.map((gesture, i) =>
    i % 3 === 0 || i > count / 2 ? stranger.draw(gesture) : undefined,
  );
  const wrong = perform(['right', 'up', 'left'], mouth).map((gesture, i) =>
    i > speechAt * fps ? (good[i] ?? picture) : me.draw(gesture),
  );
  const other = sayDigits('605448', speechAt, takeSeconds).samples;
  /** The good take up to the digits, then the mouth of somebody who says this. */
  const saying = (samples: Float32Array): Image[] =>
    perform(turns, opening(samples, fps)).map((gesture, i) =>
      i < speechAt * fps ? (good[i] ?? picture) : me.draw(gesture),
    );
  const room = new Float32Array(voice.length).map((_, i) => 0.0008 * Math.sin(i * i * 0.37));
  const empty = {
    ...picture,
    data: picture.data.map((_, i) => (i % 4 === 3 ? 255 : 150 + ((i >> 2) % size.width) / 12)),
  };
  const takes: Record<TakeName, [Iterable<Image>, Float32Array | undefined]> = {
    good: [good, voice],
    still: [good.map((_, i) => holdPrint(picture, inHand(i, 0.55, 0.95))), voice],
    screen: [good.map((frame, i) => filmScreen(frame, inHand(i, 0.04, 0.9))), voice],
    'two-faces': [
      good.map((frame, i) => paste(frame, strangers[i - (i % 3)] ?? frame, 300, 112, 0.6)),
      voice,
    ],
    'wrong-order': [wrong, voice],
    silence: [good, room],
    'no-sound': [good.slice(0, 6 * fps), undefined],
    swapped: [good.map((frame, i) => (i > count * 0.6 ? (strangers[i] ?? frame) : frame)), voice],
    'other-digits': [saying(other), other],
    dubbed: [good, other],
    nobody: [Array.from({ length: 6 * fps }, () => empty), voice.slice(-6 * voiceRate)],
    short: [good.slice(0, 3 * fps), voice.slice(0, 3 * voiceRate)],
  };
  for (const name of takeNames) {
    const [frames, samples] = takes[name];
    const bytes = await encodeTake({ fps, frames, samples }, inMp4 === name ? 'mp4' : 'webm');
    const part = `${paths[name]}.${pid}`;
    writeFileSync(part, bytes);
    renameSync(part, paths[name]);
  }
  rmSync(lock, { force: true });
  return paths;
}

if (argv[1] === import.meta.filename) {
  const paths = await makeTakes(argv[2] === 'painted' ? 'painted' : bestSubject, argv[3]);
  console.log(Object.values(paths).join('\n'));
}
