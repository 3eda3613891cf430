/**
 * Findings of the output policy (K-60): real models look at what was made, outside every engine, and say what they saw with their
 * versions; the edge decides with `core/moderation`. Carries scores and times, never a face or a prompt.
 */
import { z } from 'zod';

export const policyStages = ['prompt', 'dialogue', 'frames', 'faces'] as const;

export const policyFindingSchema = z.object({
  stage: z.enum(policyStages),
  /** Registry name in the policy's table, e.g. `sexual-content`. */
  rule: z.string().max(64),
  /** `refuse`: never delivered · `review`: a person looks first · `note`: kept with the clip. */
  outcome: z.enum(['refuse', 'review', 'note']),
  /** 0..1, of the model that saw it; 1 for text rules. */
  score: z.number().min(0).max(1),
  /** Seconds into the clip, for frames and faces. */
  at: z.number().min(0).nullable(),
  /** Path of the text the span lies in, for prompt and dialogue: `prompt`, `dialogue.1.text`. */
  field: z.string().max(64).optional(),
  /** Characters of that text. */
  span: z.object({ start: z.number().int(), end: z.number().int() }).nullable(),
  /** One plain sentence. */
  explanation: z.string().max(300),
});
export type PolicyFinding = z.infer<typeof policyFindingSchema>;

export const policyFindingsSchema = z.object({
  /** Version of thresholds and rules, e.g. `2026-11-1`. */
  version: z.string().max(32),
  /** Models that looked, name and version. Empty: nothing looked, and the edge sends it to the desk. */
  models: z.array(z.object({ name: z.string().max(64), version: z.string().max(32) })).max(8),
  findings: z.array(policyFindingSchema).max(64),
});
export type PolicyFindings = z.infer<typeof policyFindingsSchema>;
