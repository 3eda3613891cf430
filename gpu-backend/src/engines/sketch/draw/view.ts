/** Where the camera puts the world on the frame, and how far each depth layer follows. Called by everything that draws. */
import { anchorOf } from '../physics/camera-path.ts';
import type { CameraPath } from '../physics/performance.ts';
import type { Scene } from '../scene/scene.ts';

export interface CameraState {
  /** Metres, world. */
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export class View {
  readonly width: number;
  readonly height: number;
  /** Pixels per metre at zoom 1. */
  readonly ppm: number;
  /** Pixels of the shorter side / 720: sizes of decoration scale with it. */
  readonly unit: number;
  readonly anchorX: number;
  readonly anchorY: number;
  readonly path: CameraPath;
  readonly base: CameraState;

  constructor(scene: Scene, path: CameraPath) {
    this.width = scene.width;
    this.height = scene.height;
    this.path = path;
    this.ppm = scene.width / path.metresWide;
    this.unit = Math.min(scene.width, scene.height) / 720;
    const anchor = anchorOf(scene);
    this.anchorX = anchor.x * scene.width;
    this.anchorY = anchor.y * scene.height;
    this.base = { x: path.x[0] ?? 0, y: path.y[0] ?? 0, zoom: 1 };
  }

  /** Camera of a video frame, shake included. */
  camera(frame: number): CameraState {
    const f = Math.max(0, Math.min(this.path.x.length - 1, frame));
    const shake = this.path.shake[f] ?? 0;
    return {
      x: (this.path.x[f] ?? 0) + shake * 0.6,
      y: (this.path.y[f] ?? 0) + shake,
      zoom: this.path.zoom[f] ?? 1,
    };
  }

  /** World to frame at the base camera: used to lay out backdrops. */
  baseX(x: number): number {
    return this.anchorX + (x - this.base.x) * this.ppm;
  }

  baseY(y: number): number {
    return this.anchorY - (y - this.base.y) * this.ppm;
  }

  /** How far the camera travels from its base, pixels. */
  travel(): { left: number; right: number; up: number; down: number } {
    let left = 0;
    let right = 0;
    let up = 0;
    let down = 0;
    for (let f = 0; f < this.path.x.length; f++) {
      const c = this.camera(f);
      left = Math.max(left, (this.base.x - c.x) * this.ppm);
      right = Math.max(right, (c.x - this.base.x) * this.ppm);
      up = Math.max(up, (c.y - this.base.y) * this.ppm);
      down = Math.max(down, (this.base.y - c.y) * this.ppm);
    }
    return { left, right, up, down };
  }
}
