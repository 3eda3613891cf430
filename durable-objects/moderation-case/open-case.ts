/**
 * Opens a case about a subject, or adds to the one that is open. Invariant: one open case per subject: the queue says which, the case
 * takes the same thing once (`dedupeKey`). Called by the report route, by ingest (verdicts on uploads), by the output policy
 * (generations) and for enrolments that a person has to look at. Safe to repeat; call it from a workflow step or an outbox.
 */
import { mayHideOnReport } from '#core/moderation/precaution.ts';
import { createId } from '#durable-objects/shared/id.ts';
import type { Id } from '#schemas/ids.ts';
import type { OpenCaseInput, OpenedCase } from './rpc.ts';

type CaseEnv = Pick<Env, 'MODERATION_CASE' | 'MODERATION_QUEUE'>;

/** Decided between being assigned and being told: the next assignment is another case. More than a few in a row is a fault. */
const attempts = 5;

/** @returns the case that has it now. Throws when the desk cannot be reached: try again with the same `dedupeKey`. */
export async function openCase(env: CaseEnv, input: OpenCaseInput): Promise<OpenedCase> {
  const queue = env.MODERATION_QUEUE.getByName('main');
  const report = input.causes.find((cause) => cause.kind === 'report');
  const reporterId = report?.kind === 'report' ? report.reporterId : null;
  let except: Id<'case'> | undefined;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const candidate = createId('case', Date.now());
    const assigned = await queue.assign(
      { kind: input.subject.kind, id: input.subject.id },
      candidate,
      reporterId,
      except,
    );
    const { caseId, previousCaseIds } = assigned;
    const mayHide = report?.kind === 'report' && mayHideOnReport(report.reason, assigned);
    const opened = await env.MODERATION_CASE.getByName(caseId).open(
      { caseId, previousCaseIds, mayHide },
      input,
    );
    if (opened.ok) return opened.value;
    if (opened.error.code !== 'already_decided')
      throw new Error(`the case was not opened: ${opened.error.code}`);
    except = caseId;
  }
  throw new Error('no open case could be found for the subject');
}
