/**
 * The reader: prompt and seed in, complete scene out. Pure and deterministic; called by prepare.ts in the drawing thread and
 * by tests. A remix reads its parent first and lays over it what the new prompt names.
 */
import { parseFrameSize, type RenderSpec } from '#schemas/engine.ts';
import { createRandom, hashString } from '../random.ts';
import { castSubjects, peopleOf, type SceneCast } from './cast.ts';
import { timeDialogue } from './dialogue.ts';
import { type Facts, readFacts } from './facts.ts';
import {
  inferAction,
  inferCamera,
  inferSetting,
  inferStyle,
  inferTime,
  inferTone,
  inferWeather,
} from './infer.ts';
import { readMood } from './mood.ts';
import { readPalette } from './palette.ts';
import type { Scene, SettingName, Subject } from './scene.ts';
import { summarise } from './summary.ts';

export const framesPerSecond = 30;

const gravities: Readonly<Partial<Record<SettingName, number>>> = {
  moon: 1.62,
  space: 1.62,
  underwater: 9.81,
};

/** Reads what is asked for; never fails, whatever the words are. */
export function readScene(
  spec: Pick<RenderSpec, 'prompt' | 'seed' | 'seconds' | 'size' | 'dialogue' | 'parent'> & {
    readonly cast?: SceneCast;
    readonly standIns?: number;
  },
): Scene {
  const own = readFacts(spec.prompt);
  const facts = spec.parent ? overlay(readFacts(spec.parent.prompt), own) : own;
  const seed = (spec.parent ? spec.parent.seed : spec.seed) >>> 0;
  const wordHash = hashString(facts.unknown.join(' '));
  const random = createRandom((seed ^ wordHash) >>> 0);

  const action = inferAction(facts, random.fork('action'));
  const tone = inferTone(facts, action, random.fork('tone'));
  const setting = inferSetting(facts, action, random.fork('setting'));
  const time = inferTime(facts, action, setting, tone, random.fork('time'));
  const weather = inferWeather(facts, action, setting);
  const style = inferStyle(facts, tone, action, random.fork('style'));
  const turn = facts.unknown.length === 0 ? 0 : ((wordHash % 1000) / 1000 - 0.5) * 48;
  const people = peopleOf(spec.cast ?? []);
  const { width, height } = parseFrameSize(spec.size);
  const scene: Omit<Scene, 'summary'> = {
    seed: (seed ^ wordHash) >>> 0,
    seconds: spec.seconds,
    width,
    height,
    fps: framesPerSecond,
    action,
    outcome: facts.outcome ?? 'success',
    setting,
    time,
    weather,
    style,
    camera: inferCamera(facts, action, random.fork('camera')),
    tone,
    subjects: castSubjects(facts.subjects, people, spec.standIns ?? 0),
    people,
    gravity: gravities[setting] ?? 9.81,
    wind: weather === 'storm' ? 7 : weather === 'wind' ? 5 : random.fork('wind').range(-0.8, 0.8),
    palette: readPalette(time, setting, weather, tone, turn, facts.colors, random.fork('palette')),
    mood: readMood(tone, setting, weather, time, action, random.fork('mood')),
    dialogue: timeDialogue(spec.dialogue, spec.seconds),
    discAt: random.fork('disc').pick([0.2, 0.3, 0.7, 0.8]),
  };
  return { ...scene, summary: summarise(scene) };
}

/** The parent's facts with everything the new prompt names put in its place. */
function overlay(parent: Facts, own: Facts): Facts {
  const named = own.actions[0] && own.actions[0].score >= 2 ? own.actions : parent.actions;
  const kept =
    parent.weather && own.without.has(parent.weather) ? { ...parent, weather: 'clear' as const } : parent;
  const hasFacts =
    own.actions.length + own.subjects.length + own.colors.length > 0 ||
    own.setting ||
    own.time ||
    own.weather ||
    own.style ||
    own.tone;
  return {
    ...kept,
    ...own,
    actions: named,
    subjects: overlaySubjects(parent.subjects, own.subjects, own.without),
    colors: own.colors.length > 0 ? own.colors : parent.colors,
    // Words that only phrase the wish ("make", "please") must not move the parent's composition.
    unknown: hasFacts ? parent.unknown : [...parent.unknown, ...own.unknown],
  };
}

function overlaySubjects(
  parent: readonly Subject[],
  own: readonly Subject[],
  without: ReadonlySet<string>,
): Subject[] {
  const merged = parent.filter((s) => !without.has(s.kind));
  for (const subject of own) {
    const same = merged.findIndex((s) => s.kind === subject.kind);
    const at = same >= 0 ? same : merged.findIndex((s) => s.class === subject.class);
    const old = merged[at];
    if (!old) merged.push(subject);
    else
      merged[at] =
        old.kind === subject.kind
          ? { ...old, ...subject }
          : { ...(old.count !== undefined && { count: old.count }), ...subject };
  }
  return merged;
}
