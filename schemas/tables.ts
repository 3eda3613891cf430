/**
 * D1: the relational side. Accounts, passkeys, sessions and the social graph live here; clips and generations are projections of
 * their objects (`version` guards against older messages). Times are ISO 8601 text, so that they sort and read as they are.
 */
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { ConsentKey } from './consent.ts';
import type { FrameSize } from './engine.ts';
import type { Role, Tier } from './http/accounts.ts';
import type { Verification } from './http/cameo.ts';
import type { ClipStatus, Erasure, Visibility } from './http/clips.ts';
import type { Generation, GenerationStatus } from './http/generations.ts';
import type { Upload, UploadStatus } from './http/uploads.ts';
import type { Id } from './ids.ts';
import type { CameoLevel, Portrait, RuleClass } from './likeness.ts';
import type { ClipProjection } from './projections.ts';

export const accounts = sqliteTable(
  'accounts',
  {
    id: text().$type<Id<'acc'>>().primaryKey(),
    handle: text().notNull(),
    displayName: text().notNull(),
    tier: text().$type<Tier>().notNull().default('free'),
    roles: text({ mode: 'json' }).$type<Role[]>().notNull().default([]),
    demo: integer({ mode: 'boolean' }).notNull().default(false),
    suspendedAt: text(),
    createdAt: text().notNull(),
  },
  (t) => [uniqueIndex('accounts_handle').on(t.handle)],
);

export const passkeys = sqliteTable(
  'passkeys',
  {
    /** Base64url credential id. */
    credentialId: text().primaryKey(),
    accountId: text()
      .$type<Id<'acc'>>()
      .notNull()
      .references(() => accounts.id),
    /** COSE public key, base64url. */
    publicKey: text().notNull(),
    counter: integer().notNull(),
    transports: text({ mode: 'json' }).$type<string[]>().notNull().default([]),
    createdAt: text().notNull(),
    lastUsedAt: text(),
  },
  (t) => [index('passkeys_account').on(t.accountId)],
);

/** WebAuthn challenges: single use, short-lived. */
export const challenges = sqliteTable('challenges', {
  id: text().primaryKey(),
  kind: text().$type<'registration' | 'authentication'>().notNull(),
  challenge: text().notNull(),
  /** For registration: the account this will create or extend. */
  accountId: text().$type<Id<'acc'>>(),
  handle: text(),
  displayName: text(),
  expiresAt: text().notNull(),
});

export const sessions = sqliteTable(
  'sessions',
  {
    /** Hex SHA-256 of the token: the token itself is never stored. */
    tokenHash: text().primaryKey(),
    accountId: text()
      .$type<Id<'acc'>>()
      .notNull()
      .references(() => accounts.id),
    createdAt: text().notNull(),
    expiresAt: text().notNull(),
  },
  (t) => [index('sessions_account').on(t.accountId)],
);

export const generations = sqliteTable(
  'generations',
  {
    id: text().$type<Id<'gen'>>().primaryKey(),
    accountId: text().$type<Id<'acc'>>().notNull(),
    status: text().$type<GenerationStatus>().notNull(),
    record: text({ mode: 'json' }).$type<Generation>().notNull(),
    version: integer().notNull(),
    createdAt: text().notNull(),
  },
  (t) => [index('generations_account').on(t.accountId, t.createdAt)],
);

export const clips = sqliteTable(
  'clips',
  {
    id: text().$type<Id<'clip'>>().primaryKey(),
    ownerId: text().$type<Id<'acc'>>().notNull(),
    coOwnerIds: text({ mode: 'json' }).$type<Id<'acc'>[]>().notNull(),
    status: text().$type<ClipStatus>().notNull(),
    visibility: text().$type<Visibility>().notNull(),
    caption: text().notNull(),
    prompt: text().notNull(),
    showPrompt: integer({ mode: 'boolean' }).notNull(),
    summary: text().notNull(),
    engine: text({ mode: 'json' })
      .$type<{ name: string; version: string; model: string; description: string }>()
      .notNull(),
    size: text().$type<FrameSize>().notNull(),
    durationMs: integer().notNull(),
    hasCaptions: integer({ mode: 'boolean' }).notNull(),
    color: text().notNull(),
    locked: integer({ mode: 'boolean' }).notNull(),
    parentId: text().$type<Id<'clip'>>(),
    parentHandle: text(),
    rootId: text().$type<Id<'clip'>>().notNull(),
    depth: integer().notNull(),
    keys: text({ mode: 'json' }).$type<ConsentKey[]>().notNull(),
    cast: text({ mode: 'json' }).$type<ClipProjection['clip']['cast']>().notNull().default([]),
    version: integer().notNull(),
    createdAt: text().notNull(),
    publishedAt: text(),
  },
  (t) => [
    index('clips_owner').on(t.ownerId, t.status, t.createdAt),
    index('clips_parent').on(t.parentId, t.status),
    index('clips_published').on(t.status, t.visibility, t.publishedAt),
  ],
);

