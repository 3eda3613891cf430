/** Houses, towers, windows, lamps: what settlements are made of. Called by the settings. */
import { darken, type Hex, lighten, mix } from '../../color.ts';
import type { BackdropBuilder } from '../backdrop.ts';
import type { Pen } from '../pen.ts';

export interface SkylineOptions {
  readonly depth: number;
  readonly color: Hex;
  /** Heights at unit 1, pixels. */
  readonly low: number;
  readonly high: number;
  readonly widthLow: number;
  readonly widthHigh: number;
  readonly lit: number;
}

/** A row of towers with windows. */
export function skyline(b: BackdropBuilder, o: SkylineOptions): void {
  const u = b.unit;
  b.layer(
    o.depth,
    b.horizon - (o.high + 90) * u,
    b.horizon + 60 * u + (b.view.travel().up > 0 ? b.height * 0.3 : 0),
    (pen, width) => {
      const lamp = b.scene.time === 'noon' ? lighten(o.color, 0.22) : mix('#ffd98a', b.palette.light, 0.2);
      for (let x = -20 * u; x < width; ) {
        const w = pen.random.range(o.widthLow, o.widthHigh) * u;
        const h = pen.random.range(o.low, o.high) * u * (pen.random.chance(0.14) ? 1.25 : 1);
        const color = mix(
          o.color,
          pen.random.chance(0.5) ? lighten(o.color, 0.16) : darken(o.color, 0.14),
          pen.random.next(),
        );
        const top = b.horizon - h;
        if (pen.random.chance(0.3))
          pen.line(
            [
              [x + w / 2, top],
              [x + w / 2, top - 40 * u],
            ],
            color,
            3 * u,
          );
        if (pen.random.chance(0.3))
          pen.box(x + w * 0.2, top - 16 * u, w * 0.6, 20 * u, 2, color, { depth: 0.5, line: 0.6 });
        pen.box(x, top, w, h + b.height * 0.4, 2 * u, color, { depth: 0.45, line: 0.7 });
        windows(pen, x, top, w, h, lamp, o.lit, u);
        x += w + pen.random.range(-4, 8) * u;
      }
    },
  );
}

function windows(
  pen: Pen,
  x: number,
  top: number,
  w: number,
  h: number,
  lamp: Hex,
  lit: number,
  u: number,
): void {
  const cell = 17 * u;
  const columns = Math.max(1, Math.floor((w - 10 * u) / cell));
  const pad = (w - columns * cell) / 2;
  pen.ctx.fillStyle = lamp;
  for (let row = 0; row * cell * 1.25 < h - 24 * u; row++) {
    for (let c = 0; c < columns; c++) {
      if (!pen.random.chance(lit)) continue;
      pen.ctx.globalAlpha = pen.random.range(0.35, 0.95);
      pen.ctx.fillRect(
        x + pad + c * cell + cell * 0.22,
        top + 12 * u + row * cell * 1.25,
        cell * 0.52,
        cell * 0.66,
      );
    }
  }
  pen.ctx.globalAlpha = 1;
}

/** A small house whose foot is at x, y. */
export function house(
  pen: Pen,
  x: number,
  y: number,
  size: number,
  wall: Hex,
  roof: Hex,
  lit: boolean,
): void {
  pen.box(x - size * 0.42, y - size * 0.62, size * 0.84, size * 0.66, 2, wall, { depth: 0.6, line: 0.7 });
  pen.poly(
    [
      [x - size * 0.54, y - size * 0.58],
      [x, y - size * 1.08],
      [x + size * 0.54, y - size * 0.58],
    ],
    roof,
    { depth: 0.7, line: 0.7 },
  );
  pen.box(x + size * 0.16, y - size * 1.05, size * 0.12, size * 0.3, 1, darken(roof, 0.2), {
    depth: 0.4,
    line: 0.5,
  });
  const glass: Hex = lit ? '#ffdf94' : '#a9cfe0';
  for (const dx of [-0.24, 0.12])
    pen.box(x + dx * size, y - size * 0.46, size * 0.16, size * 0.18, 1, glass, {
      depth: 0.2,
      line: 0.5,
      inset: true,
    });
  pen.box(x - size * 0.05, y - size * 0.28, size * 0.15, size * 0.3, 2, darken(wall, 0.4), {
    depth: 0.3,
    line: 0.5,
    inset: true,
  });
}

/** A street lamp; lit when it is dark. */
export function lamp(pen: Pen, x: number, y: number, size: number, lit: boolean): void {
  pen.line(
    [
      [x, y],
      [x, y - size],
    ],
    '#3b3f52',
    size * 0.03,
  );
  pen.line(
    [
      [x, y - size],
      [x + size * 0.12, y - size * 1.04],
      [x + size * 0.2, y - size],
    ],
    '#3b3f52',
    size * 0.025,
    true,
  );
  pen.poly(
    [
      [x + size * 0.14, y - size * 0.97],
      [x + size * 0.26, y - size * 0.97],
      [x + size * 0.23, y - size * 0.9],
      [x + size * 0.17, y - size * 0.9],
    ],
    lit ? '#ffe6a8' : '#8d93a8',
    { depth: 0.2, line: 0.6 },
  );
  if (lit) pen.glow(x + size * 0.2, y - size * 0.92, size * 0.55, '#ffc96b', 0.5);
}
