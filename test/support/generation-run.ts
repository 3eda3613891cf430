/** What the fault tests do again and again: ask for a clip, follow it to its end, look at the credits and at what was kept. */
import { equal } from 'node:assert/strict';
import type { Me } from '#schemas/http/accounts.ts';
import type { Clip } from '#schemas/http/clips.ts';
import type { Page } from '#schemas/http/common.ts';
import { type Generation, isFinal } from '#schemas/http/generations.ts';
import type { LeasedJob } from '#schemas/render.ts';
import type { ApiClient } from '../../scripts/demo/client.ts';
import type { Edge } from './edge.ts';
import type { Rendered } from './rendered.ts';

export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Polls until `check` gives something other than null. @throws Error naming what was awaited */
export async function eventually<T>(what: string, check: () => Promise<T | null>, seconds = 40): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const value = await check();
    if (value !== null) return value;
    if (Date.now() > deadline) throw new Error(`waited ${seconds} s in vain for ${what}`);
    await pause(50);
  }
}

export function ask(api: ApiClient, change: Record<string, unknown> = {}): Promise<Generation> {
  return api<Generation>(
    'POST',
    '/api/v1/generations',
    { prompt: 'a ball', seconds: 2, ...change },
    { 'idempotency-key': crypto.randomUUID() },
  );
}

export function ending(api: ApiClient, id: string): Promise<Generation> {
  return eventually(`the end of ${id}`, async () => {
    const generation = await api<Generation>('GET', `/api/v1/generations/${id}`);
    return isFinal(generation.status) ? generation : null;
  });
}

export function leaseNext(edge: Edge): Promise<LeasedJob> {
  return eventually('a job to lease', () => edge.node.lease(1000));
}

/** Uploads every file of a render. */
export async function uploadAll(edge: Edge, job: LeasedJob, rendered: Rendered): Promise<void> {
  for (const [file, bytes] of rendered.files) await expectStatus(edge.node.upload(job, file, bytes), 200);
}

/** @throws AssertionError with the body when the status is another */
export async function expectStatus(answer: Promise<Response>, status: number): Promise<Response> {
  const response = await answer;
  equal(response.status, status, await response.clone().text());
  return response;
}

/** Credits settle through an outbox: waits until none is held, then answers what was used. */
export function usedCredits(api: ApiClient): Promise<number> {
  return eventually('the credits to settle', async () => {
    const { credits } = await api<Me>('GET', '/api/v1/me');
    return credits.held === 0 ? credits.used : null;
  });
}

export async function drafts(api: ApiClient): Promise<Clip[]> {
  return (await api<Page<Clip>>('GET', '/api/v1/me/clips?status=draft')).items;
}

/** Keys of every object in R2, by prefix. */
export async function storedKeys(edge: Edge, prefix: string): Promise<string[]> {
  const { MEDIA } = await edge.kinora.getEnv();
  const { objects } = await MEDIA.list({ prefix });
  return objects.map((object: { key: string }) => object.key);
}

export function nothingIn(edge: Edge, prefix: string): Promise<true> {
  return eventually(`${prefix} to be empty`, async () =>
    (await storedKeys(edge, prefix)).length === 0 ? true : null,
  );
}
