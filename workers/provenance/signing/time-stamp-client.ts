/**
 * Asks a time-stamp authority over HTTP. Invariant: a token for other bytes than ours is refused here; the authority's own signature is checked
 * when the signed file is verified. Called by sign.ts through the `TimeStamper` port. @see RFC 3161 §3.4 (HTTP)
 */
import type { TimeStamper } from '#core/provenance/sign/sign-manifest.ts';
import { encodeTimeStampRequest, tokenOf } from '#core/provenance/sign/time-stamp.ts';
import { callService, type Fetch } from './http.ts';

export interface TimeStampService {
  readonly url: string;
  /** Bearer token; empty where the authority asks for none. */
  readonly token: string;
  readonly fetch: Fetch;
  readonly timeoutMs: number;
}

/** Tokens of the authorities on the C2PA list are 4 to 7 KB with their certificates. */
const tokenBytes = 12 * 1024;
/** A response is a token and a status around it. */
const maxAnswer = tokenBytes + 1024;

export function timeStampClient(service: TimeStampService): TimeStamper {
  return {
    tokenBytes,
    stamp: async (message) => {
      const nonce = crypto.getRandomValues(new Uint8Array(8));
      nonce[0] = ((nonce[0] ?? 0) & 0x7f) | 1;
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', message));
      const query = { digest, nonce };
      const answer = await callService(service.fetch, {
        name: 'time_stamp',
        url: service.url,
        contentType: 'application/timestamp-query',
        body: encodeTimeStampRequest(query),
        token: service.token,
        timeoutMs: service.timeoutMs,
        maxBytes: maxAnswer,
      });
      return answer.ok ? tokenOf(answer.value, query) : answer;
    },
  };
}
