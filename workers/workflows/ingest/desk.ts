/**
 * What the desk is told about an upload: a snapshot, the evidence, and every finding that spoke against it. Invariant: the same upload and
 * reason are one entry, however often the step is repeated. Called by the ingest workflow.
 */
import type { CaseReason } from '#core/verdict/disposition.ts';
import type { UploadRecord } from '#durable-objects/upload/rpc.ts';
import type { Id } from '#schemas/ids.ts';
import type { CaseCause, CaseMedia, Finding } from '#schemas/moderation.ts';
import { openCase } from '../../moderation/open-case.ts';

export interface BankHit {
  readonly entryId: string;
  readonly policyId: string;
  readonly similarity: number;
  readonly distance: number | null;
  readonly second: number | null;
}

/** Version of these rules, shown with each finding. */
const ruleVersion = '2026-11-1';

const bare = {
  ruleVersion,
  score: null,
  threshold: null,
  model: null,
  second: null,
  policyId: null,
  match: null,
} as const;

/** @returns the case; rejects when the desk cannot be reached */
export async function openUploadCase(
  env: Env,
  record: UploadRecord,
  why: CaseReason,
  reason: string,
  bank: readonly BankHit[],
): Promise<Id<'case'>> {
  const { verification, report } = record;
  const opened = await openCase(env, {
    subject: {
      kind: 'upload',
      id: record.id,
      ownerId: record.ownerId,
      title: record.fileName,
      clipId: verification?.clipId ?? null,
      parentClipId: null,
      media: mediaOf(record),
      contentHash: record.sha256,
      durationMs: report?.probe.durationMs ?? null,
      createdAt: record.createdAt,
      reach: 0,
    },
    causes: causesOf(record, why, reason, bank),
    provenance:
      verification === null
        ? null
        : {
            verdict: verification.verdict,
            summary: verification.summary.slice(0, 1000),
            treeJson: treeOf(record),
          },
    legalDeadlineAt: null,
    dedupeKey: `ingest:${record.id}:${why}`,
    tool: 'ingest',
  });
  return opened.caseId;
}

/** As it was shown; a tree too large for the case is read from the upload. */
function treeOf({ verification }: UploadRecord): string | null {
  const text = JSON.stringify(verification?.evidence ?? null);
  return text.length > 256_000 ? null : text;
}

function mediaOf({ objectKey, size, mediaType, sha256, report }: UploadRecord): CaseMedia[] {
  const poster = report?.poster ?? null;
  const whole =
    objectKey === null
      ? []
      : [{ file: nameOf(mediaType), key: objectKey, size, mediaType, sha256: sha256 ?? '' }];
  if (poster === null) return whole;
  const { objectKey: key, size: posterSize, sha256: posterHash } = poster;
  return [
    ...whole,
    { file: 'poster.jpg', key, size: posterSize, mediaType: 'image/jpeg', sha256: posterHash },
  ];
}

function nameOf(mediaType: UploadRecord['mediaType']): string {
  if (mediaType.startsWith('video/')) return mediaType === 'video/mp4' ? 'video.mp4' : 'video.mov';
  if (mediaType.startsWith('audio/')) return mediaType === 'audio/wav' ? 'sound.wav' : 'sound.m4a';
  return `picture.${mediaType.slice('image/'.length).replace('jpeg', 'jpg')}`;
}

function causesOf(
  { report }: UploadRecord,
  why: CaseReason,
  reason: string,
  bank: readonly BankHit[],
): CaseCause[] {
  const findings: Finding[] = [];
  for (const hit of bank) {
    findings.push({
      ...bare,
      source: 'hash-match',
      rule: 'hash-bank',
      explanation: 'Its frames match an entry of the hash bank that two moderators confirmed.',
      score: hit.similarity,
      second: hit.second,
      policyId: hit.policyId,
      match: {
        bank: 'main',
        entryId: hit.entryId,
        distance: hit.distance ?? 0,
        ourFrame: null,
        theirFrame: null,
      },
    });
  }
  const policy = report?.policy ?? null;
  for (const { rule, outcome, score, at, explanation } of policy?.findings ?? []) {
    if (outcome === 'note') continue;
    findings.push({
      ...bare,
      source: 'policy',
      rule,
      ruleVersion: policy?.version ?? ruleVersion,
      explanation,
      score,
      second: at,
      model:
        policy?.models
          .map(({ name, version }) => `${name} ${version}`)
          .join(', ')
          .slice(0, 200) ?? null,
    });
  }
  if (why === 'tampered' || why === 'counterfeit' || findings.length === 0) {
    findings.push({ ...bare, source: 'provenance', rule: why, explanation: reason });
  }
  return findings.map((finding) => ({ kind: 'finding', finding }));
}
