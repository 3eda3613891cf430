/**
 * HTTP shapes of the desk (`/api/v1/moderation/…`) and of report receipts. Moderators see cases; authors see the decision about what is
 * theirs and may appeal; whoever reported sees the outcome; everybody sees the numbers.
 */
import { z } from 'zod';
import { caseEventSchema } from '../case-log.ts';
import { idSchema } from '../ids.ts';
import {
  caseActionSchema,
  caseMediaSchema,
  caseProvenanceSchema,
  caseSubjectSchema,
  decisionIdSchema,
  explanationLimit,
  factsLimit,
  findingSchema,
  harmClassSchema,
  reportOutcomes,
  reportReasonSchema,
  severitySchema,
  statementCategories,
  statementSchema,
  subjectKindSchema,
} from '../moderation.ts';
import { isoTimeSchema } from './common.ts';

/** Why a case stands where it stands: the queue sorts by these, in this order. */
export const priorityTermsSchema = z
  .object({
    /** First: the earliest legal deadline; cases without one come after. */
    legalDeadlineAt: isoTimeSchema.nullable(),
    /** Second: severity × reach × accuracy × age; the larger the sooner. */
    score: z.number(),
    severity: severitySchema,
    /** 1 + log₂(1 + people reached). */
    reach: z.number(),
    /** How often those who reported it were right (Laplace-smoothed, 0 to 1); 1 for rules. */
    accuracy: z.number(),
    /** 1 up to the limit, then doubling without end, so that nothing waits for ever. */
    age: z.number(),
    /** Third: the older first. Milliseconds since it was opened or appealed. */
    waitingMs: z.number(),
    /** It has waited longer than its limit. */
    overdue: z.boolean(),
    /** The same in words. */
    why: z.string(),
  })
  .meta({ id: 'PriorityTerms' });
export type PriorityTerms = z.infer<typeof priorityTermsSchema>;

export const exposureSchema = z
  .object({
    harmClass: harmClassSchema,
    /** Seconds of unfiltered viewing today (UTC). */
    usedSeconds: z.number(),
    capSeconds: z.number(),
    remainingSeconds: z.number(),
    resetsAt: isoTimeSchema,
  })
  .meta({ id: 'Exposure' });
export type Exposure = z.infer<typeof exposureSchema>;

export const moderationQueueSchema = z
  .object({
    /** Waiting for a first decision, for an appeal, held by somebody, and past the limit. */
    waiting: z.number().int(),
    appeals: z.number().int(),
    claimed: z.number().int(),
    overdue: z.number().int(),
    /** What I would be given, and why; null when there is nothing for me. */
    next: z
      .object({ caseId: idSchema('case'), for: z.enum(['decision', 'appeal']), terms: priorityTermsSchema })
      .nullable(),
    /** Claims of mine that have not run out. */
    mine: z.array(
      z.object({ caseId: idSchema('case'), claimToken: z.number().int(), expiresAt: isoTimeSchema }),
    ),
    exposure: z.array(exposureSchema),
  })
  .meta({ id: 'ModerationQueue' });
export type ModerationQueue = z.infer<typeof moderationQueueSchema>;

export const policySchema = z
  .object({
    id: z.string(),
    version: z.number().int(),
    title: z.string(),
    /** What authors read. */
    text: z.string(),
    category: z.enum(statementCategories),
    ground: z.enum(['illegal', 'incompatible']),
    severity: severitySchema,
    harmClass: harmClassSchema,
    defaultAction: caseActionSchema,
    /** Removal is carried out at once instead of after the time for undoing. */
    urgent: z.boolean(),
  })
  .meta({ id: 'ModerationPolicy' });
export type PolicyView = z.infer<typeof policySchema>;

const personSchema = z.object({ id: idSchema('acc'), handle: z.string() });

/** A decision as moderators see it. */
export const caseDecisionSchema = z
  .object({
    id: decisionIdSchema,
    action: caseActionSchema,
    policyId: z.string(),
    policyVersion: z.number().int(),
    facts: z.string(),
    /** What the author reads; null when nothing was restricted. */
    text: z.string().nullable(),
    statement: statementSchema.nullable(),
    by: personSchema,
    at: isoTimeSchema,
    undoUntil: isoTimeSchema,
    /** It has taken effect outside the case. */
    applied: z.boolean(),
    /** It was undone, or an appeal overturned it. */
    standing: z.enum(['in-force', 'undone', 'overturned']),
  })
  .meta({ id: 'CaseDecision' });
export type CaseDecision = z.infer<typeof caseDecisionSchema>;

export const caseStatuses = ['open', 'decided', 'appealed', 'closed'] as const;

