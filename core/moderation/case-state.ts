/**
 * What a case is: the fold of its events. Invariant: one reducer, used by the case object before it writes an event, by the console that
 * shows the log and by the offline verifier; it refuses an event that cannot follow from those before it (a decision without a live
 * claim, a second decision of one version, a verdict of an appeal by who decided first), so an illegal history cannot be folded by
 * anybody. Pure.
 */
import type { CaseEvent, CaseEventBody } from '#schemas/case-log.ts';
import type { Capability } from '#schemas/consent.ts';
import type { Id } from '#schemas/ids.ts';
import type {
  Action,
  CaseAction,
  CaseProvenance,
  CaseSubject,
  DecisionId,
  Finding,
  HarmClass,
  ReportOutcome,
  ReportReason,
} from '#schemas/moderation.ts';

export type CaseStatus = 'open' | 'decided' | 'appealed' | 'closed';

export interface CaseReport {
  readonly id: Id<'rep'>;
  readonly reason: ReportReason;
  readonly details: string;
  readonly reporterId: Id<'acc'> | null;
  readonly receiptHash: string;
  readonly at: string;
  readonly told: ReportOutcome | null;
}

export interface CaseClaim {
  readonly token: number;
  readonly moderatorId: Id<'acc'>;
  readonly for: 'decision' | 'appeal';
  readonly version: number;
  readonly expiresAt: string;
}

export interface CaseDecisionState {
  readonly id: DecisionId;
  readonly moderatorId: Id<'acc'>;
  readonly action: Action;
  readonly policyId: string;
  readonly policyVersion: number;
  readonly facts: string;
  readonly addToBank: boolean;
  readonly urgent: boolean;
  readonly at: string;
  readonly undoUntil: string;
  /** Of the version that was seen. */
  readonly version: number;
  readonly standing: 'in-force' | 'undone' | 'overturned';
  readonly applied: boolean;
  readonly authorTold: boolean;
}

export interface CaseAppeal {
  readonly of: DecisionId;
  readonly accountId: Id<'acc'>;
  readonly text: string;
  readonly at: string;
  readonly outcome: 'upheld' | 'overturned' | null;
  readonly decidedAt: string | null;
  readonly decidedBy: Id<'acc'> | null;
  /** Fencing tokens up to this one belong to claims before the appeal. */
  readonly afterToken: number;
}

/** What stands against the subject outside the case, as far as the case has caused it. */
export interface Standing {
  /** Denials in the consent log that are not lifted. */
  readonly denials: readonly { readonly revocationId: Id<'rev'>; readonly denies: readonly Capability[] }[];
  /** Denials made so far, lifted or not: names the next one, so that making it twice makes one. */
  readonly denialCount: number;
  readonly commentHidden: boolean;
  readonly bankEntries: readonly string[];
  /** What the subject's own object was told last; null when it was told nothing. */
  readonly told: CaseAction | null;
}

export interface CaseState {
  readonly caseId: Id<'case'>;
  /** Number of the last event. */
  readonly seq: number;
  readonly hash: string;
  /** Time of the last event. */
  readonly lastAt: string;
  /** Grows whenever something happens that a decision should know of. */
  readonly version: number;
  readonly status: CaseStatus;
  readonly openedAt: string;
  /** When it began to wait for what it waits for: opened, undone or appealed. */
  readonly waitingSince: string;
  readonly subject: CaseSubject;
  readonly provenance: CaseProvenance | null;
  readonly severity: number;
  readonly harmClass: HarmClass;
  readonly legalDeadlineAt: string | null;
  readonly previousCaseIds: readonly Id<'case'>[];
  readonly reports: readonly CaseReport[];
  readonly findings: readonly (Finding & { readonly at: string })[];
  /** Out of sight until it is decided. */
  readonly hidden: boolean;
  readonly claim: CaseClaim | null;
  /** The last fencing token given. */
  readonly lastToken: number;
  /** Files served under the present claim. */
  readonly served: readonly string[];
  readonly decisions: readonly CaseDecisionState[];
  readonly appeal: CaseAppeal | null;
  readonly standing: Standing;
}

