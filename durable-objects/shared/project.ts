/**
 * Tells the relational side what an object now is. Called from outbox deliveries only: consumers apply newer versions only, so
 * sending twice is harmless and not sending is not.
 */
import type { Projection } from '#schemas/projections.ts';

/** Resolves once the queue has taken the message. */
export async function sendProjection(env: Pick<Env, 'PROJECTIONS'>, projection: Projection): Promise<void> {
  await env.PROJECTIONS.send(projection, { contentType: 'json' });
}
