/**
 * Who hears of a case: the relational side, the author, whoever reported. Invariants: everything may be sent twice (dedupe
 * keys, newer versions only); nothing says who reported or who decided. Called by the ModerationCase object's outbox.
 */
import { type CaseState, currentDecision } from '#core/moderation/case-state.ts';
import type { Id } from '#schemas/ids.ts';
import { idSchema } from '#schemas/ids.ts';
import type { DecisionId, ReportOutcome } from '#schemas/moderation.ts';

/** Sentences for reporters: the same for everybody, so that nothing is learnt about others who reported. */
export const reportTexts: Readonly<Record<ReportOutcome | 'waiting', string>> = {
  waiting: 'Your report waits for a person to look at it.',
  acted: 'Thank you. A person looked at what you reported and acted on it.',
  dismissed:
    'Thank you for reporting this. A person looked at it and found nothing that our rules forbid, so nothing was changed.',
};

/** The row of D1: lists, history and numbers. Newer versions only. */
export async function projectCase(env: Pick<Env, 'DB'>, state: CaseState): Promise<void> {
  const decision = currentDecision(state);
  const inForce = decision?.standing === 'in-force' ? decision : null;
  const { caseId, subject, appeal } = state;
  const [first] = state.decisions.filter(({ standing }) => standing !== 'undone');
  await env.DB.prepare(
    `INSERT INTO moderation_cases (id, subject_kind, subject_id, author_id, status, action, policy_id, decision_id, decided_by,
       appeal_status, opened_at, decided_at, version)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET status = excluded.status, action = excluded.action, policy_id = excluded.policy_id,
       decision_id = excluded.decision_id, decided_by = excluded.decided_by, appeal_status = excluded.appeal_status,
       decided_at = excluded.decided_at, version = excluded.version
     WHERE excluded.version > moderation_cases.version`,
  )
    .bind(
      caseId,
      subject.kind,
      subject.id,
      subject.ownerId,
      state.status,
      inForce?.action.kind ?? null,
      inForce?.policyId ?? null,
      inForce?.id ?? null,
      inForce?.moderatorId ?? null,
      appeal === null ? null : (appeal.outcome ?? 'waiting'),
      state.openedAt,
      first?.at ?? null,
      state.seq,
    )
    .run();
}

/** The author reads the statement behind it. */
export async function tellAuthor(
  env: Pick<Env, 'INBOX'>,
  state: CaseState,
  decisionId: DecisionId,
): Promise<void> {
  const { ownerId } = state.subject;
  const decision = state.decisions.find(({ id }) => id === decisionId);
  if (ownerId === null || decision === undefined || decision.action.kind === 'allow') return;
  const [headline] = decision.action.text.split('\n');
  await notify(env, ownerId, {
    dedupeKey: `decision:${decisionId}`,
    kind: 'decision',
    clipId: clipOf(state),
    decisionId,
    text: `${headline} Read why, and what you can do about it.`,
  });
}

const appealTexts = {
  upheld: 'Another person has looked at your appeal and came to the same decision. It stands.',
  overturned:
    'Another person has looked at your appeal and decided otherwise. What followed from the first decision was taken back.',
} as const;

export async function tellAppellant(env: Pick<Env, 'INBOX'>, { appeal, ...state }: CaseState): Promise<void> {
  if (appeal?.outcome == null) return;
  await notify(env, appeal.accountId, {
    dedupeKey: `appeal-outcome:${appeal.of}`,
    kind: 'appeal-outcome',
    clipId: clipOf(state),
    decisionId: appeal.of,
    text: appealTexts[appeal.outcome],
  });
}

/** In the inbox of who has one; the relational row and the receipt answer for the others. */
export async function tellReporter(
  env: Pick<Env, 'INBOX' | 'DB'>,
  state: CaseState,
  reportId: Id<'rep'>,
  outcome: ReportOutcome,
  decisionId: DecisionId,
): Promise<void> {
  const report = state.reports.find(({ id }) => id === reportId);
  if (report === undefined) return;
  await env.DB.prepare('UPDATE reports SET outcome = ?, decided_at = ? WHERE id = ?')
    .bind(outcome, new Date().toISOString(), reportId)
    .run();
  if (report.reporterId === null) return;
  await notify(env, report.reporterId, {
    dedupeKey: `report-outcome:${reportId}:${decisionId}`,
    kind: 'report-outcome',
    clipId: clipOf(state),
    text: reportTexts[outcome],
  });
}

function clipOf({ subject }: Pick<CaseState, 'subject'>): Id<'clip'> | null {
  if (subject.kind !== 'clip') return subject.clipId;
  const parsed = idSchema('clip').safeParse(subject.id);
  return parsed.success ? parsed.data : null;
}

type Notice = Pick<
  Parameters<ReturnType<Env['INBOX']['getByName']>['notify']>[0],
  'dedupeKey' | 'kind' | 'clipId' | 'text'
> & { readonly decisionId?: DecisionId };
async function notify(env: Pick<Env, 'INBOX'>, accountId: Id<'acc'>, notice: Notice): Promise<void> {
  await env.INBOX.getByName(accountId).notify({
    actorId: null,
    generationId: null,
    grantId: null,
    reviewId: null,
    ...notice,
  });
}