/** An event that cannot follow from those before it. */
export class IllegalEventError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'IllegalEventError';
  }
}

function must(condition: boolean, reason: string): asserts condition {
  if (!condition) throw new IllegalEventError(reason);
}

/** The decision that counts now, or the last that was taken back; null before the first. */
export function currentDecision(state: CaseState): CaseDecisionState | null {
  return state.decisions.at(-1) ?? null;
}

/** Severer than; `remove` and `refuse` are the same in effect. */
export function strength(action: CaseAction): number {
  return { allow: 0, label: 1, demote: 2, remove: 3, refuse: 3 }[action];
}

/**
 * Folds one event.
 * @param state null before the first event
 * @throws IllegalEventError if it cannot come next
 */
export function applyEvent(state: CaseState | null, event: CaseEvent): CaseState {
  if (state === null) {
    must(event.type === 'opened' && event.seq === 1, 'a case begins with opened');
    return opened(event);
  }
  must(event.caseId === state.caseId, 'an event of another case');
  must(event.seq === state.seq + 1, 'events are numbered without gaps');
  must(event.previousHash === state.hash, 'an event continues the one before it');
  must(event.at >= state.lastAt, 'time does not run backwards');
  return { ...change(state, event), seq: event.seq, hash: event.hash, lastAt: event.at };
}

/** @throws IllegalEventError at the first event that cannot come where it stands */
export function foldCase(events: Iterable<CaseEvent>): CaseState | null {
  let state: CaseState | null = null;
  for (const event of events) state = applyEvent(state, event);
  return state;
}

function opened(event: CaseEvent & { type: 'opened' }): CaseState {
  const { data, at } = event;
  const { cause, ...rest } = data;
  return {
    caseId: event.caseId,
    seq: event.seq,
    hash: event.hash,
    lastAt: at,
    version: 1,
    status: 'open',
    openedAt: at,
    waitingSince: at,
    ...rest,
    ...withCause({ reports: [], findings: [] }, cause, at),
    hidden: false,
    claim: null,
    lastToken: 0,
    served: [],
    decisions: [],
    appeal: null,
    standing: { denials: [], denialCount: 0, commentHidden: false, bankEntries: [], told: null },
  };
}

type Causes = Pick<CaseState, 'reports' | 'findings'>;
function withCause(
  { reports, findings }: Causes,
  cause: (CaseEventBody & { type: 'opened' })['data']['cause'],
  at: string,
): Causes {
  if (cause.kind === 'finding') return { reports, findings: [...findings, { ...cause.finding, at }] };
  const { reportId: id, kind: _, ...report } = cause;
  return { reports: [...reports, { id, ...report, at, told: null }], findings };
}

