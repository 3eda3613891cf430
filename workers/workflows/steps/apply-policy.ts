/**
 * The output policy in the life of a generation (K-60). Invariants: every engine's output is judged by the same rules, on the prompt, the
 * dialogue, the frames and the faces, before it is signed; what a person has to look at is denied on `clip:<id>` before there is a clip, so
 * no moment is left in which it could be published. Called by the workflow.
 */
import {
  decideOutput,
  findStranger,
  type OutputDecision,
  sentenceOfFinding,
} from '#core/moderation/output-policy.ts';
import { findInTexts } from '#core/moderation/output-policy-text.ts';
import type { AdmittedGeneration } from '#durable-objects/account/rpc.ts';
import { askGate, homeRegion } from '#durable-objects/consent/gate.ts';
import type { ErrorDetails } from '#durable-objects/generation/rpc.ts';
import { openCase } from '#durable-objects/moderation-case/open-case.ts';
import type { JobOutcome } from '#durable-objects/render-queue/rpc.ts';
import { clipKey } from '#schemas/consent.ts';
import type { CaseMedia, Finding } from '#schemas/moderation.ts';
import type { PolicyFinding } from '#schemas/policy.ts';
import { textsOf } from '../../api/admission/texts.ts';

type Completed = Extract<JobOutcome, { status: 'completed' }>;

/** What the policy says about the words alone: asked before a job is queued. */
export function judgeTexts(admitted: AdmittedGeneration): OutputDecision {
  return decideOutput(null, textFindings(admitted));
}

/** What the policy says about what was made. */
export function judgeOutput(admitted: AdmittedGeneration, { output, seen }: Completed): OutputDecision {
  // The maker may show themselves, and a remix shows whom its parent shows: they were asked at admission.
  const expected = new Set([
    admitted.accountId,
    ...admitted.cast.map(({ accountId }) => accountId),
    ...admitted.inheritedCoOwnerIds,
  ]);
  const strangers = seen.recognised.filter(({ accountId }) => !expected.has(accountId));
  return decideOutput(output.policy, [
    ...textFindings(admitted),
    ...strangers.flatMap((face) => findStranger(face)),
  ]);
}

function textFindings({ request, parent, cast }: AdmittedGeneration): PolicyFinding[] {
  const shown = parent === null ? [] : [{ field: 'parent.prompt', text: parent.prompt }];
  return findInTexts([...textsOf(request), ...shown], cast.length > 0);
}

export interface PolicyRefusal {
  readonly message: string;
  readonly details: ErrorDetails;
  /** Somebody's likeness was made who is not cast: that is for the desk too. */
  readonly stranger: boolean;
}

/** What the maker is told: stage, rule and place of the gravest finding. Null when nothing refuses. */
export function refusalOf({ outcome, findings, version }: OutputDecision): PolicyRefusal | null {
  const [gravest] = findings;
  if (outcome !== 'refuse' || gravest === undefined) return null;
  const { stage, rule, at, field, span } = gravest;
  return {
    message: sentenceOfFinding(gravest),
    details: {
      stage,
      rule,
      version,
      ...(at === null ? {} : { at }),
      ...(field === undefined ? {} : { field }),
      ...(span === null ? {} : { start: span.start, end: span.end }),
    },
    stranger: findings.some((finding) => finding.rule === 'uncast-likeness' && finding.outcome === 'refuse'),
  };
}

/** Which of the desk's policies a rule is about; null: none in particular. */
const deskPolicyOf: Readonly<Record<string, string>> = {
  'sexual-content': 'sexual-content',
  'sexual-content-throughout': 'sexual-content',
  'suggestive-content': 'sexual-content',
  'sexual-content-minor': 'minor-safety',
  'sexual-content-real-person': 'intimate-image',
  'uncast-likeness': 'likeness',
};

function findingsForDesk({ findings, version, models }: OutputDecision): Finding[] {
  return findings
    .filter(({ outcome }) => outcome !== 'note')
    .map((finding): Finding => {
      const { rule, stage, score, at, span, field, explanation } = finding;
      const seen = stage === 'frames' || stage === 'faces';
      return {
        source: stage === 'faces' ? 'likeness' : 'policy',
        rule,
        ruleVersion: version,
        explanation:
          span === null
            ? explanation
            : `${explanation} ${field ?? stage}, characters ${span.start + 1} to ${span.end}.`,
        score,
        threshold: null,
        model: seen ? models.map((model) => `${model.name} ${model.version}`).join(', ') || null : null,
        second: at,
        policyId: deskPolicyOf[rule] ?? null,
        match: null,
      };
    });
}

/**
 * Opens the case, or finds the one that is open. Idempotent.
 * @param about `clip`: one that is made and out of everybody's sight until it is decided · `generation`: one that is not made
 */
export async function askDesk(
  env: Env,
  admitted: AdmittedGeneration,
  job: Completed,
  decision: OutputDecision,
  about: 'clip' | 'generation',
  media: readonly CaseMedia[],
): Promise<void> {
  const { clipId, generationId, parent } = admitted;
  await openCase(env, {
    subject: {
      kind: about,
      id: about === 'clip' ? clipId : generationId,
      ownerId: admitted.accountId,
      title: job.output.summary,
      clipId,
      parentClipId: parent?.clipId ?? null,
      media: [...media],
      contentHash: media.find(({ file }) => file === 'video.mp4')?.sha256 ?? null,
      durationMs: job.output.durationMs,
      createdAt: admitted.createdAt,
      reach: 0,
    },
    causes: findingsForDesk(decision).map((finding) => ({ kind: 'finding', finding })),
    provenance: null,
    legalDeadlineAt: null,
    dedupeKey: `policy:${generationId}`,
    tool: 'generation',
    hide: about === 'clip',
  });
}

/**
 * Asks the desk and answers once the clip is denied, so that what follows may make it.
 * @throws Error while it is not: try again
 */
export async function holdForDesk(
  env: Env,
  admitted: AdmittedGeneration,
  job: Completed,
  decision: OutputDecision,
  media: readonly CaseMedia[],
): Promise<void> {
  await askDesk(env, admitted, job, decision, 'clip', media);
  const findings = decision.findings.filter(({ outcome }) => outcome !== 'note');
  await env.GENERATION.getByName(admitted.generationId).heldBack({ version: decision.version, findings });
  const { allowed } = await askGate(env, homeRegion, [clipKey(admitted.clipId)], 'serve');
  if (allowed) throw new Error('the clip is not held back yet');
}
