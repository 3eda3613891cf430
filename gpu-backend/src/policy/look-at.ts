/** One frame with the models of the policy. Called by process.ts. */
import type { FrameScores } from '#core/moderation/output-policy.ts';
import type { PolicyFindings } from '#schemas/policy.ts';
import type { Picture } from '../inspection/face-models.ts';
import { type LookedAtFace, loadPolicyModels } from './models.ts';

export interface LookRequest {
  /** Absent: the models are only loaded, so that the first frame does not wait for them. */
  readonly frame?: { readonly at: number; readonly picture: Picture; readonly faces: boolean };
}

export interface LookedAt {
  readonly models: PolicyFindings['models'];
  readonly scores: FrameScores | null;
  readonly faces: readonly LookedAtFace[];
}

export async function lookAt({ frame }: LookRequest): Promise<LookedAt> {
  const models = await loadPolicyModels();
  if (frame === undefined) return { models: models.names, scores: null, faces: [] };
  const { picture, at } = frame;
  return {
    models: models.names,
    scores: await models.scoresOf(picture, at),
    faces: frame.faces ? await models.facesOf(picture) : [],
  };
}