/** A case as the desk shows it. Of a case in appeal the first verdict is left out until the second is recorded. */
export const moderationCaseSchema = z
  .object({
    id: idSchema('case'),
    status: z.enum(caseStatuses),
    /** Send it with the decision: a case that has learnt something since is `stale_version`. */
    version: z.number().int(),
    openedAt: isoTimeSchema,
    subject: caseSubjectSchema.omit({ media: true, ownerId: true }).extend({
      owner: personSchema.nullable(),
      media: z.array(caseMediaSchema.omit({ key: true }).extend({ url: z.string() })),
    }),
    severity: severitySchema,
    harmClass: harmClassSchema,
    legalDeadlineAt: isoTimeSchema.nullable(),
    /** Out of sight until it is decided. */
    hidden: z.boolean(),
    reports: z.array(
      z.object({
        id: idSchema('rep'),
        reason: reportReasonSchema,
        details: z.string(),
        at: isoTimeSchema,
        /** Null without an account. */
        reporter: personSchema.nullable(),
        /** How often this reporter was right, smoothed. */
        accuracy: z.number(),
      }),
    ),
    findings: z.array(findingSchema.extend({ at: isoTimeSchema })),
    provenance: caseProvenanceSchema.nullable(),
    claim: z
      .object({
        by: personSchema,
        mine: z.boolean(),
        for: z.enum(['decision', 'appeal']),
        /** Only of my own claim. */
        token: z.number().int().nullable(),
        expiresAt: isoTimeSchema,
      })
      .nullable(),
    allowedActions: z.array(caseActionSchema),
    /** Ids of policies that its reports and findings point to, most likely first. */
    suggestedPolicies: z.array(z.string()),
    /** The decision in force or the last one; null before it, and while I am to judge the appeal blind. */
    decision: caseDecisionSchema.nullable(),
    appeal: z
      .object({
        text: z.string(),
        at: isoTimeSchema,
        outcome: z.enum(['upheld', 'overturned']).nullable(),
        decidedAt: isoTimeSchema.nullable(),
      })
      .nullable(),
    /** Earlier cases about the same subject or owner, newest first. */
    history: z.array(
      z.object({
        caseId: idSchema('case'),
        sameSubject: z.boolean(),
        subjectKind: subjectKindSchema,
        openedAt: isoTimeSchema,
        action: caseActionSchema.nullable(),
        policyId: z.string().nullable(),
        decidedAt: isoTimeSchema.nullable(),
      }),
    ),
    /** Points of decisions in force against the owner that have not lapsed. */
    ownerStrikes: z.number(),
    events: z.array(caseEventSchema),
  })
  .meta({ id: 'ModerationCase' });
export type ModerationCase = z.infer<typeof moderationCaseSchema>;

/** Empty: the next one. With `caseId`: that one, or my claim on it is renewed. */
export const claimCaseSchema = z.strictObject({ caseId: idSchema('case').optional() });
export const claimedCaseSchema = z
  .object({
    claim: z.object({
      caseId: idSchema('case'),
      /** The fencing token: send it with the decision. */
      token: z.number().int(),
      version: z.number().int(),
      for: z.enum(['decision', 'appeal']),
      expiresAt: isoTimeSchema,
    }),
    terms: priorityTermsSchema.nullable(),
    case: moderationCaseSchema,
  })
  .meta({ id: 'ClaimedCase' });
export type ClaimedCase = z.infer<typeof claimedCaseSchema>;
/** `claimed` is null when there is nothing to do for me. */
export const claimAnswerSchema = z
  .object({ claimed: claimedCaseSchema.nullable() })
  .meta({ id: 'ClaimAnswer' });
export type ClaimAnswer = z.infer<typeof claimAnswerSchema>;

const reasonsSchema = z.strictObject({
  action: caseActionSchema,
  policyId: z.string().min(1).max(60),
  /** What was found; told to the author. Needed for every restriction. */
  facts: z.string().trim().max(factsLimit).default(''),
  /** Why the policy applies to it; told to the author. Needed for every restriction. */
  explanation: z.string().trim().max(explanationLimit).default(''),
});
export const statementPreviewRequestSchema = reasonsSchema;
export const statementPreviewSchema = z
  .object({
    /** Exactly what the author will read; null for `allow`, which tells the author nothing. */
    text: z.string().nullable(),
    statement: statementSchema.nullable(),
  })
  .meta({ id: 'StatementPreview' });
export type StatementPreview = z.infer<typeof statementPreviewSchema>;

