/**
 * Everything a request would say or show, for the rules of the people in it. Invariant: no word of a request reaches an engine without
 * being in here, under the path of the field it stands in. Called by admission and, for what is published later, by the draft step.
 */
import type { TextPart } from '#durable-objects/clip/rpc.ts';
import type { DialogueLine } from '#schemas/engine.ts';
import type { CreateGeneration } from '#schemas/http/generations.ts';

/** Dialogue with its speakers, and sound cues. */
export function spokenOf({ dialogue, soundCues }: CreateGeneration): TextPart[] {
  return [
    ...dialogue.flatMap((line: DialogueLine, index) => [
      ...(line.speaker === undefined ? [] : [{ field: `dialogue.${index}.speaker`, text: line.speaker }]),
      { field: `dialogue.${index}.text`, text: line.text },
    ]),
    ...soundCues.map(({ sound }, index) => ({ field: `soundCues.${index}.sound`, text: sound })),
  ];
}

export function textsOf(request: CreateGeneration): TextPart[] {
  return [{ field: 'prompt', text: request.prompt }, ...spokenOf(request)];
}
