/**
 * What the physics did, as data: the painter draws it, the sound is made from it, and tests prove K-03 on it.
 * Produced by physics/simulate.ts; read by draw/, sound/ and test/.
 */

export type Material =
  | 'rubber'
  | 'wood'
  | 'metal'
  | 'glass'
  | 'stone'
  | 'fabric'
  | 'plastic'
  | 'water'
  | 'snow'
  | 'sand'
  | 'paper'
  | 'flesh'
  | 'air';

/** Something heard: exactly one audible onset. Times are seconds from the first frame. */
export interface ContactEvent {
  readonly time: number;
  readonly kind: 'impact' | 'splash' | 'burst' | 'launch';
  readonly materials: readonly [Material, Material];
  /** Normal impulse, N·s in world units. */
  readonly impulse: number;
  /** Effective size of the smaller body in metres: larger bodies ring lower. */
  readonly size: number;
  /** Horizontal place on screen, 0 left … 1 right, for panning. */
  readonly pan: number;
  /** Distance from the camera, 0 near … 1 far, for level and reverb. */
  readonly distance: number;
  /** Names of the two bodies, for captions ("ball hits rim"). */
  readonly names: readonly [string, string];
}

/** A continuous sound with a level envelope, e.g. rolling or sliding. `levels` are sampled at the video frame rate, 0..1. */
export interface ContinuousSound {
  readonly kind: 'roll' | 'slide' | 'wind' | 'engine' | 'water';
  readonly material: Material;
  readonly levels: Float32Array;
  readonly pan: number;
}

export interface BodyTrack {
  readonly id: number;
  readonly name: string;
  /** `dynamic` obeys physics only; `kinematic` is moved by the scene (a boat's waves, a hand); `fixed` never moves. */
  readonly mode: 'dynamic' | 'kinematic' | 'fixed';
  /** x, y (metres), angle (radians), triplets per physics sample; `samplesPerFrame` samples for each video frame. */
  readonly poses: Float32Array;
  /** Sample index before which the body does not exist (spawned later), and after which it is gone. */
  readonly from: number;
  readonly to: number;
}

export interface SimulationLog {
  readonly fps: number;
  readonly frameCount: number;
  readonly samplesPerFrame: number;
  readonly bodies: readonly BodyTrack[];
  readonly contacts: readonly ContactEvent[];
  readonly continuous: readonly ContinuousSound[];
  /** Mechanical energy of all dynamic bodies per sample, joules. */
  readonly energy: Float64Array;
  /** Work put in by the scene on purpose (motors, throws, wind, buoyancy, spawns), cumulative joules per sample. */
  readonly work: Float64Array;
}

/** What the sound is asked to make beside the contacts. */
export interface SoundMood {
  readonly ambience: readonly { readonly kind: AmbienceKind; readonly gain: number }[];
  /** Beats per minute, 50..160. */
  readonly tempo: number;
  readonly mode: 'major' | 'minor' | 'dorian' | 'lydian' | 'phrygian' | 'pentatonic';
  /** MIDI note of the tonic, 36..60. */
  readonly tonic: number;
  readonly instrument: 'piano' | 'pad' | 'pluck' | 'bells' | 'strings' | 'synth' | 'none';
  /** 0 calm … 1 driving. */
  readonly energy: number;
}

export type AmbienceKind =
  | 'wind'
  | 'rain'
  | 'storm'
  | 'sea'
  | 'stream'
  | 'forest'
  | 'birds'
  | 'night'
  | 'city'
  | 'crowd'
  | 'gym'
  | 'room'
  | 'fire'
  | 'space'
  | 'cave'
  | 'snowfield'
  | 'desert';
