/**
 * What the console knows and does: one claimed case at a time, a decision in the making, the last one to be taken back. Invariant: a
 * decision is sent with the token of the claim and the version that was on the screen, under one idempotency key per decision, so that
 * a double press, a retry or a colleague's decision never makes two.
 */
import { computed, signal } from '@preact/signals';
import type {
  ClaimedCase,
  DecisionReceiptBody,
  ModerationQueue,
  PolicyView,
} from '#schemas/http/moderation.ts';
import type { CaseAction } from '#schemas/moderation.ts';
import type { ApiError } from '../api/client.ts';
import { asApiError } from '../api/client.ts';
import * as api from '../api/moderation.ts';
import { openingFacts } from './words.ts';

export interface DecisionDraft {
  readonly action: CaseAction | null;
  readonly policyId: string;
  readonly facts: string;
  readonly explanation: string;
  readonly addToBank: boolean;
  readonly idempotencyKey: string;
}

export interface LastDecision {
  readonly caseId: string;
  readonly title: string;
  readonly receipt: DecisionReceiptBody;
  /** Milliseconds since the epoch by this clock: the server's time to undo, counted from when its answer came. */
  readonly undoUntil: number;
}

export const queue = signal<ModerationQueue | null>(null);
export const policies = signal<readonly PolicyView[]>([]);
export const claimed = signal<ClaimedCase | null>(null);
export const draft = signal<DecisionDraft | null>(null);
export const last = signal<LastDecision | null>(null);
export const busy = signal<'loading' | 'claiming' | 'deciding' | 'undoing' | null>('loading');
export const problem = signal<ApiError | null>(null);
/** Somebody was faster, or the claim ran out: what the server says of it. */
export const overtaken = signal<ApiError | null>(null);

/** Whether the draft can be sent: an action, and for a restriction the reasons its author will read. */
export const complete = computed(() => {
  const now = draft.value;
  if (!now?.action || now.policyId === '') return false;
  return now.action === 'allow' || (now.facts.trim() !== '' && now.explanation.trim() !== '');
});

const raceCodes = new Set(['stale_claim', 'stale_version', 'already_decided', 'already_final']);

function newDraft(of: ClaimedCase): DecisionDraft {
  const policyId = of.case.suggestedPolicies[0] ?? policies.peek()[0]?.id ?? '';
  const policy = policies.peek().find(({ id }) => id === policyId);
  return {
    action: null,
    policyId,
    facts: openingFacts(of.case),
    explanation: policy?.text ?? '',
    addToBank: false,
    idempotencyKey: crypto.randomUUID(),
  };
}

function show(found: ClaimedCase | null): void {
  claimed.value = found;
  overtaken.value = null;
  draft.value = found ? newDraft(found) : null;
}

/** What is under way; a second press of the same key is dropped, taking a decision back waits for it. */
let underWay: Promise<void> = Promise.resolve();

function attempt(kind: NonNullable<typeof busy.value>, work: () => Promise<void>): Promise<void> {
  if (busy.peek() !== null && busy.peek() !== 'loading') return Promise.resolve();
  busy.value = kind;
  problem.value = null;
  underWay = work()
    .catch((error: unknown) => {
      const told = asApiError(error);
      if (raceCodes.has(told.code)) overtaken.value = told;
      else problem.value = told;
    })
    .finally(() => {
      busy.value = null;
    });
  return underWay;
}

/** Loads the queue and the policies; a claim that is still mine is taken up again. */
export async function openDesk(): Promise<void> {
  busy.value = 'loading';
  await attempt('loading', async () => {
    const [now, numbers] = await Promise.all([api.readQueue(), api.readNumbers()]);
    queue.value = now;
    policies.value = numbers.policies;
    const mine = now.mine[0];
    if (mine && claimed.peek() === null) show((await api.claimCase(mine.caseId)).claimed);
  });
}

/** The counts beside the cases; nobody waits for them, and a failure shows with the next thing that is done. */
function refreshQueue(): void {
  api.readQueue().then(
    (now) => {
      queue.value = now;
    },
    () => {},
  );
}

