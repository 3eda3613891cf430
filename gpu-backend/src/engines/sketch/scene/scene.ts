/**
 * What the prompt was understood to mean: plain data, complete, and the only thing physics and drawing read. Made by
 * read-scene.ts; the same prompt and seed always give an equal scene.
 */
import type { DrawnPortrait } from '#schemas/likeness.ts';
import type { Hex } from '../color.ts';
import type { SoundMood } from '../simulation-log.ts';

export const actionNames = [
  'basketball',
  'dominoes',
  'newtons-cradle',
  'car-jump',
  'juggling',
  'tower-collapse',
  'boat',
  'see-saw',
  'marble-run',
  'balloons',
  'snowman',
  'fireworks',
  'bowling',
  'wrecking-ball',
  'rain-of-things',
  'hopping',
  'rocket',
  'lanterns',
  'bouncing-balls',
  'swimming',
] as const;
export type ActionName = (typeof actionNames)[number];

export const settingNames = [
  'meadow',
  'beach',
  'city',
  'forest',
  'desert',
  'moon',
  'gym',
  'room',
  'mountain',
  'sea',
  'park',
  'street',
  'underwater',
  'space',
  'snowfield',
  'castle',
] as const;
export type SettingName = (typeof settingNames)[number];

export const styleNames = [
  'storybook',
  'paper',
  'neon',
  'ink',
  'pencil',
  'watercolour',
  'clay',
  'pixel',
  'blueprint',
  'noir',
  'poster',
  'chalk',
] as const;
export type StyleName = (typeof styleNames)[number];

export type TimeOfDay = 'dawn' | 'noon' | 'sunset' | 'night';
export type Weather = 'clear' | 'rain' | 'snow' | 'fog' | 'wind' | 'storm';
export type CameraMove = 'still' | 'follow' | 'pan' | 'push-in';
export type Tone = 'calm' | 'joyful' | 'melancholy' | 'eerie' | 'epic' | 'dreamy' | 'playful';

export type SubjectClass = 'creature' | 'ball' | 'fruit' | 'vehicle' | 'thing';

/** A noun of the prompt that is drawn. */
export interface Subject {
  /** The noun's canonical form, e.g. `cat`, `apple`. */
  readonly kind: string;
  readonly class: SubjectClass;
  /** Said in the prompt; absent where the palette decides. */
  readonly color?: Hex;
  /** Said in the prompt; absent where the action decides. */
  readonly count?: number;
  /** What captions call it where that is not its kind: somebody with a name. */
  readonly name?: string;
}

/** Colours of the place and of the light. The styles may grade it once more. */
export interface Palette {
  readonly skyTop: Hex;
  readonly skyMiddle: Hex;
  readonly skyLow: Hex;
  /** Sun or moon disc. */
  readonly disc: Hex;
  /** Colour of the light that falls on things. */
  readonly light: Hex;
  /** Colour of the shade side and of cast shadows. */
  readonly shade: Hex;
  /** Colour distance fades to. */
  readonly haze: Hex;
  readonly ground: Hex;
  readonly groundFar: Hex;
  readonly foliage: Hex;
  readonly structure: Hex;
  readonly water: Hex;
  /** Colours handed to things that name none of their own. */
  readonly accents: readonly [Hex, Hex, Hex, Hex, Hex];
}

/** A line of dialogue with its place in time, seconds. */
export interface TimedLine {
  readonly speaker?: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Somebody whose likeness is in the scene. */
export interface ScenePerson {
  /** The kind of their subject: `cast-0`, `cast-1`, … */
  readonly kind: string;
  readonly handle: string;
  readonly displayName: string;
  readonly portrait: DrawnPortrait | { readonly kind: 'photo'; readonly path: string };
}

export interface Scene {
  readonly seed: number;
  readonly seconds: number;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly action: ActionName;
  /** Whether the attempt succeeds; only actions that can fail read it. */
  readonly outcome: 'success' | 'miss';
  readonly setting: SettingName;
  readonly time: TimeOfDay;
  readonly weather: Weather;
  readonly style: StyleName;
  readonly camera: CameraMove;
  readonly tone: Tone;
  readonly subjects: readonly Subject[];
  /** Whose likenesses take part, in the order they were named. */
  readonly people: readonly ScenePerson[];
  /** Metres per second squared, positive downwards. */
  readonly gravity: number;
  /** Horizontal wind, metres per second. */
  readonly wind: number;
  readonly palette: Palette;
  readonly mood: SoundMood;
  readonly dialogue: readonly TimedLine[];
  /** Where the sun or moon stands: 0 left … 1 right; light comes from there. */
  readonly discAt: number;
  /** One plain sentence: how the prompt was understood. */
  readonly summary: string;
}

/** The first subject of one of the classes, if the prompt named one. */
export function subjectOf(scene: Scene, ...classes: readonly SubjectClass[]): Subject | undefined {
  return scene.subjects.find((s) => classes.includes(s.class));
}

/** The subject of a given kind, if the prompt named it. */
export function subjectNamed(scene: Scene, ...kinds: readonly string[]): Subject | undefined {
  return scene.subjects.find((s) => kinds.includes(s.kind));
}

/** Whether the frame is taller than wide. */
export function isPortrait(scene: Scene): boolean {
  return scene.height > scene.width;
}

/** An accent colour by position, wrapping round. */
export function accent(scene: Scene, index: number): Hex {
  const { accents } = scene.palette;
  return accents[((index % accents.length) + accents.length) % accents.length] ?? accents[0];
}
