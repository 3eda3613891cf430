/**
 * Every operation in the OpenAPI document goes through the same battery: no session, a wrong one, a suspended account, another site, somebody
 * else's resource, malformed ids and queries, bodies too large, of the wrong type or with unknown fields. Every answer is checked for its
 * request id and security headers, every refusal for the one envelope.
 */
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { createId } from '#durable-objects/shared/id.ts';
import { errorEnvelopeSchema, statusOf } from '#schemas/errors.ts';
import { createGenerationSchema } from '#schemas/http/generations.ts';
import { decisionIdOf } from '#schemas/moderation.ts';
import {
  methods,
  type OpenApiDocument,
  type Operation,
  operationsOf,
} from '#workers/api/routes/docs/document.ts';
import {
  draftClip,
  edge,
  type Person,
  person,
  publishedClip,
  stranger,
  suspend,
} from '../support/api-actors.ts';
import { type Answer, type Browser, codeOf, refusal } from '../support/api-browser.ts';
import { type Access, accessOf, validBody } from '../support/api-operations.ts';

const document: OpenApiDocument = await (await edge(new Request('http://localhost/api/openapi.json'))).json();

interface Entry {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
  readonly access: Access;
}

const entries: Entry[] = operationsOf(document).map(({ method, path, operation }) => {
  const id = operation.operationId ?? `${method} ${path}`;
  return { id, method: method.toUpperCase(), path, operation, access: accessOf[id] ?? { kind: 'node' } };
});
const table = (keep: (entry: Entry) => boolean) =>
  entries.filter(keep).map((entry) => [entry.id, entry] as const);

let owner: Person;
let other: Person;
let banned: Person;
const ids = { clip: '', draft: '', generation: '', comment: '', grant: '' };
/** Ids of things that nobody has, for paths whose own tests make them. */
const unknownIds: readonly [pathPart: string, id: string][] = [
  ['/cameo/reviews/', createId('rvw', Date.now())],
  ['/enrolments/', createId('enr', Date.now())],
  ['/moderation/cases/', createId('case', Date.now())],
  ['/moderation/decisions/', decisionIdOf(createId('case', Date.now()), 1)],
  ['/uploads/', createId('upl', Date.now())],
  ['/moderation/bank/', createId('dec', Date.now())],
];

async function openGeneration(by: Person): Promise<string> {
  const generationId = createId('gen', Date.now());
  await env.GENERATION.getByName(generationId).open({
    generationId,
    clipId: createId('clip', Date.now()),
    accountId: by.id,
    handle: by.handle,
    tier: 'free',
    request: createGenerationSchema.parse({ prompt: 'a ball bounces' }),
    seed: 1,
    credits: 10,
    parent: null,
    cast: [],
    inheritedCoOwnerIds: [],
    recastOf: null,
    createdAt: new Date().toISOString(),
    origin: 'http://localhost',
  });
  return generationId;
}

beforeAll(async () => {
  [owner, other, banned] = await Promise.all([person(), person(), person()]);
  [ids.clip, ids.draft, ids.generation] = await Promise.all([
    publishedClip(owner),
    draftClip(owner),
    openGeneration(owner),
  ]);
  const comment = await owner.browser.post(`/api/v1/clips/${ids.clip}/comments`, { text: 'mine' });
  ids.comment = (comment.body as { id: string }).id;
  await owner.browser.post('/api/v1/local/cameo', {});
  const grant = await owner.browser.post('/api/v1/cameo/grants', { handle: other.handle, purpose: 'a film' });
  ids.grant = (grant.body as { id: string }).id;
  await suspend(banned.id);
});

/** Fills the path with resources of `owner`. */
function addressOf({ path, id }: Entry, clip = ids.clip): string {
  const unknown = unknownIds.find(([part]) => path.includes(part))?.[1];
  const filled = path
    .replace('{log}', 'log-0')
    .replace('{tile}', 'entries/000')
    .replace('{cameoId}', `cam_${'0'.repeat(26)}`)
    .replace('/grants/{id}', `/grants/${ids.grant}`)
    .replace('{id}', unknown ?? '{id}')
    .replace('{handle}', owner.handle)
    .replace('{caseId}', createId('case', Date.now()))
    .replace('{decisionId}', decisionIdOf(createId('case', Date.now()), 1))
    .replace('{token}', `kr1_${'0'.repeat(26)}_${'0'.repeat(26)}_${'0'.repeat(22)}`)
    .replace('{commentId}', ids.comment)
    .replace('{n}', '1')
    .replace('{file}', 'video.mp4')
    .replace('{clipId}', clip)
    .replace('{subjectId}', clip)
    .replace('{jobId}', ids.generation)
    .replace('{id}', path.includes('/generations/') ? ids.generation : clip);
  return id === 'putRenderOutput' ? `${filled}?fence=1` : filled;
}

