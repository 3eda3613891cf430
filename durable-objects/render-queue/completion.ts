/**
 * What the queue finds out about a finished job before it believes the node. Invariants: the engine is described as its node offered it
 * when it leased, so a node that leaves cannot stop a clip from being signed; faces are looked at only for engines that may see
 * likenesses, and what is kept of them is whose they are, never what they look like. Called by the RenderQueue object.
 */
import type { EngineCapability } from '#schemas/engine.ts';
import type { RenderOutput, SeenFace } from '#schemas/render.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import type { SeenAtCompletion } from './rpc.ts';

/**
 * @param asked name of the engine in the job
 * @param offered by the node, its own first
 * @returns output_invalid when another engine made it than was asked for or than this node has
 */
export async function seeCompletion(
  env: Pick<Env, 'FACE_INDEX'>,
  asked: string,
  offered: readonly EngineCapability[],
  output: RenderOutput,
  faces: readonly SeenFace[],
): Promise<Result<SeenAtCompletion>> {
  const engine = offered.find(({ name }) => name === asked);
  if (output.engine.name !== asked || engine === undefined)
    return fail('output_invalid', 'This was not made by the engine that was asked for.', { engine: asked });
  const { description, digitalSourceType, biometricsAllowed } = engine;
  const shown = biometricsAllowed ? faces : [];
  const found =
    shown.length === 0
      ? []
      : await env.FACE_INDEX.getByName('main').recognise(shown.map(({ embedding }) => embedding));
  return ok({
    engine: { description, digitalSourceType },
    recognised: found.map(({ face, accountId, similarity }) => ({
      at: shown[face]?.at ?? 0,
      accountId,
      similarity,
    })),
  });
}
