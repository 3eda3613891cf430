/**
 * A simulated scene with everything needed to draw it: the log (what moved, what was heard) and beside it what each body looks
 * like. Plain data, so that it crosses to a worker thread unchanged. Made by perform.ts; read by draw/, report.ts and tests.
 */
import type { Hex } from '../color.ts';
import type { Scene } from '../scene/scene.ts';
import type { Material, SimulationLog } from '../simulation-log.ts';

/** Collision shapes in metres around the body's origin, y up. */
export type Shape =
  | { readonly kind: 'circle'; readonly radius: number }
  | { readonly kind: 'box'; readonly halfWidth: number; readonly halfHeight: number; readonly round?: number }
  | { readonly kind: 'polygon'; readonly points: readonly (readonly [number, number])[] }
  /** An open line without thickness; only for fixed bodies. */
  | { readonly kind: 'chain'; readonly points: readonly (readonly [number, number])[] }
  | {
      readonly kind: 'compound';
      readonly parts: readonly {
        readonly shape: Shape;
        readonly x: number;
        readonly y: number;
        readonly angle: number;
      }[];
    }
  /** Drawn only: nothing collides with it. */
  | { readonly kind: 'none'; readonly width: number; readonly height: number };

/** How a body is drawn. */
export interface Look {
  /** Key of draw/sprites. */
  readonly sprite: string;
  readonly color: Hex;
  readonly accent?: Hex;
  /** Sprite specific: a creature's species, a letter on a block, a numeral. */
  readonly detail?: string;
  /** Drawing order; bodies of equal layer are drawn in order of id. Default 0. */
  readonly layer?: number;
  readonly flip?: boolean;
  /** Draws nothing (colliders whose picture is part of the setting or of another body). */
  readonly hidden?: boolean;
  /** Keep the drawing upright whatever the body's angle. */
  readonly upright?: boolean;
}

export interface CastMember {
  /** Body id in the log. */
  readonly id: number;
  readonly shape: Shape;
  readonly look: Look;
  readonly material: Material;
  readonly mass: number;
}

export type EffectKind =
  | 'dust'
  | 'splash'
  | 'sparks'
  | 'burst'
  | 'confetti'
  | 'smoke'
  | 'bubbles'
  | 'flame'
  | 'snow-puff'
  | 'leaves'
  | 'flash'
  | 'pop';

/** Particles started at an instant. */
export interface Effect {
  readonly kind: EffectKind;
  /** Seconds. */
  readonly time: number;
  readonly x: number;
  readonly y: number;
  /** Roughly metres of spread. */
  readonly strength: number;
  readonly color: Hex;
  /** Direction of throw in radians, up when absent. */
  readonly direction?: number;
}

/** A drawn line from a body (or a fixed point) to another. Offsets are in the body's frame. */
export interface Rope {
  readonly from: RopeEnd;
  readonly to: RopeEnd;
  readonly color: Hex;
  /** Metres. */
  readonly width: number;
  /** Length at rest where it may hang slack, metres. */
  readonly slack?: number;
  readonly layer?: number;
}
export interface RopeEnd {
  readonly body?: number;
  readonly x: number;
  readonly y: number;
}

/** Sum of travelling sines above `level`; see water.ts for the formula. */
export interface WaterSurface {
  readonly level: number;
  readonly waves: readonly {
    readonly amplitude: number;
    readonly length: number;
    readonly speed: number;
    readonly phase: number;
  }[];
}

/** Camera per video frame: centre in metres, zoom relative to the framing. */
export interface CameraPath {
  /** Metres shown across the frame at zoom 1, and the world point at the frame's anchor. */
  readonly metresWide: number;
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly zoom: Float32Array;
  /** Displacement by impacts, metres. */
  readonly shake: Float32Array;
}

/** A solid the setting paints as ground or furniture: an outline in world metres, closed. */
export interface Solid {
  readonly points: readonly (readonly [number, number])[];
  readonly color: Hex;
  readonly kind: 'earth' | 'wood' | 'rail' | 'stone' | 'snow';
}

export interface Performance {
  readonly scene: Scene;
  readonly log: SimulationLog;
  readonly cast: readonly CastMember[];
  readonly effects: readonly Effect[];
  readonly ropes: readonly Rope[];
  readonly solids: readonly Solid[];
  readonly camera: CameraPath;
  readonly water?: WaterSurface;
  /** The instant most worth a poster, seconds. */
  readonly highlight: number;
  /** Largest speed any body may reach, m/s: the simulator's own limit, checked by tests. */
  readonly speedLimit: number;
}
