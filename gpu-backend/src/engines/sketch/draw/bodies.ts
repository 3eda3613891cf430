/**
 * Draws the cast where the log says it is: contact shadows first, then bodies in their layers with motion blur taken from the
 * log's own sub-frame samples. Called by painter.ts.
 */
import type { SKRSContext2D } from '@napi-rs/canvas';
import { mix } from '../color.ts';
import type { CastMember, Performance, Rope } from '../physics/performance.ts';
import { boundsOf } from '../physics/shapes.ts';
import { hashString } from '../random.ts';
import type { BodyTrack } from '../simulation-log.ts';
import { drawRope } from './ropes.ts';
import type { Baked, DotCache, SpriteCache } from './sprite-cache.ts';
import type { Pose } from './sprites/sprite.ts';
import type { Style } from './style.ts';
import { talkAt } from './talk.ts';
import type { CameraState, View } from './view.ts';

interface Actor {
  readonly member: CastMember;
  readonly track: BodyTrack;
  readonly layer: number;
  readonly halfWidth: number;
  readonly bottom: number;
  readonly size: number;
  readonly seed: number;
}

/** Share of a frame the shutter is open. */
const shutter = 0.6;

export class BodyPainter {
  readonly #performance: Performance;
  readonly #view: View;
  readonly #sprites: SpriteCache;
  readonly #dots: DotCache;
  readonly #actors: readonly Actor[];
  readonly #style: Style;
  readonly #shadow: `#${string}`;

  constructor(
    performance: Performance,
    view: View,
    sprites: SpriteCache,
    dots: DotCache,
    style: Style,
    shade: `#${string}`,
  ) {
    this.#performance = performance;
    this.#view = view;
    this.#sprites = sprites;
    this.#dots = dots;
    this.#style = style;
    this.#shadow = mix(shade, '#05040a', 0.35);
    this.#actors = performance.cast
      .flatMap((member): Actor[] => {
        const track = performance.log.bodies[member.id];
        if (!track || member.look.hidden) return [];
        const b = boundsOf(member.shape);
        return [
          {
            member,
            track,
            layer: member.look.layer ?? 0,
            halfWidth: (b.right - b.left) / 2,
            bottom: b.bottom,
            size: Math.max(b.right - b.left, b.top - b.bottom),
            seed: hashString(`${member.look.detail ?? ''}${member.id}`),
          },
        ];
      })
      .sort((a, b) => a.layer - b.layer || a.member.id - b.member.id);
  }

  /** Soft contact shadows on level ground: tight and dark where things stand, wide and faint where they fly. */
  drawShadows(ctx: SKRSContext2D, camera: CameraState, sample: number, lightX: number): void {
    if (this.#performance.water || this.#style.shading === 'none') return;
    const dot = this.#dots.get(this.#shadow, 0.2);
    for (const actor of this.#actors) {
      const pose = poseAt(actor.track, sample);
      if (!pose || actor.member.shape.kind === 'none' || actor.member.shape.kind === 'chain') continue;
      const lowest = actor.member.look.upright
        ? actor.bottom
        : -Math.abs(Math.sin(pose.angle)) * actor.halfWidth + actor.bottom * Math.abs(Math.cos(pose.angle));
      const height = Math.max(0, pose.y + lowest);
      if (height > 5 || pose.y < -0.5) continue;
      const spread =
        actor.halfWidth * Math.max(Math.abs(Math.cos(pose.angle)), 0.35) * (1.15 + height * 0.16);
      const zoom = this.#view.ppm * camera.zoom;
      const w = spread * zoom * 2.1;
      const h = Math.max(7, w * 0.2);
      const x = this.#x(camera, pose.x - lightX * (0.1 + height * 0.22));
      const y = this.#y(camera, 0) + h * 0.16;
      ctx.globalAlpha = 0.5 * Math.exp(-height * 0.62);
      ctx.drawImage(dot, x - w / 2, y - h / 2, w, h);
    }
    ctx.globalAlpha = 1;
  }

  drawBodies(ctx: SKRSContext2D, camera: CameraState, sample: number, from: number, to: number): void {
    const { log, highlight } = this.#performance;
    const time = sample / (log.fps * log.samplesPerFrame);
    for (const rope of this.#performance.ropes) {
      if (inLayer(rope.layer ?? -0.5, from, to)) this.#rope(ctx, camera, sample, rope);
    }
    for (const actor of this.#actors) {
      if (!inLayer(actor.layer, from, to)) continue;
      const pose = poseAt(actor.track, sample);
      if (!pose) continue;
      const before = poseAt(actor.track, sample - log.samplesPerFrame) ?? pose;
      const perFrame = { x: pose.x - before.x, y: pose.y - before.y };
      const look = this.#pose(actor, time, perFrame.y, pose, highlight);
      const baked = this.#sprites.get(actor.member, look, pose.angle, time);
      const pixels = Math.hypot(perFrame.x, perFrame.y) * this.#view.ppm * shutter;
      if (pixels > 7 && actor.track.mode === 'dynamic')
        this.#trail(ctx, camera, actor, sample, baked, pixels);
      const stretch = actor.member.look.upright ? Math.max(-0.16, Math.min(0.16, perFrame.y * 0.9)) : 0;
      this.#put(
        ctx,
        camera,
        baked,
        pose.x,
        pose.y,
        actor.member.look.upright ? 0 : pose.angle,
        Math.abs(stretch),
        actor.bottom,
      );
    }
  }

