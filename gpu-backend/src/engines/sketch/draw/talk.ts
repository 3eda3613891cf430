/** When a person of the scene speaks, and how far their mouth is open. Called by bodies.ts and hosts.ts. */
import { speakerIndex } from '../scene/cast.ts';
import type { Scene } from '../scene/scene.ts';

/** Syllables a second of unhurried speech. */
const syllables = 4.4;

/**
 * @param kind of the person's subject
 * @returns 0 closed … 3 wide
 */
export function talkAt(scene: Scene, kind: string | undefined, time: number): number {
  const index = scene.people.findIndex((person) => person.kind === kind);
  if (index < 0) return 0;
  const line = scene.dialogue.find(({ start, end }) => time >= start && time < end);
  if (line === undefined || speakerIndex(line.speaker, scene.people) !== index) return 0;
  // Two rates that never quite meet: speech is not a metronome.
  const open =
    Math.abs(Math.sin(Math.PI * syllables * time)) * (0.65 + 0.35 * Math.sin(Math.PI * 1.7 * time + 1));
  return Math.min(3, Math.floor(open * 4));
}
