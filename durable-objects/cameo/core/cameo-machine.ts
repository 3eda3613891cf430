/**
 * A likeness' life: enrolled → revoked → consented again at the next epoch, or erased and enrolled anew. Invariants: the epoch never
 * goes back and grows whenever consent is given after it was withdrawn, so nothing made under an earlier epoch comes back; an enrolment
 * that was begun before a revocation or erasure never undoes it; `sexual` is denied whatever is asked for; a first enrolment opens the
 * likeness to its owner only. Called by cameo-object.ts.
 */
import type { EnrolInput } from '#durable-objects/cameo/rpc.ts';
import type { Cameo, UpdateCameo } from '#schemas/http/cameo.ts';
import type { Id } from '#schemas/ids.ts';
import { defaultDenied, neverClasses, type RuleClass, type Rules, ruleClasses } from '#schemas/likeness.ts';
import { fail, ok, type Result } from '#schemas/result.ts';

export interface CameoState extends Omit<Cameo, 'id' | 'counts'> {
  readonly accountId: Id<'acc'>;
  readonly cameoId: Id<'cam'>;
  /** Enrolments that were applied, newest last. */
  readonly enrolmentIds: readonly Id<'enr'>[];
  /** When everything was last revoked or erased, milliseconds; null if never. */
  readonly closedAt: number | null;
  /** Grows with every change; projections apply newer versions only. */
  readonly version: number;
}

const enrolmentsRemembered = 20;
const crockford = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * When an id was made, milliseconds: the first ten characters of its ULID.
 * @see https://github.com/ulid/spec#layout
 */
export function timeOfId(id: string): number {
  const ulid = id.slice(id.indexOf('_') + 1);
  return [...ulid.slice(0, 10)].reduce((time, digit) => time * 32 + crockford.indexOf(digit), 0);
}

function withAlwaysDenied(rules: Rules): Rules {
  const denied = new Set<RuleClass>([...rules.denied, ...neverClasses]);
  return {
    words: [...new Set(rules.words)],
    denied: ruleClasses.filter((ruleClass) => denied.has(ruleClass)),
  };
}

const closedSettings = {
  level: 'only-me',
  rules: withAlwaysDenied({ words: [], denied: [...defaultDenied] }),
  reviewBeforePublication: false,
} as const;

/**
 * The likeness as an accepted enrolment leaves it. Idempotent by enrolment.
 * @param cameoId used at the first enrolment only
 * @param now milliseconds
 */
export function enrol(
  state: CameoState | null,
  input: EnrolInput,
  cameoId: Id<'cam'>,
  now: number,
): Result<CameoState> {
  const { enrolmentId, verification, portrait, voice } = input;
  if (enrolmentId !== null && state?.enrolmentIds.includes(enrolmentId)) return ok(state);
  if (enrolmentId !== null && state?.closedAt != null && timeOfId(enrolmentId) <= state.closedAt) {
    return fail('conflict', 'This enrolment was begun before consent was withdrawn. Begin a new one.');
  }
  // What a camera has verified is not replaced by a drawing.
  const keeps = verification === 'demo' && state?.status === 'enrolled' && state.verification !== 'demo';
  if (keeps) return ok(state);
  const open = state?.status === 'enrolled';
  const drawnBefore = JSON.stringify(state?.portrait) === JSON.stringify(portrait);
  if (open && verification === 'demo' && drawnBefore) return ok(state);
  const taken = {
    accountId: input.accountId,
    status: 'enrolled',
    verification,
    portrait,
    voice,
    enrolmentIds: [...(state?.enrolmentIds ?? []), ...(enrolmentId === null ? [] : [enrolmentId])].slice(
      -enrolmentsRemembered,
    ),
    version: (state?.version ?? 0) + 1,
  } as const;
  if (state !== null && open) return ok({ ...state, ...taken });
  const settings = state === null || state.status === 'none' ? closedSettings : { level: 'only-me' as const };
  return ok({
    ...(state ?? { cameoId, epoch: 0, closedAt: null, ...closedSettings }),
    ...taken,
    ...settings,
    // A drawn person has no voice of their own to protect; a real one is asked first.
    lendVoice: verification === 'demo' && (state === null || state.status === 'none'),
    epoch: (state?.epoch ?? 0) + 1,
    enrolledAt: new Date(now).toISOString(),
  });
}

/** Refuses with not_found before the first enrolment and with conflict after an erasure. The same settings again change nothing. */
export function update(state: CameoState | null, input: UpdateCameo): Result<CameoState> {
  if (state === null) return fail('not_found', 'You have not enrolled a likeness yet.');
  if (state.status === 'none') return fail('conflict', 'Your likeness was deleted. Enrol again first.');
  const { level, lendVoice, rules, reviewBeforePublication } = input;
  const settled = {
    ...state,
    ...(lendVoice === undefined ? {} : { lendVoice }),
    ...(rules === undefined ? {} : { rules: withAlwaysDenied(rules) }),
    ...(reviewBeforePublication === undefined ? {} : { reviewBeforePublication }),
  };
  const consentsAgain = state.status === 'revoked' && level !== undefined && level !== 'nobody';
  const next: CameoState = consentsAgain
    ? { ...settled, level, status: 'enrolled', epoch: state.epoch + 1 }
    : { ...settled, level: level ?? state.level };
  if (JSON.stringify(next) === JSON.stringify(state)) return ok(state);
  return ok({ ...next, version: state.version + 1 });
}

/** Everything is withdrawn: nobody may cast any more, not even the person themselves. `now`: milliseconds. */
export function revokeAll(state: CameoState, now: number): CameoState {
  if (state.status !== 'enrolled') return { ...state, closedAt: now };
  return { ...state, status: 'revoked', level: 'nobody', closedAt: now, version: state.version + 1 };
}

/** What was kept of the person leaves the record; ids and epoch stay, so that what was denied stays denied. `now`: milliseconds. */
export function erase(state: CameoState, now: number): CameoState {
  if (state.status === 'none') return { ...state, closedAt: now };
  return {
    ...state,
    ...closedSettings,
    status: 'none',
    level: 'nobody',
    verification: null,
    portrait: null,
    voice: null,
    lendVoice: false,
    enrolledAt: null,
    closedAt: now,
    version: state.version + 1,
  };
}
