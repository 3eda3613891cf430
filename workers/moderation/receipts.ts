/**
 * Receipts of reports: whoever holds one reads the outcome, with or without an account. Invariant: the server keeps only the hash of a
 * receipt; the receipt names report and case, so that nothing has to be looked up to find them. Called by the report routes.
 */
import type { Id } from '#schemas/ids.ts';
import { encodeBase64url } from '#workers/encoding/base64url.ts';
import { hexSha256 } from '#workers/encoding/hex.ts';

/** 128 random bits: 22 characters. */
export function makeReceiptSecret(): string {
  return encodeBase64url(crypto.getRandomValues(new Uint8Array(16)));
}

/** What the case keeps. Bound to the report, so that a secret opens one. */
export function receiptHash(reportId: Id<'rep'>, secret: string): Promise<string> {
  return hexSha256(`${reportId}:${secret}`);
}

export function formatReceipt(reportId: Id<'rep'>, caseId: Id<'case'>, secret: string): string {
  return `kr1_${reportId.slice(4)}_${caseId.slice(5)}_${secret}`;
}

/** @param token has the shape of `reportTokenSchema` */
export function parseReceipt(token: string): { reportId: Id<'rep'>; caseId: Id<'case'>; secret: string } {
  // A secret may hold underscores itself.
  const [, report = '', inCase = '', ...secret] = token.split('_');
  return { reportId: `rep_${report}`, caseId: `case_${inCase}`, secret: secret.join('_') };
}
