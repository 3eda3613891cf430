/**
 * The pen draws every shape of every sprite and backdrop in the scene's style, so that a whole picture is made by one hand.
 * Units are those of the context (metres for sprites, pixels for backdrops), y down. Called by sprites/ and settings/.
 */
import { Path2D, type SKRSContext2D } from '@napi-rs/canvas';
import { alpha, darken, type Hex, lighten, mix, shift } from '../color.ts';
import { createRandom, type Random } from '../random.ts';
import type { Palette } from '../scene/scene.ts';
import type { PortraitArt } from './portraits.ts';
import type { Style } from './style.ts';

export interface Paint {
  /** Strength of light and shade, 0 none … 1 full. Default 1. */
  readonly depth?: number;
  /** A hard highlight, 0..1: polish, glass, wet. */
  readonly gloss?: number;
  /** Leave the outline away. */
  readonly bare?: boolean;
  /** Opacity, default the style's. */
  readonly opacity?: number;
  /** Thinner or thicker outline. */
  readonly line?: number;
  /** Lies in or behind something: throws no paper shadow. */
  readonly inset?: boolean;
}

export interface Light {
  /** Unit vector towards the light in the drawing's frame, y down. */
  readonly x: number;
  readonly y: number;
}

const nobody: ReadonlyMap<string, PortraitArt> = new Map();

interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export class Pen {
  readonly ctx: SKRSContext2D;
  readonly style: Style;
  readonly palette: Palette;
  readonly light: Light;
  /** Length of one pixel in the context's units. */
  readonly px: number;
  readonly random: Random;
  /** The frame's shorter side, pixels: line weights are relative to it. */
  readonly shortSide: number;
  /** Likenesses by the kind of their subject. */
  readonly people: ReadonlyMap<string, PortraitArt>;
  /** Line unit: a thousandth of the frame's shorter side. */
  readonly #unit: number;

  constructor(
    ctx: SKRSContext2D,
    style: Style,
    palette: Palette,
    light: Light,
    px: number,
    shortSide: number,
    seed: number,
    people: ReadonlyMap<string, PortraitArt> = nobody,
  ) {
    this.ctx = ctx;
    this.people = people;
    this.style = style;
    this.palette = palette;
    this.light = light;
    this.px = px;
    this.shortSide = shortSide;
    this.random = createRandom(seed);
    this.#unit = (shortSide / 1000) * px;
  }

  circle(x: number, y: number, r: number, fill: Hex, paint?: Paint): void {
    const path = new Path2D();
    path.arc(x, y, r, 0, Math.PI * 2);
    this.path(path, { x: x - r, y: y - r, w: 2 * r, h: 2 * r }, fill, paint);
  }

  ellipse(x: number, y: number, rx: number, ry: number, fill: Hex, paint?: Paint, turn = 0): void {
    const path = new Path2D();
    path.ellipse(x, y, rx, ry, turn, 0, Math.PI * 2);
    const r = Math.max(rx, ry);
    this.path(
      path,
      { x: x - (turn ? r : rx), y: y - (turn ? r : ry), w: 2 * (turn ? r : rx), h: 2 * (turn ? r : ry) },
      fill,
      paint,
    );
  }

  box(x: number, y: number, w: number, h: number, radius: number, fill: Hex, paint?: Paint): void {
    const path = new Path2D();
    path.roundRect(x, y, w, h, Math.max(0, Math.min(radius, w / 2, h / 2)));
    this.path(path, { x, y, w, h }, fill, paint);
  }

  /** A closed polygon; `smooth` rounds it through the midpoints of its edges. */
  poly(points: readonly (readonly [number, number])[], fill: Hex, paint?: Paint, smooth = false): void {
    const xs = points.map((p) => p[0]);
    const ys = points.map((p) => p[1]);
    const x = Math.min(...xs);
    const y = Math.min(...ys);
    this.path(outline(points, smooth), { x, y, w: Math.max(...xs) - x, h: Math.max(...ys) - y }, fill, paint);
  }

  /** Any closed path, with the box its shading spans. */
  path(path: Path2D, box: Box, rawFill: Hex, paint: Paint = {}): void {
    const { ctx, style } = this;
    const fill = style.color(rawFill);
    const depth = paint.depth ?? 1;
    const opacity = paint.opacity ?? style.fill;
    if (style.cutShadow > 0 && !paint.inset) this.#cutShadow(path);
    ctx.save();
    ctx.globalAlpha *= opacity;
    ctx.fillStyle = this.#filling(fill, box, depth);
    ctx.fill(path);
    ctx.restore();
    if (style.shading !== 'none' && style.shading !== 'flat' && depth > 0)
      this.#inside(path, box, fill, depth, opacity);
    if (paint.gloss) this.#gloss(path, box, paint.gloss);
    if (style.outline > 0 && !paint.bare)
      this.#outline(path, style.outlineColor(fill), style.outline * (paint.line ?? 1));
  }

  /** An open line through points. */
  line(points: readonly (readonly [number, number])[], rawColor: Hex, width: number, smooth = false): void {
    const { ctx, style } = this;
    const color =
      style.shading === 'none' ? style.outlineColor(style.color(rawColor)) : style.color(rawColor);
    const path = openPath(points, smooth);
    ctx.save();
    ctx.lineCap = 'round';
    ctx.lineJoin = 'round';
    if (style.glow > 0) {
      for (const [w, a] of [
        [4, 0.12],
        [2.2, 0.2],
      ] as const) {
        ctx.strokeStyle = alpha(color, a * style.glow);
        ctx.lineWidth = width + w * this.#unit * 3;
        ctx.stroke(path);
      }
    }
    ctx.strokeStyle = color;
    ctx.lineWidth = width;
    ctx.stroke(path);
    ctx.restore();
  }

  /** Soft light around a point; never outlined. */
  glow(x: number, y: number, r: number, color: Hex, strength: number): void {
    const { ctx } = this;
    const g = ctx.createRadialGradient(x, y, 0, x, y, r);
    g.addColorStop(0, alpha(color, strength));
    g.addColorStop(0.35, alpha(color, strength * 0.38));
    g.addColorStop(1, alpha(color, 0));
    ctx.save();
    ctx.globalCompositeOperation = 'lighter';
    ctx.fillStyle = g;
    ctx.fillRect(x - r, y - r, 2 * r, 2 * r);
    ctx.restore();
  }

  #filling(fill: Hex, box: Box, depth: number): ReturnType<SKRSContext2D['createLinearGradient']> | string {
    const { style, light, palette } = this;
    if (depth === 0 || style.shading === 'none' || style.shading === 'flat' || style.shading === 'cel')
      return fill;
    const cx = box.x + box.w / 2;
    const cy = box.y + box.h / 2;
    const reach = (Math.abs(light.x) * box.w + Math.abs(light.y) * box.h) / 2;
    const g = this.ctx.createLinearGradient(
      cx + light.x * reach,
      cy + light.y * reach,
      cx - light.x * reach,
      cy - light.y * reach,
    );
    const lit = mix(lighten(fill, 0.14 * depth), style.color(palette.light), 0.16 * depth);
    const dark = mix(shift(fill, 0, 1.05, 0.8), style.color(palette.shade), 0.34 * depth);
    g.addColorStop(0, lit);
    g.addColorStop(0.42, fill);
    g.addColorStop(1, dark);
    return g;
  }

  /** What only shows inside the shape: cel shade, hatching, wash edges, clay roundness. */
  #inside(path: Path2D, box: Box, fill: Hex, depth: number, opacity: number): void {
    const { ctx, style, light, palette } = this;
    const size = Math.max(box.w, box.h);
    ctx.save();
    ctx.clip(path);
    ctx.globalAlpha *= opacity;
    switch (style.shading) {
      case 'cel': {
        const away = 0.3 * Math.min(box.w, box.h) * 0.9;
        ctx.fillStyle = mix(shift(fill, 6, 1.05, 0.8), style.color(palette.shade), 0.2 * depth);
        const shadow = new Path2D(path);
        const lit = new Path2D();
        lit.rect(box.x - size, box.y - size, size * 3, size * 3);
        lit.addPath(shadow, { a: 1, b: 0, c: 0, d: 1, e: light.x * away, f: light.y * away });
        ctx.globalAlpha *= depth;
        ctx.fill(lit, 'evenodd');
        break;
      }
      case 'clay': {
        const hx = box.x + box.w * (0.5 + light.x * 0.28);
        const hy = box.y + box.h * (0.5 + light.y * 0.28);
        const g = ctx.createRadialGradient(hx, hy, 0, hx, hy, size * 0.85);
        g.addColorStop(0, alpha(mix('#ffffff', style.color(palette.light), 0.5), 0.38 * depth));
        g.addColorStop(0.4, alpha('#ffffff', 0));
        g.addColorStop(1, alpha(darken(fill, 0.5), 0.34 * depth));
        ctx.fillStyle = g;
        ctx.fillRect(box.x, box.y, box.w, box.h);
        this.#dents(box, fill, depth);
        break;
      }
      case 'soft': {
        // Rim light on the lit edge, bounce light on the far one.
        ctx.lineWidth = size * 0.09;
        ctx.strokeStyle = alpha(style.color(palette.light), 0.3 * depth);
        ctx.translate(-light.x * size * 0.035, -light.y * size * 0.035);
        ctx.stroke(path);
        break;
      }
      case 'wash': {
        ctx.lineWidth = size * 0.06;
        ctx.strokeStyle = alpha(shift(fill, 0, 1.25, 0.6), 0.22);
        ctx.stroke(path);
        for (let i = 0; i < 3; i++) {
          const x = box.x + this.random.next() * box.w;
          const y = box.y + this.random.next() * box.h;
          const r = size * this.random.range(0.15, 0.4);
          const g = ctx.createRadialGradient(x, y, 0, x, y, r);
          g.addColorStop(0, alpha(i === 0 ? '#ffffff' : shift(fill, 8, 1.2, 0.75), 0.2));
          g.addColorStop(1, alpha(fill, 0));
          ctx.fillStyle = g;
          ctx.fillRect(x - r, y - r, 2 * r, 2 * r);
        }
        break;
      }
      case 'hatch':
        this.#hatch(box, fill, depth);
        break;
      default:
    }
    ctx.restore();
  }

  #dents(box: Box, fill: Hex, depth: number): void {
    const { ctx } = this;
    const count = Math.min(14, Math.ceil((box.w * box.h) / (900 * this.px * this.px)));
    for (let i = 0; i < count; i++) {
      const x = box.x + this.random.next() * box.w;
      const y = box.y + this.random.next() * box.h;
      ctx.strokeStyle = alpha(i % 2 ? lighten(fill, 0.4) : darken(fill, 0.4), 0.1 * depth);
      ctx.lineWidth = 2.2 * this.px;
      ctx.beginPath();
      ctx.arc(x, y, this.random.range(4, 11) * this.px, this.random.range(0, 6), this.random.range(6.2, 8.5));
      ctx.stroke();
    }
  }

  #hatch(box: Box, fill: Hex, depth: number): void {
    const { ctx, light } = this;
    const step = 5.5 * this.px;
    const size = Math.max(box.w, box.h) * 1.5;
    const lines = Math.min(220, Math.ceil((2 * size) / step));
    ctx.translate(box.x + box.w / 2, box.y + box.h / 2);
    ctx.rotate(-0.85);
    ctx.lineWidth = 2 * this.px;
    for (let i = 0; i < lines; i++) {
      const y = -size + i * step + this.random.range(-1.2, 1.2) * this.px;
      const dark = y * -light.y > 0;
      ctx.strokeStyle = alpha(dark ? darken(fill, 0.45) : lighten(fill, 0.35), (dark ? 0.3 : 0.28) * depth);
      ctx.beginPath();
      ctx.moveTo(-size + this.random.range(0, 14) * this.px, y);
      ctx.lineTo(size, y + this.random.range(-2, 2) * this.px);
      ctx.stroke();
    }
  }

  #gloss(path: Path2D, box: Box, strength: number): void {
    if (this.style.shading === 'none' || this.style.shading === 'hatch') return;
    const { ctx, light } = this;
    ctx.save();
    ctx.clip(path);
    const x = box.x + box.w * (0.5 + light.x * 0.27);
    const y = box.y + box.h * (0.5 + light.y * 0.27);
    const r = Math.min(box.w, box.h) * 0.2;
    const g = ctx.createRadialGradient(x, y, 0, x, y, r);
    g.addColorStop(0, alpha('#ffffff', 0.85 * strength));
    g.addColorStop(0.4, alpha('#ffffff', 0.45 * strength));
    g.addColorStop(1, alpha('#ffffff', 0));
    ctx.fillStyle = g;
    ctx.fillRect(x - r, y - r, 2 * r, 2 * r);
    ctx.restore();
  }

  #cutShadow(path: Path2D): void {
    const { ctx, light, palette } = this;
    for (const [away, a] of [
      [5, 0.1],
      [2.4, 0.16],
    ] as const) {
      ctx.save();
      ctx.translate(-light.x * away * this.#unit * 1.2, (Math.abs(light.y) * away + 1) * this.#unit);
      ctx.fillStyle = alpha(darken(palette.shade, 0.3), a * this.style.cutShadow);
      ctx.fill(path);
      ctx.restore();
    }
  }

  #outline(path: Path2D, color: Hex, thousandths: number): void {
    const { ctx, style } = this;
    const width = thousandths * this.#unit;
    ctx.save();
    ctx.lineJoin = 'round';
    if (style.glow > 0) {
      for (const [w, a] of [
        [5.5, 0.1],
        [3, 0.2],
      ] as const) {
        ctx.strokeStyle = alpha(color, a * style.glow);
        ctx.lineWidth = width * w;
        ctx.stroke(path);
      }
    }
    ctx.strokeStyle = color;
    ctx.lineWidth = width;
    if (style.wobble > 0) {
      const off = style.wobble * width * 0.5;
      ctx.globalAlpha *= style.wobble > 0.5 ? 0.75 : 1;
      ctx.translate(this.random.range(-off, off), this.random.range(-off, off));
      ctx.stroke(path);
      if (style.wobble > 0.5) {
        ctx.translate(this.random.range(-2, 2) * off, this.random.range(-2, 2) * off);
        ctx.globalAlpha *= 0.6;
      }
    }
    ctx.stroke(path);
    if (style.glow > 0) {
      ctx.strokeStyle = alpha('#ffffff', 0.75);
      ctx.lineWidth = width * 0.35;
      ctx.stroke(path);
    }
    ctx.restore();
  }
}

function outline(points: readonly (readonly [number, number])[], smooth: boolean): Path2D {
  const path = new Path2D();
  if (!smooth) {
    for (const [i, [x, y]] of points.entries()) i === 0 ? path.moveTo(x, y) : path.lineTo(x, y);
  } else {
    const n = points.length;
    for (let i = 0; i < n; i++) {
      const [x, y] = points[i] ?? [0, 0];
      const [nx, ny] = points[(i + 1) % n] ?? [0, 0];
      if (i === 0) {
        const [lx, ly] = points[n - 1] ?? [0, 0];
        path.moveTo((lx + x) / 2, (ly + y) / 2);
      }
      path.quadraticCurveTo(x, y, (x + nx) / 2, (y + ny) / 2);
    }
  }
  path.closePath();
  return path;
}

function openPath(points: readonly (readonly [number, number])[], smooth: boolean): Path2D {
  const path = new Path2D();
  for (const [i, [x, y]] of points.entries()) {
    const next = points[i + 1];
    if (i === 0) path.moveTo(x, y);
    else if (smooth && next) path.quadraticCurveTo(x, y, (x + next[0]) / 2, (y + next[1]) / 2);
    else path.lineTo(x, y);
  }
  return path;
}
