/**
 * The public record of consent (K-19, K-22): anybody who holds a copy can ask whether it was withdrawn, and anybody can audit the log.
 * Says that and when, never who. No account, open to every origin.
 */
import type { Context } from 'hono';
import { accepts } from 'hono/accepts';
import { z } from 'zod';
import { parseTilePath } from '#durable-objects/consent/core/tile-path.ts';
import { clipConsentSchema, revocationRecordSchema } from '#schemas/http/clips.ts';
import { idSchema } from '#schemas/ids.ts';
import type { ApiEnv } from '../../context.ts';
import { createRoute, createRouter, refusals } from '../../openapi.ts';
import { RefusalError } from '../../respond.ts';
import { pageContentSecurityPolicy } from '../docs/page.ts';
import type { Api } from '../index.ts';
import { findClipConsent, findRecord, logShardSchema } from './find-record.ts';
import { clipConsentPage, recordPage } from './page.ts';

const clipId = idSchema('clip');
const revocationId = idSchema('rev');
const plain = { schema: z.string() };

const recordRoute = createRoute({
  method: 'get',
  path: '/revocations/{id}',
  operationId: 'getRevocation',
  summary: 'Whether consent was withdrawn',
  description:
    'With a clip id: whether that clip is stopped. With a revocation id: that entry of the consent log with the proof that it is in the signed tree. JSON, or a page where `Accept` prefers HTML; `format` decides against it.',
  tags: ['Consent'],
  request: {
    params: z.object({ id: z.union([clipId, revocationId]) }),
    query: z.object({ format: z.enum(['json', 'html']).optional() }),
  },
  responses: {
    200: {
      description: 'The record.',
      content: {
        'application/json': { schema: z.union([clipConsentSchema, revocationRecordSchema]) },
        'text/html': plain,
      },
    },
    ...refusals('not_found'),
  },
});

const logParams = z.object({ log: logShardSchema });

const checkpointRoute = createRoute({
  method: 'get',
  path: '/revocations/{log}/checkpoint',
  operationId: 'getConsentCheckpoint',
  summary: 'Signed tree head of the consent log',
  description: 'A checkpoint as in C2SP tlog-checkpoint, signed with Ed25519.',
  tags: ['Consent'],
  request: { params: logParams },
  responses: { 200: { description: 'A signed note.', content: { 'text/plain': plain } }, ...refusals() },
});

const keyRoute = createRoute({
  method: 'get',
  path: '/revocations/{log}/key',
  operationId: 'getConsentLogKey',
  summary: 'The key that checks the checkpoints',
  description:
    'In the form of C2SP signed-note. Keep it: a key fetched together with what it checks proves little.',
  tags: ['Consent'],
  request: { params: logParams },
  responses: { 200: { description: 'A verifier key.', content: { 'text/plain': plain } }, ...refusals() },
});

const tileRoute = createRoute({
  method: 'get',
  path: '/revocations/{log}/tile/{tile}',
  operationId: 'getConsentTile',
  summary: 'A tile of the consent log',
  description:
    'Hash tiles `tile/<L>/<N>[.p/<W>]` and entry bundles `tile/entries/<N>[.p/<W>]` as in C2SP tlog-tiles: everything it takes to audit the whole log.',
  tags: ['Consent'],
  request: {
    params: logParams.extend({
      tile: z.string().max(80).meta({ description: 'The rest of the path of the tile, slashes included.' }),
    }),
  },
  responses: {
    200: {
      description: 'Hashes of 32 bytes each, or entries each behind its length.',
      content: { 'application/octet-stream': { schema: z.any().meta({ type: 'string', format: 'binary' }) } },
    },
    ...refusals('not_found'),
  },
});

function openToAll(c: Context<ApiEnv>): void {
  c.header('Access-Control-Allow-Origin', '*');
}

export function registerRevocationRoutes(app: Api): void {
  const router = createRouter();

  router.openapi(checkpointRoute, async (c) => {
    openToAll(c);
    return c.text(await c.env.CONSENT_LOG.getByName(c.req.valid('param').log).checkpoint(), 200);
  });

  router.openapi(keyRoute, async (c) => {
    openToAll(c);
    return c.text(`${await c.env.CONSENT_LOG.getByName(c.req.valid('param').log).verifierKey()}\n`, 200);
  });

  // Declared beside its handler and not with it: a tile's path has slashes, which OpenAPI has no way to say.
  router.openAPIRegistry.registerPath(tileRoute);
  router.get('/revocations/:log/tile/*', async (c) => {
    openToAll(c);
    const shard = logShardSchema.safeParse(c.req.param('log'));
    const tile = shard.success ? parseTilePath(c.req.path.slice(`/revocations/${shard.data}/`.length)) : null;
    const bytes =
      !shard.success || tile === null ? null : await c.env.CONSENT_LOG.getByName(shard.data).tile(tile);
    if (bytes === null || bytes === undefined)
      throw new RefusalError('not_found', 'There is no such tile, or not yet.');
    // Tiles never change: a partial one is asked for by its width.
    c.header('Cache-Control', 'public, max-age=31536000, immutable');
    return c.body(bytes, 200, { 'Content-Type': 'application/octet-stream' });
  });

  router.openapi(recordRoute, async (c) => {
    const { id } = c.req.valid('param');
    openToAll(c);
    c.header('Vary', 'Accept');
    const format =
      c.req.valid('query').format ??
      (accepts(c, {
        header: 'Accept',
        supports: ['application/json', 'text/html'],
        default: 'application/json',
      }) === 'text/html'
        ? 'html'
        : 'json');
    const clip = clipId.safeParse(id);
    const found = clip.success
      ? await findClipConsent(c.env, clip.data)
      : await findRecord(c.env, revocationId.parse(id));
    if (format === 'json') return c.json(found, 200);
    c.header('Content-Security-Policy', pageContentSecurityPolicy);
    return c.html('clipId' in found ? clipConsentPage(found) : recordPage(found), 200);
  });

  app.route('/', router);
}