export const follows = sqliteTable(
  'follows',
  {
    followerId: text().$type<Id<'acc'>>().notNull(),
    followedId: text().$type<Id<'acc'>>().notNull(),
    createdAt: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.followerId, t.followedId] }), index('follows_followed').on(t.followedId)],
);

export const likes = sqliteTable(
  'likes',
  {
    clipId: text().$type<Id<'clip'>>().notNull(),
    accountId: text().$type<Id<'acc'>>().notNull(),
    createdAt: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.clipId, t.accountId] }), index('likes_account').on(t.accountId)],
);

export const comments = sqliteTable(
  'comments',
  {
    id: text().$type<Id<'cmt'>>().primaryKey(),
    clipId: text().$type<Id<'clip'>>().notNull(),
    authorId: text().$type<Id<'acc'>>().notNull(),
    text: text().notNull(),
    createdAt: text().notNull(),
    deletedAt: text(),
  },
  (t) => [index('comments_clip').on(t.clipId, t.createdAt)],
);

export const reports = sqliteTable(
  'reports',
  {
    id: text().$type<Id<'rep'>>().primaryKey(),
    clipId: text().$type<Id<'clip'>>().notNull(),
    /** Null for a report without an account. */
    reporterId: text().$type<Id<'acc'>>(),
    reason: text().notNull(),
    details: text().notNull(),
    createdAt: text().notNull(),
    /** Hex SHA-256 of the token that reads the outcome without an account. */
    tokenHash: text(),
    caseId: text().$type<Id<'case'>>(),
    /** What came of it, once it is decided. */
    outcome: text().$type<'acted' | 'dismissed' | 'duplicate'>(),
    decidedAt: text(),
  },
  (t) => [
    index('reports_clip').on(t.clipId),
    index('reports_reporter').on(t.reporterId, t.outcome),
    uniqueIndex('reports_token').on(t.tokenHash),
  ],
);

/** Which clips carry which key: counts what a revocation stops. Rows of a clip change with its `clips` row. */
export const clipKeys = sqliteTable(
  'clip_keys',
  {
    key: text().$type<ConsentKey>().notNull(),
    clipId: text().$type<Id<'clip'>>().notNull(),
    inherited: integer({ mode: 'boolean' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.key, t.clipId] }), index('clip_keys_clip').on(t.clipId)],
);

/** Projection of Cameo objects. */
export const cameos = sqliteTable(
  'cameos',
  {
    accountId: text().$type<Id<'acc'>>().primaryKey(),
    cameoId: text().$type<Id<'cam'>>().notNull(),
    status: text().$type<'none' | 'enrolled' | 'revoked'>().notNull(),
    level: text().$type<CameoLevel>().notNull(),
    verification: text().$type<Verification>(),
    portrait: text({ mode: 'json' }).$type<Portrait | null>(),
    reviewBeforePublication: integer({ mode: 'boolean' }).notNull(),
    epoch: integer().notNull(),
    version: integer().notNull(),
  },
  (t) => [uniqueIndex('cameos_cameo').on(t.cameoId)],
);

