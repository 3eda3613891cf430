/**
 * Events of a moderation case and the signed log they make. Invariant: a case is what its events say, nothing else
 * (`core/moderation/case-state.ts` folds them); an event is never changed or removed. Written by the case object, read by the console
 * and by whoever checks the exported log offline.
 */
import { z } from 'zod';
import { capabilitySchema } from './consent.ts';
import { isoTimeSchema } from './http/common.ts';
import { idSchema } from './ids.ts';
import {
  actionSchema,
  caseActionSchema,
  caseCauseSchema,
  caseProvenanceSchema,
  caseSubjectSchema,
  decisionIdSchema,
  harmClassSchema,
  reportOutcomes,
  severitySchema,
} from './moderation.ts';

/** Who or what did it. */
export const caseActorSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('account'), id: idSchema('acc') }),
  /** Somebody without an account. */
  z.object({ kind: z.literal('visitor') }),
  z.object({ kind: z.literal('system') }),
  z.object({ kind: z.literal('rule'), id: z.string().max(100), version: z.string().max(60) }),
]);
export type CaseActor = z.infer<typeof caseActorSchema>;

/** With what. */
export const caseTools = [
  'console',
  'report-form',
  'appeal-form',
  'ingest',
  'generation',
  'enrolment',
  'desk',
] as const;
export const caseToolSchema = z.enum(caseTools);
export type CaseTool = z.infer<typeof caseToolSchema>;

const token = z.number().int().positive();
const hex64 = z.string().regex(/^[0-9a-f]{64}$/);

/** What a decision did outside the case, so that it can be undone exactly. */
export const appliedEffectSchema = z.discriminatedUnion('kind', [
  /** A denial in the consent log. */
  z.object({
    kind: z.literal('revoked'),
    revocationId: idSchema('rev'),
    denies: z.array(capabilitySchema).min(1),
  }),
  /** A denial lifted again. */
  z.object({ kind: z.literal('lifted'), revocationId: idSchema('rev') }),
  /** The subject's own object was told. */
  z.object({ kind: z.literal('told-subject'), action: caseActionSchema }),
  z.object({ kind: z.literal('comment'), hidden: z.boolean() }),
  z.object({ kind: z.literal('bank'), entryId: z.string().max(100), present: z.boolean() }),
  /** It could not be carried out because what it is about is not there any more. */
  z.object({ kind: z.literal('gone'), reason: z.string().max(200) }),
]);
export type AppliedEffect = z.infer<typeof appliedEffectSchema>;

const body = <T extends string, S extends z.ZodRawShape>(type: T, data: S) =>
  z.object({ type: z.literal(type), data: z.object(data) });

/** What happened, by type. */
export const caseEventBodySchema = z.discriminatedUnion('type', [
  body('opened', {
    subject: caseSubjectSchema,
    cause: caseCauseSchema,
    provenance: caseProvenanceSchema.nullable(),
    severity: severitySchema,
    harmClass: harmClassSchema,
    legalDeadlineAt: isoTimeSchema.nullable(),
    /** Earlier cases about the same subject. */
    previousCaseIds: z.array(idSchema('case')).max(50),
  }),
  /** One more report or finding; `widens`: it says something the case did not know, so whoever decides must have seen it. */
  body('cause-added', {
    cause: caseCauseSchema,
    severity: severitySchema,
    harmClass: harmClassSchema,
    legalDeadlineAt: isoTimeSchema.nullable(),
    widens: z.boolean(),
  }),
  /** Out of sight until somebody has looked. */
  body('hidden', {}),
  /** `for: appeal` is given to somebody else than who decided first. `version`: what the moderator saw. */
  body('claimed', {
    token,
    moderatorId: idSchema('acc'),
    for: z.enum(['decision', 'appeal']),
    version: z.number().int().positive(),
    expiresAt: isoTimeSchema,
  }),
  body('claim-renewed', { token, expiresAt: isoTimeSchema }),
  body('claim-released', { token }),
  body('claim-expired', { token }),
  body('evidence-viewed', { token, seconds: z.number().positive(), harmClass: harmClassSchema }),
  /** A moderator was given a file that others are not. Once per claim and file. */
  body('media-served', { token, file: z.string().max(64) }),
  body('decided', {
    decisionId: decisionIdSchema,
    token,
    version: z.number().int().positive(),
    action: actionSchema,
    policyId: z.string().max(60),
    policyVersion: z.number().int().positive(),
    /** For moderators; the author reads the action's text. */
    facts: z.string().max(5000),
    addToBank: z.boolean(),
    /** Carried out at once instead of after the time for undoing. */
    urgent: z.boolean(),
    /** Until when it can be undone; what follows waits until then. */
    undoUntil: isoTimeSchema,
  }),
  body('undone', { decisionId: decisionIdSchema }),
  body('effects-applied', {
    decisionId: decisionIdSchema.nullable(),
    effects: z.array(appliedEffectSchema).max(20),
  }),
  body('author-told', { decisionId: decisionIdSchema }),
  body('appealed', { decisionId: decisionIdSchema, accountId: idSchema('acc'), text: z.string().max(4000) }),
  /** The second decision, and what it makes of the first: never worse for who appealed. */
  body('appeal-decided', {
    decisionId: decisionIdSchema,
    /** The decision that was appealed. */
    of: decisionIdSchema,
    token,
    version: z.number().int().positive(),
    outcome: z.enum(['upheld', 'overturned']),
    /** What the second person would have done, blind. */
    action: actionSchema,
    policyId: z.string().max(60),
    policyVersion: z.number().int().positive(),
    facts: z.string().max(5000),
  }),
  /** Everything that followed from the decision was taken back. */
  body('restored', { decisionId: decisionIdSchema, effects: z.array(appliedEffectSchema).max(20) }),
  body('reporter-told', { reportId: idSchema('rep'), outcome: z.enum(reportOutcomes) }),
]);
export type CaseEventBody = z.infer<typeof caseEventBodySchema>;
export type CaseEventType = CaseEventBody['type'];

/** Everything of an event that its hash covers. */
const envelope = {
  v: z.literal(1),
  caseId: idSchema('case'),
  /** 1 for the first; grows by one. */
  seq: z.number().int().positive(),
  at: isoTimeSchema,
  actor: caseActorSchema,
  tool: caseToolSchema,
  previousHash: hex64,
  /** Hex SHA-256 over the RFC 8785 form of all other members but `signature`. */
  hash: hex64,
  /** Base64 Ed25519 over case, seq and hash (`checkpointText`). */
  signature: z.base64(),
};
export const caseEventSchema = z.intersection(z.object(envelope), caseEventBodySchema);
export type CaseEvent = z.infer<typeof caseEventSchema>;

/** `GET /api/v1/moderation/cases/:id/log`: what scripts/verify-case-log.ts checks. */
export const caseLogSchema = z
  .object({
    format: z.literal('kinora-case-log/1'),
    caseId: idSchema('case'),
    /** Base64 raw Ed25519 public key. Whoever checks compares it with the one published at /api/v1/moderation/numbers. */
    publicKey: z.base64(),
    events: z.array(caseEventSchema).min(1),
  })
  .meta({ id: 'CaseLog' });
export type CaseLog = z.infer<typeof caseLogSchema>;
