/** People and clips for the workerd tests of the API: real sign-ins, real objects, nothing written past them. */
import { env, exports } from 'cloudflare:workers';
import { eq } from 'drizzle-orm';
import { vi } from 'vitest';
import type { DraftInput } from '#durable-objects/clip/rpc.ts';
import { createId } from '#durable-objects/shared/id.ts';
import type { Role, Session, Tier } from '#schemas/http/accounts.ts';
import type { Visibility } from '#schemas/http/clips.ts';
import type { Id } from '#schemas/ids.ts';
import { accounts, clips } from '#schemas/tables.ts';
import { database } from '#workers/store/database.ts';
import { Browser, type Fetcher } from './api-browser.ts';

/** Requests to the Worker under test. */
export const edge: Fetcher = (request) => exports.default.fetch(request);

let people = 0;

/** A handle nobody has yet. */
export function freshHandle(prefix = 'person'): string {
  people += 1;
  return `${prefix}-${people}-${Math.random().toString(36).slice(2, 8)}`;
}

export interface Person {
  readonly browser: Browser;
  readonly handle: string;
  readonly id: Id<'acc'>;
  readonly token: string;
}

/** Somebody signed in with a browser of their own. */
export async function person(input: { handle?: string; tier?: Tier; roles?: Role[] } = {}): Promise<Person> {
  const browser = new Browser(edge);
  const handle = input.handle ?? freshHandle();
  const answer = await browser.post('/api/v1/local/sign-in', { ...input, handle });
  if (answer.status !== 200) throw new Error(`sign-in answered ${answer.status}`);
  const session = answer.body as Session;
  return { browser, handle, id: session.account.id, token: session.token };
}

/** Somebody who is not signed in. */
export function stranger(): Browser {
  return new Browser(edge);
}

export async function suspend(accountId: Id<'acc'>): Promise<void> {
  await database(env)
    .update(accounts)
    .set({ suspendedAt: new Date().toISOString() })
    .where(eq(accounts.id, accountId));
}

function draftOf(owner: Person, clipId: Id<'clip'>): DraftInput {
  const file = (name: string, mediaType: string) => ({
    key: `test/${clipId}/${name}`,
    size: 1000,
    sha256: 'a'.repeat(64),
    mediaType,
  });
  return {
    clipId,
    generationId: createId('gen', Date.now()),
    ownerId: owner.id,
    ownerHandle: owner.handle,
    coOwnerIds: [],
    cast: [],
    castKeys: [],
    spoken: [],
    prompt: 'a red ball rolls down a stair',
    seed: 7,
    summary: 'A ball on a stair.',
    engine: { name: 'sketch', version: '1', model: 'sketch', description: 'Drawn by physics.' },
    size: '720x1280',
    durationMs: 4000,
    color: '#aa3322',
    parent: null,
    media: {
      video: file('video.mp4', 'video/mp4'),
      poster: file('poster.jpg', 'image/jpeg'),
      manifest: file('manifest.c2pa', 'application/c2pa'),
      captions: null,
    },
    manifestLabel: 'urn:c2pa:00000000-0000-4000-8000-000000000000',
    createdAt: new Date().toISOString(),
  };
}

/** A draft of this person, known to the Clip object. */
export async function draftClip(owner: Person): Promise<Id<'clip'>> {
  const clipId = createId('clip', Date.now());
  const made = await env.CLIP.getByName(clipId).createDraft(draftOf(owner, clipId));
  if (!made.ok) throw new Error(made.error.code);
  return clipId;
}

/** A published clip that has reached the relational side as well. */
export async function publishedClip(owner: Person, visibility: Visibility = 'public'): Promise<Id<'clip'>> {
  const clipId = await draftClip(owner);
  const published = await env.CLIP.getByName(clipId).publish(owner.id, {
    caption: 'Look',
    visibility,
    showPrompt: false,
  });
  if (!published.ok) throw new Error(published.error.code);
  await vi.waitFor(
    async () => {
      const row = await database(env)
        .select({ status: clips.status })
        .from(clips)
        .where(eq(clips.id, clipId))
        .get();
      if (row?.status !== 'published') throw new Error('the projection has not arrived');
    },
    { timeout: 20_000, interval: 50 },
  );
  return clipId;
}