export const decideCaseSchema = reasonsSchema.extend({
  claimToken: z.number().int().positive(),
  version: z.number().int().positive(),
  /** The same key, the same answer, for 24 hours. */
  idempotencyKey: z.string().min(8).max(100),
  /** Its fingerprints go into the hash bank, so that copies are found. */
  addToBank: z.boolean().default(false),
});
export type DecideCase = z.input<typeof decideCaseSchema>;
export const decisionReceiptSchema = z
  .object({
    decisionId: decisionIdSchema,
    action: caseActionSchema,
    policyId: z.string(),
    at: isoTimeSchema,
    undoUntil: isoTimeSchema,
    /** Of a decision about an appeal: what it made of the first one. */
    appeal: z.enum(['upheld', 'overturned']).nullable(),
    /** Of the case after it. */
    version: z.number().int(),
  })
  .meta({ id: 'DecisionReceipt' });
export type DecisionReceiptBody = z.infer<typeof decisionReceiptSchema>;

export const exposureReportSchema = z.strictObject({
  /** Since the last report. */
  seconds: z.number().positive().max(120),
  harmClass: harmClassSchema,
});

/** A decision as whom it is about reads it. */
export const authorDecisionSchema = z
  .object({
    id: decisionIdSchema,
    subject: z.object({ kind: subjectKindSchema, id: z.string(), title: z.string() }),
    action: caseActionSchema,
    policy: z.object({ id: z.string(), version: z.number().int(), title: z.string(), text: z.string() }),
    /** The statement of reasons. */
    text: z.string(),
    statement: statementSchema,
    decidedAt: isoTimeSchema,
    standing: z.enum(['in-force', 'undone', 'overturned']),
    appeal: z
      .object({
        text: z.string(),
        at: isoTimeSchema,
        outcome: z.enum(['upheld', 'overturned']).nullable(),
        decidedAt: isoTimeSchema.nullable(),
      })
      .nullable(),
    canAppeal: z.boolean(),
    appealUntil: isoTimeSchema,
  })
  .meta({ id: 'AuthorDecision' });
export type AuthorDecision = z.infer<typeof authorDecisionSchema>;
export const appealLimit = 4000;
export const createAppealSchema = z.strictObject({ text: z.string().trim().min(1).max(appealLimit) });

/** What became of a report. */
export const reportStatusSchema = z
  .object({
    id: idSchema('rep'),
    reason: reportReasonSchema,
    reportedAt: isoTimeSchema,
    status: z.enum(['waiting', 'decided']),
    outcome: z.enum(reportOutcomes).nullable(),
    /** One or two sentences; the same for everybody whose report had this outcome. */
    text: z.string(),
    decidedAt: isoTimeSchema.nullable(),
  })
  .meta({ id: 'ReportStatus' });
export type ReportStatus = z.infer<typeof reportStatusSchema>;
export const reportTokenSchema = z
  .string()
  .regex(/^kr1_[0-7][0-9a-hjkmnp-tv-z]{25}_[0-7][0-9a-hjkmnp-tv-z]{25}_[A-Za-z0-9_-]{22}$/, {
    error: 'must be a report receipt',
  });
export const reportReceiptSchema = z
  .object({
    id: idSchema('rep'),
    /** Opens `GET /api/v1/reports/:token`; whoever has it can read the outcome. */
    token: reportTokenSchema,
    url: z.string(),
  })
  .meta({ id: 'ReportReceipt' });
export type ReportReceipt = z.infer<typeof reportReceiptSchema>;

/** A share with its 95 % Wilson interval. */
export const rateSchema = z.object({
  /** Null while there is nothing to count. */
  value: z.number().nullable(),
  low: z.number(),
  high: z.number(),
  of: z.number().int(),
});
export const moderationNumbersSchema = z
  .object({
    since: isoTimeSchema.nullable(),
    cases: z.object({ opened: z.number().int(), open: z.number().int(), decided: z.number().int() }),
    decisions: z.array(
      z.object({
        action: caseActionSchema,
        policyId: z.string(),
        subjectKind: subjectKindSchema,
        count: z.number().int(),
      }),
    ),
    /** By what the case began with. */
    sources: z.object({ reports: z.number().int(), findings: z.number().int() }),
    appeals: z.object({
      made: z.number().int(),
      waiting: z.number().int(),
      upheld: z.number().int(),
      overturned: z.number().int(),
    }),
    /** Of the appeals that were decided. */
    overturnRate: rateSchema,
    /** From opening to the first decision. */
    hoursToDecision: z.object({ median: z.number().nullable(), p95: z.number().nullable() }),
    policies: z.array(policySchema),
    /** Base64 raw Ed25519 key that signs case logs. */
    logPublicKey: z.string(),
  })
  .meta({ id: 'ModerationNumbers' });
export type ModerationNumbers = z.infer<typeof moderationNumbersSchema>;
