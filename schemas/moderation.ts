/**
 * Words of the moderators' desk: subjects, reasons, harm classes, actions, findings and the statement of reasons. Shared by the case
 * object, the console and the offline verifier. Invariant: nothing restrictive can be written down without a statement of reasons
 * (`actionSchema`), and every list here is closed, so that a missing case is a compile error.
 */
import { z } from 'zod';
import { reportReasons } from './http/clips.ts';
import { isoTimeSchema } from './http/common.ts';
import { type Id, idSchema } from './ids.ts';

/** What a case can be about. */
export const subjectKinds = ['clip', 'upload', 'generation', 'enrolment', 'account', 'comment'] as const;
export const subjectKindSchema = z.enum(subjectKinds);
export type SubjectKind = z.infer<typeof subjectKindSchema>;

/** Why somebody reports; `likeness`, `intimate` and `minor` hide a clip until a person has looked. */
export const reportReasonSchema = z.enum(reportReasons);
export type ReportReason = z.infer<typeof reportReasonSchema>;

/** What looking at it may do to a moderator: seconds of unfiltered viewing are counted and capped per class and UTC day. */
export const harmClasses = ['minor', 'sexual', 'violence', 'hate', 'none'] as const;
export const harmClassSchema = z.enum(harmClasses);
export type HarmClass = z.infer<typeof harmClassSchema>;

/** What a moderator can do, mildest first. `allow`: no restriction (dismiss a report, publish an upload, accept an enrolment). */
export const caseActions = ['allow', 'label', 'demote', 'remove', 'refuse'] as const;
export const caseActionSchema = z.enum(caseActions);
export type CaseAction = z.infer<typeof caseActionSchema>;

/** The actions that make sense for a subject. */
export const actionsOf = {
  clip: ['allow', 'label', 'demote', 'remove'],
  upload: ['allow', 'label', 'refuse'],
  generation: ['allow', 'refuse'],
  enrolment: ['allow', 'refuse'],
  account: ['allow', 'demote', 'remove'],
  comment: ['allow', 'remove'],
} as const satisfies Readonly<Record<SubjectKind, readonly CaseAction[]>>;

/** 1 (a nuisance) to 5 (somebody is being hurt). */
export const severitySchema = z.number().int().min(1).max(5);

/** A file of the subject in R2, as it was when the case was opened. */
export const caseMediaSchema = z.object({
  /** Its name in `GET /api/v1/moderation/media/:caseId/:file`, e.g. `video.mp4`, `frame-03.jpg`. */
  file: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,63}$/),
  key: z.string().min(1).max(512),
  size: z.number().int().nonnegative(),
  mediaType: z.string().max(100),
  /** Hex; empty when it was not known. */
  sha256: z.string().regex(/^(?:[0-9a-f]{64})?$/),
});
export type CaseMedia = z.infer<typeof caseMediaSchema>;

/** Snapshot of what the case is about, as it was reported or found. */
export const caseSubjectSchema = z.object({
  kind: subjectKindSchema,
  /** `clip_…`, `upl_…`, `gen_…`, `enr_…`, `acc_…` or `cmt_…`. */
  id: z.string().regex(/^(?:clip|upl|gen|enr|acc|cmt)_[0-9a-z]{26}$/),
  /** Whose it is: told the decision, may appeal. Null when nobody is known. */
  ownerId: idSchema('acc').nullable(),
  /** Caption, file name or text. */
  title: z.string().max(2000),
  /** The clip a comment stands under. */
  clipId: idSchema('clip').nullable(),
  /** The clip it was remixed from. */
  parentClipId: idSchema('clip').nullable(),
  media: z.array(caseMediaSchema).max(64),
  /** Hex SHA-256 of the main file; null where there is none. */
  contentHash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  durationMs: z.number().int().nonnegative().nullable(),
  createdAt: isoTimeSchema.nullable(),
  /** How many people it has reached or may reach: likes, comments and remixes of a clip, followers of an account. */
  reach: z.number().int().nonnegative(),
});
export type CaseSubject = z.infer<typeof caseSubjectSchema>;

