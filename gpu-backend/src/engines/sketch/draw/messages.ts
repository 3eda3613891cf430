/** What the drawing thread and the engine say to each other. Frame buffers travel both ways, so there are never more than a ring of them. */
import type { RenderSpec } from '#schemas/engine.ts';
import type { EngineReport } from '../../engine.ts';
import type { SceneCast } from '../scene/cast.ts';
import type { TimedLine } from '../scene/scene.ts';
import type { SimulationLog, SoundMood } from '../simulation-log.ts';

export type SceneSpec = Pick<
  RenderSpec,
  'prompt' | 'seed' | 'seconds' | 'size' | 'dialogue' | 'parent' | 'standIns'
> & { readonly cast: SceneCast };

/** From the drawing thread. */
export type FromThread =
  | { readonly type: 'stage'; readonly stage: 'reading' | 'simulating'; readonly progress: number }
  | {
      readonly type: 'ready';
      readonly log: SimulationLog;
      readonly mood: SoundMood;
      readonly dialogue: readonly TimedLine[];
      readonly seed: number;
      readonly report: EngineReport;
    }
  | { readonly type: 'frame'; readonly index: number; readonly buffer: ArrayBuffer }
  | { readonly type: 'failed'; readonly message: string };

/** To the drawing thread: an empty buffer asks for the next frame. */
export interface ToThread {
  readonly type: 'buffer';
  readonly buffer: ArrayBuffer;
}
