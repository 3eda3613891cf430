/** Making clips: generations, engines and the state of the render nodes. */
import type { EngineCapability } from '#schemas/engine.ts';
import type { Page } from '#schemas/http/common.ts';
import type { CreateGenerationInput, Generation, RenderStatus } from '#schemas/http/generations.ts';
import { request, withQuery } from './client.ts';

/** @param idempotencyKey the same key for a repeated press of the same button makes one job, not two */
export const createGeneration = (body: CreateGenerationInput, idempotencyKey: string) =>
  request<Generation>('POST', '/generations', { body, idempotencyKey });
export const getGeneration = (id: string, signal?: AbortSignal) =>
  request<Generation>('GET', `/generations/${id}`, signal ? { signal } : {});
export const listGenerations = (cursor: string | null) =>
  request<Page<Generation>>('GET', withQuery('/generations', { limit: 20, cursor }));
export const cancelGeneration = (id: string) => request<Generation>('DELETE', `/generations/${id}`);
export const listEngines = () => request<{ items: EngineCapability[] }>('GET', '/engines');
export const getRenderStatus = () => request<RenderStatus>('GET', '/render/status');
