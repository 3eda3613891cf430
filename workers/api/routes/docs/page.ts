/**
 * The API page: the OpenAPI document as people read it. Rendered on the server with no script at all, so the page holds under the strictest
 * content security policy and weighs a few kilobytes. Called by the docs routes.
 */
import { html } from 'hono/html';
import { errors } from '#schemas/errors.ts';
import { type Method, type OpenApiDocument, type Operation, operationsOf } from './document.ts';
import {
  bounds,
  isReference,
  type Markup,
  prose,
  type SchemaOrReference,
  schemaView,
  typeOf,
} from './schema-view.ts';

/** Only our own stylesheet; nothing runs, nothing is framed, nothing is sent. */
export const pageContentSecurityPolicy =
  "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

interface Entry {
  readonly method: Method;
  readonly path: string;
  readonly operation: Operation;
}

const anchorOf = ({ method, path, operation }: Entry) => operation.operationId ?? `${method}-${path}`;
const slug = (name: string) => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');

const access: Record<string, string> = {
  bearer: 'Session',
  cookie: 'Session',
  node: 'Render node',
};

/** An empty requirement means that nobody has to sign in (OpenAPI 3.1 §4.8.30). */
function accessOf(operation: Operation): string {
  const requirements = (operation.security ?? []).map((requirement) => Object.keys(requirement));
  if (requirements.length === 0) return 'Public';
  const names = requirements.flatMap((schemes) =>
    schemes.length === 0 ? ['Public'] : schemes.map((scheme) => access[scheme] ?? scheme),
  );
  return [...new Set(names)].join(' or ');
}

/** The schema of a body, whichever media type it comes in. */
function bodyOf(
  content: object | undefined,
): { mediaType: string; schema: SchemaOrReference | undefined } | null {
  for (const [mediaType, value] of Object.entries(content ?? {})) return { mediaType, schema: value.schema };
  return null;
}

function parametersView(operation: Operation): Markup | string {
  const parameters = (operation.parameters ?? []).flatMap((item) => (isReference(item) ? [] : [item]));
  if (parameters.length === 0) return '';
  return html`<h4>Parameters</h4>
    <ul class="fields">
      ${parameters.map(
        (parameter) => html`<li>
          <code>${parameter.name}</code>
          <span class="type">${parameter.schema === undefined ? 'string' : typeOf(parameter.schema)}</span>
          <span class="note">
            ${parameter.in}${parameter.required === true ? '' : ', optional'}
            ${parameter.schema === undefined ? '' : bounds(parameter.schema)}
          </span>
          ${parameter.description === undefined ? '' : html`<p>${prose(parameter.description)}</p>`}
        </li>`,
      )}
    </ul>`;
}

function requestView(operation: Operation): Markup | string {
  if (operation.requestBody === undefined || isReference(operation.requestBody)) return '';
  const body = bodyOf(operation.requestBody.content);
  if (body?.schema === undefined) return '';
  return html`<h4>Body <span class="note">${body.mediaType}</span></h4>
    ${schemaView(body.schema)}`;
}

/** What is read of a response; the generator writes them in place, never as references. */
interface Answer {
  readonly description?: string;
  readonly content?: object;
}

function responsesView(operation: Operation): Markup {
  const answers = Object.entries<Answer>(operation.responses ?? {}).map(([status, answer]) => ({
    status,
    ...answer,
  }));
  const status = (code: string) => html`<span class="status s${code.charAt(0)}">${code}</span>`;
  return html`<h4>Answers</h4>
    <ul class="answers">
      ${answers
        .filter((answer) => Number(answer.status) < 400)
        .map((answer) => {
          const body = bodyOf(answer.content);
          return html`<li>
            ${status(answer.status)} ${prose(answer.description ?? '')}
            ${body === null ? '' : html`<span class="note">${body.mediaType}</span>`}
            ${body?.schema === undefined ? '' : schemaView(body.schema)}
          </li>`;
        })}
    </ul>
    <ul class="refusals" aria-label="Refusals">
      ${answers
        .filter((answer) => Number(answer.status) >= 400)
        .map((answer) => html`<li>${status(answer.status)} ${prose(answer.description ?? '')}</li>`)}
    </ul>`;
}