export const findingSources = ['policy', 'hash-match', 'provenance', 'likeness', 'enrolment'] as const;
/** Something a rule, a model or a comparison found: explained, versioned, with the numbers it was decided on. */
export const findingSchema = z.object({
  source: z.enum(findingSources),
  rule: z.string().min(1).max(100),
  ruleVersion: z.string().min(1).max(60),
  /** One sentence for a moderator. */
  explanation: z.string().min(1).max(1000),
  score: z.number().nullable(),
  threshold: z.number().nullable(),
  /** Model and version, where one was asked. */
  model: z.string().max(200).nullable(),
  /** Where in the film, seconds. */
  second: z.number().nonnegative().nullable(),
  policyId: z.string().max(60).nullable(),
  /** For `hash-match`: the entry and the two frames to be shown side by side (names of `media`). */
  match: z
    .object({
      bank: z.string().max(60),
      entryId: z.string().max(100),
      /** Bits that differ. */
      distance: z.number().int().nonnegative(),
      ourFrame: z.string().max(64).nullable(),
      theirFrame: z.string().max(64).nullable(),
    })
    .nullable(),
});
export type Finding = z.infer<typeof findingSchema>;

/** What provenance said when the case was opened; the tree is JSON text, so that its hash is the one that was shown. */
export const caseProvenanceSchema = z.object({
  verdict: z.string().max(60),
  summary: z.string().max(1000),
  treeJson: z.string().max(256_000).nullable(),
});
export type CaseProvenance = z.infer<typeof caseProvenanceSchema>;

/** Why a case exists, or one more reason for it. */
export const caseCauseSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('report'),
    reportId: idSchema('rep'),
    reason: reportReasonSchema,
    details: z.string().max(1000),
    /** Null without an account. */
    reporterId: idSchema('acc').nullable(),
    /** Hex SHA-256 of the secret in the receipt the reporter holds. */
    receiptHash: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  z.object({ kind: z.literal('finding'), finding: findingSchema }),
]);
export type CaseCause = z.infer<typeof caseCauseSchema>;

/*
 * The statement of reasons (DSA Article 17) in the field names and limits of the Transparency Database.
 * @see https://transparency.dsa.ec.europa.eu/page/api-documentation
 */
export const visibilityDecisions = [
  'DECISION_VISIBILITY_CONTENT_REMOVED',
  'DECISION_VISIBILITY_CONTENT_DISABLED',
  'DECISION_VISIBILITY_CONTENT_DEMOTED',
  'DECISION_VISIBILITY_CONTENT_LABELLED',
] as const;
export const provisionDecisions = ['DECISION_PROVISION_PARTIAL_SUSPENSION'] as const;
export const accountDecisions = ['DECISION_ACCOUNT_SUSPENDED', 'DECISION_ACCOUNT_TERMINATED'] as const;
export const statementCategories = [
  'STATEMENT_CATEGORY_CYBER_VIOLENCE',
  'STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS',
  'STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH',
  'STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS',
  'STATEMENT_CATEGORY_PROTECTION_OF_MINORS',
  'STATEMENT_CATEGORY_SCAMS_AND_FRAUD',
  'STATEMENT_CATEGORY_VIOLENCE',
  'STATEMENT_CATEGORY_OTHER_VIOLATION_TC',
] as const;
export const contentTypes = [
  'CONTENT_TYPE_VIDEO',
  'CONTENT_TYPE_SYNTHETIC_MEDIA',
  'CONTENT_TYPE_TEXT',
  'CONTENT_TYPE_OTHER',
] as const;
export const sourceTypes = ['SOURCE_TYPE_OTHER_NOTIFICATION', 'SOURCE_VOLUNTARY'] as const;
export const automatedDecisions = [
  'AUTOMATED_DECISION_FULLY',
  'AUTOMATED_DECISION_PARTIALLY',
  'AUTOMATED_DECISION_NOT_AUTOMATED',
] as const;

