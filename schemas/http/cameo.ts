/** Cameos over HTTP: enrolment, policy, grants, appearances, revocations (K-10 … K-17). */
import { z } from 'zod';
import { capabilitySchema, regionSchema } from '../consent.ts';
import { errorCodes } from '../errors.ts';
import { idSchema } from '../ids.ts';
import { cameoLevelSchema, portraitSchema, ruleClassSchema, rulesSchema, voiceSchema } from '../likeness.ts';
import { accountSchema } from './accounts.ts';
import { receiptSchema } from './clips.ts';
import { handleSchema, isoTimeSchema } from './common.ts';
import { generationStatusSchema } from './generations.ts';

// ── enrolment ────────────────────────────────────────────────────────────────────────────────────────────────────────────────

export const headTurns = ['left', 'right', 'up'] as const;
export const headTurnSchema = z.enum(headTurns);
export type HeadTurn = z.infer<typeof headTurnSchema>;

export const challengeSchema = z.object({
  /** Six digits to be said aloud, in this order. */
  digits: z.string().regex(/^\d{6}$/),
  /** Where to turn the head, in this order, from the person's own point of view; back to the front in between. */
  turns: z.array(headTurnSchema).length(3),
});
export type Challenge = z.infer<typeof challengeSchema>;

/** Minutes a challenge is good for. */
export const challengeMinutes = 10;
export const recordingLimits = { maxBytes: 48 * 1024 * 1024, minSeconds: 5, maxSeconds: 30 } as const;
export const recordingMediaTypes = ['video/webm', 'video/mp4'] as const;

/** What an inspection looks at, in the order in which it is reported. */
export const enrolmentChecks = [
  'recording',
  'sound',
  'one-face',
  'head-turns',
  'live-person',
  'same-person',
  'lips-and-voice',
  'spoken-digits',
  'not-enrolled-elsewhere',
] as const;
export const enrolmentCheckSchema = z.object({
  name: z.enum(enrolmentChecks),
  outcome: z.enum(['passed', 'failed', 'unverified']),
  /** What was seen and, for a failure, what to do about it. */
  message: z.string(),
});
export type EnrolmentCheck = z.infer<typeof enrolmentCheckSchema>;

export const enrolmentStatuses = ['open', 'inspecting', 'accepted', 'refused', 'review', 'expired'] as const;
export const enrolmentSchema = z
  .object({
    id: idSchema('enr'),
    status: z.enum(enrolmentStatuses),
    challenge: challengeSchema,
    expiresAt: isoTimeSchema,
    limits: z.object({ maxBytes: z.number(), minSeconds: z.number(), maxSeconds: z.number() }),
    /** Empty until the inspection has ended. */
    checks: z.array(enrolmentCheckSchema),
    /** Why it was refused. */
    error: z.object({ code: z.enum(errorCodes), message: z.string() }).optional(),
  })
  .meta({ id: 'Enrolment' });
export type Enrolment = z.infer<typeof enrolmentSchema>;

export const startEnrolmentSchema = z.strictObject({
  /** Keep a portrait frame and the voice's pitch for rendering. The recording itself is deleted after the decision either way. */
  keepForRendering: z.boolean().default(true),
});

// ── cameo and policy ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export const verifications = ['demo', 'recording', 'recording-speech-unverified'] as const;
export type Verification = (typeof verifications)[number];

export const cameoSchema = z
  .object({
    id: idSchema('cam'),
    status: z.enum(['none', 'enrolled', 'revoked']),
    level: cameoLevelSchema,
    verification: z.enum(verifications).nullable(),
    portrait: portraitSchema.nullable(),
    voice: voiceSchema.nullable(),
    /** Whether casts may use the voice. */
    lendVoice: z.boolean(),
    rules: rulesSchema,
    /** Grows with every re-consent; clips of earlier epochs stay as they were decided. */
    epoch: z.number().int(),
    /** For casts made by level, not by a contract. */
    reviewBeforePublication: z.boolean(),
    enrolledAt: isoTimeSchema.nullable(),
    counts: z.object({ clips: z.number().int(), people: z.number().int(), grants: z.number().int() }),
  })
  .meta({ id: 'Cameo' });
export type Cameo = z.infer<typeof cameoSchema>;

export const updateCameoSchema = z.strictObject({
  level: cameoLevelSchema.optional(),
  lendVoice: z.boolean().optional(),
  rules: rulesSchema.optional(),
  reviewBeforePublication: z.boolean().optional(),
});
export type UpdateCameo = z.infer<typeof updateCameoSchema>;

export const localCameoSchema = z.strictObject({ level: cameoLevelSchema.optional() });

/** Somebody the asking person may cast now. */
export const castableSchema = z
  .object({
    account: accountSchema,
    cameoId: idSchema('cam'),
    portrait: portraitSchema.nullable(),
    verification: z.enum(verifications),
    /** Why: their own likeness, a contract, a mutual follow, or open to everyone. */
    because: z.enum(['me', 'grant', 'mutual', 'everyone']),
    reviewBeforeGeneration: z.boolean(),
    reviewBeforePublication: z.boolean(),
  })
  .meta({ id: 'Castable' });
