import { z } from 'zod';
import { askGateMany } from '#durable-objects/consent/gate.ts';
import { accountSchema } from '#schemas/http/accounts.ts';
import { clipSchema, lineageSchema } from '#schemas/http/clips.ts';
import { accountById, presentAccount } from '../../../store/accounts-store.ts';
import { ancestorsOf, type ClipRow, remixesOf } from '../../../store/clips-store.ts';
import { canList, canSee } from '../../../store/core/visibility.ts';
import { database } from '../../../store/database.ts';
import { presentClip } from '../../../store/present-clip.ts';
import { viewClip } from '../../clip-view.ts';
import { clipParams, findVisibleClip } from '../../find-clip.ts';
import { createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { regionOf } from '../../region.ts';
import { unwrap } from '../../respond.ts';

const readRoute = createRoute({
  method: 'get',
  path: '/api/v1/clips/{id}',
  operationId: 'getClip',
  summary: 'One clip',
  tags: ['Clips'],
  request: { params: clipParams },
  responses: {
    200: json(clipSchema, 'The clip as you may see it.'),
    ...refusals('not_found', 'clip_deleted', 'consent_unavailable'),
  },
});

export const readClip = createRouter().openapi(readRoute, async (c) => {
  const record = await findVisibleClip(c, c.req.valid('param').id);
  return c.json(await viewClip(c.env, record, c.get('viewer')?.accountId ?? null), 200);
});

const lineageRoute = createRoute({
  method: 'get',
  path: '/api/v1/clips/{id}/lineage',
  operationId: 'getLineage',
  summary: 'What a clip was made from and what was made from it',
  description:
    'Ancestors from the parent to the root, and up to 50 public remixes, newest first. What consent stops is left out.',
  tags: ['Clips'],
  request: { params: clipParams },
  responses: {
    200: json(lineageSchema, 'The lineage.'),
    ...refusals('not_found', 'clip_deleted', 'consent_unavailable'),
  },
});

export const readLineage = createRouter().openapi(lineageRoute, async (c) => {
  const { id } = c.req.valid('param');
  await findVisibleClip(c, id);
  const viewerId = c.get('viewer')?.accountId ?? null;
  const db = database(c.env);
  const [ancestors, remixes] = await Promise.all([
    ancestorsOf(db, id, viewerId),
    remixesOf(db, id, viewerId, { limit: 50, cursor: null }),
  ]);
  const listed = async (rows: readonly ClipRow[], rule: typeof canSee) => {
    const visible = rows.filter((row) => rule(row.clip, viewerId));
    const decisions = await askGateMany(
      c.env,
      regionOf(c),
      visible.map((row) => row.clip.keys),
      'list',
    );
    return visible
      .filter((_, index) => decisions[index]?.allowed === true)
      .map((row) => presentClip(row, viewerId));
  };
  return c.json(
    {
      clipId: id,
      ancestors: await listed(ancestors, canSee),
      remixes: await listed(unwrap(remixes).rows, canList),
    },
    200,
  );
});

const coOwnersRoute = createRoute({
  method: 'get',
  path: '/api/v1/clips/{id}/co-owners',
  operationId: 'listCoOwners',
  summary: 'Whose likeness is in a clip',
  tags: ['Clips'],
  request: { params: clipParams },
  responses: {
    200: json(z.object({ items: z.array(accountSchema) }), 'Owner first, then co-owners.'),
    ...refusals('not_found', 'clip_deleted', 'consent_unavailable'),
  },
});

export const listCoOwners = createRouter().openapi(coOwnersRoute, async (c) => {
  const clip = await findVisibleClip(c, c.req.valid('param').id);
  const rows = await Promise.all(
    [clip.ownerId, ...clip.coOwnerIds].map((id) => accountById(database(c.env), id)),
  );
  return c.json({ items: rows.flatMap((row) => (row === null ? [] : presentAccount(row))) }, 200);
});