const words = (limit: number) => z.string().trim().min(1).max(limit);
export const factsLimit = 5000;
export const explanationLimit = 2000;

export const statementSchema = z
  .strictObject({
    decision_visibility: z.array(z.enum(visibilityDecisions)),
    decision_monetary: z.null(),
    decision_provision: z.enum(provisionDecisions).nullable(),
    decision_account: z.enum(accountDecisions).nullable(),
    decision_ground: z.enum(['DECISION_GROUND_ILLEGAL_CONTENT', 'DECISION_GROUND_INCOMPATIBLE_CONTENT']),
    illegal_content_legal_ground: words(500).nullable(),
    illegal_content_explanation: words(explanationLimit).nullable(),
    incompatible_content_ground: words(500).nullable(),
    incompatible_content_explanation: words(explanationLimit).nullable(),
    category: z.enum(statementCategories),
    decision_facts: words(factsLimit),
    source_type: z.enum(sourceTypes),
    automated_detection: z.boolean(),
    automated_decision: z.enum(automatedDecisions),
    content_type: z.array(z.enum(contentTypes)).min(1),
    territorial_scope: z.literal('global'),
  })
  .superRefine((statement, context) => {
    const issue = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (
      statement.decision_visibility.length === 0 &&
      statement.decision_provision === null &&
      statement.decision_account === null
    )
      issue('decision_visibility', 'at least one of visibility, monetary, provision and account is needed');
    const illegal = statement.decision_ground === 'DECISION_GROUND_ILLEGAL_CONTENT';
    const needed = illegal
      ? (['illegal_content_legal_ground', 'illegal_content_explanation'] as const)
      : (['incompatible_content_ground', 'incompatible_content_explanation'] as const);
    for (const field of needed) if (statement[field] === null) issue(field, 'the ground needs it');
  });
export type Statement = z.infer<typeof statementSchema>;

/** What was decided. A restriction cannot be written without its statement and the text the author reads. */
export const actionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('allow') }),
  ...(['label', 'demote', 'remove', 'refuse'] as const).map((kind) =>
    z.strictObject({
      kind: z.literal(kind),
      statement: statementSchema,
      /** The exact text that the author reads. */
      text: z.string().min(1).max(12_000),
    }),
  ),
]);
/** Zod cannot tell the mapped members apart; this says the same. */
export type Restriction = Exclude<CaseAction, 'allow'>;
export type Action =
  | { readonly kind: 'allow' }
  | { readonly kind: Restriction; readonly statement: Statement; readonly text: string };

/** `dec_<ulid of the case>_<n>`: the n-th decision of its case, so that it leads back to it without an index. */
export type DecisionId = `dec_${string}`;
const decisionPattern = /^dec_([0-7][0-9a-hjkmnp-tv-z]{25})_([1-9][0-9]{0,3})$/;
/** Hex SHA-256 of the secret in a receipt is all that is kept of it. */
export const reportOutcomes = ['acted', 'dismissed'] as const;
export type ReportOutcome = (typeof reportOutcomes)[number];

export const decisionIdSchema = z
  .custom<DecisionId>((value) => typeof value === 'string' && decisionPattern.test(value), {
    error: 'must be a dec_… id',
  })
  .meta({ type: 'string', pattern: decisionPattern.source });

export function decisionIdOf(caseId: Id<'case'>, number: number): DecisionId {
  return `dec_${caseId.slice('case_'.length)}_${number}`;
}

/** The case a decision belongs to. */
export function caseIdOfDecision(id: DecisionId): Id<'case'> {
  return `case_${decisionPattern.exec(id)?.[1] ?? ''}`;
}

/** A decision may be taken back by whoever took it for this long; what follows from it waits that long unless it is urgent. */
export const undoMs = 10_000;
/** How long a claim lasts without being renewed (by claiming again). */
export const claimLeaseMs = 5 * 60_000;
/** An alarm returns a dead claim to the queue at most this long after its lease. */
export const claimGraceMs = 5_000;
/** DSA Article 20: complaints can be made for at least six months. */
export const appealMs = 183 * 86_400_000;
