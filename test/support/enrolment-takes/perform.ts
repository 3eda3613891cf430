/** What the person in a take does and when: turns of the head, then digits, with small movements all along. Called by make.ts. */
import type { Challenge, HeadTurn } from '#schemas/http/cameo.ts';
import { atRest, type Gesture } from './head.ts';

export const fps = 15;
export const takeSeconds = 10.4;
/** When the first digit is said. */
export const speechAt = 5.6;
const turnAt = 0.7;
const turnEvery = 1.6;

const angles: Record<HeadTurn, Partial<Gesture>> = {
  left: { yaw: 0.5 },
  right: { yaw: -0.5 },
  up: { pitch: 0.36 },
};

const ease = (t: number): number => 0.5 - 0.5 * Math.cos(Math.PI * Math.min(1, Math.max(0, t)));

/** One gesture per frame. @param mouth 0 … 1 per frame. */
export function perform(turns: Challenge['turns'], mouth: readonly number[]): Gesture[] {
  return Array.from({ length: Math.round(takeSeconds * fps) }, (_, index) => {
    const t = index / fps;
    let [yaw, pitch] = [0.02 * Math.sin(1.1 * t), 0.015 * Math.sin(1.7 * t)];
    turns.forEach((turn, k) => {
      const into = (t - turnAt - k * turnEvery) / 0.45;
      const share = ease(into) - ease((into * 0.45 - 0.8) / 0.45);
      yaw += share * (angles[turn].yaw ?? 0);
      pitch += share * (angles[turn].pitch ?? 0);
    });
    const blink = [0.3, 5.35, 8].reduce((most, at) => Math.max(most, 1 - Math.abs(t - at) / 0.16), 0);
    return {
      ...atRest,
      yaw,
      pitch,
      blink: Math.max(0, Math.min(1, 1.4 * blink)),
      mouth: mouth[index] ?? 0,
      dx: 2.5 * Math.sin(0.9 * t) + 0.6 * Math.sin(5.3 * t),
      dy: 1.5 * Math.sin(1.3 * t + 1),
    };
  });
}
