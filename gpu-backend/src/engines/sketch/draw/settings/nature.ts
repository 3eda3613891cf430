/** Hills, ridges, trees, grass: what most settings are made of. Called by the settings. */
import { darken, type Hex, lighten, mix } from '../../color.ts';
import { noise1 } from '../../random.ts';
import type { BackdropBuilder } from '../backdrop.ts';
import type { Pen } from '../pen.ts';

export interface RidgeOptions {
  readonly depth: number;
  /** Pixels of the frame at unit 1: mean height above the horizon and how far it rises and falls. */
  readonly rise: number;
  readonly swing: number;
  /** Hills per frame width. */
  readonly waves: number;
  readonly color: Hex;
  /** Peaks instead of hills. */
  readonly jagged?: boolean;
  readonly snow?: boolean;
  /** Called for places along the ridge, to plant things: pixels. */
  plant?(pen: Pen, x: number, y: number, index: number): void;
  readonly plants?: number;
  /** Height of the tallest thing planted, pixels at unit 1: nothing above it is kept. Default 290. */
  readonly tallest?: number;
}

/** A range of hills or mountains standing on the horizon. */
export function ridge(b: BackdropBuilder, o: RidgeOptions): void {
  const seed = b.random.int(0, 1 << 30);
  const u = b.unit;
  const base = b.horizon + 30 * u;
  const top = b.horizon - (o.rise + o.swing * 1.6) * u - (o.plant ? (o.tallest ?? 290) : 0) * u;
  b.layer(o.depth, top, base + 60 * u + (b.view.travel().up > 0 ? b.height * 0.3 : 0), (pen, width) => {
    const heightAt = (x: number): number => {
      const t = (x / b.width) * o.waves;
      const n = o.jagged
        ? 1 - 2 * Math.abs(noise1(seed, t)) + 0.4 * noise1(seed + 1, t * 2.7) + 0.16 * noise1(seed + 2, t * 7)
        : noise1(seed, t) + 0.3 * noise1(seed + 1, t * 2.3);
      return b.horizon - (o.rise + o.swing * n) * u;
    };
    const step = (o.jagged ? 7 : 12) * u;
    const points: [number, number][] = [];
    for (let x = -40 * u; x <= width + 40 * u; x += step) points.push([x, heightAt(x)]);
    points.push([width + 40 * u, base + b.height], [-40 * u, base + b.height]);
    // Distance swallows contrast from below: each range stands in its own mist.
    pen.poly(points, o.color, { depth: 0.35, line: 0.6 });
    if (o.snow)
      snowCaps(
        pen,
        points.slice(0, -2),
        b.horizon - (o.rise + o.swing * 0.25) * u,
        mix('#ffffff', b.palette.haze, 0.3),
      );
    mist(pen, b, width, base, o.color);
    const plants = o.plants ?? 0;
    for (let i = 0; i < plants; i++) {
      const x = ((i + pen.random.range(0.1, 0.9)) / plants) * width;
      o.plant?.(pen, x, heightAt(x), i);
    }
  });
}

function snowCaps(pen: Pen, line: readonly [number, number][], below: number, color: Hex): void {
  let run: [number, number][] = [];
  const flush = (): void => {
    const first = run[0];
    const last = run.at(-1);
    if (first && last && run.length > 3) {
      const lower: [number, number][] = [];
      for (let i = run.length - 1; i >= 0; i--) {
        const p = run[i];
        if (!p) continue;
        const depth = Math.max(0, below - p[1]);
        lower.push([p[0], p[1] + depth * (i % 3 === 0 ? 0.62 : 0.36)]);
      }
      pen.poly([...run, ...lower], color, { depth: 0.5, bare: true, inset: true });
    }
    run = [];
  };
  for (const p of line) {
    if (p[1] < below) run.push(p);
    else flush();
  }
  flush();
}

function mist(pen: Pen, b: BackdropBuilder, width: number, base: number, color: Hex): void {
  if (pen.style.shading === 'none' || pen.style.shading === 'cel' || pen.style.shading === 'flat') return;
  const { ctx } = pen;
  const haze = mix(color, b.palette.haze, 0.75);
  const g = ctx.createLinearGradient(0, base - 130 * b.unit, 0, base);
  const [r, gr, bl] = [1, 3, 5].map((i) => Number.parseInt(haze.slice(i, i + 2), 16));
  g.addColorStop(0, `rgba(${r},${gr},${bl},0)`);
  g.addColorStop(1, `rgba(${r},${gr},${bl},0.6)`);
  ctx.save();
  ctx.globalCompositeOperation = 'source-atop';
  ctx.fillStyle = g;
  ctx.fillRect(0, base - 130 * b.unit, width, 400 * b.unit);
  ctx.restore();
}

/** A tree whose foot is at x, y. */
export function roundTree(pen: Pen, x: number, y: number, size: number, color: Hex): void {
  pen.poly(
    [
      [x - size * 0.07, y + size * 0.03],
      [x - size * 0.04, y - size * 0.6],
      [x + size * 0.04, y - size * 0.6],
      [x + size * 0.08, y + size * 0.03],
    ],
    mix('#6b4a34', color, 0.25),
    { line: 0.7 },
  );
  const r = pen.random;
  for (const [dx, dy, s] of [
    [-0.2, -0.62, 0.24],
    [0.2, -0.6, 0.24],
    [0, -0.82, 0.3],
  ] as const) {
    pen.circle(
      x + dx * size + r.range(-0.02, 0.02) * size,
      y + dy * size,
      s * size,
      dy < -0.7 ? lighten(color, 0.06) : color,
      { depth: 0.8, line: 0.7 },
    );
  }
}

