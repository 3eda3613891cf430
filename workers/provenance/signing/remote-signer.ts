/**
 * A signature from a key that is not here: a KMS or HSM behind one HTTP address. Invariant: only a digest leaves, never a claim; and what comes
 * back is used only after it has been checked against the certificate (signer.ts). Called by signer.ts when SIGNER_URL is set.
 *
 * Protocol: `POST SIGNER_URL`, `Authorization: Bearer SIGNER_TOKEN`, `{"algorithm":"ES256","digest":"<base64 SHA-256>"}` →
 * `200 {"signature":"<base64 r‖s, 64 bytes>"}`. Names as in RFC 7518 §3.4 and RFC 9053 §2.1.
 */
import { z } from 'zod';
import { es256SignatureBytes } from '#core/provenance/sign/cose.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import { callService, type Fetch } from './http.ts';

export interface RemoteSigner {
  readonly url: string;
  readonly token: string;
  readonly fetch: Fetch;
  readonly timeoutMs: number;
}

const answerSchema = z.object({ signature: z.base64() });
const maxAnswer = 4096;

/** ES256 over a SHA-256 digest. Fails with `provenance_failed` and a reason that begins with `signer_`. */
export async function signRemotely(
  signer: RemoteSigner,
  digest: Uint8Array,
): Promise<Result<Uint8Array<ArrayBuffer>>> {
  const answer = await callService(signer.fetch, {
    name: 'signer',
    url: signer.url,
    contentType: 'application/json',
    body: JSON.stringify({ algorithm: 'ES256', digest: btoa(String.fromCharCode(...digest)) }),
    token: signer.token,
    timeoutMs: signer.timeoutMs,
    maxBytes: maxAnswer,
  });
  if (!answer.ok) return answer;
  const signature = signatureIn(answer.value);
  return signature === null
    ? fail('provenance_failed', undefined, { reason: 'signer_answer_malformed' })
    : ok(signature);
}

function signatureIn(answer: Uint8Array): Uint8Array<ArrayBuffer> | null {
  try {
    const parsed = answerSchema.safeParse(JSON.parse(new TextDecoder().decode(answer)));
    if (!parsed.success) return null;
    const signature = Uint8Array.from(atob(parsed.data.signature), (char) => char.charCodeAt(0));
    return signature.length === es256SignatureBytes ? signature : null;
  } catch {
    return null;
  }
}
