/**
 * Puts likenesses into a scene: they take the places of the creatures a prompt names, and stand beside the action where it names none.
 * Invariants: without a cast nothing changes; a cast changes who is in the scene and nothing else. Pure; called by read-scene.ts and by
 * whoever asks which of them speaks.
 */
import type { CastMember } from '#schemas/likeness.ts';
import type { ScenePerson, Subject } from './scene.ts';

/** Likenesses as the drawing thread gets them: photographs by their path. */
export type SceneCast = readonly (Pick<CastMember, 'handle' | 'displayName'> &
  Pick<ScenePerson, 'portrait'>)[];

export function castKind(index: number): string {
  return `cast-${index}`;
}

export function peopleOf(cast: SceneCast): ScenePerson[] {
  return cast.map(({ handle, displayName, portrait }, i) => ({
    kind: castKind(i),
    handle,
    displayName,
    portrait,
  }));
}

/** People first, in their order, then stand-ins; each takes the next creature's place. */
export function castSubjects(
  subjects: readonly Subject[],
  people: readonly ScenePerson[],
  standIns: number,
): readonly Subject[] {
  const newcomers: Subject[] = [
    ...people.map(({ kind, displayName }): Subject => ({ kind, class: 'creature', name: displayName })),
    ...Array.from(
      { length: standIns },
      (): Subject => ({ kind: 'person', class: 'creature', name: 'stand-in' }),
    ),
  ];
  if (newcomers.length === 0) return subjects;
  const result: Subject[] = [];
  for (const subject of subjects) {
    if (subject.class !== 'creature') {
      result.push(subject);
      continue;
    }
    const count = subject.count ?? 1;
    const taken = newcomers.splice(0, count);
    result.push(...taken);
    const left = count - taken.length;
    if (left > 0) result.push(left === count ? subject : { ...subject, count: left });
  }
  return [...result, ...newcomers];
}

/** Index of the person who says a line: by handle or name; a line without a speaker is the first person's. -1 for anybody else. */
export function speakerIndex(
  speaker: string | undefined,
  people: readonly Pick<ScenePerson, 'handle' | 'displayName'>[],
): number {
  if (speaker === undefined) return people.length > 0 ? 0 : -1;
  const name = speaker.trim().replace(/^@/, '').toLowerCase();
  return people.findIndex(
    ({ handle, displayName }) => handle.toLowerCase() === name || displayName.toLowerCase() === name,
  );
}
