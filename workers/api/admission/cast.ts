/**
 * Asks the people of a cast. Invariants: everybody's reservation is taken back unless the generation is admitted; an unknown handle,
 * somebody without a likeness and somebody who does not agree are told in the same words, so that nobody learns who has one. Called by
 * admit.ts.
 */
import type { CastPermit, CastRequest } from '#durable-objects/cameo/rpc.ts';
import { shortError } from '#durable-objects/shared/core/drain.ts';
import { log } from '#durable-objects/shared/log.ts';
import type { Id } from '#schemas/ids.ts';
import type { Refusal, Result } from '#schemas/result.ts';
import type { CastCandidate } from '../../store/cast-store.ts';
import { RefusalError } from '../respond.ts';

/** What every person of a cast is asked; who they are to the maker is added for each. */
export type CastQuestion = Omit<CastRequest, keyof Person>;
type Person = Pick<CastRequest, 'handle' | 'displayName' | 'mutual'>;

/** The clip that is remixed is shown as well, but its words are its creator's: a remixer is not told which of them was refused. */
export const parentField = 'parent.prompt';

function refusal(handle: string, { code, message, details }: Refusal): RefusalError {
  if (code === 'consent_denied')
    return new RefusalError('consent_denied', `@${handle} has not agreed to be cast.`, { cameo: handle });
  if (code === 'cameo_rule' && details?.field === parentField)
    return new RefusalError(
      'cameo_rule',
      `The rules of @${handle} do not allow what the remixed clip shows.`,
      {
        cameo: handle,
        field: 'remixOf',
      },
    );
  return new RefusalError(code, message, { ...details, cameo: handle });
}

/**
 * Reserves every person for the generation, in the order they were named.
 * @param handles lower case, each once
 * @throws RefusalError consent_denied, cameo_rule: of the first who refuses; nothing stays reserved
 */
export async function authorizeCast(
  env: Env,
  handles: readonly string[],
  candidates: readonly CastCandidate[],
  question: CastQuestion,
): Promise<CastPermit[]> {
  const known = new Map(candidates.map((candidate) => [candidate.handle, candidate]));
  const people = handles.map((handle) => {
    const candidate = known.get(handle);
    if (candidate === undefined) throw refusal(handle, { code: 'consent_denied' });
    return candidate;
  });
  const answers = await Promise.allSettled(
    people.map(
      ({ accountId, handle, displayName, mutual }): Promise<Result<CastPermit>> =>
        env.CAMEO.getByName(accountId).authorize({ ...question, handle, displayName, mutual }),
    ),
  );
  const permits: CastPermit[] = [];
  let stopped: unknown = null;
  for (const [index, answer] of answers.entries()) {
    if (answer.status === 'rejected') stopped ??= answer.reason;
    else if (answer.value.ok) permits.push(answer.value.value);
    else stopped ??= refusal(handles[index] ?? '', answer.value.error);
  }
  if (stopped === null) return permits;
  await releaseCast(
    env,
    people.map(({ accountId }) => accountId),
    question.generationId,
  );
  throw stopped;
}

/** Takes reservations back. What cannot be reached takes its own back after a while. */
export async function releaseCast(
  env: Env,
  people: readonly Id<'acc'>[],
  generationId: Id<'gen'>,
): Promise<void> {
  const answers = await Promise.allSettled(
    people.map((accountId) => env.CAMEO.getByName(accountId).release(generationId)),
  );
  for (const answer of answers) {
    if (answer.status === 'rejected')
      log('warn', 'reservation not released', { generationId, error: shortError(answer.reason) });
  }
}
