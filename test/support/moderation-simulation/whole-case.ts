/** One case with everything that can happen in it, made by the machine and signed: what the log tests take apart. */
import { createPublicKey, generateKeyPairSync, type KeyObject, verify } from 'node:crypto';
import type { VerifyCaseTools } from '#core/moderation/case-log.ts';
import * as machine from '#durable-objects/moderation-case/core/case-machine.ts';
import { open } from '#durable-objects/moderation-case/core/opening.ts';
import { publicKeyOf, sealEvent, sha256 } from '#durable-objects/moderation-case/signing.ts';
import type { CaseEventBody, CaseLog } from '#schemas/case-log.ts';
import { decisionIdOf } from '#schemas/moderation.ts';
import type { Result } from '#schemas/result.ts';
import { accountOf, caseIdOf, PureCase, subjectOf, ulidOf } from './pure-case.ts';

export const { privateKey: testKey } = generateKeyPairSync('ed25519');

export const tools: VerifyCaseTools = {
  sha256,
  verifySignature: (publicKey, text, signature) => {
    const x = Buffer.from(publicKey, 'base64').toString('base64url');
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'));
  },
};

export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`refused: ${result.error.code} ${result.error.message ?? ''}`);
  return result.value;
}

/** Opened, widened, hidden, claimed, looked at, released, decided, undone, decided again, applied, told, appealed, overturned, restored. */
export function wholeCase(key: KeyObject = testKey, n = 1): CaseLog {
  const one = new PureCase(caseIdOf(n), (event) => sealEvent(event, key));
  const [first, second] = [accountOf(1), accountOf(2)];
  let now = Date.parse('2026-11-22T10:00:00.000Z');
  const step = (made: Result<machine.Step> | machine.Step, ms = 1_000) => {
    now += ms;
    one.write('ok' in made ? must(made) : made, now);
  };
  const note = (body: CaseEventBody) =>
    step({ events: [{ body, actor: { kind: 'system' }, tool: 'desk' }], effects: [] });
  const reason = (reportId: number) => ({
    kind: 'report' as const,
    reportId: `rep_${ulidOf(reportId)}` as const,
    reason: 'likeness' as const,
    details: 'Das bin ich — ehrlich! 🎭',
    reporterId: accountOf(7),
    receiptHash: 'ab'.repeat(32),
  });
  const input = {
    subject: subjectOf(n),
    causes: [reason(1)],
    provenance: null,
    legalDeadlineAt: null,
    dedupeKey: 'one',
    tool: 'report-form' as const,
  };
  const context = { caseId: one.caseId, previousCaseIds: [], mayHide: true };
  step(open(null, context, input));
  step(open(one.state, { ...context, mayHide: false }, { ...input, causes: [reason(2)] }));
  note({ type: 'effects-applied', data: { decisionId: null, effects: [] } });
  step(machine.claim(one.now, first, now));
  step(machine.viewed(one.now, first, 3.5, 'none', now));
  step(machine.serveMedia(one.now, first, 'video.mp4', now));
  step(machine.release(one.now, first));
  const decide = (by: typeof first, action: 'remove' | 'allow', key: string) =>
    step(
      machine.decide(
        one.now,
        {
          moderatorId: by,
          claimToken: one.now.lastToken,
          version: one.now.version,
          action,
          policyId: 'likeness',
          facts: action === 'allow' ? '' : 'It shows somebody else.',
          explanation: action === 'allow' ? '' : 'They did not agree.',
          idempotencyKey: key,
          addToBank: false,
        },
        now,
      ),
    );
  step(machine.claim(one.now, first, now));
  decide(first, 'remove', 'a');
  step(machine.undo(one.now, first, decisionIdOf(one.caseId, 1), now));
  step(machine.claim(one.now, first, now));
  decide(first, 'remove', 'b');
  const decisionId = decisionIdOf(one.caseId, 2);
  const revocationId = `rev_${ulidOf(5)}` as const;
  note({
    type: 'effects-applied',
    data: { decisionId, effects: [{ kind: 'revoked', revocationId, denies: ['serve', 'list'] }] },
  });
  note({ type: 'author-told', data: { decisionId } });
  note({ type: 'reporter-told', data: { reportId: reason(1).reportId, outcome: 'acted' } });
  step(machine.appeal(one.now, accountOf(900_000 + n), decisionId, 'It is me.', now));
  step(machine.claim(one.now, second, now));
  decide(second, 'allow', 'c');
  note({ type: 'restored', data: { decisionId, effects: [{ kind: 'lifted', revocationId }] } });
  return { format: 'kinora-case-log/1', caseId: one.caseId, publicKey: publicKeyOf(key), events: one.events };
}
