/**
 * The place behind and before the action: painted once into layers, then only moved. A setting paints through the builder;
 * layers further away move less and take on the colour of the air. Called by painter.ts.
 */
import { type Canvas, createCanvas } from '@napi-rs/canvas';
import { type Hex, mix } from '../color.ts';
import type { Performance } from '../physics/performance.ts';
import { createRandom, type Random } from '../random.ts';
import type { Palette, Scene } from '../scene/scene.ts';
import { cloudLayers } from './clouds.ts';
import { type Light, Pen } from './pen.ts';
import { settings } from './settings/registry.ts';
import { paintSky } from './sky.ts';
import { paintSolids } from './solids.ts';
import type { Style } from './style.ts';
import type { CameraState, View } from './view.ts';
import { paintWaterPlane } from './water-plane.ts';

export interface Layer {
  readonly canvas: Canvas;
  /** 0 stands still with the sky, 1 moves with the action, more comes nearer. */
  readonly depth: number;
  /** Top left at the base camera, pixels. */
  readonly x: number;
  readonly y: number;
  /** Pixels per second that the layer drifts by itself (clouds). */
  readonly drift: number;
}

export interface Backdrop {
  readonly sky: Canvas;
  readonly back: readonly Layer[];
  readonly front: readonly Layer[];
}

/** What a setting paints with. */
export class BackdropBuilder {
  readonly scene: Scene;
  readonly palette: Palette;
  readonly style: Style;
  readonly view: View;
  readonly random: Random;
  readonly light: Light;
  readonly width: number;
  readonly height: number;
  readonly unit: number;
  /** Where the ground's contact line (world y = 0) lies, pixels. */
  readonly ground: number;
  /** Where the ground meets the sky, pixels. */
  readonly horizon: number;
  readonly hasWater: boolean;
  readonly back: Layer[] = [];
  readonly front: Layer[] = [];

  constructor(performance: Performance, palette: Palette, style: Style, view: View, light: Light) {
    this.scene = performance.scene;
    this.palette = palette;
    this.style = style;
    this.view = view;
    this.light = light;
    this.random = createRandom(performance.scene.seed).fork('backdrop');
    this.width = view.width;
    this.height = view.height;
    this.unit = view.unit;
    this.hasWater = performance.water !== undefined;
    this.ground = view.baseY(performance.water ? performance.water.level : 0);
    this.horizon = this.hasWater ? this.ground - view.height * 0.085 : this.ground - view.height * 0.055;
  }

  /** A colour at a distance: 0 here … 1 at the horizon. */
  hazed(color: Hex, distance: number): Hex {
    return mix(
      color,
      this.palette.haze,
      Math.min(0.92, distance * (this.scene.weather === 'fog' ? 1.25 : 0.85)),
    );
  }

  /**
   * Paints one layer. `top` and `bottom` are frame pixels at the base camera; the pen's origin is the layer's left edge at frame
   * height 0, so y is the same as on the frame. `width` is the layer's full width, `left` how much of it lies left of the frame.
   */
  layer(
    depth: number,
    top: number,
    bottom: number,
    paint: (pen: Pen, width: number, left: number) => void,
    place: 'back' | 'front' = 'back',
  ): void {
    const travel = this.view.travel();
    const margin = 24 * this.unit;
    const left = Math.ceil(travel.left * depth + margin + this.width * 0.04);
    const right = Math.ceil(travel.right * depth + margin + this.width * 0.04);
    const from = Math.floor(top - margin);
    const to = Math.ceil(bottom + margin);
    const canvas = createCanvas(Math.min(8000, this.width + left + right), Math.max(8, to - from));
    const ctx = canvas.getContext('2d');
    ctx.translate(0, -from);
    paint(
      new Pen(
        ctx,
        this.style,
        this.palette,
        this.light,
        1,
        Math.min(this.width, this.height),
        this.random.int(0, 1 << 30),
      ),
      canvas.width,
      left,
    );
    (place === 'back' ? this.back : this.front).push({ canvas, depth, x: -left, y: from, drift: 0 });
  }
}

export function buildBackdrop(
  performance: Performance,
  palette: Palette,
  style: Style,
  view: View,
  light: Light,
): Backdrop {
  const builder = new BackdropBuilder(performance, palette, style, view, light);
  const setting = settings[performance.scene.setting];
  const sky = createCanvas(view.width, view.height);
  const pen = new Pen(
    sky.getContext('2d'),
    style,
    palette,
    light,
    1,
    Math.min(view.width, view.height),
    builder.random.int(0, 1 << 30),
  );
  paintSky(pen, builder, setting.indoors === true);
  if (!setting.indoors && !setting.airless) builder.back.push(...cloudLayers(builder));
  setting.paint(builder);
  if (builder.hasWater) paintWaterPlane(builder);
  paintSolids(builder, performance);
  return { sky, back: builder.back, front: builder.front };
}

/** Moves and scales a layer for a camera. */
export function drawLayer(
  ctx: ReturnType<Canvas['getContext']>,
  view: View,
  layer: Layer,
  camera: CameraState,
  time: number,
): void {
  const dx = -(camera.x - view.base.x) * view.ppm * layer.depth + layer.drift * time;
  const dy = (camera.y - view.base.y) * view.ppm * layer.depth;
  // Whole pixels at scale 1 are copied, anything else is resampled at six times the cost: far layers never zoom.
  const zoom = layer.depth < 0.12 ? 1 : 1 + (camera.zoom - 1) * layer.depth;
  const x = view.anchorX + (layer.x + dx - view.anchorX) * zoom;
  const y = view.anchorY + (layer.y + dy - view.anchorY) * zoom;
  if (y > view.height || y + layer.canvas.height * zoom < 0) return;
  if (Math.abs(zoom - 1) < 1e-4) ctx.drawImage(layer.canvas, Math.round(x), Math.round(y));
  else ctx.drawImage(layer.canvas, x, y, layer.canvas.width * zoom, layer.canvas.height * zoom);
}