export function pineTree(pen: Pen, x: number, y: number, size: number, color: Hex): void {
  pen.poly(
    [
      [x - size * 0.035, y + size * 0.03],
      [x - size * 0.03, y - size * 0.2],
      [x + size * 0.03, y - size * 0.2],
      [x + size * 0.035, y + size * 0.03],
    ],
    mix('#5c4232', color, 0.3),
    { line: 0.6 },
  );
  for (const [dy, w, h] of [
    [-0.12, 0.28, 0.38],
    [-0.36, 0.23, 0.34],
    [-0.58, 0.17, 0.36],
  ] as const) {
    pen.poly(
      [
        [x - w * size, y + dy * size],
        [x - w * size * 0.1, y + (dy - h) * size],
        [x + w * size * 0.1, y + (dy - h) * size],
        [x + w * size, y + dy * size],
      ],
      dy < -0.5 ? lighten(color, 0.07) : color,
      { depth: 0.7, line: 0.6 },
      false,
    );
  }
}

export function palmTree(pen: Pen, x: number, y: number, size: number, color: Hex, lean: number): void {
  const topX = x + lean * size;
  const topY = y - size;
  pen.line(
    [
      [x, y + size * 0.02],
      [x + lean * size * 0.25, y - size * 0.5],
      [topX, topY],
    ],
    mix('#8a6242', color, 0.15),
    size * 0.06,
    true,
  );
  for (let i = 0; i < 8; i++) {
    const a = -Math.PI * 0.5 + (i - 3.5) * 0.52;
    const l = size * 0.46;
    const ex = topX + Math.cos(a) * l;
    const ey = topY + Math.sin(a) * l * 0.55 + l * 0.32;
    const mx = topX + Math.cos(a) * l * 0.6;
    const my = topY + Math.sin(a) * l * 0.7 - l * 0.12;
    pen.poly(
      [
        [topX, topY],
        [mx, my - size * 0.04],
        [ex, ey],
        [mx, my + size * 0.06],
      ],
      i % 2 ? color : lighten(color, 0.1),
      { depth: 0.6, line: 0.6 },
      true,
    );
  }
}

export function bush(pen: Pen, x: number, y: number, size: number, color: Hex): void {
  pen.poly(
    [
      [x - size, y],
      [x - size * 0.85, y - size * 0.55],
      [x - size * 0.3, y - size * 0.85],
      [x + size * 0.3, y - size * 0.8],
      [x + size * 0.85, y - size * 0.5],
      [x + size, y],
    ],
    color,
    { depth: 0.8, line: 0.7 },
    true,
  );
}

/** Grass blades along a line; the foreground's fringe. */
export function tufts(pen: Pen, width: number, y: number, size: number, color: Hex, every: number): void {
  for (let x = 0; x < width; x += every * pen.random.range(0.5, 1.5)) {
    for (let k = 0; k < 5; k++) {
      const lean = pen.random.range(-0.5, 0.5);
      const h = size * pen.random.range(0.5, 1.1);
      const bx = x + (k - 2) * size * 0.14;
      pen.poly(
        [
          [bx - size * 0.05, y],
          [bx + lean * h * 0.4, y - h * 0.6],
          [bx + lean * h, y - h],
          [bx + size * 0.06, y],
        ],
        k % 2 ? color : darken(color, 0.12),
        { depth: 0.4, line: 0.5, inset: true },
        false,
      );
    }
  }
}

/** The ground from the horizon to the bottom edge, with its texture in perspective. */
export function groundPlane(b: BackdropBuilder, detail?: (pen: Pen, width: number) => void): void {
  if (b.hasWater) return;
  const { palette } = b;
  b.layer(1, b.horizon, b.height + Math.max(0, b.view.travel().down) + 30 * b.unit, (pen, width) => {
    const { ctx } = pen;
    const bottom = b.height + 400 * b.unit;
    if (pen.style.shading === 'cel' || pen.style.shading === 'flat' || pen.style.shading === 'none') {
      pen.box(-20, b.horizon, width + 40, bottom, 0, mix(palette.ground, palette.groundFar, 0.5), {
        depth: 0,
      });
      pen.poly(
        [
          [-20, b.ground + 26 * b.unit],
          ...Array.from(
            { length: 13 },
            (_, i) => [(width * i) / 12, b.ground + (22 + Math.sin(i * 1.7) * 9) * b.unit] as const,
          ),
          [width + 20, b.ground + 26 * b.unit],
          [width + 20, bottom],
          [-20, bottom],
        ],
        palette.ground,
        { depth: 0 },
      );
    } else {
      const g = ctx.createLinearGradient(0, b.horizon, 0, b.height);
      g.addColorStop(0, pen.style.color(mix(palette.groundFar, palette.haze, 0.25)));
      g.addColorStop(0.2, pen.style.color(mix(palette.groundFar, palette.ground, 0.4)));
      g.addColorStop(0.55, pen.style.color(palette.ground));
      g.addColorStop(1, pen.style.color(mix(palette.ground, palette.shade, 0.42)));
      ctx.fillStyle = g;
      ctx.fillRect(0, b.horizon, width, bottom);
    }
    detail?.(pen, width);
  });
}

/** Patches lying on the ground: flatter and denser towards the horizon. */
export function patches(
  pen: Pen,
  b: BackdropBuilder,
  width: number,
  color: Hex,
  count: number,
  size: number,
  opacity = 0.5,
): void {
  for (let i = 0; i < count; i++) {
    const t = pen.random.next();
    const y = b.horizon + (b.height - b.horizon) * t * t;
    const s = size * b.unit * (0.2 + t * 1.1);
    pen.ellipse(pen.random.next() * width, y, s, s * 0.2, color, {
      depth: 0,
      bare: true,
      opacity: opacity * pen.style.fill,
      inset: true,
    });
  }
}
