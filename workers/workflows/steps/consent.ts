/**
 * Whether everybody a generation needs still agrees. Invariant: asked before the job is queued and again before the commit point, so a
 * revocation acknowledged before either stops it there; what is revoked later is stopped by the keys the clip carries. Called by the
 * workflow.
 */
import type { AdmittedGeneration } from '#durable-objects/account/rpc.ts';
import { askGate, homeRegion } from '#durable-objects/consent/gate.ts';
import { type Capability, type ConsentKey, clipKey } from '#schemas/consent.ts';

/**
 * `cast` for the likenesses, `remix` for what the parent carries, `serve` for a clip that is made again.
 * @throws ConsentUnavailableError: the step is tried again
 */
export async function stillAgreed(
  env: Env,
  { cast, parent, recastOf }: AdmittedGeneration,
): Promise<boolean> {
  const questions: readonly [Capability, readonly ConsentKey[]][] = [
    ['cast', cast.flatMap(({ keys }) => keys)],
    ['remix', parent?.keys ?? []],
    ['serve', recastOf === null ? [] : [clipKey(recastOf.clipId)]],
  ];
  const decisions = await Promise.all(
    questions.flatMap(([capability, keys]) =>
      keys.length === 0 ? [] : [askGate(env, homeRegion, keys, capability)],
    ),
  );
  return decisions.every(({ allowed }) => allowed);
}
