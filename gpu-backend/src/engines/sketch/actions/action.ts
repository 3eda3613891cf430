/**
 * What an action is: it sets bodies and forces on a stage and says what must be seen. It never scripts a dynamic body's path.
 * An action that must succeed offers attempts (launch parameters, best guess first); perform.ts runs the real simulation for
 * each until `judge` is content: a shooting method.
 */

import type { Stage, StageBody } from '../physics/stage.ts';
import type { Random } from '../random.ts';
import type { Scene } from '../scene/scene.ts';

/** Metres; x, y is the lower left corner. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Plan {
  /** What must be in view, clear of the app's chrome. */
  readonly frame: Rect;
  /** Bodies the camera may follow when the scene's camera follows: the mean of those that exist. */
  readonly follow?: readonly StageBody[];
  /** How far the camera goes along with them, 0..1 per axis. Default 0.8 and 0.5. */
  readonly followBy?: readonly [number, number];
  /** Strength of camera shake at impacts, 0..1. */
  readonly shake?: number;
  /** 1 when the attempt did what it must, less when it came near. */
  judge?(): number;
  /** Ends a trial early once its outcome is settled. */
  settled?(): boolean;
}

export interface Action {
  /** Launch parameters to try; absent when nothing has to be found. */
  attempts?(scene: Scene, random: Random): Iterable<readonly number[]>;
  /** Seconds a trial runs, whatever the clip's length. Default: the clip's length. */
  readonly trialSeconds?: number;
  build(stage: Stage, random: Random, attempt: readonly number[]): Plan;
}