export type Castable = z.infer<typeof castableSchema>;

// ── grants ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────

export const createGrantSchema = z.strictObject({
  handle: handleSchema,
  /** Shown to both sides. */
  purpose: z.string().trim().min(1).max(200),
  /** Null: as often as they like. */
  uses: z.number().int().min(1).max(10_000).nullable().default(null),
  until: isoTimeSchema.nullable().default(null),
  reviewBeforeGeneration: z.boolean().default(false),
  reviewBeforePublication: z.boolean().default(false),
  /** Classes my rules deny that this contract allows; never `sexual`. */
  allow: z.array(ruleClassSchema).max(8).default([]),
});
export type CreateGrant = z.infer<typeof createGrantSchema>;

export const grantSchema = z
  .object({
    id: idSchema('grant'),
    /** Who may cast. */
    grantee: accountSchema,
    /** Whose likeness. */
    grantor: accountSchema,
    purpose: z.string(),
    uses: z.number().int().nullable(),
    used: z.number().int(),
    until: isoTimeSchema.nullable(),
    reviewBeforeGeneration: z.boolean(),
    reviewBeforePublication: z.boolean(),
    allow: z.array(ruleClassSchema),
    status: z.enum(['active', 'used-up', 'expired', 'revoked']),
    createdAt: isoTimeSchema,
  })
  .meta({ id: 'Grant' });
export type Grant = z.infer<typeof grantSchema>;

// ── appearances ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

export const appearanceSchema = z
  .object({
    generationId: idSchema('gen'),
    clipId: idSchema('clip').nullable(),
    /** Who made it. */
    maker: accountSchema,
    prompt: z.string(),
    generationStatus: generationStatusSchema,
    /** Null until there is a clip. */
    clipStatus: z.enum(['draft', 'published', 'withdrawn']).nullable(),
    caption: z.string(),
    /** Whether consent still lets it be served. */
    served: z.boolean(),
    locked: z.boolean(),
    hidden: z.boolean(),
    remixes: z.number().int(),
    poster: z.string().nullable(),
    color: z.string().nullable(),
    /** A decision that is waiting for me. */
    review: z.enum(['before-generation', 'before-publication']).nullable(),
    reviewId: idSchema('rvw').nullable(),
    recastRequested: z.boolean(),
    createdAt: isoTimeSchema,
  })
  .meta({ id: 'Appearance' });
export type Appearance = z.infer<typeof appearanceSchema>;

export const decideReviewSchema = z.strictObject({ decision: z.enum(['approve', 'refuse']) });

// ── revocations ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

export const revocationScopes = ['clip', 'account', 'all'] as const;
export const existingChoices = ['keep', 'unlist', 'delete'] as const;
export type ExistingChoice = (typeof existingChoices)[number];

export const revokeSchema = z
  .strictObject({
    scope: z.enum(revocationScopes),
    /** A clip id for `clip`, a handle or account id for `account`, nothing for `all`. */
    target: z.string().trim().min(1).max(64).optional(),
    /** keep: what exists stays, nothing new. unlist: what exists leaves feeds and search. delete: it stops everywhere. */
    existing: z.enum(existingChoices),
  })
  .refine((input) => (input.scope === 'all') === (input.target === undefined), {
    error: 'name a target for clip and account, none for all',
    path: ['target'],
  });
export type RevokeInput = z.infer<typeof revokeSchema>;

/** Exactly what a revocation would stop, counted before it is confirmed. */
export const revocationPreviewSchema = z
  .object({
    scope: z.enum(revocationScopes),
    existing: z.enum(existingChoices),
    clips: z.number().int(),
    drafts: z.number().int(),
    /** Clips by anyone that inherit the likeness. */
    remixes: z.number().int(),
    /** Jobs that are being made and will be stopped. */
    generations: z.number().int(),
    grants: z.number().int(),
    people: z.number().int(),
  })
  .meta({ id: 'RevocationPreview' });
export type RevocationPreview = z.infer<typeof revocationPreviewSchema>;

export const regionOutcomeSchema = z.object({
  region: regionSchema,
  outcome: z.enum(['acknowledged', 'lease-expired']),
  ms: z.number(),
});

/** One receipt for a revocation of whatever scope; it names every entry it made and everything that stopped. */
export const cameoReceiptSchema = z
  .object({
    id: idSchema('rev'),
    scope: z.enum(revocationScopes),
    existing: z.enum(existingChoices),
    revokedAt: isoTimeSchema,
    entries: z.array(receiptSchema),
    denies: z.array(capabilitySchema),
    /** Clips and remixes that carry the revoked keys; the first hundred by id, all of them by number. */
    stopped: z.object({
      clips: z.number().int(),
      remixes: z.number().int(),
      generations: z.number().int(),
      clipIds: z.array(idSchema('clip')).max(100),
    }),
    url: z.string(),
  })
  .meta({ id: 'CameoReceipt' });
export type CameoReceipt = z.infer<typeof cameoReceiptSchema>;

export const recastRequestSchema = z.strictObject({
  /** Shown to the creator. */
  note: z.string().trim().max(200).default(''),
});