const requiredHeaders: [string, RegExp][] = [
  ['X-Content-Type-Options', /^nosniff$/],
  ['X-Frame-Options', /^DENY$/],
  ['Referrer-Policy', /./],
  ['Content-Security-Policy', /default-src 'none'/],
  ['Cross-Origin-Opener-Policy', /^same-origin$/],
  ['Cross-Origin-Resource-Policy', /^same-origin$/],
  ['Permissions-Policy', /camera=\(\)/],
  ['Cache-Control', /./],
];

/** Sends, and checks what every answer owes. */
async function knock(
  browser: Browser,
  method: string,
  path: string,
  body?: unknown,
  extra?: Record<string, string>,
): Promise<Answer> {
  const answer = await browser.send(method, path, body, extra);
  const requestId = answer.headers.get('X-Request-Id');
  expect(requestId).toMatch(/^req_[0-9a-z]{26}$/);
  for (const [name, pattern] of requiredHeaders) expect(answer.headers.get(name), name).toMatch(pattern);
  expect(answer.status, JSON.stringify(answer.body)).not.toBe(500);
  if (answer.status >= 400) {
    const { error } = errorEnvelopeSchema.parse(answer.body);
    expect(statusOf(error.code)).toBe(answer.status);
    expect(error.requestId).toBe(requestId);
    expect(error.message).not.toBe('');
    expect(answer.headers.get('Cache-Control')).toBe('no-store');
  }
  return answer;
}

const takesJson = ({ operation }: Entry) =>
  operation.requestBody !== undefined &&
  'content' in operation.requestBody &&
  'application/json' in operation.requestBody.content;
const noSession: Record<Access['kind'], string | null> = {
  public: null,
  session: '401 unauthenticated',
  owner: '401 unauthenticated',
  node: '401 node_signature_invalid',
};

it('knows every operation, and no other', () => {
  expect(entries.map(({ id }) => id).sort()).toEqual(Object.keys(accessOf).sort());
  expect(
    entries
      .filter(takesJson)
      .map(({ id }) => id)
      .sort(),
  ).toEqual(Object.keys(validBody).sort());
});

it.each(table(() => true))(
  '%s documents who may call it and how it refuses',
  (_id, { access, operation }) => {
    const schemes = (operation.security ?? []).flatMap((requirement) => Object.keys(requirement));
    if (access.kind === 'node') expect(schemes).toEqual(['node']);
    else if (access.kind === 'public') expect(schemes).not.toContain('node');
    else expect(schemes).toEqual(['bearer', 'cookie']);
    expect(operation.summary).toBeTruthy();
    expect(operation.tags).toHaveLength(1);
    expect(Object.keys(operation.responses ?? {})).toEqual(expect.arrayContaining(['400', '429', '500']));
  },
);

describe('without a valid session', () => {
  const visitors: [string, () => Browser][] = [
    ['nobody', () => stranger()],
    ['a token nobody was given', () => Object.assign(stranger(), { token: `kns_${'x'.repeat(43)}` })],
    ['a token of another kind', () => Object.assign(stranger(), { token: 'Basic-YWRh' })],
    ['a suspended account', () => Object.assign(stranger(), { token: banned.token })],
  ];
  // The provenance worker is not part of these tests: `getProvenance` is asked about a clip it refuses before it calls there, and
  // `getTrustLists`, which always calls, is asked in test/fault.
  for (const [name, visitor] of visitors) {
    it.each(table(({ id }) => id !== 'getTrustLists'))(`%s answers ${name}`, async (id, entry) => {
      const address = addressOf(entry, id === 'getProvenance' ? ids.draft : ids.clip);
      const answer = await knock(visitor(), entry.method, address, validBody[id]);
      const expected = noSession[entry.access.kind];
      if (expected === null) expect([401, 403]).not.toContain(answer.status);
      else expect(refusal(answer)).toBe(expected);
    });
  }
});

