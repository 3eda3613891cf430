/**
 * Watches what is encoded with the models of the output policy, beside the encoder and never in its way. Invariants: a frame that cannot
 * be looked at is left out; if none could, the report names no models and the edge sends the clip to the desk; no frame and no face is
 * kept or logged. Called by node/run-job.ts.
 */
import { createCanvas, ImageData } from '@napi-rs/canvas';
import type { FrameScores } from '#core/moderation/output-policy.ts';
import type { PolicyFindings } from '#schemas/policy.ts';
import type { SeenFace } from '#schemas/render.ts';
import type { FrameWatch } from '../finishing/finish.ts';
import { type Child, createChild } from '../inspection/child.ts';
import type { Picture } from '../inspection/face-models.ts';
import { distinctFaces, findingsOf } from './findings.ts';
import type { LookedAt, LookRequest } from './look-at.ts';
import type { LookedAtFace } from './models.ts';

/** Frames of a clip that are looked at: a tenth of a second of a core each. */
export const framesLookedAt = 6;
/** Longer side of what the models get, pixels. */
const longestSide = 640;
/** Of one frame, the loading of the models included, on a machine that is busy drawing. */
const frameWithinMs = 30_000;
/** Between jobs the process keeps its models. */
const idleMs = 10 * 60_000;

export interface Watched {
  readonly policy: PolicyFindings;
  /** Empty unless faces were asked for. */
  readonly faces: readonly SeenFace[];
}

export interface Watch extends FrameWatch {
  /** Resolves when everything that was taken has been looked at. */
  finish(): Promise<Watched>;
}

export interface PolicyWatcher {
  /** Loads the models, so that they are there when the first frame is. */
  warm(signal: AbortSignal): void;
  /** @param faces whether this engine may be shown likenesses, and so whether faces may be reported. */
  open(options: { readonly faces: boolean; readonly signal: AbortSignal }): Watch;
  close(): void;
}

/** @param entry the process's program; tests bring one that crashes. */
export function createPolicyWatcher(
  entry: URL = new URL('./process.ts', import.meta.url),
  idle = idleMs,
): PolicyWatcher {
  const child: Child<LookRequest, LookedAt> = createChild(entry, idle);
  return {
    warm(signal) {
      child.ask({}, { signal, withinMs: frameWithinMs }).catch(() => undefined);
    },
    open({ faces, signal }) {
      const looks: Promise<void>[] = [];
      const scores: FrameScores[] = [];
      const seen: { at: number; face: LookedAtFace }[] = [];
      let models: PolicyFindings['models'] = [];
      const look = async (at: number, picture: Picture): Promise<void> => {
        const request = { frame: { at, picture, faces } };
        const options = { signal, withinMs: frameWithinMs };
        // A process that died over a frame is another one for the next try.
        const answer = await child.ask(request, options).catch(() => child.ask(request, options));
        models = answer.models;
        if (answer.scores !== null) scores.push(answer.scores);
        seen.push(...answer.faces.map((face) => ({ at, face })));
      };
      return {
        count: framesLookedAt,
        take(at, pixels, width, height) {
          looks.push(look(at, smaller(pixels, width, height)).catch(() => undefined));
        },
        async finish() {
          await Promise.all(looks);
          return { policy: findingsOf(models, scores), faces: distinctFaces(seen) };
        },
      };
    },
    close: child.close,
  };
}

/** A copy the models are content with. */
export function smaller(pixels: Uint8Array, width: number, height: number): Picture {
  const scale = Math.min(1, longestSide / Math.max(width, height));
  const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
  const source = createCanvas(width, height);
  source.getContext('2d').putImageData(new ImageData(new Uint8ClampedArray(pixels), width, height), 0, 0);
  const target = createCanvas(w, h);
  const context = target.getContext('2d');
  context.drawImage(source, 0, 0, w, h);
  return { data: new Uint8Array(context.getImageData(0, 0, w, h).data), width: w, height: h };
}