  /** Copies along the path of the last open shutter, fainter the older: blur that follows curves and bounces. */
  #trail(
    ctx: SKRSContext2D,
    camera: CameraState,
    actor: Actor,
    sample: number,
    baked: Baked,
    pixels: number,
  ): void {
    const span = this.#performance.log.samplesPerFrame * shutter;
    const copies = Math.min(
      6,
      Math.max(2, Math.ceil(pixels / Math.max(6, actor.size * this.#view.ppm * 0.16))),
    );
    for (let i = copies; i >= 1; i--) {
      const pose = poseAt(actor.track, sample - (span * i) / copies);
      if (!pose) continue;
      ctx.globalAlpha = (0.42 * (1 - i / (copies + 1))) / Math.sqrt(copies / 3);
      this.#put(ctx, camera, baked, pose.x, pose.y, actor.member.look.upright ? 0 : pose.angle, 0, 0);
    }
    ctx.globalAlpha = 1;
  }

  #put(
    ctx: SKRSContext2D,
    camera: CameraState,
    baked: Baked,
    x: number,
    y: number,
    angle: number,
    stretch: number,
    foot: number,
  ): void {
    const px = this.#x(camera, x);
    const py = this.#y(camera, y);
    const scale = (this.#view.ppm * camera.zoom) / baked.scale;
    const reach = Math.hypot(baked.canvas.width, baked.canvas.height) * scale;
    if (px + reach < 0 || px - reach > this.#view.width || py + reach < 0 || py - reach > this.#view.height)
      return;
    ctx.save();
    ctx.translate(px, py);
    if (angle !== 0) ctx.rotate(-angle);
    if (stretch > 0.01) {
      const base = -foot * this.#view.ppm * camera.zoom;
      ctx.translate(0, base);
      ctx.scale(scale * (1 - stretch * 0.6), scale * (1 + stretch));
      ctx.translate(0, -base / scale);
    } else ctx.scale(scale, scale);
    ctx.drawImage(baked.canvas, -baked.originX, -baked.originY);
    ctx.restore();
  }

  #pose(actor: Actor, time: number, rise: number, pose: { y: number }, highlight: number): Pose {
    const beat = (time + (actor.seed % 97) / 30) % 3.1;
    return {
      air: actor.member.look.upright === true && (Math.abs(rise) > 0.015 || pose.y + actor.bottom > 0.12),
      blink: beat < 0.13,
      cheer: time > highlight && time < highlight + 1.6,
      talk: talkAt(this.#performance.scene, actor.member.look.detail, time),
      phase: actor.member.look.upright ? 0 : Math.floor(time * 12 + actor.seed) % 8,
    };
  }

  #rope(ctx: SKRSContext2D, camera: CameraState, sample: number, rope: Rope): void {
    const end = (e: Rope['from']): { x: number; y: number } | undefined => {
      if (e.body === undefined) return { x: this.#x(camera, e.x), y: this.#y(camera, e.y) };
      const track = this.#performance.log.bodies[e.body];
      const p = track && poseAt(track, sample);
      if (!p) return undefined;
      const cos = Math.cos(p.angle);
      const sin = Math.sin(p.angle);
      return {
        x: this.#x(camera, p.x + e.x * cos - e.y * sin),
        y: this.#y(camera, p.y + e.x * sin + e.y * cos),
      };
    };
    const a = end(rope.from);
    const b = end(rope.to);
    if (a && b) drawRope(ctx, this.#style, a, b, rope, this.#view.ppm * camera.zoom);
  }

  #x(camera: CameraState, x: number): number {
    return this.#view.anchorX + (x - camera.x) * this.#view.ppm * camera.zoom;
  }

  #y(camera: CameraState, y: number): number {
    return this.#view.anchorY - (y - camera.y) * this.#view.ppm * camera.zoom;
  }
}

function inLayer(layer: number, from: number, to: number): boolean {
  return layer >= from && layer < to;
}

/** Pose at a (fractional) sample, undefined while the body does not exist. */
export function poseAt(
  track: BodyTrack,
  sample: number,
): { x: number; y: number; angle: number } | undefined {
  if (sample < track.from || sample > track.to) return undefined;
  const i = Math.floor(sample);
  const t = sample - i;
  const at = (k: number): number => {
    const a = track.poses[i * 3 + k] ?? 0;
    return t === 0 || i + 1 > track.to ? a : a + ((track.poses[(i + 1) * 3 + k] ?? a) - a) * t;
  };
  return { x: at(0), y: at(1), angle: at(2) };
}
