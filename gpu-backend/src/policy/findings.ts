/**
 * From what the models saw to what is reported. Pure. Invariant: says what was seen and by what, never what follows from it: the edge
 * decides. Called by watcher.ts and by the inspection of uploads.
 */
import { type FrameScores, findInFrames, outputPolicyVersion } from '#core/moderation/output-policy.ts';
import type { PolicyFindings } from '#schemas/policy.ts';
import type { SeenFace } from '#schemas/render.ts';
import { cosine } from '../inspection/core/statistics.ts';
import { thresholds } from '../inspection/core/thresholds.ts';
import type { LookedAtFace } from './models.ts';

export function findingsOf(models: PolicyFindings['models'], frames: readonly FrameScores[]): PolicyFindings {
  // Models that saw no frame have not looked.
  return {
    version: outputPolicyVersion,
    models: frames.length === 0 ? [] : models,
    findings: findInFrames(frames),
  };
}

/** As the protocol has it. */
const mostFaces = 8;

/** One face for each person who seems to be there, the largest of them first: the edge compares no more than eight. */
export function distinctFaces(seen: readonly { at: number; face: LookedAtFace }[]): SeenFace[] {
  const people: SeenFace[] = [];
  for (const { at, face } of seen.toSorted((a, b) => b.face.size - a.face.size)) {
    if (people.length === mostFaces) break;
    const known = people.some(
      ({ embedding }) => cosine(embedding, face.embedding) >= thresholds.same.similarity,
    );
    if (!known) people.push({ at, embedding: [...face.embedding] });
  }
  return people;
}
