/**
 * How a case begins and what is added to it. Invariant: what says nothing new does not raise the version, so a flood of equal reports
 * cannot make every decision stale; severity, harm class and deadline only ever get stricter. Called by the ModerationCase object; pure.
 */
import type { CaseState } from '#core/moderation/case-state.ts';
import { policiesOfReason, policyOf, policyOfFinding } from '#core/moderation/policies.ts';
import type { CaseActor, CaseTool } from '#schemas/case-log.ts';
import type { CaseCause, HarmClass } from '#schemas/moderation.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import type { CaseContext, OpenCaseInput } from '../rpc.ts';
import type { CaseEffect, NewEvent, Step } from './case-machine.ts';

interface Terms {
  readonly severity: number;
  readonly harmClass: HarmClass;
  readonly legalDeadlineAt: string | null;
}

function policyFor(cause: CaseCause) {
  return policyOf(
    cause.kind === 'report' ? policiesOfReason(cause.reason)[0] : policyOfFinding(cause.finding),
  );
}

/** What a cause alone says of a case. */
function termsOf(cause: CaseCause, legalDeadlineAt: string | null): Terms {
  const policy = policyFor(cause);
  return { severity: policy?.severity ?? 2, harmClass: policy?.harmClass ?? 'none', legalDeadlineAt };
}

function stricter(a: Terms, b: Terms): Terms {
  const deadlines = [a.legalDeadlineAt, b.legalDeadlineAt].filter((at) => at !== null).sort();
  const worse = b.severity > a.severity || (b.severity === a.severity && a.harmClass === 'none') ? b : a;
  return {
    severity: worse.severity,
    harmClass: worse.harmClass,
    legalDeadlineAt: deadlines[0] ?? null,
  };
}

function actorOf(cause: CaseCause): CaseActor {
  if (cause.kind === 'finding') {
    return { kind: 'rule', id: cause.finding.rule, version: cause.finding.ruleVersion };
  }
  return cause.reporterId === null ? { kind: 'visitor' } : { kind: 'account', id: cause.reporterId };
}

/** A reason nobody gave before, or a rule that had not struck. */
function widens({ reports, findings }: Pick<CaseState, 'reports' | 'findings'>, cause: CaseCause): boolean {
  if (cause.kind === 'report') return !reports.some(({ reason }) => reason === cause.reason);
  const { source, rule } = cause.finding;
  return !findings.some((known) => known.source === source && known.rule === rule);
}

const hiding: CaseEffect = { kind: 'reconcile', decisionId: null, restores: false };
const hidden = (tool: CaseTool): NewEvent => ({
  body: { type: 'hidden', data: {} },
  actor: { kind: 'system' },
  tool,
});

/** @param state null: the case is opened. Refuses with already_decided once it is decided, bad_request without a cause. */
export function open(state: CaseState | null, context: CaseContext, input: OpenCaseInput): Result<Step> {
  const { causes, legalDeadlineAt, tool, subject, provenance } = input;
  const [first, ...rest] = causes;
  if (first === undefined) return fail('bad_request', 'A case needs a cause.');
  if (state !== null && state.status !== 'open') return fail('already_decided');
  const hide = context.mayHide || input.hide === true;
  const events: NewEvent[] = [];
  let terms: Terms;
  let known: Pick<CaseState, 'reports' | 'findings'>;
  let adding: readonly CaseCause[];
  if (state === null) {
    terms = causes.map((cause) => termsOf(cause, legalDeadlineAt)).reduce(stricter);
    const data = {
      subject,
      cause: first,
      provenance,
      ...terms,
      previousCaseIds: [...context.previousCaseIds],
    };
    events.push({ body: { type: 'opened', data }, actor: actorOf(first), tool });
    known = withCause({ reports: [], findings: [] }, first);
    adding = rest;
  } else {
    terms = state;
    known = state;
    adding = causes;
  }
  for (const cause of adding) {
    terms = stricter(
      { severity: terms.severity, harmClass: terms.harmClass, legalDeadlineAt: terms.legalDeadlineAt },
      termsOf(cause, legalDeadlineAt),
    );
    const data = { cause, ...terms, widens: widens(known, cause) };
    events.push({ body: { type: 'cause-added', data }, actor: actorOf(cause), tool });
    known = withCause(known, cause);
  }
  if (!hide || state?.hidden === true) return ok({ events, effects: [] });
  return ok({ events: [...events, hidden(tool)], effects: [hiding] });
}

type Known = Pick<CaseState, 'reports' | 'findings'>;

/** Only what `widens` looks at; the reducer makes the real one. */
function withCause({ reports, findings }: Known, cause: CaseCause): Known {
  if (cause.kind === 'finding') return { reports, findings: [...findings, { ...cause.finding, at: '' }] };
  const { reportId: id, reason, details, reporterId, receiptHash } = cause;
  const report = { id, reason, details, reporterId, receiptHash, at: '', told: null };
  return { reports: [...reports, report], findings };
}