describe('from another site', () => {
  it.each(table(({ method, path }) => method !== 'GET' && path.startsWith('/api/')))(
    '%s refuses a cookie',
    async (id, entry) => {
      const answer = await knock(owner.browser, entry.method, addressOf(entry), validBody[id], {
        Origin: 'https://evil.example',
      });
      expect(refusal(answer)).toBe('403 forbidden');
    },
  );
});

describe("somebody else's resource", () => {
  it.each(table(({ access }) => access.kind === 'owner'))('%s is refused', async (id, entry) => {
    if (entry.access.kind !== 'owner') throw new Error('not owned');
    const answer = await knock(other.browser, entry.method, addressOf(entry), validBody[id]);
    expect(refusal(answer)).toBe(entry.access.others);
  });

  const onClips = ({ path, id, access }: Entry) =>
    /\{(id|clipId)\}/.test(path) &&
    /clips|media/.test(path) &&
    access.kind !== 'node' &&
    id !== 'deleteComment';
  it.each(table(onClips))('%s does not show that a draft exists', async (id, entry) => {
    const address = addressOf(entry, ids.draft);
    const [draft, nothing] = [
      await knock(other.browser, entry.method, address, validBody[id]),
      `clip_${'0'.repeat(26)}`,
    ];
    const missing = await knock(other.browser, entry.method, addressOf(entry, nothing), validBody[id]);
    expect(refusal(draft)).toBe('404 not_found');
    expect(refusal(missing)).toBe('404 not_found');
  });

  it('is untouched by all of this', async () => {
    expect((await owner.browser.get(`/api/v1/clips/${ids.clip}`)).body).toMatchObject({
      status: 'published',
      locked: false,
    });
    const clip = await env.CLIP.getByName(ids.draft).read();
    expect(clip.ok && clip.value.status).toBe('draft');
    expect((await owner.browser.get(`/api/v1/generations/${ids.generation}`)).body).toMatchObject({
      status: 'queued',
    });
  });
});

describe('malformed', () => {
  const parameters = entries.flatMap((entry) =>
    [...entry.path.matchAll(/\{(\w+)\}/g)].flatMap(([placeholder]) =>
      ['nonsense!', 'clip_short', "'%20or%201=1", '%00', 'x'.repeat(300)].map(
        (value) => [entry.id, placeholder, value, entry] as const,
      ),
    ),
  );
  it.each(parameters)('path: %s with %s = %s', async (id, placeholder, value, entry) => {
    const address = addressOf({ ...entry, path: entry.path.replace(placeholder, value) });
    const answer = await knock(other.browser, entry.method, address, validBody[id]);
    const expected =
      entry.access.kind === 'node' ? ['401 node_signature_invalid'] : ['400 bad_request', '404 not_found'];
    expect(expected).toContain(refusal(answer));
  });

  const queries = entries.flatMap((entry) =>
    (entry.operation.parameters ?? []).flatMap((parameter) =>
      'name' in parameter && parameter.in === 'query' && entry.access.kind !== 'node'
        ? // What people search for may be anything of two characters.
          (parameter.name === 'q' ? ['~', '%00'] : ['~', '%00', '-1']).map(
            (value) => [entry.id, parameter.name, value, entry] as const,
          )
        : [],
    ),
  );
  it.each(queries)('query: %s with %s = %s', async (_id, name, value, entry) => {
    const answer = await knock(other.browser, entry.method, `${addressOf(entry)}?${name}=${value}`);
    expect(['400 bad_request', '400 cursor_invalid']).toContain(refusal(answer));
  });

  const texts = ['', '{', 'null', '[]', '7', '"text"', '{"__proto__":{"a":1}', '\u0000'];
  const bodies = entries
    .filter(takesJson)
    .flatMap((entry) => texts.map((text) => [entry.id, text, entry] as const));
  it.each(bodies)('body: %s with %j', async (_id, text, entry) => {
    const answer = await knock(other.browser, entry.method, addressOf(entry), text, {
      'Content-Type': 'application/json',
    });
    expect(refusal(answer)).toBe(
      entry.access.kind === 'node' ? '401 node_signature_invalid' : '400 bad_request',
    );
  });

  it.each(table((entry) => takesJson(entry) && entry.access.kind !== 'node'))(
    'fields: %s names each one of a wrong type',
    async (id, entry) => {
      for (const name of Object.keys(validBody[id] ?? {})) {
        const answer = await knock(other.browser, entry.method, addressOf(entry), {
          ...validBody[id],
          [name]: { wrong: true },
        });
        expect(refusal(answer)).toBe('400 bad_request');
        expect(JSON.stringify(answer.body)).toContain(name);
      }
    },
  );

  it.each(table((entry) => takesJson(entry) && entry.access.kind !== 'node'))(
    'fields: %s refuses one it does not know',
    async (id, entry) => {
      const answer = await knock(other.browser, entry.method, addressOf(entry), {
        ...validBody[id],
        surprise: true,
      });
      expect(refusal(answer)).toBe('400 bad_request');
      expect(JSON.stringify(answer.body)).toContain('surprise');
    },
  );

  it.each(table((entry) => takesJson(entry) && entry.access.kind !== 'node'))(
    'media type: %s takes JSON only',
    async (id, entry) => {
      const text = JSON.stringify(validBody[id]);
      for (const mediaType of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
        const answer = await knock(other.browser, entry.method, addressOf(entry), text, {
          'Content-Type': mediaType,
        });
        expect(['400 bad_request', '415 media_type_unsupported']).toContain(refusal(answer));
      }
    },
  );

  it.each(table(takesJson))('size: %s stops at its limit', async (id, entry) => {
    // What a node saw in media is the one JSON body that may be longer.
    const kibibytes = id === 'completeInspection' ? 640 : 64;
    const large = { ...validBody[id], padding: 'x'.repeat(kibibytes * 1024) };
    expect(refusal(await knock(other.browser, entry.method, addressOf(entry), large))).toBe(
      '413 payload_too_large',
    );
  });
});