/** Takes the next case, or the named one. Whatever was claimed is given back first. */
export function takeNext(caseId?: string): Promise<void> {
  return attempt('claiming', async () => {
    const open = claimed.peek();
    if (open && open.claim.caseId !== caseId) {
      await api.releaseCase(open.claim.caseId);
      show(null);
    }
    show((await api.claimCase(caseId)).claimed);
    refreshQueue();
  });
}

/** Gives the case back and takes another one; if there is no other, none. */
export function skip(): Promise<void> {
  const skipped = claimed.peek()?.claim.caseId;
  return attempt('claiming', async () => {
    if (skipped !== undefined) await api.releaseCase(skipped);
    show(null);
    const next = (await api.claimCase()).claimed;
    if (next !== null && next.claim.caseId === skipped) await api.releaseCase(next.claim.caseId);
    else show(next);
    refreshQueue();
  });
}

/** Keeps the lease while somebody looks. */
export async function renewClaim(): Promise<void> {
  const open = claimed.peek();
  if (!open || busy.peek() !== null) return;
  try {
    const renewed = (await api.claimCase(open.claim.caseId)).claimed;
    if (renewed && claimed.peek()?.claim.caseId === renewed.claim.caseId) {
      // The case may have learnt something meanwhile; what was written stays.
      claimed.value = renewed;
    }
  } catch (error) {
    const told = asApiError(error);
    if (raceCodes.has(told.code)) overtaken.value = told;
  }
}

export function changeDraft(change: Partial<Omit<DecisionDraft, 'idempotencyKey'>>): void {
  const now = draft.peek();
  if (!now) return;
  // Another decision than the one that may have been sent before needs another key.
  draft.value = { ...now, ...change, idempotencyKey: crypto.randomUUID() };
}

/** Another policy brings its own words, unless somebody has written their own. */
export function choosePolicy(policyId: string): void {
  const now = draft.peek();
  const before = policies.peek().find(({ id }) => id === now?.policyId);
  const chosen = policies.peek().find(({ id }) => id === policyId);
  if (!now || !chosen) return;
  const untouched = now.explanation.trim() === '' || now.explanation === before?.text;
  changeDraft({ policyId, explanation: untouched ? chosen.text : now.explanation });
}

export function chooseAction(action: CaseAction): void {
  if (claimed.peek()?.case.allowedActions.includes(action)) changeDraft({ action });
}

/** Records the decision and takes the next case. */
export function decide(): Promise<void> {
  const open = claimed.peek();
  const now = draft.peek();
  if (!open || !now?.action || !complete.peek()) return Promise.resolve();
  const { action, policyId, facts, explanation, addToBank, idempotencyKey } = now;
  return attempt('deciding', async () => {
    const sentAt = Date.now();
    const receipt = await api.decideCase(open.claim.caseId, {
      action,
      policyId,
      facts: action === 'allow' ? '' : facts,
      explanation: action === 'allow' ? '' : explanation,
      addToBank: action !== 'allow' && addToBank,
      claimToken: open.claim.token,
      version: open.case.version,
      idempotencyKey,
    });
    const undoMs = Date.parse(receipt.undoUntil) - Date.parse(receipt.at);
    last.value = {
      caseId: open.claim.caseId,
      title: open.case.subject.title,
      receipt,
      undoUntil: sentAt + undoMs,
    };
    show(null);
    show((await api.claimCase()).claimed);
    refreshQueue();
  });
}

/** Takes the last decision back and shows its case again. */
export async function undo(): Promise<void> {
  await underWay;
  const decided = last.peek();
  if (!decided || Date.now() > decided.undoUntil) return;
  await attempt('undoing', async () => {
    await api.undoDecision(decided.caseId, decided.receipt.decisionId);
    last.value = null;
    const open = claimed.peek();
    if (open) await api.releaseCase(open.claim.caseId);
    show((await api.claimCase(decided.caseId)).claimed);
    refreshQueue();
  });
}

/** Closes the desk: the case goes back at once instead of after its lease. */
export function leaveDesk(): void {
  const open = claimed.peek();
  claimed.value = null;
  draft.value = null;
  if (open) void api.releaseCase(open.claim.caseId).catch(() => {});
}
