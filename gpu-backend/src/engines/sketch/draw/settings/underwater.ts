/** The sea floor: coral, weed, light from above. */
import { darken, lighten, mix } from '../../color.ts';
import type { Pen } from '../pen.ts';
import { groundPlane, patches, ridge } from './nature.ts';
import type { Setting } from './setting.ts';

function coral(pen: Pen, x: number, y: number, size: number, color: `#${string}`, kind: number): void {
  if (kind % 3 === 0) {
    for (let i = 0; i < 5; i++) {
      const a = -Math.PI / 2 + (i - 2) * 0.42;
      const l = size * (1 - Math.abs(i - 2) * 0.16);
      pen.line(
        [
          [x, y],
          [x + Math.cos(a) * l * 0.6, y + Math.sin(a) * l * 0.6],
          [x + Math.cos(a) * l + (i - 2) * 3, y + Math.sin(a) * l],
        ],
        color,
        size * 0.12,
        true,
      );
    }
  } else if (kind % 3 === 1) {
    pen.poly(
      [
        [x - size * 0.6, y],
        [x - size * 0.7, y - size * 0.5],
        [x - size * 0.2, y - size * 0.86],
        [x + size * 0.3, y - size * 0.8],
        [x + size * 0.7, y - size * 0.4],
        [x + size * 0.6, y],
      ],
      color,
      {},
      true,
    );
    for (let i = 0; i < 5; i++)
      pen.circle(
        x + pen.random.range(-0.4, 0.4) * size,
        y - pen.random.range(0.15, 0.6) * size,
        size * 0.06,
        lighten(color, 0.35),
        { depth: 0.2, bare: true, inset: true },
      );
  } else {
    for (const [dx, h] of [
      [-0.3, 0.7],
      [0, 1],
      [0.28, 0.62],
    ] as const)
      pen.box(x + dx * size - size * 0.12, y - h * size, size * 0.24, h * size, size * 0.1, color);
  }
}

function weed(pen: Pen, x: number, y: number, size: number, color: `#${string}`): void {
  for (let k = 0; k < 4; k++) {
    const lean = pen.random.range(-0.25, 0.25) * size;
    const bx = x + (k - 1.5) * size * 0.12;
    pen.poly(
      [
        [bx - size * 0.05, y],
        [bx - size * 0.08 + lean * 0.3, y - size * 0.4],
        [bx + lean, y - size * pen.random.range(0.8, 1.1)],
        [bx + size * 0.08 + lean * 0.4, y - size * 0.4],
        [bx + size * 0.05, y],
      ],
      k % 2 ? color : darken(color, 0.15),
      { line: 0.6 },
      true,
    );
  }
}

export const underwater: Setting = {
  airless: true,
  paint(b) {
    const { palette, unit } = b;
    for (const [depth, far, rise] of [
      [0.1, 0.75, 190],
      [0.24, 0.5, 100],
      [0.46, 0.24, 36],
    ] as const) {
      ridge(b, {
        depth,
        rise,
        swing: rise * 0.5,
        waves: 1.4,
        color: b.hazed(mix(palette.foliage, palette.shade, 0.2), far),
        plants: 6,
        plant: (pen, x, y, i) =>
          i % 2
            ? weed(pen, x, y + 8, (230 - far * 120) * unit, b.hazed(palette.foliage, far))
            : coral(
                pen,
                x,
                y + 8,
                (130 - far * 70) * unit,
                b.hazed(palette.accents[i % 5] ?? palette.structure, far),
                i,
              ),
      });
    }
    groundPlane(b, (pen, width) => {
      patches(pen, b, width, darken(palette.ground, 0.2), 20, 130, 0.3);
      for (let i = 0; i < width / (150 * unit); i++) {
        const x = pen.random.next() * width;
        const y = pen.random.range(b.ground + 16 * unit, b.ground + 90 * unit);
        if (i % 3 === 0) weed(pen, x, y, pen.random.range(90, 170) * unit, palette.foliage);
        else
          coral(pen, x, y, pen.random.range(40, 84) * unit, palette.accents[i % 5] ?? palette.structure, i);
      }
    });
    b.layer(
      1.4,
      b.height - 330 * unit,
      b.height,
      (pen, width) => {
        for (let x = 0; x < width; x += pen.random.range(240, 420) * unit)
          weed(
            pen,
            x,
            b.height + 20 * unit,
            pen.random.range(170, 300) * unit,
            mix(palette.shade, palette.foliage, 0.25),
          );
      },
      'front',
    );
  },
};