/** Projection of the contracts that Cameo objects hold. */
export const grants = sqliteTable(
  'grants',
  {
    id: text().$type<Id<'grant'>>().primaryKey(),
    cameoAccountId: text().$type<Id<'acc'>>().notNull(),
    granteeId: text().$type<Id<'acc'>>().notNull(),
    purpose: text().notNull(),
    uses: integer(),
    used: integer().notNull(),
    until: text(),
    reviewBeforeGeneration: integer({ mode: 'boolean' }).notNull(),
    reviewBeforePublication: integer({ mode: 'boolean' }).notNull(),
    allow: text({ mode: 'json' }).$type<RuleClass[]>().notNull(),
    revoked: integer({ mode: 'boolean' }).notNull(),
    createdAt: text().notNull(),
    version: integer().notNull(),
  },
  (t) => [index('grants_grantee').on(t.granteeId), index('grants_cameo').on(t.cameoAccountId)],
);

/** Erasure receipts (K-20): written by the erasure workflow, kept after everything else is gone. */
export const erasures = sqliteTable('erasures', {
  subject: text().$type<Id<'clip'> | Id<'cam'>>().primaryKey(),
  receipt: text({ mode: 'json' }).$type<Erasure>().notNull(),
  updatedAt: text().notNull(),
});

/** Clips whose files are kept apart as evidence before they are erased from service. */
export const legalHolds = sqliteTable('legal_holds', {
  clipId: text().$type<Id<'clip'>>().primaryKey(),
  reason: text().notNull(),
  until: text().notNull(),
  createdAt: text().notNull(),
});

/** Which manifest an invisible mark points at. 40 bits collide: a fingerprint has to agree before a mark means anything. */
export const watermarks = sqliteTable(
  'watermarks',
  {
    /** Ten hex digits. */
    watermarkId: text().notNull(),
    generationId: text().$type<Id<'gen'>>().notNull(),
    clipId: text().$type<Id<'clip'>>().notNull(),
    manifestLabel: text().notNull(),
    createdAt: text().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.watermarkId, t.generationId] }),
    index('watermarks_clip').on(t.clipId),
    index('watermarks_manifest').on(t.manifestLabel),
  ],
);

/** Manifest stores that can be asked for by label (Soft Binding Resolution API), ours and those of uploads. */
export const manifests = sqliteTable('manifests', {
  label: text().primaryKey(),
  clipId: text().$type<Id<'clip'>>(),
  uploadId: text().$type<Id<'upl'>>(),
  /** R2 keys of the store and of its crJSON. */
  storeKey: text().notNull(),
  crJsonKey: text(),
  createdAt: text().notNull(),
});

/** Uploaded bytes by content: the same bytes twice are one object. */
export const mediaObjects = sqliteTable('media_objects', {
  /** Hex SHA-256. */
  sha256: text().primaryKey(),
  objectKey: text().notNull(),
  size: integer().notNull(),
  mediaType: text().notNull(),
  createdAt: text().notNull(),
});

/** Projection of Upload objects. */
export const uploads = sqliteTable(
  'uploads',
  {
    id: text().$type<Id<'upl'>>().primaryKey(),
    ownerId: text().$type<Id<'acc'>>().notNull(),
    status: text().$type<UploadStatus>().notNull(),
    record: text({ mode: 'json' }).$type<Upload>().notNull(),
    sha256: text(),
    version: integer().notNull(),
    createdAt: text().notNull(),
  },
  (t) => [index('uploads_owner').on(t.ownerId, t.createdAt), index('uploads_sha256').on(t.sha256)],
);

/** Projection of ModerationCase objects: lists, numbers, and what an author may read. */
export const moderationCases = sqliteTable(
  'moderation_cases',
  {
    id: text().$type<Id<'case'>>().primaryKey(),
    subjectKind: text().notNull(),
    subjectId: text().notNull(),
    /** Whose thing it is; null when nobody's. */
    authorId: text().$type<Id<'acc'>>(),
    status: text().notNull(),
    action: text(),
    policyId: text(),
    decisionId: text().$type<Id<'dec'>>(),
    decidedBy: text().$type<Id<'acc'>>(),
    appealStatus: text(),
    openedAt: text().notNull(),
    decidedAt: text(),
    version: integer().notNull(),
  },
  (t) => [
    index('moderation_cases_subject').on(t.subjectKind, t.subjectId),
    index('moderation_cases_author').on(t.authorId, t.decidedAt),
    index('moderation_cases_decision').on(t.decisionId),
  ],
);
