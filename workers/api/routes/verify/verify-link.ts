import type { Context } from 'hono';
import { z } from 'zod';
import { type Id, idSchema } from '#schemas/ids.ts';
import type { Verification } from '#schemas/verdict.ts';
import { verificationSchema } from '#schemas/verdict.ts';
import { examine, unlooked } from '../../../workflows/ingest/examine.ts';
import { knownClip } from '../../../workflows/ingest/known-clip.ts';
import { originOf } from '../../config.ts';
import type { ApiEnv } from '../../context.ts';
import { findVisibleClip } from '../../find-clip.ts';
import { addressOf, spend } from '../../middleware/limits.ts';
import { createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { RefusalError, unwrap } from '../../respond.ts';
import { fetchListed } from './fetch-listed.ts';
import { waitSchema } from './verify-file.ts';
import { verifyBody } from './verify-stored.ts';

const route = createRoute({
  method: 'get',
  path: '/api/v1/verify',
  operationId: 'verifyLink',
  summary: 'Where does what is behind this link come from?',
  description:
    'With `clip`: one of our own clips, as it is stored. With `url`: an address of a clip here (`/clip/…`, `/media/…/video.mp4`), or a file on a host that the operator has listed. Exactly one of them.',
  tags: ['Provenance'],
  request: {
    query: z.object({
      clip: idSchema('clip').optional(),
      url: z
        .url({ protocol: /^https?$/ })
        .max(2000)
        .optional(),
      wait: waitSchema,
    }),
  },
  responses: {
    200: json(verificationSchema, 'The verdict.'),
    ...refusals(
      'not_found',
      'clip_deleted',
      'payload_too_large',
      'media_type_unsupported',
      'consent_unavailable',
    ),
  },
});

export const verifyLink = createRouter().openapi(route, async (c) => {
  const { clip, url, wait } = c.req.valid('query');
  if ((clip === undefined) === (url === undefined)) {
    throw new RefusalError('bad_request', 'Name a clip or a url, one of them.');
  }
  await spend(c, 'LIMIT_VERIFY', `verify:${addressOf(c)}`);
  const clipId = clip ?? ownClipBehind(c, url ?? '');
  if (clipId !== null) return c.json(await verifyClip(c, clipId), 200);
  const body = await fetchListed(c.get('config'), url ?? '');
  return c.json(await verifyBody(c, body, wait), 200);
});

/** The clip that an address of ours leads to; null for any other address. */
function ownClipBehind(c: Context<ApiEnv>, url: string): Id<'clip'> | null {
  const parsed = new URL(url);
  if (parsed.origin !== originOf(c.get('config'), c.req.url)) return null;
  const id = /^\/(?:clip|media)\/(clip_\w+)(?:\/video\.mp4)?$/.exec(parsed.pathname)?.[1];
  const clipId = idSchema('clip').safeParse(id);
  if (!clipId.success) throw new RefusalError('not_found', 'There is no clip at that address.');
  return clipId.data;
}

/** Our own rendition, where it lies. One that was withdrawn says when. @throws RefusalError not_found, clip_deleted */
async function verifyClip(c: Context<ApiEnv>, clipId: Id<'clip'>): Promise<Verification> {
  const origin = originOf(c.get('config'), c.req.url);
  const record = await findVisibleClip(c, clipId).catch(async (error: unknown) => {
    if (!(error instanceof RefusalError) || error.refusal.code !== 'clip_deleted') throw error;
    const { withdrawn } = await knownClip(c.env, clipId, origin);
    const at = withdrawn?.at ?? null;
    throw new RefusalError(
      'clip_deleted',
      at === null ? undefined : `Consent for this clip was withdrawn on ${at.slice(0, 10)}.`,
      { withdrawnAt: at, record: withdrawn?.url ?? null },
    );
  });
  const { key, mediaType, size, sha256 } = record.media.video;
  const report = unwrap(await c.env.PROVENANCE.verify(key, mediaType));
  const { verification } = await examine(
    c.env,
    { size, mediaType, sha256 },
    report,
    unlooked.needless,
    origin,
  );
  return verification;
}
