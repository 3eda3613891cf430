/**
 * The camera's way through the clip, planned after the physics is known: so it can follow without lag. Pure; called by
 * perform.ts. Screen placement (`toScreen`) is shared with draw/ and with the panning of sounds.
 */
import type { Plan, Rect } from '../actions/action.ts';
import type { Scene } from '../scene/scene.ts';
import type { BodyTrack } from '../simulation-log.ts';
import type { Onset } from './contacts.ts';
import type { CameraPath } from './performance.ts';

/** Share of the frame that is clear of the app's chrome, and its middle: portrait keeps the right 12 % and bottom 18 % free. */
export function safeArea(scene: Pick<Scene, 'width' | 'height'>): {
  x: number;
  y: number;
  width: number;
  height: number;
} {
  return scene.height > scene.width
    ? { x: 0.05, y: 0.13, width: 0.83, height: 0.67 }
    : { x: 0.05, y: 0.08, width: 0.9, height: 0.76 };
}

/** The point of the frame, in shares of it, that the camera's centre lands on. */
export function anchorOf(scene: Pick<Scene, 'width' | 'height'>): { x: number; y: number } {
  const safe = safeArea(scene);
  return { x: safe.x + safe.width / 2, y: safe.y + safe.height / 2 };
}

/** Metres across the whole frame so that `rect` fits the area clear of the app's chrome. */
export function metresAcross(scene: Pick<Scene, 'width' | 'height'>, rect: Rect): number {
  const safe = safeArea(scene);
  return Math.max(rect.width / safe.width, (rect.height / safe.height) * (scene.width / scene.height));
}

export function planCamera(
  scene: Scene,
  plan: Plan,
  tracks: readonly BodyTrack[],
  onsets: readonly Onset[],
  frames: number,
  samplesPerFrame: number,
): CameraPath {
  const { frame } = plan;
  const safe = safeArea(scene);
  const metresWide = metresAcross(scene, frame);
  const centreX = frame.x + frame.width / 2;
  // The frame stands on the bottom of the safe area: spare height goes to the sky.
  const ppm = scene.width / metresWide;
  const centreY = frame.y + (safe.height * scene.height) / ppm / 2;
  const path: CameraPath = {
    metresWide,
    x: new Float32Array(frames).fill(centreX),
    y: new Float32Array(frames).fill(centreY),
    zoom: new Float32Array(frames).fill(1),
    shake: new Float32Array(frames),
  };
  if (scene.camera === 'follow' && plan.follow && plan.follow.length > 0) {
    follow(path, plan, tracks, frame, centreX, centreY, samplesPerFrame, scene.fps);
  }
  const last = Math.max(1, frames - 1);
  for (let f = 0; f < frames; f++) {
    const t = f / last;
    const ease = t * t * (3 - 2 * t);
    if (scene.camera === 'push-in') path.zoom[f] = 1 + 0.07 * ease;
    if (scene.camera === 'pan') path.x[f] = (path.x[f] ?? 0) + (ease - 0.5) * 0.07 * metresWide;
    if (scene.camera === 'follow') path.zoom[f] = 1 + 0.03 * ease;
  }
  shakeAt(path, onsets, plan.shake ?? 0, metresWide, scene.fps);
  return path;
}

function follow(
  path: CameraPath,
  plan: Plan,
  tracks: readonly BodyTrack[],
  frame: { x: number; y: number; width: number; height: number },
  centreX: number,
  centreY: number,
  samplesPerFrame: number,
  fps: number,
): void {
  const followed = (plan.follow ?? []).map((b) => tracks[b.id]).filter((t) => t !== undefined);
  const [byX, byY] = plan.followBy ?? [0.8, 0.5];
  const frames = path.x.length;
  const wantX = new Float32Array(frames);
  const wantY = new Float32Array(frames);
  let x = 0;
  let y = 0;
  for (let f = 0; f < frames; f++) {
    const sample = f * samplesPerFrame;
    const present = followed.filter((t) => sample >= t.from && sample <= t.to);
    if (present.length > 0) {
      let sumX = 0;
      let sumY = 0;
      for (const track of present) {
        sumX += track.poses[sample * 3] ?? 0;
        sumY += track.poses[sample * 3 + 1] ?? 0;
      }
      x = (sumX / present.length - centreX) * byX;
      // Going up moves the camera only once the followed leave the upper part of the frame.
      y = Math.max(0, sumY / present.length - (frame.y + frame.height * 0.62)) * byY;
    }
    wantX[f] = x;
    wantY[f] = y;
  }
  smooth(wantX, fps * 0.45);
  smooth(wantY, fps * 0.4);
  for (let f = 0; f < frames; f++) {
    path.x[f] = centreX + (wantX[f] ?? 0);
    path.y[f] = centreY + (wantY[f] ?? 0);
  }
}

/** Gaussian smoothing in place, ends held. */
function smooth(values: Float32Array, sigma: number): void {
  const radius = Math.ceil(sigma * 3);
  const weights = Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const total = weights.reduce((a, b) => a + b, 0);
  const source = values.slice();
  for (let i = 0; i < values.length; i++) {
    let sum = 0;
    for (let k = -radius; k <= radius; k++) {
      const at = Math.max(0, Math.min(values.length - 1, i + k));
      sum += (source[at] ?? 0) * (weights[k + radius] ?? 0);
    }
    values[i] = sum / total;
  }
}

function shakeAt(
  path: CameraPath,
  onsets: readonly Onset[],
  strength: number,
  metresWide: number,
  fps: number,
): void {
  const loudest = onsets.reduce((max, o) => Math.max(max, o.impulse), 0);
  if (strength <= 0 || loudest <= 0) return;
  for (const onset of onsets) {
    const share = onset.impulse / loudest;
    if (share < 0.35) continue;
    const from = Math.ceil(onset.time * fps);
    for (let f = from; f < Math.min(path.shake.length, from + fps); f++) {
      const t = (f - from) / fps;
      const swing = share * strength * metresWide * 0.006 * Math.exp(-6 * t) * Math.cos(t * 62);
      if (Math.abs(swing) > Math.abs(path.shake[f] ?? 0)) path.shake[f] = swing;
    }
  }
}

/** Where a world point lies in the frame, in shares of width and height from the top left. */
export function toScreen(
  scene: Scene,
  camera: CameraPath,
  frame: number,
  x: number,
  y: number,
): { x: number; y: number } {
  const f = Math.max(0, Math.min(camera.x.length - 1, frame));
  const anchor = anchorOf(scene);
  const perMetre = (camera.zoom[f] ?? 1) / camera.metresWide;
  return {
    x: anchor.x + (x - (camera.x[f] ?? 0)) * perMetre,
    y: anchor.y - (y - (camera.y[f] ?? 0)) * perMetre * (scene.width / scene.height),
  };
}
