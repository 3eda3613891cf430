/**
 * Starts the erasure of what a deletion leaves behind (K-20). Invariant: it may be asked for again with the same parameters, because
 * it is called from outbox deliveries; one deletion has one workflow and one receipt. Called by the Clip object once a clip is
 * withdrawn and by the Cameo object once a likeness is erased; the work is done in workers/workflows/erase.ts.
 */
import { type Id, idSchema } from '#schemas/ids.ts';

export interface EraseParams {
  /** What was deleted; the receipt is found under it. */
  readonly subject: Id<'clip'> | Id<'cam'>;
  /** Owner of the clip, or the person whose likeness it is: told when everything is done. */
  readonly ownerId: Id<'acc'>;
  /** The entry of the consent log that stopped it. */
  readonly revocationId: Id<'rev'> | null;
  /** Every object in R2 that belongs to it and is known by name. */
  readonly objectKeys: readonly string[];
  /** Jobs that made it (of a likeness: jobs it was cast in): their quarantine, their prompts, their scratch on render nodes. */
  readonly generationIds: readonly Id<'gen'>[];
}

/** Resolves once the workflow exists; one that exists already is as good. Rejects when the platform could not be reached. */
export async function startErasure(env: Pick<Env, 'ERASE'>, params: EraseParams): Promise<void> {
  try {
    await env.ERASE.create({ id: erasureWorkflowId(params), params });
  } catch (error) {
    // Workflow errors carry their code in the message, as `(instance.already_exists)`; there is no class or field to test.
    if (!(error instanceof Error && error.message.includes('already_exists'))) throw error;
  }
}

/** A clip is deleted once. A likeness may be enrolled again and erased again: each deletion is told apart by its entry in the log. */
export function erasureWorkflowId({
  subject,
  revocationId,
}: Pick<EraseParams, 'subject' | 'revocationId'>): string {
  const again = subject.startsWith('cam_') && revocationId !== null;
  return again ? `erase-${subject}-${revocationId}` : `erase-${subject}`;
}

/** The clip, if that is what was deleted; null for a likeness. */
export function clipIdOf(subject: EraseParams['subject']): Id<'clip'> | null {
  const parsed = idSchema('clip').safeParse(subject);
  return parsed.success ? parsed.data : null;
}

/** The likeness, if that is what was deleted; null for a clip. */
export function cameoIdOf(subject: EraseParams['subject']): Id<'cam'> | null {
  const parsed = idSchema('cam').safeParse(subject);
  return parsed.success ? parsed.data : null;
}
