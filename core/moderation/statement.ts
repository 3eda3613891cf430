/**
 * Builds actions. Invariant: the only way to a restriction is through here, and here it gets its statement of reasons and the exact text
 * the author reads; what the console previews is made by the same call that decides. Pure; called by the case object (decisions) and the
 * preview route.
 */
import {
  type Action,
  actionsOf,
  type CaseAction,
  type Restriction,
  type Statement,
  type SubjectKind,
  statementSchema,
} from '#schemas/moderation.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import { type Policy, policyOf } from './policies.ts';

export interface ActionRequest {
  readonly action: CaseAction;
  readonly policyId: string;
  readonly facts: string;
  readonly explanation: string;
}

export interface ActionSubject {
  readonly kind: SubjectKind;
  readonly title: string;
  /** It was reported by somebody; else we looked of our own accord. */
  readonly reported: boolean;
  /** A rule or model pointed at it. */
  readonly detectedAutomatically: boolean;
}

const restrictions: Readonly<
  Record<Restriction, Pick<Statement, 'decision_visibility' | 'decision_provision'>>
> = {
  label: { decision_visibility: ['DECISION_VISIBILITY_CONTENT_LABELLED'], decision_provision: null },
  demote: { decision_visibility: ['DECISION_VISIBILITY_CONTENT_DEMOTED'], decision_provision: null },
  // Nothing is deleted: it is kept from being served, so that an overturned decision gives it back.
  remove: { decision_visibility: ['DECISION_VISIBILITY_CONTENT_DISABLED'], decision_provision: null },
  refuse: {
    decision_visibility: ['DECISION_VISIBILITY_CONTENT_REMOVED'],
    decision_provision: null,
  },
};

const contentTypesOf: Readonly<Record<SubjectKind, Statement['content_type']>> = {
  clip: ['CONTENT_TYPE_VIDEO', 'CONTENT_TYPE_SYNTHETIC_MEDIA'],
  upload: ['CONTENT_TYPE_VIDEO'],
  generation: ['CONTENT_TYPE_VIDEO', 'CONTENT_TYPE_SYNTHETIC_MEDIA'],
  enrolment: ['CONTENT_TYPE_VIDEO'],
  account: ['CONTENT_TYPE_OTHER'],
  comment: ['CONTENT_TYPE_TEXT'],
};

const nouns: Readonly<Record<SubjectKind, string>> = {
  clip: 'clip',
  upload: 'upload',
  generation: 'new clip',
  enrolment: 'enrolment',
  account: 'account',
  comment: 'comment',
};

function whatWeDid(kind: SubjectKind, action: Restriction): string {
  const noun = nouns[kind];
  switch (action) {
    case 'label':
      return kind === 'upload'
        ? `Your ${noun} is published with a label that says what we found.`
        : `Your ${noun} carries a label that says what we found.`;
    case 'demote':
      return kind === 'account'
        ? 'Your clips are not recommended or listed any more. Whoever has a link can still watch them.'
        : `Your ${noun} is not recommended or listed any more. Whoever has the link can still watch it.`;
    case 'remove':
      return kind === 'account'
        ? 'Your clips are not shown any more.'
        : `Your ${noun} is not shown any more, anywhere. It was not deleted.`;
    case 'refuse':
      return `Your ${noun} was not accepted.`;
  }
}

/**
 * The action with its statement, or why it cannot be taken: `conflict` if it does not fit the subject, `bad_request` if the policy is
 * unknown or a restriction comes without facts or explanation.
 */
export function buildAction(subject: ActionSubject, request: ActionRequest): Result<Action> {
  const allowed: readonly CaseAction[] = actionsOf[subject.kind];
  if (!allowed.includes(request.action)) {
    return fail('conflict', `"${request.action}" cannot be done to a ${nouns[subject.kind]}.`, {
      allowed: [...allowed],
    });
  }
  const policy = policyOf(request.policyId);
  if (policy === null) return fail('bad_request', 'policyId: there is no such policy.');
  if (request.action === 'allow') return ok({ kind: 'allow' });
  const missing = (['facts', 'explanation'] as const).filter((field) => request[field].trim() === '');
  if (missing.length > 0) {
    return fail('bad_request', `${missing.join(' and ')}: a restriction needs its reasons.`, { missing });
  }
  const statement = statementSchema.safeParse(statementOf(subject, policy, request, request.action));
  if (!statement.success) {
    const [issue] = statement.error.issues;
    return fail('bad_request', `${issue?.path.join('.')}: ${issue?.message}`);
  }
  return ok({
    kind: request.action,
    statement: statement.data,
    text: statementText(subject, policy, statement.data, request.action),
  });
}

function statementOf(
  subject: ActionSubject,
  policy: Policy,
  { facts, explanation }: ActionRequest,
  action: Restriction,
): Statement {
  const illegal = policy.ground === 'illegal';
  return {
    ...restrictions[action],
    decision_monetary: null,
    decision_account: null,
    // An account is not closed: what is restricted is that its clips are shown.
    ...(subject.kind === 'account' && action === 'remove'
      ? { decision_provision: 'DECISION_PROVISION_PARTIAL_SUSPENSION' as const }
      : {}),
    decision_ground: illegal ? 'DECISION_GROUND_ILLEGAL_CONTENT' : 'DECISION_GROUND_INCOMPATIBLE_CONTENT',
    illegal_content_legal_ground: illegal ? policy.groundText : null,
    illegal_content_explanation: illegal ? explanation.trim() : null,
    incompatible_content_ground: illegal ? null : policy.groundText,
    incompatible_content_explanation: illegal ? null : explanation.trim(),
    category: policy.category,
    decision_facts: facts.trim(),
    source_type: subject.reported ? 'SOURCE_TYPE_OTHER_NOTIFICATION' : 'SOURCE_VOLUNTARY',
    automated_detection: subject.detectedAutomatically,
    automated_decision: 'AUTOMATED_DECISION_NOT_AUTOMATED',
    content_type: contentTypesOf[subject.kind],
    territorial_scope: 'global',
  };
}

/** What the author reads. Says nothing of who reported or decided. */
function statementText(
  subject: ActionSubject,
  policy: Policy,
  statement: Statement,
  action: Restriction,
): string {
  const explanation =
    statement.illegal_content_explanation ?? statement.incompatible_content_explanation ?? '';
  const title = subject.title.length > 120 ? `${subject.title.slice(0, 119)}…` : subject.title;
  return [
    whatWeDid(subject.kind, action),
    ...(title === '' ? [] : [`It is about: “${title}”.`]),
    `What we found: ${statement.decision_facts}`,
    `The rule: ${policy.title} (version ${policy.version}). ${policy.text}`,
    policy.ground === 'illegal'
      ? `The ground is the law: ${policy.groundText}. Why it applies: ${explanation}`
      : `The ground is our terms: ${policy.groundText}. Why it applies: ${explanation}`,
    `It applies everywhere. ${
      subject.reported ? 'Somebody reported it.' : 'Nobody reported it; we looked ourselves.'
    } ${
      subject.detectedAutomatically
        ? 'A program pointed it out; a person decided.'
        : 'A person found and decided it.'
    }`,
    'If you think this is wrong you can appeal within six months. Another person will look at it without knowing what the first one decided. You can also go to a certified out-of-court dispute settlement body or to a court.',
  ].join('\n\n');
}
