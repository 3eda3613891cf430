/**
 * Asks everybody a publication needs. Invariant: nothing is published while a key of it is denied (by the desk too, which denies what the
 * output policy held back until a person has looked), against a rule of somebody cast in it, or before a review that was asked for; an
 * answer that does not come is a refusal (503), never a yes. Called by clip-object.ts.
 */
import { askGate, ConsentUnavailableError, homeRegion } from '#durable-objects/consent/gate.ts';
import { type Capability, type ConsentKey, clipKey } from '#schemas/consent.ts';
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
      const held = await heldBack(env, record);
      if (held !== null) return held;
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

/** Why the output policy held it back, if the desk still denies the clip itself; the details name rule and place. */
async function heldBack(env: Env, { clipId, generationId }: ClipRecord): Promise<Result<void> | null> {
  if (await allows(env, [clipKey(clipId)], 'serve')) return null;
  const policy = await env.GENERATION.getByName(generationId).policy();
  const [finding] = policy?.findings ?? [];
  if (policy === null || finding === undefined) return null;
  const { stage, rule, explanation, at, span } = finding;
  return fail('review_pending', 'A rule asks for a person to look at this clip before it can be published.', {
    stage,
    rule,
    version: policy.version,
    explanation,
    ...(at === null ? {} : { at }),
    ...(span === null ? {} : { start: span.start, end: span.end }),
  });
}

async function allows(env: Env, keys: readonly ConsentKey[], capability: Capability): Promise<boolean> {
  return keys.length === 0 || (await askGate(env, homeRegion, keys, capability)).allowed;
}