function change(state: CaseState, event: CaseEvent): CaseState {
  const { at } = event;
  switch (event.type) {
    case 'opened':
      throw new IllegalEventError('a case is opened once');
    case 'cause-added': {
      must(state.status === 'open', 'a case that was decided learns nothing more');
      const { cause, widens, ...terms } = event.data;
      return {
        ...state,
        ...terms,
        ...withCause(state, cause, at),
        version: state.version + (widens ? 1 : 0),
      };
    }
    case 'hidden':
      must(state.status === 'open' && !state.hidden, 'only an open case hides, once');
      return { ...state, hidden: true };
    case 'claimed': {
      const { data } = event;
      must(state.claim === null, 'a case is claimed by one person at a time');
      must(data.token === state.lastToken + 1, 'fencing tokens grow by one');
      must(data.version === state.version, 'a claim carries the present version');
      must(state.status === (data.for === 'appeal' ? 'appealed' : 'open'), 'there is nothing to claim');
      must(data.for === 'decision' || !hasJudged(state, data.moderatorId), 'an appeal is for another person');
      must(state.subject.ownerId !== data.moderatorId, 'nobody judges what is theirs');
      return { ...state, claim: data, lastToken: data.token, served: [] };
    }
    case 'claim-renewed':
      return { ...state, claim: { ...held(state, event.data.token), expiresAt: event.data.expiresAt } };
    case 'claim-released':
      held(state, event.data.token);
      return { ...state, claim: null };
    case 'claim-expired':
      must(held(state, event.data.token).expiresAt <= at, 'the lease has not run out');
      return { ...state, claim: null };
    case 'evidence-viewed':
      held(state, event.data.token);
      return state;
    case 'media-served':
      held(state, event.data.token);
      return { ...state, served: [...state.served, event.data.file] };
    case 'decided':
      return decided(state, event);
    case 'undone': {
      const decision = standingDecision(state, event.data.decisionId);
      must(at <= decision.undoUntil, 'it is too late to undo');
      must(state.appeal === null, 'an appealed decision is not undone');
      return {
        ...withDecision(state, { ...decision, standing: 'undone' }),
        status: 'open',
        waitingSince: at,
        version: state.version + 1,
      };
    }
    case 'effects-applied': {
      const { decisionId, effects } = event.data;
      const after = { ...state, standing: withEffects(state.standing, effects) };
      if (decisionId === null) return after;
      return withDecision(after, { ...decisionOf(state, decisionId), applied: true });
    }
    case 'author-told':
      return withDecision(state, { ...decisionOf(state, event.data.decisionId), authorTold: true });
    case 'appealed': {
      const { decisionId: of, accountId, text } = event.data;
      const decision = standingDecision(state, of);
      must(state.status === 'decided' && state.appeal === null, 'a decision is appealed once');
      must(decision.action.kind !== 'allow', 'there is nothing to appeal');
      must(accountId === state.subject.ownerId, 'only whom it is about may appeal');
      return {
        ...state,
        status: 'appealed',
        waitingSince: at,
        version: state.version + 1,
        appeal: {
          of,
          accountId,
          text,
          at,
          outcome: null,
          decidedAt: null,
          decidedBy: null,
          afterToken: state.lastToken,
        },
      };
    }
    case 'appeal-decided':
      return appealDecided(state, event);
    case 'restored':
      return { ...state, standing: withEffects(state.standing, event.data.effects) };
    case 'reporter-told': {
      const { reportId, outcome } = event.data;
      const reports = state.reports.map((report) =>
        report.id === reportId ? { ...report, told: outcome } : report,
      );
      return { ...state, reports };
    }
  }
}

function decided(state: CaseState, event: CaseEvent & { type: 'decided' }): CaseState {
  const { token, version, decisionId: id, ...data } = event.data;
  const claim = held(state, token);
  must(state.status === 'open' && claim.for === 'decision', 'the case is decided already');
  must(version === state.version, 'a decision is of the version that was seen');
  must(event.at < claim.expiresAt, 'the claim had run out');
  must(actedAs(event, claim.moderatorId), 'a decision is by whoever holds the claim');
  must(event.data.undoUntil >= event.at, 'the time for undoing lies ahead');
  const decision: CaseDecisionState = {
    id,
    moderatorId: claim.moderatorId,
    ...data,
    at: event.at,
    version,
    standing: 'in-force',
    applied: false,
    authorTold: false,
  };
  must(!state.decisions.some((other) => other.id === id), 'decisions have numbers of their own');
  return {
    ...state,
    status: 'decided',
    claim: null,
    version: version + 1,
    decisions: [...state.decisions, decision],
  };
}

