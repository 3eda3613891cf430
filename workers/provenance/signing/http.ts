/**
 * Calls to the services that signing leans on. Invariant: bounded in time and size, no redirect followed, and neither token nor body in what is
 * logged or returned. Called by remote-signer.ts and time-stamp-client.ts.
 */
import { fail, ok, type Result } from '#schemas/result.ts';

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface ServiceCall {
  /** Goes into the refusal's reason: `<name>_unreachable`, `<name>_refused`, `<name>_answer_too_long`. */
  readonly name: 'signer' | 'time_stamp';
  readonly url: string;
  readonly contentType: string;
  readonly body: Uint8Array<ArrayBuffer> | string;
  /** Sent as a bearer token if it is not empty. */
  readonly token: string;
  /** Milliseconds for the whole answer. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/** A second try helps against a lost connection or a restarting service, not against a refusal. */
const attempts = 2;

/** The body of a 200 answer. Fails with `provenance_failed`. */
export async function callService(
  fetcher: Fetch,
  call: ServiceCall,
): Promise<Result<Uint8Array<ArrayBuffer>>> {
  let last: Result<Uint8Array<ArrayBuffer>> = refused(`${call.name}_unreachable`);
  for (let attempt = 0; attempt < attempts; attempt++) {
    try {
      const response = await fetcher(call.url, {
        method: 'POST',
        redirect: 'manual',
        headers: {
          'content-type': call.contentType,
          ...(call.token === '' ? {} : { authorization: `Bearer ${call.token}` }),
        },
        body: call.body,
        signal: AbortSignal.timeout(call.timeoutMs),
      });
      if (response.status === 200) return await bounded(response, call);
      await response.body?.cancel();
      last = refused(`${call.name}_refused`, response.status);
      if (response.status < 500) return last;
    } catch {
      last = refused(`${call.name}_unreachable`);
    }
  }
  return last;
}

async function bounded(response: Response, call: ServiceCall): Promise<Result<Uint8Array<ArrayBuffer>>> {
  const reader = response.body?.getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (let read = await reader?.read(); read?.done === false; read = await reader?.read()) {
    parts.push(read.value);
    size += read.value.length;
    if (size > call.maxBytes) {
      await reader?.cancel();
      return refused(`${call.name}_answer_too_long`);
    }
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return ok(all);
}

function refused(reason: string, status: number | null = null): Result<never> {
  return fail('provenance_failed', undefined, { reason, ...(status === null ? {} : { status }) });
}
