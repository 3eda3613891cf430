/**
 * Draws any frame of a performance: what never changes is painted once at construction, a frame is mostly blits. Frames are
 * independent of each other and deterministic. Called by the drawing thread and by the preview script.
 */
import { type Canvas, createCanvas } from '@napi-rs/canvas';
import type { Performance } from '../physics/performance.ts';
import { type Backdrop, buildBackdrop, drawLayer } from './backdrop.ts';
import { BodyPainter } from './bodies.ts';
import { HostPainter } from './hosts.ts';
import { bakeGrain, bakeOverlay } from './overlay.ts';
import { drawEffect, longestLife } from './particles.ts';
import type { PortraitArt } from './portraits.ts';
import { DotCache, SpriteCache } from './sprite-cache.ts';
import type { Style } from './style.ts';
import { styles } from './styles/registry.ts';
import { type CameraState, View } from './view.ts';
import { drawWater } from './water-front.ts';
import { WeatherPainter } from './weather.ts';

export class Painter {
  readonly canvas: Canvas;
  readonly #ctx: ReturnType<Canvas['getContext']>;
  readonly #performance: Performance;
  readonly #style: Style;
  readonly #view: View;
  readonly #backdrop: Backdrop;
  readonly #bodies: BodyPainter;
  readonly #hosts: HostPainter;
  readonly #weather: WeatherPainter;
  readonly #overlay: Canvas;
  readonly #grain: Canvas | undefined;
  readonly #dots = new DotCache();
  readonly #small: Canvas | undefined;
  readonly #light: { x: number; y: number };

  /** @param people likenesses of the scene's people, loaded (portraits.ts) */
  constructor(performance: Performance, people: ReadonlyMap<string, PortraitArt> = new Map()) {
    const { scene } = performance;
    this.#performance = {
      ...performance,
      scene: { ...scene, palette: styles[scene.style].grade(scene.palette) },
    };
    this.#style = styles[scene.style];
    const { palette } = this.#performance.scene;
    this.#view = new View(scene, performance.camera);
    this.canvas = createCanvas(scene.width, scene.height);
    this.#ctx = this.canvas.getContext('2d');
    this.#light = { x: scene.discAt < 0.5 ? -0.58 : 0.58, y: -0.81 };
    this.#backdrop = buildBackdrop(this.#performance, palette, this.#style, this.#view, this.#light);
    const sprites = new SpriteCache(
      this.#style,
      palette,
      this.#light,
      this.#view.ppm * 1.08,
      Math.min(scene.width, scene.height),
      people,
    );
    this.#bodies = new BodyPainter(
      this.#performance,
      this.#view,
      sprites,
      this.#dots,
      this.#style,
      palette.shade,
    );
    this.#hosts = new HostPainter(this.#performance, this.#view, this.#style, this.#light, people);
    this.#weather = new WeatherPainter(this.#performance.scene, palette, this.#view, this.#dots);
    this.#overlay = bakeOverlay(this.#style, palette, scene.width, scene.height, scene.discAt);
    this.#grain =
      this.#style.texture === 'film'
        ? bakeGrain(this.#style.textureStrength, scene.width, scene.height)
        : undefined;
    const p = this.#style.pixelSize;
    this.#small = p > 1 ? createCanvas(Math.ceil(scene.width / p), Math.ceil(scene.height / p)) : undefined;
  }

  get frameCount(): number {
    return this.#performance.log.frameCount;
  }

  /** Draws a frame onto `canvas`. */
  draw(frame: number): void {
    const ctx = this.#ctx;
    const { log, water, scene } = this.#performance;
    const time = frame / log.fps;
    const sample = frame * log.samplesPerFrame;
    const camera = this.#view.camera(frame);
    ctx.globalAlpha = 1;
    ctx.drawImage(this.#backdrop.sky, 0, 0);
    for (const layer of this.#backdrop.back) drawLayer(ctx, this.#view, layer, camera, time);
    if (water) drawWater(ctx, this.#style, scene.palette, this.#view, camera, water, time, 0);
    this.#bodies.drawShadows(ctx, camera, sample, this.#light.x);
    this.#bodies.drawBodies(ctx, camera, sample, -100, 2);
    if (water) drawWater(ctx, this.#style, scene.palette, this.#view, camera, water, time, 1);
    this.#effects(camera, time);
    this.#bodies.drawBodies(ctx, camera, sample, 2, 100);
    if (water) drawWater(ctx, this.#style, scene.palette, this.#view, camera, water, time, 2);
    for (const layer of this.#backdrop.front) drawLayer(ctx, this.#view, layer, camera, time);
    this.#weather.draw(ctx, camera, time);
    this.#hosts.draw(ctx, time);
    this.#pixelate();
    ctx.drawImage(this.#overlay, 0, 0);
    if (this.#grain) ctx.drawImage(this.#grain, -((frame * 53) % 128), -((frame * 97) % 128));
  }

  #effects(camera: CameraState, time: number): void {
    const view = this.#view;
    const scale = view.ppm * camera.zoom;
    const place = (x: number, y: number): { x: number; y: number } => ({
      x: view.anchorX + (x - camera.x) * scale,
      y: view.anchorY - (y - camera.y) * scale,
    });
    for (const [i, effect] of this.#performance.effects.entries()) {
      if (effect.time > time) break;
      if (time - effect.time > longestLife) continue;
      drawEffect(
        this.#ctx,
        this.#dots,
        effect,
        i,
        time,
        this.#performance.scene.gravity,
        scale,
        place,
        this.#style.color,
      );
    }
  }

  #pixelate(): void {
    const small = this.#small;
    if (!small) return;
    const s = small.getContext('2d');
    s.imageSmoothingEnabled = true;
    s.drawImage(this.canvas, 0, 0, small.width, small.height);
    this.#ctx.imageSmoothingEnabled = false;
    this.#ctx.drawImage(
      small,
      0,
      0,
      small.width * this.#style.pixelSize,
      small.height * this.#style.pixelSize,
    );
    this.#ctx.imageSmoothingEnabled = true;
  }
}
