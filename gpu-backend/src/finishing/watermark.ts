/**
 * The invisible mark on the render node: woven into each frame after the visible one and before the encoder, so that every copy of
 * a clip, its poster included, leads back to its manifest. The key lives as long as the job. Called by finish.ts.
 */
import { createEmbedder, type Embedder, type FrameFormat } from '#core/watermark/index.ts';
import type { WatermarkId } from '#schemas/provenance.ts';

export interface InvisibleMarkOrder {
  /** Forty bits the edge chose for this clip. */
  readonly id: WatermarkId;
  /** 32 secret bytes. */
  readonly key: Uint8Array;
}

/** The smallest side that carries the mark; no clip of ours is near it, thumbnails and test pictures may be. */
const smallestSide = 64;

/** @returns null for pictures too small to carry it. @throws RangeError for an unusable id or key. */
export function openInvisibleMark(order: InvisibleMarkOrder, format: FrameFormat): Embedder | null {
  if (Math.min(format.width, format.height) < smallestSide) return null;
  return createEmbedder(order.key, order.id, format);
}