describe('addresses', () => {
  it.each(Object.keys(document.paths ?? {}))('%s says which methods it answers', async (path) => {
    const item = document.paths?.[path] ?? {};
    const used = new Set(methods.filter((method) => method in item).map((method) => method.toUpperCase()));
    const entry = entries.find((candidate) => candidate.path === path);
    if (entry === undefined) throw new Error('no operation');
    const unused = ['PATCH', 'POST', 'DELETE'].find((method) => !used.has(method)) ?? 'PATCH';
    const answer = await knock(other.browser, unused, addressOf(entry));
    if (entry.access.kind === 'node') expect(codeOf(answer)).toBe('node_signature_invalid');
    else {
      expect(refusal(answer)).toBe('405 method_not_allowed');
      for (const method of used) expect(answer.headers.get('Allow')).toContain(method);
    }
  });

  it.each(['/api/v1/nothing', '/api/v2/me', '/api', '/api/v1/me/../../secret'])(
    '%s is not there',
    async (path) => {
      expect(refusal(await knock(stranger(), 'GET', path))).toBe('404 not_found');
    },
  );
});

describe('the API page', () => {
  it('shows every operation, schema and error without a script, and its stylesheet is ours', async () => {
    const page = await knock(stranger(), 'GET', '/api/docs');
    const text = String(page.body);
    expect(page.headers.get('Content-Type')).toContain('text/html');
    for (const { id, path, method } of entries) {
      expect(text).toContain(`id="${id}"`);
      expect(text).toContain(`>${method}</span> <code class="path">${path}</code>`);
    }
    for (const name of Object.keys(document.components?.schemas ?? {}))
      expect(text).toContain(`id="schema-${name}"`);
    for (const [, target] of text.matchAll(/href="#([^"]+)"/g)) expect(text).toContain(`id="${target}"`);
    expect(text).not.toMatch(/<script|<style|style="|\son\w+="|https?:\/\/(?!localhost|www\.apache)/);
    const policy = page.headers.get('Content-Security-Policy') ?? '';
    expect(policy).toContain("style-src 'self'");
    expect(policy).not.toContain('unsafe');
    const style = await knock(stranger(), 'GET', '/api/docs.css');
    expect(style.headers.get('Content-Type')).toContain('text/css');
  });
});