function operationView(entry: Entry): Markup {
  const { method, path, operation } = entry;
  return html`<article id="${anchorOf(entry)}">
    <h3>${operation.summary ?? anchorOf(entry)}</h3>
    <p class="line">
      <span class="method ${method}">${method.toUpperCase()}</span> <code class="path">${path}</code>
      <span class="access">${accessOf(operation)}</span>
      <a class="anchor" href="#${anchorOf(entry)}" aria-label="Link to ${operation.summary ?? path}">#</a>
    </p>
    ${operation.description === undefined ? '' : html`<p>${prose(operation.description)}</p>`}
    ${parametersView(operation)} ${requestView(operation)} ${responsesView(operation)}
  </article>`;
}

function errorsView(): Markup {
  return html`<section id="errors">
    <h2>Errors</h2>
    <p>
      Every refusal is <code>{ "error": { "code", "message", "requestId", "details"? } }</code>. Codes are a closed list and never change
      their meaning; messages are for people. <code>429</code> and <code>503</code> say when to come back in
      <code>Retry-After</code>.
    </p>
    <table>
      <thead>
        <tr><th scope="col">Code</th><th scope="col">Status</th><th scope="col">Meaning</th></tr>
      </thead>
      <tbody>
        ${Object.entries(errors).map(
          ([code, [status, sentence]]) =>
            html`<tr><td><code>${code}</code></td><td>${status}</td><td>${sentence}</td></tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

function startView(document: OpenApiDocument, localSignIn: boolean): Markup {
  const origin = document.servers?.[0]?.url ?? '';
  return html`<header>
    <p class="kicker">Version ${document.info.version} · OpenAPI 3.1</p>
    <h1>${document.info.title}</h1>
    <p class="lead">${prose(document.info.description ?? '')}</p>
    <p>
      ${
        localSignIn
          ? 'On your own machine one request signs in; the token it answers with goes into every other one as a bearer.'
          : 'Sign in with a passkey; the session cookie, or its token as a bearer, goes into every request.'
      }
      The whole document for tools: <a href="/api/openapi.json">/api/openapi.json</a>.
    </p>
    <pre><code>${
      localSignIn
        ? html`curl -X POST ${origin}/api/v1/local/sign-in -H 'content-type: application/json' -d '{"handle":"ada"}'
`
        : ''
    }curl ${origin}/api/v1/me -H 'authorization: Bearer kns_…'</code></pre>
  </header>`;
}

/**
 * The whole page, as a complete HTML document.
 * @param localSignIn whether this deployment signs in with one request
 */
export function apiPage(document: OpenApiDocument, localSignIn: boolean): Markup {
  const entries: Entry[] = operationsOf(document);
  const areas = (document.tags ?? []).map((tag) => ({
    ...tag,
    entries: entries.filter(({ operation }) => operation.tags?.includes(tag.name)),
  }));
  const schemas = Object.entries(document.components?.schemas ?? {});
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="dark light" />
        <meta name="description" content="Every operation of the Kinora HTTP API." />
        <title>Kinora API</title>
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/api/docs.css" />
      </head>
      <body>
        <a class="skip" href="#content">Skip to the API</a>
        <nav aria-label="Operations">
          <a class="brand" href="/">Kinora</a>
          ${areas.map(
            (area) => html`<details open>
              <summary>${area.name}</summary>
              <ul>
                ${area.entries.map(
                  (entry) =>
                    html`<li><a href="#${anchorOf(entry)}">${entry.operation.summary ?? anchorOf(entry)}</a></li>`,
                )}
              </ul>
            </details>`,
          )}
          <ul>
            <li><a href="#errors">Errors</a></li>
            <li><a href="#schemas">Schemas</a></li>
          </ul>
        </nav>
        <main id="content">
          ${startView(document, localSignIn)}
          ${areas.map(
            (area) => html`<section id="${slug(area.name)}">
              <h2>${area.name}</h2>
              ${area.description === undefined ? '' : html`<p>${prose(area.description)}</p>`}
              ${area.entries.map(operationView)}
            </section>`,
          )}
          ${errorsView()}
          <section id="schemas">
            <h2>Schemas</h2>
            ${schemas.map(
              ([name, schema]) =>
                html`<article id="schema-${name}"><h3>${name}</h3>${schemaView(schema)}</article>`,
            )}
          </section>
        </main>
      </body>
    </html>`;
}
