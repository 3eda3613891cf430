/**
 * Fills an empty feed through the public API, as a person would: sign in, prompt, wait, publish. Safe to run again: what exists is kept,
 * what was interrupted goes on (idempotency keys), nothing is made twice.
 */

import type { Session } from '../../schemas/http/accounts.ts';
import type { Clip } from '../../schemas/http/clips.ts';
import type { Page } from '../../schemas/http/common.ts';
import { type Generation, isFinal } from '../../schemas/http/generations.ts';
import { type ApiClient, createClient } from './client.ts';
import { type DemoClip, demoClips, demoCreators } from './library.ts';

interface SeedOptions {
  readonly url: string;
  readonly library?: readonly DemoClip[];
  readonly onStep: (title: string) => {
    update(progress: number, note: string): void;
    done(note?: string): void;
  };
  readonly onFirstClip: () => void;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function signInCreators(url: string): Promise<Map<string, ApiClient>> {
  const clients = new Map<string, ApiClient>();
  for (const { level, ...creator } of demoCreators) {
    const session = await createClient(url)<Session>('POST', '/api/v1/local/sign-in', {
      ...creator,
      tier: 'pro',
      demo: true,
    });
    const client = createClient(url, session.token);
    await client('POST', '/api/v1/local/cameo', { level });
    clients.set(creator.handle, client);
  }
  return clients;
}

/** Clips of the library that are published already, by slug. Captions are the library's own and unique. */
async function alreadyPublished(url: string): Promise<Map<string, Clip>> {
  const found = new Map<string, Clip>();
  for (const { handle } of demoCreators) {
    const { items } = await createClient(url)<Page<Clip>>('GET', `/api/v1/accounts/${handle}/clips?limit=50`);
    for (const clip of items) {
      const demo = demoClips.find(
        (candidate) => candidate.by === handle && candidate.caption === clip.caption,
      );
      if (demo !== undefined) found.set(demo.slug, clip);
    }
  }
  return found;
}

async function finish(
  client: ApiClient,
  id: string,
  onProgress: (progress: number) => void,
): Promise<Generation> {
  for (;;) {
    const generation = await client<Generation>('GET', `/api/v1/generations/${id}`);
    onProgress(generation.progress);
    if (isFinal(generation.status)) return generation;
    await pause(300);
  }
}

/** @throws Error if any clip of the library cannot be made: a start without them would not be a start */
export async function seedDemo({
  url,
  library = demoClips,
  onStep,
  onFirstClip,
}: SeedOptions): Promise<void> {
  const published = await alreadyPublished(url).catch(() => new Map<string, Clip>());
  const missing = library.filter((clip) => !published.has(clip.slug));
  if (missing.length === 0) return;
  const step = onStep('feed');
  const clients = await signInCreators(url);
  const clientOf = (demo: DemoClip) => {
    const client = clients.get(demo.by);
    if (client === undefined) throw new Error(`there is no demo creator @${demo.by}`);
    return client;
  };
  const admit = (demo: DemoClip) => {
    const parent = demo.remixes === undefined ? undefined : published.get(demo.remixes);
    if (demo.remixes !== undefined && parent === undefined)
      throw new Error(`"${demo.slug}" remixes a clip that does not exist`);
    const request = { ...demo.request, ...(parent === undefined ? {} : { remixOf: parent.id }) };
    return clientOf(demo)<Generation>('POST', '/api/v1/generations', request, {
      'idempotency-key': `demo-${demo.slug}-${parent?.id ?? '0'}`,
    });
  };

  // Admitted ahead, so that the node never waits for us; a remix only once its parent is public.
  const admitted = new Map<string, Promise<Generation>>();
  for (const demo of missing) if (demo.remixes === undefined) admitted.set(demo.slug, admit(demo));
  await Promise.all(admitted.values());
  for (const [index, demo] of missing.entries()) {
    const started = await (admitted.get(demo.slug) ?? admit(demo));
    const generation = await finish(clientOf(demo), started.id, (progress) =>
      step.update(
        (index + progress) / missing.length,
        `clip ${index + 1} of ${missing.length}: ${demo.request.prompt.slice(0, 44)} …`,
      ),
    );
    if (generation.clipId === undefined)
      throw new Error(
        `The demo clip "${demo.slug}" ended as ${generation.status}: ${generation.error?.message ?? 'no reason given'}`,
      );
    const clip = await clientOf(demo)<Clip>('POST', `/api/v1/clips/${generation.clipId}/publish`, {
      caption: demo.caption,
      showPrompt: demo.showPrompt,
    });
    published.set(demo.slug, clip);
    if (published.size === 1) onFirstClip();
  }
  await greetEachOther(clients, published);
  await untilListed(url, published.size);
  step.done(`${published.size} clips, generated on this machine`);
}

/** A few follows and likes, so that profiles and the following feed are not empty. */
async function greetEachOther(
  clients: ReadonlyMap<string, ApiClient>,
  published: ReadonlyMap<string, Clip>,
): Promise<void> {
  for (const [index, { handle }] of demoCreators.entries()) {
    const client = clients.get(handle);
    const next = demoCreators[(index + 1) % demoCreators.length];
    if (client === undefined || next === undefined) continue;
    await client('PUT', `/api/v1/accounts/${next.handle}/follow`);
    for (const clip of published.values())
      if (clip.owner.handle === next.handle) await client('PUT', `/api/v1/clips/${clip.id}/like`);
  }
}

/** Projections are eventually consistent: the address is printed once the feed shows what was published. */
async function untilListed(url: string, count: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const { items } = await createClient(url)<Page<Clip>>('GET', '/api/v1/feed?mode=recent&limit=50');
    if (items.length >= count) return;
    await pause(100);
  }
  throw new Error('The published clips did not reach the feed.');
}
