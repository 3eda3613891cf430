/**
 * The public record of consent (K-19): anybody who holds a copy can ask whether it was withdrawn. Says that and when, never who.
 */
import { z } from 'zod';
import { consentLogOf } from '#durable-objects/consent/gate.ts';
import type { LogReceipt } from '#durable-objects/consent/rpc.ts';
import { clipKey } from '#schemas/consent.ts';
import { clipConsentSchema, revocationRecordSchema } from '#schemas/http/clips.ts';
import { idSchema } from '#schemas/ids.ts';
import { createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { RefusalError } from '../../respond.ts';
import type { Api } from '../index.ts';

const clipId = idSchema('clip');
const revocationId = idSchema('rev');

const route = createRoute({
  method: 'get',
  path: '/revocations/{id}',
  operationId: 'getRevocation',
  summary: 'Whether consent was withdrawn',
  description:
    'With a clip id: whether that clip is stopped. With a revocation id: that entry of the consent log.',
  tags: ['Consent'],
  request: { params: z.object({ id: z.union([clipId, revocationId]) }) },
  responses: {
    200: json(z.union([clipConsentSchema, revocationRecordSchema]), 'The record.'),
    ...refusals('not_found'),
  },
});

function presentRecord(entry: LogReceipt) {
  const { id, position, denies, at, lifted, hash, previousHash } = entry;
  return { id, position, denies: [...denies], revokedAt: at, lifted, hash, previousHash };
}

const revocations = createRouter().openapi(route, async (c) => {
  const { id } = c.req.valid('param');
  c.header('Access-Control-Allow-Origin', '*');
  const clip = clipId.safeParse(id);
  if (clip.success) {
    const key = clipKey(clip.data);
    const entry = await consentLogOf(c.env, key).latest(key);
    return c.json(
      {
        clipId: clip.data,
        revoked: entry !== null,
        revocation: entry === null ? null : presentRecord(entry),
      },
      200,
    );
  }
  const entry = await consentLogOf(c.env).entry(revocationId.parse(id));
  if (entry === null) throw new RefusalError('not_found', 'There is no such entry in the consent log.');
  return c.json(presentRecord(entry), 200);
});

export function registerRevocationRoutes(app: Api): void {
  app.route('/', revocations);
}
