/**
 * A browser as the API sees one: keeps cookies, sends its origin, comes from an address of its own (rate limits count by address).
 * Used by the workerd tests of the API.
 */
import type { ErrorEnvelope } from '#schemas/errors.ts';

export type Fetcher = (request: Request) => Promise<Response>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed JSON body; null if there is none. */
  readonly body: unknown;
}

let addresses = 0;

export class Browser {
  readonly cookies = new Map<string, string>();
  readonly address: string;
  readonly #fetcher: Fetcher;
  readonly #origin: string;
  /** Sent as a bearer token when set; cookies are sent in any case. */
  token: string | null = null;

  constructor(fetcher: Fetcher, origin = 'http://localhost') {
    this.#fetcher = fetcher;
    this.#origin = origin;
    addresses += 1;
    this.address = `2001:db8::${addresses.toString(16)}`;
  }

  async send(
    method: string,
    path: string,
    body?: unknown,
    extra: Record<string, string> = {},
  ): Promise<Answer> {
    const headers = new Headers({ 'CF-Connecting-IP': this.address, Origin: this.#origin });
    if (body !== undefined) headers.set('Content-Type', 'application/json');
    if (this.cookies.size > 0)
      headers.set('Cookie', [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    if (this.token !== null) headers.set('Authorization', `Bearer ${this.token}`);
    for (const [name, value] of Object.entries(extra)) headers.set(name, value);
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const init: RequestInit = body === undefined ? { method, headers } : { method, headers, body: text };
    const response = await this.#fetcher(new Request(`${this.#origin}${path}`, init));
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    const answer = await response.text();
    const isJson = response.headers.get('Content-Type')?.includes('json') === true;
    return {
      status: response.status,
      headers: response.headers,
      body: answer === '' ? null : isJson ? JSON.parse(answer) : answer,
    };
  }

  get(path: string) {
    return this.send('GET', path);
  }

  post(path: string, body: unknown) {
    return this.send('POST', path, body);
  }

  #keep(line: string) {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const [name = '', value = ''] = pair.split(/=(.*)/s);
    const gone = attributes.some((attribute) => /^max-age=0$/i.test(attribute));
    if (gone) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

/** The error code of an answer, or a description of what came instead. */
export function codeOf(answer: Answer): string {
  const body = answer.body as Partial<ErrorEnvelope> | null;
  return body?.error?.code ?? `no envelope, status ${answer.status}`;
}

/** Status and code together, for one assertion. */
export function refusal(answer: Answer): string {
  return `${answer.status} ${codeOf(answer)}`;
}