function appealDecided(state: CaseState, event: CaseEvent & { type: 'appeal-decided' }): CaseState {
  const { token, version, of, outcome, action, decisionId } = event.data;
  const claim = held(state, token);
  const { appeal } = state;
  must(
    state.status === 'appealed' && appeal !== null && claim.for === 'appeal',
    'there is no appeal to decide',
  );
  must(version === state.version, 'a decision is of the version that was seen');
  must(event.at < claim.expiresAt, 'the claim had run out');
  must(actedAs(event, claim.moderatorId), 'a decision is by whoever holds the claim');
  const first = standingDecision(state, of);
  must(appeal.of === of && !state.decisions.some(({ id }) => id === decisionId), 'it is of another decision');
  must(outcome === appealOutcome(first.action.kind, action.kind), 'the outcome follows from both verdicts');
  const after: CaseState = {
    ...state,
    status: 'closed',
    claim: null,
    version: version + 1,
    appeal: { ...appeal, outcome, decidedAt: event.at, decidedBy: claim.moderatorId },
  };
  if (outcome === 'upheld') return after;
  const { policyId, policyVersion, facts } = event.data;
  const second: CaseDecisionState = {
    id: decisionId,
    moderatorId: claim.moderatorId,
    action,
    policyId,
    policyVersion,
    facts,
    addToBank: false,
    urgent: true,
    at: event.at,
    undoUntil: event.at,
    version,
    standing: 'in-force',
    applied: false,
    authorTold: false,
  };
  const overturned = withDecision(after, { ...first, standing: 'overturned' });
  return { ...overturned, decisions: [...overturned.decisions, second] };
}

/** Milder than the first: overturned. As severe or severer: the first stands, an appeal never makes it worse. */
export function appealOutcome(first: CaseAction, second: CaseAction): 'upheld' | 'overturned' {
  return strength(second) < strength(first) ? 'overturned' : 'upheld';
}

/** Whoever took a decision that stands or stood does not judge an appeal against it. */
export function hasJudged(state: CaseState, moderatorId: Id<'acc'>): boolean {
  return state.decisions.some((decision) => decision.moderatorId === moderatorId);
}

function actedAs({ actor }: CaseEvent, moderatorId: Id<'acc'>): boolean {
  return actor.kind === 'account' && actor.id === moderatorId;
}

function held(state: CaseState, token: number): CaseClaim {
  must(state.claim !== null && state.claim.token === token, 'the claim is not held any more');
  return state.claim;
}

function decisionOf(state: CaseState, id: DecisionId): CaseDecisionState {
  const decision = state.decisions.find((other) => other.id === id);
  must(decision !== undefined, 'there is no such decision');
  return decision;
}

function standingDecision(state: CaseState, id: DecisionId): CaseDecisionState {
  const decision = decisionOf(state, id);
  must(decision.standing === 'in-force', 'the decision does not stand any more');
  return decision;
}

function withDecision(state: CaseState, decision: CaseDecisionState): CaseState {
  return {
    ...state,
    decisions: state.decisions.map((other) => (other.id === decision.id ? decision : other)),
  };
}

function withEffects(
  standing: Standing,
  effects: (CaseEventBody & { type: 'effects-applied' })['data']['effects'],
): Standing {
  let after = standing;
  for (const effect of effects) {
    switch (effect.kind) {
      case 'revoked': {
        const { revocationId, denies } = effect;
        after = {
          ...after,
          denials: [...after.denials, { revocationId, denies }],
          denialCount: after.denialCount + 1,
        };
        break;
      }
      case 'lifted': {
        const { revocationId } = effect;
        after = { ...after, denials: after.denials.filter((denial) => denial.revocationId !== revocationId) };
        break;
      }
      case 'told-subject':
        after = { ...after, told: effect.action };
        break;
      case 'comment':
        after = { ...after, commentHidden: effect.hidden };
        break;
      case 'bank': {
        const others = after.bankEntries.filter((entryId) => entryId !== effect.entryId);
        after = { ...after, bankEntries: effect.present ? [...others, effect.entryId] : others };
        break;
      }
      case 'gone':
        break;
    }
  }
  return after;
}
