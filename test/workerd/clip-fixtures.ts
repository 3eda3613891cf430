/** Inputs for tests about clips. Every call makes new ids: objects and rows of one test file are shared by its tests. */
import { env } from 'cloudflare:workers';
import type { DraftInput } from '#durable-objects/clip/rpc.ts';
import { createId } from '#durable-objects/shared/id.ts';
import type { Id } from '#schemas/ids.ts';
import type { ClipProjection } from '#schemas/projections.ts';
import { accounts, follows } from '#schemas/tables.ts';
import { upsertClip } from '#workers/projections/statements.ts';
import { database } from '#workers/store/database.ts';

export const db = () => database(env);

/** An account that exists in D1. */
export async function createAccount(name = 'maker'): Promise<Id<'acc'>> {
  const id = createId('acc', Date.now());
  await db()
    .insert(accounts)
    .values({
      id,
      handle: `${name}-${id.slice(-12)}`,
      displayName: name,
      createdAt: new Date().toISOString(),
    });
  return id;
}

export function draftInput(ownerId: Id<'acc'>, more: Partial<DraftInput> = {}): DraftInput {
  const clipId = createId('clip', Date.now());
  const object = (name: string, mediaType: string) => ({
    key: `clips/${clipId}/${name}`,
    size: 3,
    sha256: '0'.repeat(64),
    mediaType,
  });
  return {
    clipId,
    generationId: createId('gen', Date.now()),
    ownerId,
    ownerHandle: 'maker',
    coOwnerIds: [],
    cast: [],
    castKeys: [],
    spoken: [],
    prompt: 'a prompt nobody else may read',
    seed: 7,
    summary: 'A ball.',
    engine: { name: 'sketch', version: '1.0.0', model: 'sketch-1', description: 'Draws.' },
    size: '720x1280',
    durationMs: 10_000,
    color: '#102030',
    parent: null,
    media: {
      video: object('video.mp4', 'video/mp4'),
      poster: object('poster.jpg', 'image/jpeg'),
      manifest: object('manifest.c2pa', 'application/c2pa'),
      captions: null,
    },
    manifestLabel: 'urn:c2pa:test',
    createdAt: new Date().toISOString(),
    ...more,
  };
}

/** A published, public clip as a queue message. */
export function clipMessage(
  ownerId: Id<'acc'>,
  version: number,
  clip: Partial<ClipProjection['clip']> = {},
): ClipProjection {
  const id = clip.id ?? createId('clip', Date.now());
  const now = new Date().toISOString();
  return {
    kind: 'clip',
    version,
    clip: {
      id,
      ownerId,
      coOwnerIds: [],
      status: 'published',
      visibility: 'public',
      caption: 'caption',
      prompt: 'a prompt nobody else may read',
      showPrompt: false,
      summary: 'A ball.',
      engine: { name: 'sketch', version: '1.0.0', model: 'sketch-1', description: 'Draws.' },
      size: '720x1280',
      durationMs: 10_000,
      hasCaptions: false,
      color: '#102030',
      locked: false,
      parentId: null,
      parentHandle: null,
      rootId: id,
      depth: 0,
      keys: [`clip:${id}`, `account:${ownerId}`],
      ownKeys: [`clip:${id}`, `account:${ownerId}`],
      cast: [],
      createdAt: now,
      publishedAt: now,
      ...clip,
    },
  };
}

/** A clip as a row of D1, published and public unless told otherwise. */
export async function insertClip(
  ownerId: Id<'acc'>,
  clip: Partial<ClipProjection['clip']> = {},
): Promise<Id<'clip'>> {
  const message = clipMessage(ownerId, 1, clip);
  await db().batch(upsertClip(db(), message));
  return message.clip.id;
}

export const follow = (followerId: Id<'acc'>, followedId: Id<'acc'>) =>
  db().insert(follows).values({ followerId, followedId, createdAt: new Date().toISOString() });
