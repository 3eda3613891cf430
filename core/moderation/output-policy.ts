/**
 * The output policy (K-60): what is delivered, what a person looks at first, what is refused. The same for every engine and for uploads.
 * Invariants: the decision follows from findings, thresholds and nothing else; a node says what its models saw, the edge says what
 * follows from it, so a node cannot talk a clip free; what nothing looked at goes to the desk. Pure; called by the render node (to turn
 * scores into findings) and by the edge (to decide).
 */
import type { PolicyFinding, PolicyFindings } from '#schemas/policy.ts';

/** Grows with every change of a rule or threshold; kept with each decision. */
export const outputPolicyVersion = '2026-11-1';

export type Outcome = PolicyFinding['outcome'];

/** From which score on a rule leads to what; above none of them it is not worth keeping. */
export interface Thresholds {
  readonly note: number;
  /** Absent: it never leads there. */
  readonly review?: number;
  readonly refuse?: number;
}

export interface OutputPolicy {
  readonly version: string;
  readonly rules: Readonly<Record<ScoredRule, Thresholds>>;
}

/**
 * - `sexual-content`: the most telling frame, of a model that tells photographs and drawings of nudity and sex from others.
 * - `sexual-content-throughout`: the frame in the middle when they are sorted: half of the clip shows at least as much.
 * - `suggestive-content`: the most telling frame, little dress.
 * - `uncast-likeness`: the face of somebody who is enrolled here and not cast.
 */
export const scoredRules = [
  'sexual-content',
  'sexual-content-throughout',
  'suggestive-content',
  'uncast-likeness',
] as const;
export type ScoredRule = (typeof scoredRules)[number];

/**
 * One frame never refuses by itself: the model errs on a few pictures in a hundred, and a person costs less than a wrong refusal. The
 * largest scores over the frames of the demonstration prompts stand in docs/output-policy.md; `uncast-likeness` is decided at the edge
 * by the measure of durable-objects/face-index, whatever is above it refuses.
 */
export const outputPolicy: OutputPolicy = {
  version: outputPolicyVersion,
  rules: {
    'sexual-content': { note: 0.5, review: 0.8 },
    'sexual-content-throughout': { note: 0.5, review: 0.7, refuse: 0.9 },
    'suggestive-content': { note: 0.6, review: 0.95 },
    'uncast-likeness': { note: 0, refuse: 0 },
  },
};

/** Shares of a frame's classes, 0..1, as nsfwjs names them. */
export interface FrameScores {
  /** Seconds into the clip. */
  readonly at: number;
  readonly drawing: number;
  readonly hentai: number;
  readonly neutral: number;
  readonly porn: number;
  readonly sexy: number;
}

const sentences: Readonly<Record<ScoredRule, string>> = {
  'sexual-content': 'A frame looks like sex or nudity to the model.',
  'sexual-content-throughout': 'Most of what was looked at looks like sex or nudity to the model.',
  'suggestive-content': 'A frame looks suggestive to the model.',
  'uncast-likeness': 'The face of somebody who is enrolled here and was not cast appears in it.',
};

/** What a score of this rule leads to; null: nothing worth keeping. */
export function outcomeOf(rule: ScoredRule, score: number, policy: OutputPolicy): Outcome | null {
  const { note, review, refuse } = policy.rules[rule];
  if (refuse !== undefined && score >= refuse) return 'refuse';
  if (review !== undefined && score >= review) return 'review';
  return score >= note ? 'note' : null;
}

function scored(
  rule: ScoredRule,
  stage: PolicyFinding['stage'],
  { at, score }: { at: number | null; score: number },
  policy: OutputPolicy,
): PolicyFinding[] {
  const outcome = outcomeOf(rule, score, policy);
  return outcome === null
    ? []
    : [{ stage, rule, outcome, score: round(score), at, span: null, explanation: sentences[rule] }];
}

/** What follows from the frames that were looked at. */
export function findInFrames(
  frames: readonly FrameScores[],
  policy: OutputPolicy = outputPolicy,
): PolicyFinding[] {
  const by = (score: (frame: FrameScores) => number): { at: number; score: number }[] =>
    frames
      .map((frame) => ({ at: frame.at, score: Math.min(1, score(frame)) }))
      .sort((a, b) => b.score - a.score);
  const sexual = by(({ porn, hentai }) => porn + hentai);
  const [most] = sexual;
  const [suggestive] = by(({ sexy }) => sexy);
  // A single frame is no clip: then there is no "throughout".
  const middle = frames.length < 3 ? undefined : sexual[Math.floor(frames.length / 2)];
  return [
    ...(most ? scored('sexual-content', 'frames', most, policy) : []),
    ...(middle ? scored('sexual-content-throughout', 'frames', middle, policy) : []),
    ...(suggestive ? scored('suggestive-content', 'frames', suggestive, policy) : []),
  ];
}

/** A face the edge recognised, of somebody who is not cast. Names nobody. */
export function findStranger(
  face: { readonly at: number; readonly similarity: number },
  policy: OutputPolicy = outputPolicy,
): PolicyFinding[] {
  return scored('uncast-likeness', 'faces', { at: face.at, score: face.similarity }, policy);
}

export interface OutputDecision {
  readonly outcome: 'deliver' | 'review' | 'refuse';
  readonly version: string;
  readonly models: PolicyFindings['models'];
  /** The gravest first; outcomes are the edge's own. */
  readonly findings: readonly PolicyFinding[];
}

const gravity: Readonly<Record<Outcome, number>> = { refuse: 2, review: 1, note: 0 };

/**
 * @param seen what the node's models saw; null when no models were asked to look (a file without pictures)
 * @param found what the edge found itself: texts and faces
 */
export function decideOutput(
  seen: PolicyFindings | null,
  found: readonly PolicyFinding[],
  policy: OutputPolicy = outputPolicy,
): OutputDecision {
  const judged = (seen?.findings ?? []).flatMap((finding): PolicyFinding[] => {
    const outcome = isScored(finding.rule) ? outcomeOf(finding.rule, finding.score, policy) : 'review';
    return outcome === null ? [] : [{ ...finding, outcome }];
  });
  const unseen: PolicyFinding[] =
    seen !== null && seen.models.length === 0
      ? [
          {
            stage: 'frames',
            rule: 'not-looked-at',
            outcome: 'review',
            score: 1,
            at: null,
            span: null,
            explanation: 'No model could look at it: a person looks at it before it can be published.',
          },
        ]
      : [];
  const findings = [...found, ...judged, ...unseen].sort((a, b) => gravity[b.outcome] - gravity[a.outcome]);
  const gravest = findings[0]?.outcome ?? 'note';
  return {
    outcome: gravest === 'note' ? 'deliver' : gravest,
    version: policy.version,
    models: seen?.models ?? [],
    findings,
  };
}

/** What the maker reads: stage, rule and place, in a sentence. */
export function sentenceOfFinding({ stage, rule, at, span, explanation }: PolicyFinding): string {
  const where =
    span !== null
      ? `characters ${span.start + 1} to ${span.end} of the ${stage}`
      : at !== null
        ? `${at.toFixed(1)} s into the clip`
        : `the ${stage}`;
  return `${explanation} (rule ${rule}, at ${where})`;
}

function isScored(rule: string): rule is ScoredRule {
  return scoredRules.some((known) => known === rule);
}

function round(score: number): number {
  return Math.round(score * 1000) / 1000;
}
