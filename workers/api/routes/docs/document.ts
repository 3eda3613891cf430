/**
 * The OpenAPI 3.1 document, made from the routes themselves. Invariant: an operation that can answer 401 says how to sign in, and one
 * that cannot says that nobody has to; routes do not repeat it. Called by the document and the page.
 */
import { originOf, version } from '../../config.ts';
import type { ApiEnv } from '../../context.ts';
import { sessionCookieName } from '../../middleware/session.ts';
import type { Api } from '../index.ts';

export type OpenApiDocument = ReturnType<Api['getOpenAPI31Document']>;
type PathItem = NonNullable<OpenApiDocument['paths']>[string];
export type Operation = NonNullable<PathItem['get']>;

export const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;
export type Method = (typeof methods)[number];

/** Areas in the order a newcomer reads them; others follow as the routes name them. */
const tags = [
  { name: 'Feed', description: 'What to watch next.' },
  {
    name: 'Clips',
    description: 'Reading, publishing, locking and deleting clips, their lineage.',
  },
  { name: 'Generations', description: 'From a prompt to a draft, with live progress.' },
  { name: 'Social', description: 'Likes, comments, reports and signals.' },
  { name: 'Accounts', description: 'Profiles and who follows whom.' },
  { name: 'Sign in', description: 'Passkeys, sessions, and one-click sign-in on your own machine.' },
  { name: 'Media', description: 'The one gate every byte of media leaves through.' },
  {
    name: 'Provenance',
    description: 'Content Credentials: what a clip says about its own origin, and whether it holds.',
  },
  { name: 'Consent', description: 'The public record of withdrawn consent.' },
  { name: 'Service', description: 'Health, configuration and this document.' },
  { name: 'Render nodes', description: 'The protocol between render nodes and the edge.' },
];

/** Every operation with its method and path, in the document's order. */
export function operationsOf(
  document: OpenApiDocument,
): { method: Method; path: string; operation: Operation }[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method];
      return operation === undefined ? [] : [{ method, path, operation }];
    }),
  );
}

/** The schemes are registered once, before any document is made. */
export function registerSecuritySchemes(app: Api): void {
  const scheme = (name: string, value: Parameters<Api['openAPIRegistry']['registerComponent']>[2]) =>
    app.openAPIRegistry.registerComponent('securitySchemes', name, value);
  scheme('bearer', {
    type: 'http',
    scheme: 'bearer',
    description: 'The `token` that signing in answers with: `Authorization: Bearer kns_…`.',
  });
  scheme('cookie', {
    type: 'apiKey',
    in: 'cookie',
    name: sessionCookieName('production'),
    description: `The same session as an HttpOnly cookie; \`${sessionCookieName('local')}\` on a local run. Changes must come from this origin.`,
  });
  scheme('node', {
    type: 'apiKey',
    in: 'header',
    name: 'Signature',
    description:
      'An RFC 9421 HTTP message signature by the Ed25519 key of a render node that the operator registered.',
  });
}

/** @param requestUrl the address this was asked at: names the server where no ORIGIN is configured */
export function describeApi(
  app: Api,
  config: ApiEnv['Variables']['config'],
  requestUrl: string,
): OpenApiDocument {
  const document = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Kinora API',
      version,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
      description:
        'An open network for short AI video in which every face has consented. JSON in camelCase; times are ISO 8601 in UTC; ids carry a prefix (`clip_…`, `acc_…`); lists are `{ items, nextCursor }`: pass `nextCursor` back as `cursor` until it is null.',
    },
    servers: [{ url: originOf(config, requestUrl) }],
  });
  const used = new Set<string>();
  for (const { operation } of operationsOf(document)) {
    for (const tag of operation.tags ?? []) used.add(tag);
    operation.security ??=
      operation.responses !== undefined && '401' in operation.responses
        ? [{ bearer: [] }, { cookie: [] }]
        : [];
  }
  const known = tags.filter(({ name }) => used.has(name));
  const others = [...used].filter((name) => !tags.some((tag) => tag.name === name)).map((name) => ({ name }));
  return { ...document, tags: [...known, ...others] };
}
