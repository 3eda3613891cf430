/**
 * How each material answers a blow: its modes (ratio to the lowest, gain), how long they ring, how bright a blow on it can
 * be and the noise of the touch itself. Ratios follow free bars (wood, glass), bells and plates (metal) and air-filled
 * shells (rubber); Fletcher & Rossing, "The Physics of Musical Instruments", ch. 2, 3 and 21. Read by impact.ts only.
 */
import type { Material } from '../simulation-log.ts';

export interface MaterialSound {
  readonly modes: readonly (readonly [ratio: number, gain: number])[];
  /** Lowest mode in Hz for a body 0.3 m across. */
  readonly base: number;
  /** Time for the lowest mode to fall by 60 dB, seconds. */
  readonly decay: number;
  /** How much sooner high modes die: T60 of mode k is decay / (1 + damping · (ratio − 1)). */
  readonly damping: number;
  /** Hz above which a blow on this material has no energy: hard is bright. */
  readonly brightness: number;
  /** Share of the pair's sound. */
  readonly ring: number;
  /** The touch itself: noise around `hz`, falling by 60 dB in `seconds`. */
  readonly touch: { readonly gain: number; readonly hz: number; readonly seconds: number };
}

export const materialSounds: Readonly<Record<Material, MaterialSound>> = {
  rubber: {
    modes: [
      [1, 1],
      [1.62, 0.45],
      [2.31, 0.3],
      [3.1, 0.14],
      [4.4, 0.08],
    ],
    base: 92,
    decay: 0.22,
    damping: 0.7,
    brightness: 2400,
    ring: 1,
    touch: { gain: 0.55, hz: 900, seconds: 0.025 },
  },
  wood: {
    modes: [
      [1, 1],
      [2.57, 0.5],
      [3.9, 0.32],
      [6.2, 0.2],
      [8.9, 0.12],
    ],
    base: 230,
    decay: 0.2,
    damping: 0.35,
    brightness: 4200,
    ring: 0.9,
    touch: { gain: 0.45, hz: 1900, seconds: 0.02 },
  },
  metal: {
    modes: [
      [1, 1],
      [1.51, 0.7],
      [2.32, 0.65],
      [3.47, 0.5],
      [4.83, 0.4],
      [6.41, 0.28],
      [8.23, 0.18],
    ],
    base: 410,
    decay: 1.5,
    damping: 0.22,
    brightness: 9000,
    ring: 1,
    touch: { gain: 0.3, hz: 5200, seconds: 0.012 },
  },
  glass: {
    modes: [
      [1, 1],
      [2.32, 0.7],
      [4.25, 0.5],
      [6.63, 0.3],
      [9.38, 0.18],
    ],
    base: 820,
    decay: 0.9,
    damping: 0.3,
    brightness: 11_000,
    ring: 1,
    touch: { gain: 0.3, hz: 7000, seconds: 0.01 },
  },
  stone: {
    modes: [
      [1, 1],
      [1.93, 0.6],
      [3.1, 0.4],
      [4.7, 0.24],
    ],
    base: 340,
    decay: 0.1,
    damping: 0.3,
    brightness: 5200,
    ring: 0.8,
    touch: { gain: 0.75, hz: 2400, seconds: 0.028 },
  },
  fabric: {
    modes: [
      [1, 1],
      [1.7, 0.35],
    ],
    base: 74,
    decay: 0.09,
    damping: 1,
    brightness: 700,
    ring: 0.5,
    touch: { gain: 0.5, hz: 420, seconds: 0.06 },
  },
  plastic: {
    modes: [
      [1, 1],
      [2.1, 0.55],
      [3.6, 0.3],
      [5.2, 0.15],
    ],
    base: 390,
    decay: 0.12,
    damping: 0.4,
    brightness: 5000,
    ring: 0.85,
    touch: { gain: 0.4, hz: 2900, seconds: 0.016 },
  },
  water: {
    modes: [
      [1, 1],
      [1.4, 0.5],
    ],
    base: 160,
    decay: 0.1,
    damping: 0.8,
    brightness: 1800,
    ring: 0.5,
    touch: { gain: 0.8, hz: 1300, seconds: 0.12 },
  },
  snow: {
    modes: [[1, 0.7]],
    base: 66,
    decay: 0.06,
    damping: 1,
    brightness: 700,
    ring: 0.4,
    touch: { gain: 0.8, hz: 1500, seconds: 0.09 },
  },
  sand: {
    modes: [[1, 0.6]],
    base: 72,
    decay: 0.06,
    damping: 1,
    brightness: 900,
    ring: 0.4,
    touch: { gain: 0.8, hz: 1100, seconds: 0.1 },
  },
  paper: {
    modes: [
      [1, 0.35],
      [2.7, 0.2],
    ],
    base: 320,
    decay: 0.05,
    damping: 0.6,
    brightness: 5200,
    ring: 0.5,
    touch: { gain: 0.8, hz: 3600, seconds: 0.05 },
  },
  flesh: {
    modes: [
      [1, 1],
      [1.8, 0.32],
    ],
    base: 88,
    decay: 0.11,
    damping: 0.9,
    brightness: 1200,
    ring: 0.6,
    touch: { gain: 0.45, hz: 760, seconds: 0.03 },
  },
  air: {
    modes: [[1, 0.2]],
    base: 110,
    decay: 0.1,
    damping: 1,
    brightness: 900,
    ring: 0.3,
    touch: { gain: 0.9, hz: 900, seconds: 0.16 },
  },
};
