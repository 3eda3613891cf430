/** The desk, and what authors and reporters are told. Sends tokens, versions and decisions; decides nothing. */
import type {
  AuthorDecision,
  ClaimAnswer,
  DecideCase,
  DecisionReceiptBody,
  Exposure,
  ModerationCase,
  ModerationNumbers,
  ModerationQueue,
  ReportStatus,
  StatementPreview,
} from '#schemas/http/moderation.ts';
import type { HarmClass } from '#schemas/moderation.ts';
import { request } from './client.ts';

export const readQueue = () => request<ModerationQueue>('GET', '/moderation/queue');
/** The next case, or this one; with a case that is mine already the claim is renewed. */
export const claimCase = (caseId?: string) =>
  request<ClaimAnswer>('POST', '/moderation/claims', { body: caseId === undefined ? {} : { caseId } });
/** Also sent while the page goes away, so that the case does not wait for its lease to end. */
export const releaseCase = (caseId: string) =>
  request<void>('DELETE', `/moderation/claims/${caseId}`, { keepalive: true });
export const readCase = (caseId: string) => request<ModerationCase>('GET', `/moderation/cases/${caseId}`);
export const previewStatement = (
  caseId: string,
  reasons: Pick<DecideCase, 'action' | 'policyId' | 'facts' | 'explanation'>,
  signal: AbortSignal,
) =>
  request<StatementPreview>('POST', `/moderation/cases/${caseId}/statement-preview`, {
    body: reasons,
    signal,
  });
export const decideCase = (caseId: string, decision: DecideCase) =>
  request<DecisionReceiptBody>('POST', `/moderation/cases/${caseId}/decisions`, { body: decision });
export const undoDecision = (caseId: string, decisionId: string) =>
  request<ModerationCase>('POST', `/moderation/cases/${caseId}/decisions/${decisionId}/undo`);
export const reportExposure = (caseId: string, seconds: number, harmClass: HarmClass) =>
  request<Exposure>('POST', `/moderation/cases/${caseId}/exposure`, {
    body: { seconds, harmClass },
    keepalive: true,
  });
export const readNumbers = () => request<ModerationNumbers>('GET', '/moderation/numbers');

export const readDecision = (id: string) => request<AuthorDecision>('GET', `/moderation/decisions/${id}`);
export const appealDecision = (id: string, text: string) =>
  request<AuthorDecision>('POST', `/moderation/decisions/${id}/appeal`, { body: { text } });
export const readReport = (token: string) =>
  request<ReportStatus>('GET', `/reports/${encodeURIComponent(token)}`);
