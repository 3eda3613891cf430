/**
 * Asks everybody a publication needs. Invariant: nothing is published while a key of it is denied, against a rule of somebody cast in it,
 * or before a review that was asked for; an answer that does not come is a refusal (503), never a yes. Called by clip-object.ts.
 */
import { askGate, ConsentUnavailableError, homeRegion } from '#durable-objects/consent/gate.ts';
import type { Capability, ConsentKey } from '#schemas/consent.ts';
import type { PublishClip } from '#schemas/http/clips.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import { castAccounts, inheritedCastKeys, ownCastKeys, publicationTexts } from './core/clip-publication.ts';
import type { ClipRecord } from './rpc.ts';

/** Refuses with consent_denied, cameo_rule, review_pending and consent_unavailable. */
export async function mayPublish(env: Env, record: ClipRecord, input: PublishClip): Promise<Result<void>> {
  try {
    const decisions = await Promise.all([
      allows(env, record.keys, 'serve'),
      allows(env, ownCastKeys(record), 'cast'),
      allows(env, inheritedCastKeys(record), 'remix'),
    ]);
    if (decisions.includes(false)) {
      return fail(
        'consent_denied',
        'Somebody in this clip has withdrawn their consent. It cannot be published.',
      );
    }
  } catch (error) {
    if (error instanceof ConsentUnavailableError) return fail('consent_unavailable');
    throw error;
  }
  const texts = publicationTexts(record, input);
  const { generationId } = record;
  const answers = await Promise.all(
    castAccounts(record).map((account) =>
      env.CAMEO.getByName(account).admitPublication({ generationId, texts }),
    ),
  );
  // A rule is said before a review: it would be refused there as well.
  const refusals = answers.flatMap((answer) => (answer.ok ? [] : [answer]));
  return refusals.find(({ error }) => error.code !== 'review_pending') ?? refusals[0] ?? ok(undefined);
}

async function allows(env: Env, keys: readonly ConsentKey[], capability: Capability): Promise<boolean> {
  return keys.length === 0 || (await askGate(env, homeRegion, keys, capability)).allowed;
}
