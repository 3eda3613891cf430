/**
 * Many published clips without rendering any: their objects are told that they exist and their few bytes are put into R2. Everything
 * after that (gate, feed, media, deletion) is the real thing over HTTP.
 */
import { createHash } from 'node:crypto';
import { ulid } from 'ulid';
import type { ClipRpc, DraftInput, StoredObject } from '#durable-objects/clip/rpc.ts';
import type { ConsentLogRpc } from '#durable-objects/consent/rpc.ts';
import type { RegionGateRpc } from '#durable-objects/region-gate/rpc.ts';
import type { Me } from '#schemas/http/accounts.ts';
import type { Id } from '#schemas/ids.ts';
import type { ApiClient } from '../../scripts/demo/client.ts';
import type { Edge } from './edge.ts';

interface Namespace<T> {
  getByName(name: string): T;
}

/** The bindings that tests reach past HTTP; calls go to the real objects. */
export interface ObjectBindings {
  readonly CLIP: Namespace<ClipRpc>;
  readonly CONSENT_LOG: Namespace<ConsentLogRpc>;
  readonly REGION_GATE: Namespace<RegionGateRpc>;
  readonly MEDIA: { put(key: string, bytes: Uint8Array): Promise<unknown> };
}

export async function bindingsOf(edge: Edge): Promise<ObjectBindings> {
  const { CLIP, CONSENT_LOG, REGION_GATE, MEDIA } = await edge.kinora.getEnv();
  return { CLIP, CONSENT_LOG, REGION_GATE, MEDIA };
}

export interface Owner {
  readonly api: ApiClient;
  readonly id: Id<'acc'>;
  readonly handle: string;
}

export async function createOwner(edge: Edge, handle: string): Promise<Owner> {
  const api = await edge.signIn(handle, { tier: 'pro' });
  const { account } = await api<Me>('GET', '/api/v1/me');
  return { api, id: account.id, handle };
}

const bytes = new Uint8Array(4096).fill(7);
const sha256 = createHash('sha256').update(bytes).digest('hex');

/** A public clip with 4 KiB behind each of its addresses. */
export async function makeClip(
  { CLIP, MEDIA }: ObjectBindings,
  owner: Owner,
  change: Partial<DraftInput> = {},
): Promise<Id<'clip'>> {
  const clipId: Id<'clip'> = `clip_${ulid().toLowerCase()}`;
  const generationId: Id<'gen'> = `gen_${ulid().toLowerCase()}`;
  const object = (name: string, mediaType: string): StoredObject => ({
    key: `media/${clipId}/${generationId}/${name}`,
    size: bytes.length,
    sha256,
    mediaType,
  });
  const media = {
    video: object('video.mp4', 'video/mp4'),
    poster: object('poster.jpg', 'image/jpeg'),
    manifest: object('manifest.c2pa', 'application/c2pa'),
    captions: null,
  };
  await MEDIA.put(media.video.key, bytes);
  const draft: DraftInput = {
    clipId,
    generationId,
    ownerId: owner.id,
    ownerHandle: owner.handle,
    coOwnerIds: [],
    cast: [],
    castKeys: [],
    prompt: 'a ball',
    spoken: [],
    seed: 7,
    summary: 'A ball.',
    engine: { name: 'sketch', version: 'test', model: 'test', description: 'Draws.' },
    size: '720x1280',
    durationMs: 2000,
    color: '#204060',
    parent: null,
    media,
    manifestLabel: 'urn:c2pa:test',
    createdAt: new Date().toISOString(),
    ...change,
  };
  const clip = CLIP.getByName(clipId);
  const made = await clip.createDraft(draft);
  if (!made.ok) throw new Error(`draft refused: ${made.error.code}`);
  const input = { caption: '', visibility: 'public', showPrompt: false } as const;
  const published = await clip.publish(owner.id, input);
  if (!published.ok) throw new Error(`not published: ${published.error.code}`);
  return clipId;
}
